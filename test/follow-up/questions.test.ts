import {expect, test} from 'vitest'
import {diagnose} from '../../src/diagnosis/diagnose.ts'
import {inquiriesOf, type Abilities} from '../../src/follow-up/questions.ts'
import {roundsOf} from '../../src/follow-up/rounds.ts'
import type {Inquiry} from '../../src/follow-up/inquiry.ts'
import type {NodeUnderTest} from '../../src/model/cluster.ts'
import type {Measured} from '../../src/model/run.ts'
import type {PlanWish} from '../../src/plan/wish.ts'
import {faultsOf, nodesCalled, pictured, runOf, type Pictures} from '../diagnosis/matrix.ts'
import {inCluster, nodeWith} from '../report/sample.ts'

const SEED: Abilities = {udp: false, identity: () => undefined}
const AGNHOST: Abilities = {udp: true, identity: ({uid}, protocol) => `${protocol} ${uid}`}

/** `a: again x3, ping; route; counts pod b`: who is asked what. */
function told({nodes}: Measured['plan'], {own, route, second}: Inquiry): string {
  const name = (index: number) => nodes[index]?.name ?? ''
  const errand = ({asker, asks}: Inquiry['own']) => {
    const counts = new Map<string, number>()
    for (const {question} of asks) counts.set(question, (counts.get(question) ?? 0) + 1)
    const words = [...counts].map(([question, n]) => (n === 1 ? question : `${question} x${n}`))
    return `${name(asker.node)}: ${words.join(', ')}`
  }
  return [
    errand(own),
    ...(route === undefined ? [] : [`route ${route}`]),
    ...(second?.neighbour === undefined ? [] : [errand(second.neighbour)]),
    ...(second?.counted === undefined ? [] : [`counts ${second.counted.kind} ${name(second.counted.node)}`]),
  ].join('; ')
}

function asked(run: Measured, abilities = SEED): string[] {
  return inquiriesOf(run, diagnose(run), abilities).map((one) => told(run.plan, one))
}

const picture = (names: string, pictures: Pictures, wish: Partial<PlanWish> = {}) =>
  runOf(nodesCalled(names), [pictured(names, pictures)], wish)

test.each<[string, Measured, string[]]>([
  ['all is well', picture('abc', {pod: '... ... ...'}), []],
  [
    'one pair, one way',
    picture('abc', {pod: '.x. ... ...'}),
    ['a: again x3, ping, node-ping, node-port; route 10.0.1.1; counts pod b'],
  ],
  [
    'a node that is deaf: one of those that do not reach it stands for all',
    picture('abcd', {pod: '..x. ..x. .... ..x.'}),
    ['a: again x3, ping, node-ping, node-port; route 10.0.2.1; counts pod c'],
  ],
  [
    'a node that is mute',
    picture('abcd', {pod: '.... x.xx .... ....'}),
    ['b: again x3, ping, node-ping, node-port; route 10.0.0.1; counts pod a'],
  ],
  [
    'a refusal: no way to ask for',
    picture('abc', {pod: '.r. ... ...'}),
    ['a: again x3, ping, node-ping, node-port; counts pod b'],
  ],
  [
    'somebody else answers',
    picture('abc', {pod: '.w. ... ...'}),
    ['a: again x3, ping, node-ping, node-port; counts pod b'],
  ],
  [
    'pings alone: what was asked already is not asked over again',
    runOf(nodesCalled('abc'), [pictured('abc', {pod: '.x. ... ...'}, ({protocol}) => protocol === 'icmp')], {
      protocols: ['tcp', 'icmp'],
    }),
    ['a: again, node-ping, node-port; route 10.0.1.1; counts pod b'],
  ],
  [
    'large packets: which sizes pass, from here and from another node',
    picture('abc', {pod: '.l. ... ...'}, {mtu: true}),
    ['a: small, large, ping, node-ping; c: small, large'],
  ],
  [
    'loss',
    picture('abc', {pod: '.p. ... ...'}, {protocols: ['icmp']}),
    ['a: small, large, again, node-ping; c: small, large'],
  ],
  [
    'between host networks, whose counters count everything of the node',
    picture('abc', {node: '.x. ... ...'}, {modes: ['node']}),
    ['a: again x3, ping; route 192.0.2.2'],
  ],
  [
    'a floater that does not even answer itself',
    picture('abc', {pod: 'x.. x.. x..'}),
    ['b: again x3, ping, node-ping, node-port; route 10.0.0.1; counts pod a'],
  ],
  [
    'a node that was not measured',
    runOf(
      [
        ...nodesCalled('ab'),
        {...nodeWith('c'), floaters: {pod: {floater: undefined, absence: 'no-floater', cause: 'none'}}},
      ],
      [],
    ),
    [],
  ],
])('%s', (_, run, expected) => {
  expect(asked(run)).toEqual(expected)
})

