import type {ClusterFacts} from '../model/cluster.ts'
import type {Reason} from '../model/result.ts'
import {probesOf} from '../plan/plan.ts'
import {reasonAt} from '../results/store.ts'
import {barOf, type Bar, type Way} from './bars.ts'
import type {Observations} from './observations.ts'
import {added, failsThroughout, type Counts} from './shares.ts'

/** What the NetworkPolicies of one cluster forbid in one direction. */
export interface Limit {
  readonly cluster: string
  readonly way: Way
  /** Names of the policies. */
  readonly policies: readonly string[]
  /** What they really make of each lane: where nobody heeds them, nothing. */
  readonly bars: readonly Bar[]
  /** By lane: of what was measured, how much came to what a policy makes of it. */
  readonly drops: readonly Counts[]
}

/** What a packet comes to that a policy drops or rejects. */
export const DROPPED: readonly Reason[] = ['timeout', 'no-route', 'connect-failed', 'refused', 'reset']

const WAYS = ['ingress', 'egress'] as const

/** Everything that policies limit, where they do; asked before anything is explained. */
export function limitsOf(observations: Observations): readonly Limit[] {
  const {lanes, run} = observations
  const limiting = (run.clusters ?? []).filter(({policies = []}) => policies.length > 0)
  if (limiting.length === 0) return []
  return WAYS.flatMap((way) => {
    const drops = dropsOf(observations, way)
    return limiting.flatMap((cluster): Limit[] => {
      const written = lanes.map((lane) =>
        (way === 'ingress' ? lane.to : lane.from) === cluster.name
          ? barOf(cluster.policies ?? [], way, lane)
          : 'open',
      )
      if (written.every((bar) => bar === 'open')) return []
      const bars = heeded(written, drops)
      return [{cluster: cluster.name, way, policies: namesOf(cluster, way), bars, drops}]
    })
  })
}

function namesOf({policies = []}: ClusterFacts, way: Way): string[] {
  return policies.flatMap((policy) => (policy[way] === undefined ? [] : [policy.name]))
}

/** Who heeds policies drops all that is shut. What is barred proves itself, lane by lane, as far as what is shut does not prove the contrary. */
function heeded(written: readonly Bar[], drops: readonly Counts[]): Bar[] {
  const shut = added(drops.filter((_, lane) => written[lane] === 'shut'))
  const isUnheeded = shut.measured > 0 && !failsThroughout(shut)
  return written.map((bar, lane) => {
    if (bar === 'addressed' || bar === 'open') return bar
    const own = drops[lane] ?? shut
    // What treats all floaters alike does not let most of them through.
    if (bar === 'perhaps') return own.failed * 2 < own.measured ? 'open' : bar
    if (isUnheeded) return 'open'
    return bar === 'shut' || own.measured === 0 || failsThroughout(own) ? bar : 'open'
  })
}

/** Networks may let a node through to its own pods, and a pod to its own node: at the ports of nodes that is no proof. */
function isExcepted(way: Way, source: number, node: number, behind: number): boolean {
  return way === 'ingress' ? behind === node : source === node
}

function dropsOf(observations: Observations, way: Way): Counts[] {
  const {lanes, nodes, issues, first, run} = observations
  const counts = lanes.map(({block}, lane) => {
    let measured = 0
    if (block.to === 'neighbour') {
      // These never leave their node, and are held all the same.
      for (let id = block.first; id < block.first + block.size; id++)
        if (run.results.status[id] !== 0) measured++
    } else if (block.mode === 'nodeport') {
      for (const {id, source, endpoint} of probesOf({...run.plan, blocks: [block]})) {
        const {node = -1, behind = -1} = endpoint
        if (run.results.status[id] !== 0 && !isExcepted(way, source, node, behind)) measured++
      }
    } else {
      for (let at = lane * nodes; at < (lane + 1) * nodes; at++) measured += first.measured.out[at] ?? 0
    }
    return {failed: 0, measured}
  })
  for (let i = 0; i < issues.size; i++) {
    const lane = issues.lane[i] ?? 0
    const [source, node, behind] = [
      issues.source[i] ?? -1,
      issues.destination[i] ?? -1,
      issues.behind[i] ?? -1,
    ]
    if (lanes[lane]?.block.mode === 'nodeport' && isExcepted(way, source, node, behind)) continue
    const own = counts[lane]
    if (own !== undefined && isDropped(observations, i)) own.failed++
  }
  return counts
}

/** Whether an issue is what a policy makes of a probe. */
export function isDropped({issues, lanes, run}: Observations, index: number): boolean {
  const id = issues.probe[index] ?? 0
  if (run.results.status[id] !== 2 || !DROPPED.includes(reasonAt(run.results, id))) return false
  const isNeighbour = lanes[issues.lane[index] ?? 0]?.block.to === 'neighbour'
  return issues.open[index] === 1 || (issues.open[index] === 2 && isNeighbour)
}

/** Whether a limit keeps a lane from getting through. */
export function isForbidden({bars}: Limit, lane: number): boolean {
  return bars[lane] === 'shut' || bars[lane] === 'barred'
}

/** Whether it forbids anything that fails. */
export function isHeeded(limit: Limit): boolean {
  return limit.drops.some(({failed}, lane) => failed > 0 && isForbidden(limit, lane))
}
