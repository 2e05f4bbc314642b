import {describe, expect, test} from 'vitest'
import type {NodeUnderTest} from '../../src/model/cluster.ts'
import type {Mode, Plan, ProtocolName} from '../../src/model/plan.ts'
import type {PlanWish, ServiceUnderTest} from '../../src/plan/wish.ts'
import {foreignName, reach} from '../../src/plan/modes.ts'
import {probesOf} from '../../src/plan/plan.ts'
import {inCluster, nodeWith, nodeWithout, withHost, withNeighbour} from '../report/sample.ts'
import {clusterNamed, planOf} from './wish.ts'

/** A node with all kinds of floater: pods 10.0.0.n, neighbours 10.0.1.n, the node itself 192.168.0.n. */
function node(name: string, n: number): NodeUnderTest {
  return withNeighbour(withHost(nodeWith(name, `10.0.0.${n}`), `192.168.0.${n}`), `10.0.1.${n}`)
}
const [a, b, c] = [node('a', 1), node('b', 2), node('c', 3)]

const service = (behind: string, changes: Partial<ServiceUnderTest> = {}): ServiceUnderTest => ({
  cluster: 'src',
  type: 'ClusterIP',
  behind,
  addresses: [behind === 'a' ? '10.96.0.1' : '10.96.0.2'],
  port: 8889,
  nodePort: undefined,
  ...changes,
})
const nodePort = (behind: string, changes: Partial<ServiceUnderTest> = {}) =>
  service(behind, {type: 'NodePort', addresses: ['10.96.0.9'], nodePort: 30_123, ...changes})
const API_SERVER = {cluster: 'src', addresses: ['10.96.0.1'], port: 443}

/** Every probe as a line: source floater, target, how far it goes, and who must answer. */
function linesOf(plan: Plan): string[] {
  return [...probesOf(plan)].map((probe) => {
    const {block, source, endpoint} = probe
    const {name = ''} = plan.nodes[source] ?? {}
    const target = endpoint.node === undefined ? foreignName(probe) : plan.nodes[endpoint.node]?.name
    const identity = endpoint.identity === undefined ? '' : ` = ${endpoint.identity}`
    const address = `${endpoint.address ?? 'no address'}:${endpoint.port}`
    const asked = block.check === 'reply' ? '' : ` ${block.check}`
    return `${name}/${block.from} -> ${target}/${block.to ?? ''} ${address}${asked}, ${reach(probe)}${identity}`
  })
}
const asked = (nodes: readonly NodeUnderTest[], wish: Partial<PlanWish>) => linesOf(planOf(nodes, wish))

