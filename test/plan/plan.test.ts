import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {ProtocolName} from '../../src/model/plan.ts'
import {PATHS, reach} from '../../src/plan/modes.ts'
import {batchOf, probesOf, sharedAddresses, sourcesOf} from '../../src/plan/plan.ts'
import {inCluster, nodeWith, nodeWithout} from '../report/sample.ts'
import {anyWorldOver} from './any-plan.ts'
import {clusterNamed, planOf} from './wish.ts'

const addressOf = {
  v4: (n: number) => `10.0.${n >> 8}.${n & 255}`,
  v6: (n: number) => `fd00::${n.toString(16)}`,
}

/** Any cluster of up to 30 nodes: each with no floater, or with an address of one family or both. */
const anyNodes = fc.array(fc.constantFrom('none', 'v4', 'v6', 'dual'), {maxLength: 30}).map((kinds) =>
  kinds.map((kind, n) => {
    if (kind === 'none') return nodeWithout(`n${n}`, 'not scheduled')
    const addresses = kind === 'dual' ? (['v4', 'v6'] as const) : [kind]
    return nodeWith(`n${n}`, ...addresses.map((family) => addressOf[family](n + 1)))
  }),
)

test('three nodes make nine probes, their own included, in natural order', () => {
  const nodes = [nodeWith('n10', '10.0.0.10'), nodeWith('n2', '10.0.0.2'), nodeWith('n1', '10.0.0.1')]
  const plan = planOf(nodes)
  const rows = [...probesOf(plan)].map((probe) => [
    probe.id,
    plan.nodes[probe.source]?.name,
    probe.endpoint.address,
    reach(probe) === 'self',
  ])
  expect(plan.size).toBe(9)
  expect(rows).toEqual([
    [0, 'n1', '10.0.0.1', true],
    [1, 'n1', '10.0.0.2', false],
    [2, 'n1', '10.0.0.10', false],
    [3, 'n2', '10.0.0.1', false],
    [4, 'n2', '10.0.0.2', true],
    [5, 'n2', '10.0.0.10', false],
    [6, 'n10', '10.0.0.1', false],
    [7, 'n10', '10.0.0.2', false],
    [8, 'n10', '10.0.0.10', true],
  ])
})

describe('families', () => {
  test.each([
    ['nobody has a floater', [nodeWithout('a', ''), nodeWithout('b', '')], ['ipv4']],
    ['all have IPv4', [nodeWith('a', '10.0.0.1'), nodeWith('b', '10.0.0.2')], ['ipv4']],
    ['all have IPv6', [nodeWith('a', 'fd00::1'), nodeWith('b', 'fd00::2')], ['ipv6']],
    [
      'nobody has a floater, and the nodes have IPv6',
      [{...nodeWithout('a', ''), addresses: ['2001:db8::1']}, nodeWithout('b', '')],
      ['ipv6'],
    ],
    ['one has both', [nodeWith('a', 'fd00::1', '10.0.0.1'), nodeWith('b', '10.0.0.2')], ['ipv4', 'ipv6']],
  ])('%s', (_, nodes, families) => {
    const plan = planOf(nodes)
    expect(plan.blocks.map(({ipFamily}) => ipFamily)).toEqual(families)
    expect(plan.size).toBe(4 * families.length)
  })

  test('a node that lacks one keeps its endpoint, without an address', () => {
    const plan = planOf([nodeWith('a', '10.0.0.1', 'fd00::1'), nodeWith('b', '10.0.0.2')])
    expect(plan.blocks[1]?.endpoints.map(({address}) => address)).toEqual(['fd00::1', undefined])
  })
})

test('a node without a floater stays in the plan, as source and as destination', () => {
  const plan = planOf([nodeWith('a', '10.0.0.1'), nodeWithout('b', 'unschedulable')])
  expect(plan.size).toBe(4)
  expect(sourcesOf(plan)).toEqual([
    {node: 0, kind: 'pod'},
    {node: 1, kind: 'pod'},
  ])
  expect([...probesOf(plan)].filter(({endpoint}) => endpoint.address === undefined)).toHaveLength(2)
})

