import type {ProtocolName} from '../model/plan.ts'
import type {Run} from '../model/run.ts'
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
export function latencyOf({
  plan,
  results,
}: Pick<Run, 'plan' | 'results'>): ReadonlyMap<ProtocolName, Latency> {
  const protocols = [...new Set(plan.blocks.map(({protocol}) => protocol))]
  return new Map(
    protocols.flatMap((protocol) => {
      const times = timesOf(protocol, {plan, results})
      const latency = {p50: percentile(times, 50), p95: percentile(times, 95), max: percentile(times, 100)}
      return times.length === 0 ? [] : [[protocol, latency] as const]
    }),
  )
}

function timesOf(protocol: ProtocolName, {plan, results}: Pick<Run, 'plan' | 'results'>): Uint32Array {
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