describe('between floaters', () => {
  const identity: PlanWish['identity'] = ({pod}, protocol, kind) => `${pod} ${protocol} ${kind}`

  test.each<[Mode, string[]]>([
    [
      'pod',
      [
        'a/pod -> a/pod 10.0.0.1:8889, self = floater-a tcp pod',
        'a/pod -> b/pod 10.0.0.2:8889, network = floater-b tcp pod',
        'b/pod -> a/pod 10.0.0.1:8889, network = floater-a tcp pod',
        'b/pod -> b/pod 10.0.0.2:8889, self = floater-b tcp pod',
      ],
    ],
    [
      'node',
      [
        'a/host -> a/host 192.168.0.1:8889, self = floater-host-a tcp host',
        'a/host -> b/host 192.168.0.2:8889, network = floater-host-b tcp host',
        'b/host -> a/host 192.168.0.1:8889, network = floater-host-a tcp host',
        'b/host -> b/host 192.168.0.2:8889, self = floater-host-b tcp host',
      ],
    ],
    [
      'node-to-pod',
      [
        'a/host -> a/pod 10.0.0.1:8889, same-node = floater-a tcp pod',
        'a/host -> b/pod 10.0.0.2:8889, network = floater-b tcp pod',
        'b/host -> a/pod 10.0.0.1:8889, network = floater-a tcp pod',
        'b/host -> b/pod 10.0.0.2:8889, same-node = floater-b tcp pod',
      ],
    ],
    [
      'pod-to-node',
      [
        'a/pod -> a/host 192.168.0.1:8889, same-node = floater-host-a tcp host',
        'a/pod -> b/host 192.168.0.2:8889, network = floater-host-b tcp host',
        'b/pod -> a/host 192.168.0.1:8889, network = floater-host-a tcp host',
        'b/pod -> b/host 192.168.0.2:8889, same-node = floater-host-b tcp host',
      ],
    ],
  ])('mode %s', (mode, lines) => {
    expect(asked([a, b], {modes: [mode], identity})).toEqual(lines)
  })

  test.each<[ProtocolName, number[]]>([
    ['tcp', [8889, 8889]],
    ['udp', [8889, 8889]],
    ['icmp', [0, 0]],
  ])('over %s the ports are %j', (protocol, ports) => {
    const {blocks} = planOf([a, b], {protocols: [protocol]})
    expect(blocks.map((block) => [block.protocol, block.endpoints.map(({port}) => port)])).toEqual([
      [protocol, ports],
    ])
  })

  test('with sameNode, a neighbour takes the place of the row to itself, between pods alone', () => {
    expect(asked([a, b], {modes: ['pod', 'node'], sameNode: true})).toEqual([
      'a/pod -> b/pod 10.0.0.2:8889, network',
      'b/pod -> a/pod 10.0.0.1:8889, network',
      'a/pod -> a/neighbour 10.0.1.1:8889, same-node',
      'b/pod -> b/neighbour 10.0.1.2:8889, same-node',
      'a/host -> a/host 192.168.0.1:8889, self',
      'a/host -> b/host 192.168.0.2:8889, network',
      'b/host -> a/host 192.168.0.1:8889, network',
      'b/host -> b/host 192.168.0.2:8889, self',
    ])
  })

  test('large packets go beside, over TCP alone, and never to oneself', () => {
    const wish = {modes: ['pod', 'node-to-pod'] as const, protocols: ['tcp', 'udp'] as const, mtu: true}
    expect(asked([a, b], wish).filter((line) => line.includes(' mtu,'))).toEqual([
      'a/pod -> b/pod 10.0.0.2:8889 mtu, network',
      'b/pod -> a/pod 10.0.0.1:8889 mtu, network',
      'a/host -> a/pod 10.0.0.1:8889 mtu, same-node',
      'a/host -> b/pod 10.0.0.2:8889 mtu, network',
      'b/host -> a/pod 10.0.0.1:8889 mtu, network',
      'b/host -> b/pod 10.0.0.2:8889 mtu, same-node',
    ])
    expect(asked([a], {mtu: true})).toEqual(['a/pod -> a/pod 10.0.0.1:8889, self'])
  })

  test('the largest packet is looked for by pings, where those of the cluster can', () => {
    const wish = {modes: ['pod', 'node'] as const, protocols: ['icmp'] as const, mtu: true}
    expect(asked([a, b], wish).filter((line) => line.includes(' mtu,'))).toEqual([
      'a/pod -> b/pod 10.0.0.2:0 mtu, network',
      'b/pod -> a/pod 10.0.0.1:0 mtu, network',
      'a/host -> b/host 192.168.0.2:0 mtu, network',
      'b/host -> a/host 192.168.0.1:0 mtu, network',
    ])
    expect(asked([a, b], {...wish, sizing: ['dst']}).filter((line) => line.includes(' mtu,'))).toEqual([])
    expect(asked([a, b], {...wish, mtu: false}).filter((line) => line.includes(' mtu,'))).toEqual([])
  })

  test('the families are those of the floaters that probe and are probed, whatever others have', () => {
    const dual = withHost(nodeWith('a', '10.0.0.1', 'fd00::1'), '192.168.0.1')
    const familiesOf = (modes: Mode[]) => planOf([dual], {modes}).blocks.map(({ipFamily}) => ipFamily)
    expect(familiesOf(['pod'])).toEqual(['ipv4', 'ipv6'])
    expect(familiesOf(['node'])).toEqual(['ipv4'])
    expect(familiesOf(['node-to-pod'])).toEqual(['ipv4'])
  })
})