test.each<[string, Partial<PlanWish>, (protocol: string, mode: string) => boolean, string[]]>([
  [
    'a service: the floater behind it, and another node',
    {
      modes: ['service'],
      services: [service('ClusterIP')],
    },
    (_, mode) => mode === 'service',
    ['a: again, floater; c: again'],
  ],
  [
    'names, with a name server of ours',
    {modes: [], protocols: ['dns'], lookups: [{name: 'web.example', server: '192.0.2.53'}]},
    (protocol) => protocol === 'dns',
    ['a: again, ping; b: again'],
  ],
  [
    'names, with the name server of the pod, which has no address here',
    {modes: [], protocols: ['dns'], lookups: [{name: 'web.example'}]},
    (protocol) => protocol === 'dns',
    ['a: again; b: again'],
  ],
  [
    'a target outside, and the way there',
    {modes: [], customTargets: [{host: '192.0.2.7', port: 53}]},
    (_, mode) => mode === 'custom',
    ['a: again, ping; route 192.0.2.7; b: again'],
  ],
  [
    'a target that is a name',
    {modes: [], customTargets: [{host: 'www.example.com', port: 443}]},
    (_, mode) => mode === 'custom',
    ['a: again; b: again'],
  ],
  [
    'the API server',
    {modes: ['apiserver'], apiServers: [{cluster: 'src', addresses: ['10.96.0.1'], port: 443}]},
    (_, mode) => mode === 'apiserver',
    ['a: again; b: again'],
  ],
])('what is no floater: %s', (_, wish, concerns, expected) => {
  const run = runOf(
    nodesCalled('abc'),
    [faultsOf('timeout', ({block}) => concerns(block.protocol, block.mode))],
    wish,
  )
  expect(asked(run)).toEqual(expected)
})

function service(type: 'ClusterIP' | 'NodePort') {
  return {cluster: 'src', type, behind: 'b', addresses: ['10.96.0.9'], port: 8889, nodePort: undefined}
}

test('the floaters of agnhost are asked over UDP too, and must say who they are over each protocol', () => {
  const run = picture('abc', {pod: '.x. ... ...'})
  const [one] = inquiriesOf(run, diagnose(run), AGNHOST)
  const udp = one?.own.asks.find(({question}) => question === 'udp')
  expect(udp).toMatchObject({
    protocol: 'udp',
    endpoint: {address: '10.0.1.1', port: 8889, identity: 'udp uid-b'},
  })
})

test('between clusters nobody asks a node: its address may be another one here', () => {
  const nodes: NodeUnderTest[] = nodesCalled('ab').map((node, n) => (n === 0 ? node : inCluster('dst', node)))
  const run = runOf(nodes, [faultsOf('timeout', ({source}) => source === 0)])
  expect(asked(run)).toEqual(['a: again x3, ping; route 10.0.1.1; counts pod b'])
})

test('ten findings are asked about, and two execs are all that each may take', () => {
  const names = 'abcdefghijklmnopqrstuvwxyz'.slice(0, 24)
  // Twelve pairs that have nothing in common.
  const isPair = (source: number, target = -1) => source % 2 === 0 && target === source + 1
  const run = runOf(nodesCalled(names), [
    faultsOf('timeout', ({source, endpoint}) => isPair(source, endpoint.node)),
  ])
  const inquiries = inquiriesOf(run, diagnose(run), SEED)
  expect(inquiries).toHaveLength(10)
  const rounds = roundsOf(inquiries, 4)
  expect(rounds.map(({length}) => length)).toEqual([4, 4, 2])
})

test('no floater has part in two inquiries at once: its counters would count both', () => {
  const run = picture('abcd', {pod: '.x.. .... ...x x...'})
  const inquiries = inquiriesOf(run, diagnose(run), SEED)
  const pairs = roundsOf(inquiries, 9).map((round) =>
    round.map(({probe}) => `${'abcd'[probe.source] ?? ''}${'abcd'[probe.endpoint.node ?? -1] ?? ''}`),
  )
  expect(pairs).toEqual([['ab', 'cd'], ['da']])
})