test('no nodes, no probes', () => {
  const plan = planOf([])
  expect([plan.size, [...probesOf(plan)], sourcesOf(plan)]).toEqual([0, [], []])
})

describe('any plan', () => {
  test('numbers its probes one after the other', () => {
    fc.assert(
      fc.property(anyNodes, (nodes) => {
        const plan = planOf(nodes)
        const probes = [...probesOf(plan)]
        expect(probes.map(({id}) => id)).toEqual(Array.from({length: plan.size}, (_, id) => id))
      }),
      {numRuns: 30},
    )
  })

  test('has every probe in exactly one batch', () => {
    fc.assert(
      fc.property(anyNodes, (nodes) => {
        const plan = planOf(nodes)
        const batches = sourcesOf(plan).map((source) => batchOf(plan, source))
        const probes = batches.flat().sort((a, b) => a.id - b.id)
        expect(probes).toEqual([...probesOf(plan)])
      }),
      {numRuns: 30},
    )
  })

  test('lets every source knock first on another node', () => {
    const plan = planOf(Array.from({length: 50}, (_, n) => nodeWith(`n${n}`, addressOf.v4(n))))
    const firsts = sourcesOf(plan).map((source) => batchOf(plan, source)[0]?.endpoint.node)
    expect(new Set(firsts).size).toBe(50)
  })
})

test('the sources of several clusters take turns', () => {
  const clusters = ['x', 'y', 'z'].map((name) => clusterNamed(name))
  const sizes = {x: 4, y: 1, z: 2}
  const nodes = Object.entries(sizes).flatMap(([cluster, size], c) =>
    Array.from({length: size}, (_, n) => inCluster(cluster, nodeWith(`n${n}`, `10.${c}.0.${n + 1}`))),
  )
  const plan = planOf(nodes, {clusters})
  const order = sourcesOf(plan).map(({node}) => plan.nodes[node]?.cluster)
  expect(order).toEqual(['x', 'y', 'z', 'x', 'z', 'x', 'x'])
  expect(new Set(sourcesOf(plan).map(({node}) => node)).size).toBe(7)
})

describe('an address is shared', () => {
  const clusters = [clusterNamed('src'), clusterNamed('dst')]
  const src = (name: string, ...addresses: string[]) => nodeWith(name, ...addresses)
  const dst = (name: string, ...addresses: string[]) => inCluster('dst', nodeWith(name, ...addresses))
  const map = {from: '10.0.0.0/16', to: '172.20.0.0/16'}

  test.each([
    ['by no two nodes', [src('a', '10.0.0.1'), dst('b', '10.1.0.1')], clusters, [], []],
    [
      'by two nodes of a cluster',
      [src('a', '10.0.0.1'), src('b', '10.0.0.1'), dst('c', '10.1.0.1')],
      clusters,
      ['a', 'b'],
      ['a', 'b'],
    ],
    [
      'by a node here and one there',
      [src('a', '10.0.0.1'), dst('b', '10.0.0.1')],
      clusters,
      ['src/a', 'dst/b'],
      ['src/a', 'dst/b'],
    ],
    // The destination's own address is seen elsewhere, so that src's 10.0.0.1 is itself alone.
    [
      'by nobody where the others see it elsewhere',
      [src('a', '10.0.0.1'), dst('b', '10.0.0.1')],
      [clusterNamed('src', map), clusterNamed('dst', {from: '10.0.0.0/16', to: '172.21.0.0/16'})],
      [],
      [],
    ],
    [
      'by a node and another that is seen there',
      [src('a', '10.0.0.1'), dst('b', '10.1.0.1')],
      [clusterNamed('src'), clusterNamed('dst', {from: '10.1.0.0/16', to: '10.0.0.0/16'})],
      ['src/a', 'dst/b'],
      [],
    ],
  ])('%s', (_, nodes, config, inSrc, inDst) => {
    const shared = sharedAddresses(planOf(nodes, {clusters: config}), [])
    expect([shared('src', '10.0.0.1'), shared('dst', '10.0.0.1')]).toEqual([inSrc, inDst])
  })

  test('by two that a third cluster sees at one place', () => {
    const three = [
      clusterNamed('src'),
      clusterNamed('x', {from: '10.1.0.0/16', to: '172.20.0.0/16'}),
      clusterNamed('y', {from: '10.2.0.0/16', to: '172.20.0.0/16'}),
    ]
    const nodes = [
      src('a', '10.0.0.1'),
      inCluster('x', nodeWith('b', '10.1.0.7')),
      inCluster('y', nodeWith('c', '10.2.0.7')),
    ]
    const shared = sharedAddresses(planOf(nodes, {clusters: three}), [])
    expect(shared('src', '172.20.0.7')).toEqual(['x/b', 'y/c'])
    expect(shared('x', '172.20.0.7')).toEqual([])
  })

  test('by a node of the plan and one that the plan does not speak of', () => {
    const bystander = {cluster: 'src', name: 'b', addresses: ['10.0.0.1']}
    const customTargets = [{host: '10.0.0.1', port: 80}]
    const shared = sharedAddresses(planOf([src('a', '10.0.0.1')], {customTargets}), [bystander])
    expect(shared('src', '10.0.0.1')).toEqual(['a', 'b'])
  })
})