describe('services', () => {
  const wish = {modes: ['service'] as const}

  test('are asked for from every node but that of the floater behind, who must answer', () => {
    const identity: PlanWish['identity'] = ({uid}) => uid
    expect(asked([a, b, c], {...wish, services: [service('a'), service('b')], identity})).toEqual([
      'a/pod -> b/ 10.96.0.2:8889, network = uid-b',
      'b/pod -> a/ 10.96.0.1:8889, network = uid-a',
      'c/pod -> a/ 10.96.0.1:8889, network = uid-a',
      'c/pod -> b/ 10.96.0.2:8889, network = uid-b',
    ])
  })

  test.each<[string, NodeUnderTest[], Partial<PlanWish>]>([
    ['with sameNode', [a, b], {sameNode: true}],
    ['where it is the only node', [a], {}],
  ])('are asked for from its own node, too, %s', (_, nodes, more) => {
    expect(asked(nodes, {...wish, ...more, services: [service('a')]})).toContain(
      'a/pod -> a/ 10.96.0.1:8889, same-node',
    )
  })

  test('that were not made are accounted for, without an address', () => {
    expect(asked([a, b], {...wish, services: [service('a', {addresses: []})]})).toEqual([
      'b/pod -> a/ no address:8889, network',
    ])
  })

  test('have a row for each family of their own, or for the one that is wanted', () => {
    const dual = service('a', {addresses: ['10.96.0.1', 'fd00:96::1']})
    const lines = (changes: Partial<PlanWish>) => asked([a, b], {...wish, services: [dual], ...changes})
    expect(lines({})).toEqual(['b/pod -> a/ 10.96.0.1:8889, network', 'b/pod -> a/ fd00:96::1:8889, network'])
    expect(lines({ipFamily: 'ipv6'})).toEqual(['b/pod -> a/ fd00:96::1:8889, network'])
    expect(lines({ipFamily: 'ipv6', services: [service('a')]})).toEqual([
      'b/pod -> a/ no address:8889, network',
    ])
  })
})

describe('the port of every node', () => {
  const wish = {modes: ['nodeport'] as const}

  test('is asked for from every node; whichever it is, one floater answers', () => {
    const identity: PlanWish['identity'] = ({uid}) => uid
    expect(asked([a, b], {...wish, services: [service('b'), nodePort('a')], identity})).toEqual([
      'a/pod -> a/ 192.168.0.1:30123, same-node = uid-a',
      'a/pod -> b/ 192.168.0.2:30123, network = uid-a',
      'b/pod -> a/ 192.168.0.1:30123, network = uid-a',
      // Through its own node's port, to another one.
      'b/pod -> b/ 192.168.0.2:30123, network = uid-a',
    ])
  })

  test.each<[string, ServiceUnderTest[]]>([
    ['no service was made', []],
    ['it has no port', [nodePort('a', {nodePort: undefined})]],
    ['it was not made', [nodePort('a', {addresses: [], nodePort: undefined})]],
  ])('is accounted for where %s', (_, services) => {
    const lines = asked([a, b], {...wish, services})
    expect(lines).toHaveLength(4)
    for (const line of lines) expect(line).toContain(' no address:0,')
  })

  test('is none on a node without an address of the family', () => {
    const lines = asked([a, nodeWith('b', '10.0.0.2')], {...wish, services: [nodePort('a')]})
    expect(lines.filter((line) => line.includes('-> b'))).toEqual([
      'a/pod -> b/ no address:30123, network',
      'b/pod -> b/ no address:30123, network',
    ])
  })
})

