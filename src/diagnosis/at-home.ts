import type {Finding} from '../model/finding.ts'
import {reasonsOf} from './evidence.ts'
import {namesOf} from './names.ts'
import {close, type Observations} from './observations.ts'
import type {Suspicion} from './suspicion.ts'

/** What failed and never left its node: no fault of the network between nodes. By node. */
export function atHome(observations: Observations): Suspicion[] {
  const {issues, lanes, run} = observations
  const nameOf = namesOf(run.plan)
  const members = new Map<number, number[]>()
  for (let i = 0; i < issues.size; i++) {
    if (issues.open[i] !== 2 || run.results.status[issues.probe[i] ?? 0] !== 2) continue
    if (lanes[issues.lane[i] ?? 0]?.leads !== 'between') continue
    const node = issues.source[i] ?? 0
    const known = members.get(node) ?? []
    known.push(i)
    members.set(node, known)
  }
  return [...members].map(([node, indexes]): Suspicion => {
    const probes = indexes.map((index) => close(observations, index))
    const finding: Omit<Finding, 'explains'> = {
      kind: 'floater-down',
      subjects: [{kind: 'node', node}],
      layer: 'floater',
      against: 0,
      sentence: `the floater of ${nameOf(node)} does not answer on its own node: the floater, its port, or a policy, not the network between nodes`,
      evidence: reasonsOf(run, probes),
    }
    return {finding, probes}
  })
}
