import type {ClusterFacts} from '../model/cluster.ts'
import type {Reason} from '../model/result.ts'
import {reasonAt} from '../results/store.ts'
import {barOf, type Bar, type Way} from './bars.ts'
import type {Observations} from './observations.ts'

/** What the NetworkPolicies of one cluster forbid in one direction. */
export interface Limit {
  readonly cluster: string
  readonly way: Way
  /** Names of the policies. */
  readonly policies: readonly string[]
  /** By lane. */
  readonly bars: readonly Bar[]
  /** Of what they forbid, how much was measured and how much of that came to what a policy makes of it. */
  readonly proof: {readonly failed: number; readonly measured: number}
  /** Nothing, or nearly nothing, gets through that they forbid. */
  readonly isHeeded: boolean
}

/** What a packet comes to that a policy drops or rejects. */
export const DROPPED: readonly Reason[] = ['timeout', 'no-route', 'connect-failed', 'refused', 'reset']
/** Some networks take a moment to learn of a new pod. */
const NEARLY_ALL = 0.97

const WAYS = ['ingress', 'egress'] as const

/** Everything that policies limit, where they do; asked before anything is explained. */
export function limitsOf(observations: Observations): readonly Limit[] {
  const {lanes, run} = observations
  return (run.clusters ?? []).flatMap((cluster) => {
    if ((cluster.policies ?? []).length === 0) return []
    return WAYS.flatMap((way): Limit[] => {
      const bars = lanes.map((lane) =>
        (way === 'ingress' ? lane.to : lane.from) === cluster.name
          ? barOf(cluster.policies ?? [], way, lane)
          : 'open',
      )
      if (bars.every((bar) => bar === 'open')) return []
      const [firm, loose] = (['shut', 'barred'] as const).map((level) => count(observations, bars, level))
      const proof = firm !== undefined && firm.measured > 0 ? firm : (loose ?? {failed: 0, measured: 0})
      const isHeeded = proof.failed > 0 && proof.failed >= NEARLY_ALL * proof.measured
      return [{cluster: cluster.name, way, policies: namesOf(cluster, way), bars, proof, isHeeded}]
    })
  })
}

function namesOf({policies = []}: ClusterFacts, way: Way): string[] {
  return policies.flatMap((policy) => (policy[way] === undefined ? [] : [policy.name]))
}

function count(observations: Observations, bars: readonly Bar[], level: Bar) {
  const {lanes, nodes, issues, first, run} = observations
  const counted = {failed: 0, measured: 0}
  for (const [index, {block}] of lanes.entries()) {
    if (bars[index] !== level) continue
    if (block.to === 'neighbour') {
      // These never leave their node, and are held all the same.
      for (let id = block.first; id < block.first + block.size; id++)
        if (run.results.status[id] !== 0) counted.measured++
    } else {
      for (let at = index * nodes; at < (index + 1) * nodes; at++)
        counted.measured += first.measured.out[at] ?? 0
    }
  }
  for (let i = 0; i < issues.size; i++)
    if (bars[issues.lane[i] ?? 0] === level && isDropped(observations, i)) counted.failed++
  return counted
}

/** Whether an issue is what a policy makes of a probe. */
export function isDropped({issues, lanes, run}: Observations, index: number): boolean {
  const id = issues.probe[index] ?? 0
  if (run.results.status[id] !== 2 || !DROPPED.includes(reasonAt(run.results, id))) return false
  const isNeighbour = lanes[issues.lane[index] ?? 0]?.block.to === 'neighbour'
  return issues.open[index] === 1 || (issues.open[index] === 2 && isNeighbour)
}

/** What a limit really makes of a lane: one that nobody heeds makes nothing of it. */
export function barOn({bars, isHeeded, proof}: Limit, lane: number): Bar {
  const bar = bars[lane] ?? 'open'
  if (bar === 'perhaps' || proof.measured === 0 || isHeeded) return bar
  return 'open'
}