describe('the API server', () => {
  test('is asked for from every node, for a connection', () => {
    expect(asked([a, b], {modes: ['apiserver'], apiServers: [API_SERVER]})).toEqual([
      'a/pod -> kubernetes.default/ 10.96.0.1:443 connect, network',
      'b/pod -> kubernetes.default/ 10.96.0.1:443 connect, network',
    ])
  })

  test('is accounted for once where its address is not known, whatever families others insist on', () => {
    expect(asked([a], {modes: ['apiserver'], families: ['ipv4', 'ipv6']})).toEqual([
      'a/pod -> kubernetes.default/ no address:443 connect, network',
    ])
  })

  test('is accounted for in the family that is wanted, though it has no address of it', () => {
    expect(asked([a], {modes: ['apiserver'], apiServers: [API_SERVER], ipFamily: 'ipv6'})).toEqual([
      'a/pod -> kubernetes.default/ no address:443 connect, network',
    ])
  })

  test('has its own family alone', () => {
    const apiServers = [{...API_SERVER, addresses: ['fd00:96::1']}]
    expect(asked([a], {modes: ['apiserver'], apiServers, families: ['ipv4']})).toEqual([
      'a/pod -> kubernetes.default/ fd00:96::1:443 connect, network',
    ])
  })
})

describe('names', () => {
  const lookups = [{name: 'web.example'}, {name: 'db.example', server: '10.96.0.10'}]
  const dns = {protocols: ['dns'] as const, lookups}

  test.each<[Mode[], string[]]>([
    [[], ['pod']],
    [['service'], ['pod']],
    [['node', 'node-to-pod'], ['node']],
    [
      ['pod', 'node'],
      ['pod', 'node'],
    ],
  ])('with the modes %j are looked up as modes %j', (modes, expected) => {
    const {blocks} = planOf([a], {...dns, modes})
    expect(blocks.map(({mode, from}) => [mode, from])).toEqual(
      expected.map((mode) => [mode, mode === 'node' ? 'host' : 'pod']),
    )
  })

  test('are asked of the source’s own name server, or of the one that is set', () => {
    expect(asked([a], {...dns, modes: ['pod']})).toEqual([
      'a/pod -> web.example/ no address:53, network',
      'a/pod -> db.example/ 10.96.0.10:53, network',
    ])
  })

  test('are not asked for over other protocols', () => {
    expect(planOf([a], {lookups, modes: []}).size).toBe(0)
  })
})

test('custom targets are pinged once a host, and connected to at every port that is one', () => {
  const customTargets = [
    {host: '192.0.2.1', port: 443},
    {host: '192.0.2.1', port: 22},
    {host: '192.0.2.2', port: 0},
  ]
  const lines = (protocols: ProtocolName[]) => asked([a], {modes: [], customTargets, protocols})
  expect(lines(['icmp'])).toEqual([
    'a/pod -> 192.0.2.1/ 192.0.2.1:0 connect, network',
    'a/pod -> 192.0.2.2/ 192.0.2.2:0 connect, network',
  ])
  expect(lines(['tcp'])).toEqual([
    'a/pod -> 192.0.2.1/ 192.0.2.1:443 connect, network',
    'a/pod -> 192.0.2.1/ 192.0.2.1:22 connect, network',
  ])
  expect(lines(['udp', 'dns'])).toEqual([])
})

describe('in several clusters', () => {
  const clusters = [clusterNamed('src'), clusterNamed('dst', {from: '192.168.0.0/16', to: '172.16.0.0/16'})]
  const nodes = [a, inCluster('dst', node('d', 4))]
  const services = ['src', 'dst'].flatMap((cluster) => {
    const behind = cluster === 'src' ? 'a' : 'd'
    return [service(behind, {cluster}), nodePort(behind, {cluster})]
  })
  const apiServers = ['src', 'dst'].map((cluster) => ({...API_SERVER, cluster}))
  const linesFor = (mode: Mode, intra: boolean) =>
    asked(nodes, {modes: [mode], clusters, services, apiServers, intra})

  test.each<[Mode, string[]]>([
    ['node', ['a/host -> d/host 172.16.0.4:8889, network', 'd/host -> a/host 192.168.0.1:8889, network']],
    ['nodeport', ['a/pod -> d/ 172.16.0.4:30123, network', 'd/pod -> a/ 192.168.0.1:30123, network']],
    // Addresses that mean nothing elsewhere.
    ['service', ['a/pod -> a/ 10.96.0.1:8889, same-node', 'd/pod -> d/ 10.96.0.2:8889, same-node']],
    [
      'apiserver',
      [
        'a/pod -> kubernetes.default/ 10.96.0.1:443 connect, network',
        'd/pod -> kubernetes.default/ 10.96.0.1:443 connect, network',
      ],
    ],
  ])('mode %s is asked for without intra', (mode, lines) => {
    expect(linesFor(mode, false)).toEqual(lines)
  })

  test.each<[Mode, number]>([
    ['node', 4],
    ['nodeport', 4],
    ['service', 2],
    ['apiserver', 2],
  ])('mode %s with intra is %i probes', (mode, size) => {
    expect(linesFor(mode, true)).toHaveLength(size)
  })
})

