import fc from 'fast-check'
import type {NodeUnderTest} from '../../src/model/cluster.ts'
import type {CustomTarget} from '../../src/model/config.ts'
import type {Mode, Plan, ProtocolName} from '../../src/model/plan.ts'
import type {PlanWish} from '../../src/plan/wish.ts'
import {PATHS} from '../../src/plan/modes.ts'
import {inCluster, nodeWith, nodeWithout, withHost, withNeighbour} from '../report/sample.ts'
import {clusterNamed, planOf} from './wish.ts'

const CUSTOM: readonly CustomTarget[] = [
  {host: '192.0.2.1', port: 443},
  {host: '192.0.2.1', port: 22},
  {host: '2001:db8::1', port: 443},
  {host: 'db.example', port: 5432},
]
const LOOKUPS = [{name: 'web.example'}, {name: 'web.example', server: '192.0.2.53'}]
const FAMILIES = ['none', 'v4', 'v6', 'dual'] as const
type Families = (typeof FAMILIES)[number]

interface World {
  readonly nodes: readonly NodeUnderTest[]
  readonly wish: Partial<PlanWish>
}

/**
 * Nodes of one to three clusters, with and without floaters of each kind, of either family or both, and what is wanted of
 * them over these protocols. No two nodes share an address.
 */
export function anyWorldOver(protocols: fc.Arbitrary<ProtocolName[]>): fc.Arbitrary<World> {
  const families = fc.constantFrom(...FAMILIES)
  return fc
    .record({
      kinds: fc.array(fc.array(fc.tuple(families, families), {maxLength: 5}), {minLength: 1, maxLength: 3}),
      protocols,
      modes: fc.subarray(Object.keys(PATHS) as Mode[]),
      intra: fc.boolean(),
      sameNode: fc.boolean(),
      mtu: fc.boolean(),
      made: fc.boolean(),
      customTargets: fc.subarray([...CUSTOM]),
      lookups: fc.subarray(LOOKUPS),
    })
    .map(({kinds, made, ...wish}) => ({
      nodes: kinds.flatMap((list, c) => list.map(([pod, host], n) => nodeOf(c, n, pod, host))),
      wish: {
        ...wish,
        clusters: kinds.map((_, c) => clusterNamed(`c${c}`)),
        sizing: made ? kinds.map((_, c) => `c${c}`) : [],
        services: kinds.flatMap((list, c) => servicesOf(c, list.length, made)),
        apiServers: made
          ? kinds.map((_, c) => ({cluster: `c${c}`, addresses: ['10.96.0.1'], port: 443}))
          : [],
      },
    }))
}

/** The same over TCP. */
const anyWorld = anyWorldOver(fc.constant(['tcp']))

/** Any plan of such a world. */
export const anyPlan: fc.Arbitrary<Plan> = anyWorld.map(({nodes, wish}) => planOf(nodes, wish))

function servicesOf(c: number, size: number, made: boolean): PlanWish['services'] {
  const addresses = (n: number) => (made ? [`10.96.${c + 1}.${n}`] : [])
  const service = {cluster: `c${c}`, port: 8889}
  return [
    ...['n0', 'n1'].slice(0, size).map((behind, n) => ({
      ...service,
      type: 'ClusterIP' as const,
      behind,
      addresses: addresses(n + 1),
      nodePort: undefined,
    })),
    ...(size > 0
      ? [
          {
            ...service,
            type: 'NodePort' as const,
            behind: 'n0',
            addresses: addresses(9),
            nodePort: made ? 30_123 : undefined,
          },
        ]
      : []),
  ]
}

function nodeOf(c: number, n: number, pod: Families, host: Families): NodeUnderTest {
  // The same names in every cluster.
  const name = `n${n}`
  const [own, second] = [addressesOf('10', c, n, pod), addressesOf('11', c, n, pod)]
  const node =
    pod === 'none' ? nodeWithout(name, 'unschedulable') : withNeighbour(nodeWith(name, ...own), ...second)
  return inCluster(`c${c}`, host === 'none' ? node : withHost(node, ...addressesOf('12', c, n, host)))
}

function addressesOf(network: string, c: number, n: number, families: Families): string[] {
  const [v4, v6] = [`${network}.${c}.0.${n + 1}`, `fd${network}:${c}::${n + 1}`]
  return {none: [], v4: [v4], v6: [v6], dual: [v4, v6]}[families]
}