describe('any plan of any modes and protocols', () => {
  const anyProtocols = fc.subarray<ProtocolName>(['tcp', 'udp', 'icmp', 'dns'])
  const anything = anyWorldOver(anyProtocols).map(({nodes, wish}) => ({wish, plan: planOf(nodes, wish)}))

  test('has every probe in exactly one batch, of a floater of the right kind', () => {
    fc.assert(
      fc.property(anything, ({plan}) => {
        const batches = sourcesOf(plan).map((source) => {
          const batch = batchOf(plan, source)
          for (const probe of batch)
            expect([probe.source, probe.block.from]).toEqual([source.node, source.kind])
          return batch
        })
        const ids = batches.flatMap((batch) => batch.map(({id}) => id)).sort((one, other) => one - other)
        expect(ids).toEqual(Array.from({length: plan.size}, (_, id) => id))
      }),
    )
  })

  test('starts and ends at floaters that its modes are about, in the clusters that it says', () => {
    fc.assert(
      fc.property(anything, ({plan, wish}) => {
        for (const {mode, protocol, from, to, check, sources, endpoints} of plan.blocks) {
          const clusterOf = (index: number | undefined) => plan.nodes[index ?? -1]?.cluster
          const [source, target] = [clusterOf(sources[0]), clusterOf(endpoints[0]?.node)]
          expect(new Set(sources.map(clusterOf))).toEqual(new Set([source]))
          expect(new Set(endpoints.map(({node}) => clusterOf(node)))).toEqual(new Set([target]))
          expect(wish.protocols).toContain(protocol)
          if (mode === 'custom' || protocol === 'dns') {
            expect([target, to]).toEqual([undefined, undefined])
            expect(from).toBe(mode === 'node' ? 'host' : 'pod')
            continue
          }
          expect(wish.modes).toContain(mode)
          expect(PATHS[mode].protocols).toContain(protocol)
          expect(from).toBe(PATHS[mode].from)
          if (to !== PATHS[mode].to) expect([mode, to, wish.sameNode]).toEqual(['pod', 'neighbour', true])
          if (check === 'mtu') expect([['tcp', 'icmp'].includes(protocol), wish.mtu]).toEqual([true, true])
          if (mode === 'apiserver') expect(target).toBeUndefined()
          else if (PATHS[mode].local) expect(target).toBe(source)
          else if (target === source) expect(wish.intra === true || wish.clusters?.length === 1).toBe(true)
        }
      }),
    )
  })

  test('asks nobody for large packets of itself, and for a neighbour only on the own node', () => {
    fc.assert(
      fc.property(anything, ({plan}) => {
        for (const probe of probesOf(plan)) {
          const {check, to} = probe.block
          if (check === 'mtu') expect(reach(probe)).not.toBe('self')
          if (to === 'neighbour') expect(probe.endpoint.node).toBe(probe.source)
        }
      }),
    )
  })
})