test('a node without floaters stays in every mode, as source and as destination', () => {
  const nodes = [a, nodeWithout('b', 'unschedulable')]
  for (const mode of ['pod', 'node', 'node-to-pod', 'pod-to-node', 'nodeport'] as const) {
    const lines = asked(nodes, {modes: [mode], services: [nodePort('a')]})
    expect(lines, mode).toHaveLength(4)
  }
})

describe('in two clusters', () => {
  const clusters = ['src', 'dst'].map((name) => clusterNamed(name))
  const nodes = [a, inCluster('dst', b)]

  test('each is asked at its own port of a node and its own API server', () => {
    const services = [nodePort('a'), nodePort('b', {cluster: 'dst', nodePort: 30_456})]
    expect(asked(nodes, {clusters, modes: ['nodeport'], services})).toEqual([
      'a/pod -> b/ 192.168.0.2:30456, network',
      'b/pod -> a/ 192.168.0.1:30123, network',
    ])
    const apiServers = [API_SERVER, {cluster: 'dst', addresses: ['10.97.0.1'], port: 6443}]
    expect(asked(nodes, {clusters, modes: ['apiserver'], apiServers})).toEqual([
      'a/pod -> kubernetes.default/ 10.96.0.1:443 connect, network',
      'b/pod -> kubernetes.default/ 10.97.0.1:6443 connect, network',
    ])
  })

  test('the largest packet is looked for from where the floaters can', () => {
    const wish = {clusters, protocols: ['icmp'], mtu: true, sizing: ['dst']} as const
    expect(asked(nodes, wish).filter((line) => line.includes(' mtu'))).toEqual([
      'b/pod -> a/pod 10.0.0.1:0 mtu, network',
    ])
  })
})

test('who answers behind a service is the floater in the pod network', () => {
  const identity: PlanWish['identity'] = ({pod}, _, kind) => `${pod} ${kind}`
  const lines = asked([a, b], {
    modes: ['service', 'nodeport'],
    services: [service('b'), nodePort('b')],
    identity,
  })
  expect(lines).toHaveLength(5)
  for (const line of lines) expect(line).toMatch(/ = floater-b pod$/)
})

describe('a port of the nodes is asked in the families', () => {
  const [four, six] = [['10.96.0.9'], ['fd00:96::9']]
  test.each<[string, string[], string[], Partial<PlanWish>, string[]]>([
    ['of the service and of the nodes', [...four, ...six], ['192.168.0.1'], {}, ['192.168.0.1']],
    [
      'of both, if both have both',
      [...four, ...six],
      ['192.168.0.1', 'fd00::1'],
      {},
      ['192.168.0.1', 'fd00::1'],
    ],
    ['of the service, where no node has it', four, ['fd00::1'], {}, ['no address']],
    ['that are insisted on', four, ['192.168.0.1'], {families: ['ipv6']}, ['192.168.0.1', 'no address']],
  ])('%s', (_, addresses, own, wish, expected) => {
    const host = withHost(nodeWith('h', '10.0.0.9'), ...own)
    const services = [nodePort('h', {addresses})]
    const plan = planOf([host], {modes: ['nodeport'], services, ...wish})
    expect(
      plan.blocks.flatMap(({endpoints}) => endpoints.map(({address = 'no address'}) => address)),
    ).toEqual(expected)
  })
})
