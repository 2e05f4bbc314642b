import {expect, test} from 'vitest'
import type {FloaterKind} from '../../src/model/cluster.ts'
import type {Mode, ProtocolName} from '../../src/model/plan.ts'
import {foreignName, idleness, kindsFor, pathName, PATHS, reach} from '../../src/plan/modes.ts'
import {probesOf} from '../../src/plan/plan.ts'
import {nodeWith, withHost, withNeighbour} from '../report/sample.ts'
import {planOf} from './wish.ts'

const MODES = Object.keys(PATHS) as Mode[]
const target = {host: 'db', port: 5432}

test.each<[Mode[], {sameNode?: boolean; custom?: boolean}, FloaterKind[]]>([
  [['pod'], {}, ['pod']],
  [['node'], {}, ['host']],
  [['node-to-pod'], {}, ['host', 'pod']],
  [['pod-to-node'], {}, ['pod', 'host']],
  [['service'], {}, ['pod']],
  [['nodeport'], {}, ['pod']],
  [['apiserver'], {}, ['pod']],
  [['pod', 'node', 'node-to-pod', 'service'], {}, ['pod', 'host']],
  [[], {custom: true}, ['pod']],
  // Names are looked up from pods.
  [[], {}, ['pod']],
  [['node'], {custom: true}, ['host', 'pod']],
  [['pod'], {sameNode: true}, ['pod', 'neighbour']],
  [['node', 'service'], {sameNode: true}, ['host', 'pod']],
  [MODES, {sameNode: true}, ['pod', 'host', 'neighbour']],
])(
  'the modes %j with %j need floaters of the kinds %j',
  (modes, {sameNode = false, custom = false}, kinds) => {
    expect(kindsFor({modes, sameNode, customTargets: custom ? [target] : []})).toEqual(kinds)
  },
)

test.each<[Mode[], ProtocolName[], string | undefined]>([
  [['pod'], ['tcp'], undefined],
  [['pod', 'node', 'node-to-pod', 'pod-to-node'], ['icmp'], undefined],
  [['service', 'nodeport'], ['icmp', 'udp'], undefined],
  // Names are looked up from where the mode's floaters are.
  [['pod', 'node'], ['dns'], undefined],
  [[], ['icmp'], undefined],
  [
    ['pod', 'service'],
    ['icmp'],
    'mode service is asked over tcp or udp, and protocol is icmp: it would probe nothing. Add one of them, or leave the mode out.',
  ],
  [['nodeport'], ['dns', 'icmp'], 'mode nodeport is asked over tcp or udp, and protocol is dns, icmp: '],
  [['apiserver'], ['udp'], 'mode apiserver is asked over tcp, and protocol is udp: '],
])('the modes %j over %j: %j', (modes, protocols, sentence) => {
  expect(idleness({modes, protocols})?.slice(0, sentence?.length)).toBe(sentence)
})

test('the probes of one node to itself, each with its way, how far it goes, and the name of what is no node', () => {
  const node = withNeighbour(withHost(nodeWith('a', '10.0.0.1'), '192.168.0.1'), '10.0.1.1')
  const other = nodeWith('b', '10.0.0.2')
  const service = {cluster: 'src', addresses: ['10.96.0.9'], port: 8889, nodePort: 30_123}
  const plan = planOf([node, withHost(other, '192.168.0.2')], {
    modes: MODES,
    protocols: ['tcp', 'dns'],
    mtu: true,
    sameNode: true,
    services: [
      {...service, type: 'ClusterIP', behind: 'a'},
      {...service, type: 'NodePort', behind: 'b'},
    ],
    apiServers: [{cluster: 'src', addresses: ['10.96.0.1'], port: 443}],
    customTargets: [{host: '10.0.0.1', port: 8889}],
    lookups: [{name: 'web.example'}],
  })
  const own = [...probesOf(plan)].filter(({source, endpoint}) => source === 0 && (endpoint.node ?? 0) === 0)
  const told = own.map((probe) => {
    const target = probe.endpoint.node === undefined ? ` ${foreignName(probe)}` : ''
    return `${pathName(probe.block)}: ${reach(probe)}${target}`
  })
  expect(told).toEqual([
    'pod tcp ipv4: same-node',
    'node tcp ipv4: self',
    'node-to-pod tcp ipv4: same-node',
    'node-to-pod tcp ipv4 mtu: same-node',
    'pod-to-node tcp ipv4: same-node',
    'pod-to-node tcp ipv4 mtu: same-node',
    'service tcp ipv4: same-node',
    // The floater behind the port is another node's.
    'nodeport tcp ipv4: network',
    'apiserver tcp ipv4: network kubernetes.default',
    // What the user names is asked as any other target, whoever has the address.
    'custom tcp ipv4: network 10.0.0.1',
    'pod dns: network web.example',
    'node dns: network web.example',
  ])
})
