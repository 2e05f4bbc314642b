import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {matched} from '../../src/diff/match.ts'
import type {NodeUnderTest} from '../../src/model/cluster.ts'
import type {Plan} from '../../src/model/plan.ts'
import type {PlanWish} from '../../src/plan/wish.ts'
import {subsetOf} from '../../src/plan/cut.ts'
import {probesOf} from '../../src/plan/plan.ts'
import {anyRun, RUNS} from '../report/samples.ts'
import {inCluster, nodeWith, sampleRun, withHost, withNeighbour} from '../report/sample.ts'

const plan = (nodes: readonly NodeUnderTest[], wish: Partial<PlanWish> = {}) =>
  sampleRun(nodes, () => undefined, {}, wish).plan

/** How many probes of the newer plan the older one has. */
const common = (old: Plan, now: Plan) => matched(old, now).filter((partner) => partner > 0).length

test.each(Object.entries(RUNS))('every probe of a run is its own partner: %s', (_, run) => {
  expect([...matched(run.plan, run.plan)]).toEqual(Array.from({length: run.plan.size}, (__, id) => id + 1))
})

test('each probe has one partner at most, and none that the other plan does not have', () => {
  fc.assert(
    fc.property(anyRun, anyRun, ({plan: old}, {plan: now}) => {
      const partners = [...matched(old, now)].filter((partner) => partner > 0)
      expect(new Set(partners).size).toBe(partners.length)
      for (const partner of partners) expect(partner).toBeLessThanOrEqual(old.size)
    }),
  )
})

describe('pods came back with other addresses and ports', () => {
  const nodes = (subnet: number, port: number) =>
    ['a', 'b', 'c'].map((name, n) => {
      const node = withNeighbour(
        withHost(nodeWith(name, `10.${subnet}.0.${n + 1}`), `192.168.${subnet}.${n + 1}`),
        `10.${subnet}.1.${n + 1}`,
      )
      const floaters = Object.fromEntries(
        Object.entries(node.floaters).map(([kind, state]) => [
          kind,
          state.floater ? {floater: {...state.floater, port}} : state,
        ]),
      )
      return {...node, floaters}
    })
  const wish = (n: number): Partial<PlanWish> => ({
    modes: ['pod', 'node', 'node-to-pod', 'pod-to-node', 'service', 'nodeport', 'apiserver'],
    protocols: ['tcp', 'udp', 'icmp', 'dns'],
    mtu: true,
    sameNode: true,
    port: 8000 + n,
    lookups: [{name: 'web.example'}, {name: 'web.example', server: '192.0.2.53'}],
    customTargets: [
      {host: '192.0.2.7', port: 53},
      {host: '192.0.2.7', port: 54},
    ],
    services: (['ClusterIP', 'NodePort'] as const).map((type) => ({
      ...{cluster: 'src', type, behind: 'b', addresses: [`10.96.0.${n}`], port: 8000 + n},
      nodePort: type === 'NodePort' ? 30_000 + n : undefined,
    })),
    apiServers: [{cluster: 'src', addresses: [`10.96.${n}.1`], port: 443 + n}],
  })

  test('and every probe of every mode and protocol is the same one', () => {
    const [old, now] = [plan(nodes(0, 8889), wish(0)), plan(nodes(9, 9999), wish(9))]
    expect(old.size).toBeGreaterThan(150)
    expect([...matched(old, now)]).toEqual([...matched(old, old)])
  })
})

const abc = ['a', 'b', 'c'].map((name, n) => nodeWith(name, `10.0.0.${n + 1}`))

test.each<[what: string, old: Plan, now: Plan, partners: number]>([
  ['the order of nodes means nothing', plan(abc), plan(abc.toReversed()), 9],
  ['a node that is gone takes its probes with it', plan(abc), plan(abc.slice(0, 2)), 4],
  ['another protocol is another probe', plan(abc), plan(abc, {protocols: ['udp']}), 0],
  ['another mode is another probe', plan(abc), plan(abc, {modes: ['node-to-pod']}), 0],
  [
    'a node of the same name in another cluster is another node',
    plan([inCluster('x', nodeWith('a', '10.0.0.1'))]),
    plan([inCluster('y', nodeWith('a', '10.0.0.1'))]),
    0,
  ],
  [
    'a second floater is not the first',
    plan(
      abc.map((node) => withNeighbour(node, '10.0.1.1')),
      {sameNode: true},
    ),
    plan(abc),
    6,
  ],
  [
    'another port of a custom target is another target',
    plan(abc, {modes: [], customTargets: [{host: 'db.example', port: 1}]}),
    plan(abc, {modes: [], customTargets: [{host: 'db.example', port: 2}]}),
    0,
  ],
  [
    'a part of a plan has its part',
    plan(abc),
    subsetOf(plan(abc), {
      from: (node) => node === 0,
      to: undefined,
      bothWays: false,
      sample: undefined,
    }),
    3,
  ],
])('%s', (_, old, now, partners) => {
  expect(common(old, now)).toBe(partners)
  expect(common(now, old)).toBe(partners)
})

test('the partners are the same nodes', () => {
  const [old, now] = [plan(abc), plan(abc.slice(1).toReversed())]
  const named = ({nodes}: Plan, source: number, node = -1) => `${nodes[source]?.name}>${nodes[node]?.name}`
  const pairs = [...probesOf(old)].map(({source, endpoint}) => named(old, source, endpoint.node))
  const partners = matched(old, now)
  for (const {id, source, endpoint} of probesOf(now))
    expect(pairs[(partners[id] ?? 0) - 1]).toBe(named(now, source, endpoint.node))
})
