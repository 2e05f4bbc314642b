import {describe, expect, test} from 'vitest'
import type {NodeUnderTest} from '../../src/model/cluster.ts'
import type {Plan} from '../../src/model/plan.ts'
import {probesOf} from '../../src/plan/plan.ts'
import {floaterOn, inCluster, nodeWith, nodeWithout} from '../report/sample.ts'
import {clusterNamed, pairOf, planOf} from './wish.ts'

const two = [clusterNamed('src'), clusterNamed('dst')]
const src = (name: string, ...addresses: string[]) => nodeWith(name, ...addresses)
const dst = (name: string, ...addresses: string[]) => inCluster('dst', nodeWith(name, ...addresses))

const pairsOf = (plan: Plan) => [...probesOf(plan)].map((probe) => pairOf(plan, probe))

describe('between clusters', () => {
  const nodes = [dst('b', '10.1.0.2'), src('b', '10.0.0.2'), dst('a', '10.1.0.1'), src('a', '10.0.0.1')]

  test('every node of each probes every node of the other, both ways, and none of its own', () => {
    expect(pairsOf(planOf(nodes, {clusters: two}))).toEqual([
      'src/a -> dst/a',
      'src/a -> dst/b',
      'src/b -> dst/a',
      'src/b -> dst/b',
      'dst/a -> src/a',
      'dst/a -> src/b',
      'dst/b -> src/a',
      'dst/b -> src/b',
    ])
  })

  test('with intra, every node probes every node of all', () => {
    const all = ['src/a', 'src/b', 'dst/a', 'dst/b']
    const pairs = pairsOf(planOf(nodes, {clusters: two, intra: true}))
    expect(pairs).toHaveLength(16)
    expect(new Set(pairs)).toEqual(new Set(all.flatMap((from) => all.map((to) => `${from} -> ${to}`))))
  })

  test('three of them are asked in every ordered pair', () => {
    const clusters = ['x', 'y', 'z'].map((name) => clusterNamed(name))
    const some = ['x', 'y', 'z'].map((cluster, n) => inCluster(cluster, nodeWith('n', `10.${n}.0.1`)))
    expect(pairsOf(planOf(some, {clusters}))).toEqual([
      'x/n -> y/n',
      'x/n -> z/n',
      'y/n -> x/n',
      'y/n -> z/n',
      'z/n -> x/n',
      'z/n -> y/n',
    ])
  })

  test('nodes are in the order of the clusters in the config, and in natural order inside', () => {
    const some = [dst('n10', '10.1.0.1'), dst('n9', '10.1.0.2'), src('z', '10.0.0.1')]
    const order = (clusters: typeof two) =>
      planOf(some, {clusters}).nodes.map(({cluster, name}) => `${cluster}/${name}`)
    expect(order(two)).toEqual(['src/z', 'dst/n9', 'dst/n10'])
    expect(order(two.toReversed())).toEqual(['dst/n9', 'dst/n10', 'src/z'])
    expect(order([clusterNamed('none'), ...two])).toEqual(['src/z', 'dst/n9', 'dst/n10'])
  })

  test('one without a single floater is still asked and still asks', () => {
    const some = [src('a', '10.0.0.1'), inCluster('dst', nodeWithout('b', 'unschedulable'))]
    expect(pairsOf(planOf(some, {clusters: two}))).toEqual(['src/a -> dst/b', 'dst/b -> src/a'])
  })
})

test('an address is what the sources of the other cluster see, and untouched inside its own', () => {
  const clusters = [
    clusterNamed('src', {from: '10.0.0.0/16', to: '172.20.0.0/16'}, {from: 'fd00::/64', to: 'fd20::/64'}),
    clusterNamed('dst', {from: '10.1.0.0/16', to: '172.21.0.0/16'}),
  ]
  const nodes = [src('a', '10.0.0.1', 'fd00::a'), dst('b', '10.1.0.2', 'fd01::b')]
  const plan = planOf(nodes, {clusters, intra: true})
  const seen = [...probesOf(plan)].map((probe) => `${pairOf(plan, probe)} ${probe.endpoint.address ?? ''}`)
  expect(seen).toEqual([
    'src/a -> src/a 10.0.0.1',
    'src/a -> src/a fd00::a',
    'src/a -> dst/b 172.21.0.2',
    'src/a -> dst/b fd01::b',
    'dst/b -> src/a 172.20.0.1',
    'dst/b -> src/a fd20::a',
    'dst/b -> dst/b 10.1.0.2',
    'dst/b -> dst/b fd01::b',
  ])
})

