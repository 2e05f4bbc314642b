import type {Probe, ProtocolName} from '../model/plan.ts'
import type {Measured} from '../model/run.ts'
import {reach} from '../plan/modes.ts'
import {probesOf} from '../plan/plan.ts'
import {statusAt} from './store.ts'

/** Times in microseconds: of connecting (tcp), of a round trip (icmp). */
export interface Latency {
  readonly p50: number
  readonly p95: number
  readonly max: number
}

/** Of the probes that SUCCEEDED and left their node, by protocol; those that were not timed are left out. */
export function latencyOf({plan, results}: Measured): ReadonlyMap<ProtocolName, Latency> {
  const protocols = [...new Set(plan.blocks.map(({protocol}) => protocol))]
  return new Map(
    protocols.flatMap((protocol) => {
      const times = timesOf(protocol, {plan, results})
      const latency = {p50: percentile(times, 50), p95: percentile(times, 95), max: percentile(times, 100)}
      return times.length === 0 ? [] : [[protocol, latency] as const]
    }),
  )
}

/** Slower than this is slow, whatever the rest takes; and as many times slower than half of them. */
const SLOW_US = 50_000
const SLOW_TIMES = 20

/** Tells the probes that SUCCEEDED and took far longer than the rest. A lost packet is another matter: `unstable`. */
export function slowness({plan, results}: Measured): (probe: Probe) => boolean {
  const limits = new Map(
    [...latencyOf({plan, results})].map(([protocol, {p50}]) => [
      protocol,
      Math.max(SLOW_US, SLOW_TIMES * p50),
    ]),
  )
  return (probe) =>
    (results.timeUs[probe.id] ?? 0) > (limits.get(probe.block.protocol) ?? Infinity) &&
    statusAt(results, probe.id) === 'SUCCEEDED' &&
    results.unstable[probe.id] !== 1 &&
    reach(probe) === 'network'
}

function timesOf(protocol: ProtocolName, {plan, results}: Measured): Uint32Array {
  const times = new Uint32Array(results.size)
  let count = 0
  for (const probe of probesOf(plan)) {
    const time = results.timeUs[probe.id] ?? 0
    if (probe.block.protocol !== protocol || time === 0 || reach(probe) !== 'network') continue
    if (statusAt(results, probe.id) === 'SUCCEEDED') times[count++] = time
  }
  return times.subarray(0, count).sort()
}

/** Nearest rank: the least value that at least `percent` of all do not exceed. */
function percentile(sorted: Uint32Array, percent: number): number {
  return sorted[Math.ceil((percent * sorted.length) / 100) - 1] ?? 0
}
