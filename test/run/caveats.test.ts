import {describe, expect, test} from 'vitest'
import type {NodeUnderTest} from '../../src/model/cluster.ts'
import type {Config} from '../../src/model/config.ts'
import type {Verdict} from '../../src/model/result.ts'
import {flavourOf} from '../../src/floater/flavour.ts'
import {reach} from '../../src/plan/modes.ts'
import {caveatsOf} from '../../src/run/caveats.ts'
import {answered, besideFloater, nodeWith, sampleRun, withHost} from '../report/sample.ts'
import type {PlanWish} from '../../src/plan/wish.ts'
import type {Probe} from '../../src/model/plan.ts'
import {DEFAULTS} from '../plan/wish.ts'

const NODES = ['a', 'b'].map((name, n) => withHost(nodeWith(name, `10.0.0.${n + 1}`), `192.168.0.${n + 1}`))
const failed: Verdict = {...answered, status: 'FAILED', reason: 'timeout'}

interface Case {
  readonly nodes?: readonly NodeUnderTest[]
  readonly verdict?: (probe: Probe) => Verdict | undefined
  readonly wish?: Partial<PlanWish>
  readonly floater?: 'agnhost' | 'clusterlink-floater'
}

/** What is said of a run in which all goes well, by what the sentences begin with. */
function caveats({nodes = NODES, verdict = () => answered, wish = {}, floater = 'agnhost'}: Case): string[] {
  const config: Config = {...DEFAULTS, ...wish, floater: {...DEFAULTS.floater, flavour: floater}}
  const flavour = flavourOf(config)
  const {plan, results} = sampleRun(nodes, verdict, {}, {identity: flavour.identity, ...wish})
  return caveatsOf(plan, results, flavour, config)
}
const about = (subject: RegExp, all: readonly string[]) => all.filter((one) => subject.test(one))

const WHO = /^who answered/
const CONNECTED = /^what targets that are no floaters answer/
const NETWORK = /^the network\. No probe that succeeded left its own node/

describe('who answered', () => {
  test.each<[string, Case, string | undefined]>([
    ['is proved by agnhost', {}, undefined],
    ['is not by the seed’s floater', {floater: 'clusterlink-floater'}, 'who answered (TCP)'],
    ['is never by pings', {wish: {protocols: ['tcp', 'icmp']}}, 'who answered (pings)'],
    [
      'is not by UDP of host floaters, which have the machine’s name',
      {wish: {protocols: ['udp'], modes: ['node']}},
      'who answered (UDP)',
    ],
    ['is by UDP of pods', {wish: {protocols: ['udp']}}, undefined],
    [
      'is no question where nothing succeeded',
      {floater: 'clusterlink-floater', verdict: () => failed},
      undefined,
    ],
    [
      'is none for names',
      {wish: {protocols: ['dns'], lookups: [{name: 'x'}]}, floater: 'clusterlink-floater'},
      undefined,
    ],
  ])('%s', (_, one, said) => {
    const found = about(WHO, caveats(one))
    expect(found).toEqual(said === undefined ? [] : [expect.stringContaining(said) as string])
  })
})

test.each<[string, Case, boolean]>([
  ['custom targets', {wish: {customTargets: [{host: 'h', port: 1}]}}, true],
  [
    'the API server',
    {wish: {modes: ['apiserver'], apiServers: [{cluster: 'src', addresses: ['10.96.0.1'], port: 443}]}},
    true,
  ],
  ['floaters', {}, false],
])('of %s no more than a connection is proved: %j', (_, one, said) => {
  expect(about(CONNECTED, caveats(one))).toHaveLength(said ? 1 : 0)
})

describe('the network is not proved', () => {
  test.each<[string, Case, boolean]>([
    ['by one node', {nodes: NODES.slice(0, 1)}, true],
    ['by a node’s pod to its own host', {nodes: NODES.slice(0, 1), wish: {modes: ['pod-to-node']}}, true],
    [
      'by what stayed on the node',
      {verdict: (probe) => (reach(probe) === 'network' ? failed : answered)},
      true,
    ],
    ['and is by two', {}, false],
    ['and is no question where nothing succeeded', {verdict: () => failed}, false],
  ])('%s', (_, one, said) => {
    expect(about(NETWORK, caveats(one))).toHaveLength(said ? 1 : 0)
  })
})

describe('what a sidecar carried is not proved', () => {
  const [a, b] = NODES as [NodeUnderTest, NodeUnderTest]
  const fromA = ({source}: Probe) => (source === 0 ? answered : undefined)
  test.each<[string, Case, boolean]>([
    ['at the source', {nodes: [besideFloater(a, 'istio-proxy'), b], verdict: fromA}, true],
    ['at the target', {nodes: [a, besideFloater(b, 'istio-proxy')], verdict: fromA}, true],
    ['and is where none has part', {verdict: fromA}, false],
  ])('%s', (_, one, said) => {
    expect(about(/^TCP as the network itself carries it\./, caveats(one))).toHaveLength(said ? 1 : 0)
  })
})

test.each<[Case, string | undefined]>([
  [{}, 'UDP, ICMP, large packets, rewritten source addresses: '],
  [{floater: 'clusterlink-floater'}, 'UDP, ICMP, large packets, rewritten source addresses: '],
  [{wish: {protocols: ['tcp', 'udp']}}, 'ICMP, large packets: '],
  [{wish: {protocols: ['tcp', 'icmp'], mtu: true}}, 'UDP, rewritten source addresses: '],
  [{wish: {protocols: ['tcp', 'udp', 'icmp'], mtu: true}}, undefined],
  [{wish: {protocols: ['tcp', 'udp', 'icmp'], mtu: true, sizing: []}}, 'the largest packet: '],
  [{wish: {protocols: ['tcp', 'udp'], mtu: true}}, 'ICMP, the largest packet: '],
  [{wish: {protocols: ['tcp', 'udp', 'icmp'], mtu: true}, nodes: NODES.slice(0, 1)}, 'the largest packet: '],
  [{verdict: () => failed}, undefined],
])('%j has not asked for %s', (one, said) => {
  const found = about(/: not asked for, or not known to this floater$/, caveats(one))
  expect(found).toEqual(said === undefined ? [] : [expect.stringMatching(new RegExp(`^${said}`)) as string])
})
