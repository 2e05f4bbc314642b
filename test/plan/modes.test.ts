import {expect, test} from 'vitest'
import type {FloaterKind} from '../../src/model/cluster.ts'
import type {Mode, ProtocolName} from '../../src/model/plan.ts'
import {idleness, kindsFor, PATHS} from '../../src/plan/modes.ts'

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
    'mode service is asked over tcp or udp, and protocol is icmp: it would probe nothing.',
  ],
  [['nodeport'], ['dns', 'icmp'], 'mode nodeport is asked over tcp or udp, and protocol is dns, icmp: '],
  [['apiserver'], ['udp'], 'mode apiserver is asked over tcp, and protocol is udp: '],
])('the modes %j over %j: %j', (modes, protocols, sentence) => {
  expect(idleness({modes, protocols})?.slice(0, sentence?.length)).toBe(sentence)
})
