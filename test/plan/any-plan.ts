import fc from 'fast-check'
import type {NodeUnderTest} from '../../src/model/cluster.ts'
import type {CustomTarget} from '../../src/model/config.ts'
import type {Plan} from '../../src/model/plan.ts'
import {inCluster, nodeWith, nodeWithout} from '../report/sample.ts'
import {clusterNamed, planOf} from './wish.ts'
import type {PlanWish} from '../../src/plan/full.ts'

const CUSTOM: readonly CustomTarget[] = [
  {host: '192.0.2.1', port: 443},
  {host: '192.0.2.1', port: 22},
  {host: '2001:db8::1', port: 443},
  {host: 'db.example', port: 5432},
]

/** Nodes of one to three clusters, with and without floaters, of either family or both, and what is wanted of them. */
export const anyWorld: fc.Arbitrary<{nodes: NodeUnderTest[]; wish: Partial<PlanWish>}> = fc
  .record({
    kinds: fc.array(fc.array(fc.constantFrom('none', 'v4', 'v6', 'dual'), {maxLength: 6}), {
      minLength: 1,
      maxLength: 3,
    }),
    intra: fc.boolean(),
    pods: fc.boolean(),
    customTargets: fc.subarray([...CUSTOM]),
  })
  .map(({kinds, intra, pods, customTargets}) => ({
    nodes: kinds.flatMap((list, c) => list.map((kind, n) => nodeOf(`c${c}`, n, kind))),
    wish: {
      clusters: kinds.map((_, c) => clusterNamed(`c${c}`)),
      intra,
      customTargets,
      modes: pods ? (['pod'] as const) : [],
    },
  }))

/** Any plan of such a world. */
export const anyPlan: fc.Arbitrary<Plan> = anyWorld.map(({nodes, wish}) => planOf(nodes, wish))

function nodeOf(cluster: string, n: number, kind: 'none' | 'v4' | 'v6' | 'dual'): NodeUnderTest {
  const c = cluster.slice(1)
  const addresses = {
    none: [],
    v4: [`10.${c}.0.${n + 1}`],
    v6: [`fd0${c}::${n + 1}`],
    dual: [`10.${c}.0.${n + 1}`, `fd0${c}::${n + 1}`],
  }[kind]
  // The same names in every cluster.
  const name = `n${n}`
  return inCluster(
    cluster,
    kind === 'none' ? nodeWithout(name, 'unschedulable') : nodeWith(name, ...addresses),
  )
}
