import {expect, test} from 'vitest'
import type {FloaterKind} from '../../src/model/cluster.ts'
import type {Mode} from '../../src/model/plan.ts'
import {kindsFor, PATHS} from '../../src/plan/modes.ts'

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
