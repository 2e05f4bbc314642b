import type {ClusterFacts, NetworkPolicy} from '../model/cluster.ts'
import type {Run} from '../model/run.ts'
import {listed} from '../text/wording.ts'

/** What is told of a cluster; undefined where the run does not know it. */
const FACTS: readonly (readonly [what: string, of: (cluster: ClusterFacts) => string | undefined])[] = [
  ['API server', ({server}) => server],
  ['Kubernetes', ({version}) => version],
  ['image of the floaters', ({image}) => image],
  [
    'NetworkPolicies that select floaters',
    ({policies}) => policies && (listed(policies.map(({name}) => name)) || 'none'),
  ],
]

/** All that is known of a policy, whatever the order. */
function allOf({floaters, ingress, egress}: NetworkPolicy): string {
  const rules = (openings: NetworkPolicy['ingress']) =>
    openings?.map(({peers, protocols}) => [peers, ...(protocols?.toSorted() ?? ['any'])].join(' ')).sort()
  return JSON.stringify([floaters.toSorted(), rules(ingress) ?? 'all', rules(egress) ?? 'all'])
}

/** Whether the older run is the earlier one; by their own clocks. */
export function orderOf(old: Run, now: Run): 'as named' | 'the same run' | 'other way round' {
  if (old.id === now.id) return 'the same run'
  return Date.parse(now.startedAt) < Date.parse(old.startedAt) ? 'other way round' : 'as named'
}

/** What keeps a comparison from being the whole truth, or may be why something changed; a clause each. */
export function* caveatsOf(old: Run, now: Run): Generator<string> {
  const order = orderOf(old, now)
  if (order === 'the same run') yield 'OLD and NEW are the same run'
  else if (order === 'other way round')
    yield `NEW began before OLD (${now.startedAt} and ${old.startedAt}): they may be the other way round`
  for (const [name, run] of [
    ['OLD', old],
    ['NEW', now],
  ] as const) {
    if (run.partial.length > 0) yield `${name} is a part of the plan: ${run.partial.join(', ')}`
    if (run.interrupted !== undefined) yield `${name} was interrupted by ${run.interrupted}`
  }
  for (const cluster of now.clusters) {
    const before = old.clusters.find(({name}) => name === cluster.name)
    if (before === undefined) yield `cluster ${cluster.name} is in NEW alone`
    else {
      for (const [what, of] of FACTS) {
        const [then, today] = [of(before), of(cluster)]
        if (then !== undefined && today !== undefined && then !== today)
          yield `cluster ${cluster.name}: ${what} ${then} in OLD, ${today} in NEW`
      }
      for (const policy of cluster.policies ?? []) {
        const then = before.policies?.find(({name}) => name === policy.name)
        if (then !== undefined && allOf(then) !== allOf(policy))
          yield `cluster ${cluster.name}: NetworkPolicy ${policy.name} differs`
      }
    }
  }
  for (const {name} of old.clusters)
    if (now.clusters.every((cluster) => cluster.name !== name)) yield `cluster ${name} is in OLD alone`
}
