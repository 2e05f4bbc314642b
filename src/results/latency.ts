import type {Run} from '../model/run.ts'
import {reach} from '../plan/modes.ts'
import {probesOf} from '../plan/plan.ts'
import {statusAt} from './store.ts'

/** Connect times, in microseconds. */
export interface Latency {
  readonly p50: number
  readonly p95: number
  readonly max: number
}

/** Of the probes that SUCCEEDED and left their node; undefined where there is none. */
export function latencyOf({plan, results}: Pick<Run, 'plan' | 'results'>): Latency | undefined {
  const times = new Uint32Array(results.size)
  let count = 0
  for (const probe of probesOf(plan)) {
    const time = results.timeUs[probe.id] ?? 0
    if (time === 0 || reach(probe) !== 'network' || statusAt(results, probe.id) !== 'SUCCEEDED') continue
    times[count++] = time
  }
  if (count === 0) return undefined
  const sorted = times.subarray(0, count).sort()
  return {p50: percentile(sorted, 50), p95: percentile(sorted, 95), max: percentile(sorted, 100)}
}

/** Nearest rank: the least value that at least `percent` of all do not exceed. */
function percentile(sorted: Uint32Array, percent: number): number {
  return sorted[Math.ceil((percent * sorted.length) / 100) - 1] ?? 0
}
