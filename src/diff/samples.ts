import type {Run} from '../model/run.ts'
import {pathName, reach} from '../plan/modes.ts'
import {probesOf} from '../plan/plan.ts'
import {isSteady} from '../results/store.ts'

/** The probes of one path that can be compared in time, a column each. */
export interface Samples {
  readonly path: string
  readonly source: readonly number[]
  /** -1 for what is no node. */
  readonly destination: readonly number[]
  /** Microseconds. */
  readonly before: readonly number[]
  readonly after: readonly number[]
}

type Growing = Pick<Samples, 'path'> & Record<'source' | 'destination' | 'before' | 'after', number[]>

/** What SUCCEEDED at once in both runs, was timed, and crossed the network; of large packets no time is compared. */
export function samplesOf(old: Run, now: Run, partner: Uint32Array): readonly Samples[] {
  const paths = new Map<string, Growing>()
  const names = new Map(now.plan.blocks.map((block) => [block, pathName(block)]))
  for (const probe of probesOf(now.plan)) {
    const {id, block, source, endpoint} = probe
    const oldId = (partner[id] ?? 0) - 1
    if (oldId < 0 || block.check === 'mtu' || reach(probe) !== 'network') continue
    if (!isSteady(now.results, id) || !isSteady(old.results, oldId)) continue
    const [before = 0, after = 0] = [old.results.timeUs[oldId], now.results.timeUs[id]]
    if (before === 0 || after === 0) continue
    const path = names.get(block) ?? ''
    const samples = paths.get(path) ?? {
      path,

      source: [],
      destination: [],
      before: [],
      after: [],
    }
    paths.set(path, samples)
    samples.source.push(source)
    samples.destination.push(endpoint.node ?? -1)
    samples.before.push(before)
    samples.after.push(after)
  }
  return [...paths.values()]
}
