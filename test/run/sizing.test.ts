import {expect, test} from 'vitest'
import type {ProtocolName} from '../../src/model/plan.ts'
import {canFindSizes} from '../../src/run/sizing.ts'
import type {ClearedSite} from '../../src/run/site.ts'
import {failure, fakeKubectl, type Behaviour} from '../kubectl/fake.ts'
import {DEFAULTS} from '../plan/wish.ts'
import {nodeWith, nodeWithout} from '../report/sample.ts'
import {worldOf} from './world.ts'

const NODES = [
  nodeWithout('a', 'unschedulable'),
  ...['b', 'c', 'd', 'e'].map((name) => nodeWith(name, '10.0.0.1')),
]
const IPUTILS = {stdout: 'ping from iputils 20240117\n'}
const BUSYBOX = {stdout: 'ping: unrecognized option: V\nBusyBox v1.36.1 multi-call binary.\n'}
const broken = failure('error: unable to upgrade connection')

interface Wish {
  readonly mtu?: boolean
  readonly protocols?: readonly ProtocolName[]
}

test.each<[string, Behaviour[], Wish, boolean, string[]]>([
  ['the ping of iputils can', [IPUTILS], {}, true, ['floater-b']],
  ['that of busybox cannot', [BUSYBOX], {}, false, ['floater-b']],
  ['an image without ping cannot', [{stdout: 'sh: ping: not found\n'}], {}, false, ['floater-b']],
  ['who cannot be asked leaves it to the next', [broken, IPUTILS], {}, true, ['floater-b', 'floater-c']],
  [
    'some are asked, and not all',
    [broken, broken, broken, IPUTILS],
    {},
    false,
    ['floater-b', 'floater-c', 'floater-d'],
  ],
  ['nobody is asked without --mtu', [], {mtu: false}, false, []],
  ['nobody is asked where nobody pings', [], {protocols: ['tcp', 'udp']}, false, []],
])('%s', async (_, answers, wish, can, asked) => {
  const kubectl = fakeKubectl(() => answers.shift() ?? {})
  const config = {...DEFAULTS, mtu: true, protocols: ['tcp', 'icmp'] as const, ...wish}
  const site = {kubectl} as unknown as ClearedSite
  expect(await canFindSizes(site, NODES, config, worldOf({}).effects)).toBe(can)
  expect(kubectl.calls.map(({args}) => args.find((arg) => arg.startsWith('floater-')))).toEqual(asked)
})