describe('families', () => {
  const dual = ['10.0.0.1', 'fd00::1']
  const blocks = (plan: Plan) =>
    plan.blocks.map(({sources, endpoints, ipFamily}) => {
      const clusterOf = (index: number | undefined) => plan.nodes[index ?? -1]?.cluster ?? ''
      return `${clusterOf(sources[0])} -> ${clusterOf(endpoints[0]?.node)} ${ipFamily}`
    })

  test.each<[string, NodeUnderTest[], object, string[]]>([
    [
      'both have both',
      [src('a', ...dual), dst('b', '10.1.0.1', 'fd01::1')],
      {},
      ['src -> dst ipv4', 'src -> dst ipv6', 'dst -> src ipv4', 'dst -> src ipv6'],
    ],
    [
      'one has both, the other IPv4',
      [src('a', ...dual), dst('b', '10.1.0.1')],
      {},
      ['src -> dst ipv4', 'dst -> src ipv4'],
    ],
    [
      'and inside the one, both',
      [src('a', ...dual), dst('b', '10.1.0.1')],
      {intra: true},
      ['src -> src ipv4', 'src -> src ipv6', 'src -> dst ipv4', 'dst -> src ipv4', 'dst -> dst ipv4'],
    ],
    [
      'none is common: the pairs stay, in each',
      [src('a', '10.0.0.1'), dst('b', 'fd01::1')],
      {},
      ['src -> dst ipv4', 'src -> dst ipv6', 'dst -> src ipv4', 'dst -> src ipv6'],
    ],
    [
      'one has no floater: those of the other',
      [src('a', 'fd00::1'), inCluster('dst', nodeWithout('b', ''))],
      {},
      ['src -> dst ipv6', 'dst -> src ipv6'],
    ],
    [
      'the user wants one',
      [src('a', ...dual), dst('b', '10.1.0.1')],
      {ipFamily: 'ipv6'},
      ['src -> dst ipv6', 'dst -> src ipv6'],
    ],
    [
      'one is forced',
      [src('a', '10.0.0.1'), dst('b', '10.1.0.1')],
      {families: ['ipv6', 'ipv6', 'ipv4']},
      ['src -> dst ipv4', 'src -> dst ipv6', 'dst -> src ipv4', 'dst -> src ipv6'],
    ],
    [
      'one is forced that comes before the usual one',
      [src('a', 'fd00::1'), dst('b', 'fd01::1')],
      {families: ['ipv4']},
      ['src -> dst ipv4', 'src -> dst ipv6', 'dst -> src ipv4', 'dst -> src ipv6'],
    ],
    [
      'forced ones do not beat the user',
      [src('a', '10.0.0.1'), dst('b', '10.1.0.1')],
      {families: ['ipv6'], ipFamily: 'ipv4'},
      ['src -> dst ipv4', 'dst -> src ipv4'],
    ],
  ])('%s', (_, nodes, wish, expected) => {
    expect(blocks(planOf(nodes, {clusters: two, ...wish}))).toEqual(expected)
  })
})

describe('custom targets', () => {
  const customTargets = [
    {host: '192.0.2.1', port: 443},
    {host: 'db.example', port: 5432},
    {host: '2001:db8::1', port: 80},
    {host: '192.0.2.1', port: 22},
  ]
  const nodes = [src('a', '10.0.0.1'), src('b', '10.0.0.2')]
  const wish = {customTargets, modes: []}

  test('are asked by every node, addresses of each family and names apart, for no more than a connection', () => {
    const {blocks, size} = planOf(nodes, wish)
    expect(size).toBe(8)
    expect(blocks.map(({endpoints, ...block}) => ({...block, hosts: endpoints.map((one) => one)}))).toEqual([
      expect.objectContaining({
        mode: 'custom',
        check: 'connect',
        ipFamily: 'ipv4',
        sources: [0, 1],
        hosts: [
          {node: undefined, address: '192.0.2.1', port: 443},
          {node: undefined, address: '192.0.2.1', port: 22},
        ],
      }),
      expect.objectContaining({
        check: 'connect',
        ipFamily: 'ipv6',
        hosts: [{node: undefined, address: '2001:db8::1', port: 80}],
      }),
      expect.objectContaining({
        check: 'connect',
        ipFamily: 'name',
        hosts: [{node: undefined, address: 'db.example', port: 5432}],
      }),
    ])
  })

  test.each([
    ['ipv4', ['ipv4', 'name']],
    ['ipv6', ['ipv6', 'name']],
    ['auto', ['ipv4', 'ipv6', 'name']],
  ] as const)('with ipFamily %s are of %j', (ipFamily, families) => {
    expect(planOf(nodes, {...wish, ipFamily}).blocks.map((block) => block.ipFamily)).toEqual(families)
  })

  test('are asked from every cluster, beside the pods', () => {
    const some = [src('a', '10.0.0.1'), dst('b', '10.1.0.1')]
    const plan = planOf(some, {clusters: two, customTargets: [{host: 'db.example', port: 5432}]})
    expect(pairsOf(plan)).toEqual([
      'src/a -> dst/b',
      'dst/b -> src/a',
      'src/a -> db.example:5432',
      'dst/b -> db.example:5432',
    ])
    for (const {sources} of plan.blocks) expect(sources).toHaveLength(1)
  })
})

test('a floater is asked on the port that it declares, a missing one on the config’s', () => {
  const own = src('a', '10.0.0.1')
  const floater = floaterOn(own)
  const nodes = [
    floater ? {...own, floaters: {pod: {floater: {...floater, port: 9999}}}} : own,
    nodeWithout('b', 'unschedulable'),
  ]
  expect(planOf(nodes, {port: 7777}).blocks[0]?.endpoints.map(({port}) => port)).toEqual([9999, 7777])
})
