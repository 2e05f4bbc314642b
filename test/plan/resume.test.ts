import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {NodeUnderTest} from '../../src/model/cluster.ts'
import type {ProtocolName} from '../../src/model/plan.ts'
import type {ResumeEntry} from '../../src/model/resume.ts'
import type {Verdict} from '../../src/model/result.ts'
import type {PlanWish} from '../../src/plan/wish.ts'
import {probesOf} from '../../src/plan/plan.ts'
import {resumeConfig} from '../../src/plan/resume-config.ts'
import {resumePlan} from '../../src/plan/resume.ts'
import {namedNodes, wantedBy} from '../../src/plan/wanted.ts'
import {parseResume, resumeJson} from '../../src/saved/resume.ts'
import {answered, inCluster, nodeWith, nodeWithout, sampleRun} from '../report/sample.ts'
import {anyWorldOver} from './any-plan.ts'
import {clusterNamed, DEFAULTS, pairOf, wishFor} from './wish.ts'

/** The plan that the entries come to, as lines: pair, family, address. */
function resumed(
  entries: readonly ResumeEntry[],
  nodes: readonly NodeUnderTest[],
  changes: Partial<PlanWish> = {},
  unsuitable?: string,
) {
  const config = {...DEFAULTS, ...wishFor(changes)}
  const wish = {...config, ...resumeConfig(entries, config)}
  const members = wish.clusters.map(({name}) => ({
    cluster: name,
    names: new Set(nodes.filter(({cluster}) => cluster === name).map((node) => node.name)),
  }))
  const plan = resumePlan(
    nodes,
    wantedBy(entries, members, 'resume.json'),
    wish,
    'resume.json',
    () => unsuitable,
  )
  const probes = [...probesOf(plan)]
  expect(probes.map(({id}) => id)).toEqual(Array.from({length: plan.size}, (_, id) => id))
  return {
    plan,
    lines: probes.map((probe) =>
      [pairOf(plan, probe), probe.block.ipFamily, probe.endpoint.address ?? 'no address'].join(' '),
    ),
  }
}

const seed = (srcNodeName: string, dstNodeName: string, targetIP: string): ResumeEntry => ({
  srcNodeName,
  dstNodeName,
  targetIP,
})
const ours = (srcNodeName: string, dstNodeName: string, more: Partial<ResumeEntry> = {}): ResumeEntry => ({
  ...seed(srcNodeName, dstNodeName, '10.0.0.99'),
  srcCluster: 'src',
  dstCluster: 'src',
  mode: 'pod',
  protocol: 'tcp',
  ipFamily: 'ipv4',
  port: 8889,
  check: 'reply',
  ...more,
})
const custom = (srcNodeName: string, dstNodeName: string, port: number, more: Partial<ResumeEntry> = {}) =>
  ours(srcNodeName, dstNodeName, {
    targetIP: dstNodeName,
    dstCluster: '',
    mode: 'custom',
    check: 'connect',
    port,
    ...more,
  })

const one = [nodeWith('a', '10.0.0.1'), nodeWith('b', '10.0.0.2'), nodeWith('c', '10.0.0.3')]
const clusters = [clusterNamed('src'), clusterNamed('dst')]
const dst = (name: string, ...addresses: string[]) => inCluster('dst', nodeWith(name, ...addresses))
const two = [nodeWith('a', '10.0.0.1'), nodeWith('b', '10.0.0.2'), dst('a', '10.1.0.1'), dst('x', '10.1.0.2')]

describe('in one cluster', () => {
  test.each<[string, ResumeEntry[], string[]]>([
    ['what the seed’s tool wrote', [seed('a', 'b', '10.0.0.2')], ['a -> b ipv4 10.0.0.2']],
    ['what it wrote without an address', [seed('a', 'b', '')], ['a -> b ipv4 10.0.0.2']],
    ['what we wrote', [ours('a', 'b')], ['a -> b ipv4 10.0.0.2']],
    ['the address that is new', [seed('a', 'b', '10.9.9.9')], ['a -> b ipv4 10.0.0.2']],
    ['a node to itself', [ours('b', 'b')], ['b -> b ipv4 10.0.0.2']],
    ['only these pairs', [ours('c', 'a'), ours('a', 'c')], ['a -> c ipv4 10.0.0.3', 'c -> a ipv4 10.0.0.1']],
    [
      'one probe for what is there twice',
      [ours('a', 'b'), ours('a', 'b'), seed('a', 'b', '10.0.0.2')],
      ['a -> b ipv4 10.0.0.2'],
    ],
    ['the port of today', [ours('a', 'b', {port: 1234})], ['a -> b ipv4 10.0.0.2']],
    ['a family that no floater has today', [ours('a', 'b', {ipFamily: 'ipv6'})], ['a -> b ipv6 no address']],
    [
      'both families of a pair',
      [ours('a', 'b'), ours('a', 'b', {ipFamily: 'ipv6'})],
      ['a -> b ipv4 10.0.0.2', 'a -> b ipv6 no address'],
    ],
    ['an empty cluster as none', [ours('a', 'b', {dstCluster: ''})], ['a -> b ipv4 10.0.0.2']],
  ])('%s', (_, entries, lines) => {
    expect(resumed(entries, one).lines).toEqual(lines)
  })

  test('a pair of a mode that the config does not ask for today', () => {
    const wish = {modes: [], customTargets: [{host: 'db.example', port: 5432}]}
    expect(resumed([ours('a', 'b')], one, wish).lines).toEqual(['a -> b ipv4 10.0.0.2'])
    expect(resumed([seed('a', 'b', '')], one, wish).lines).toEqual(['a -> b ipv4 10.0.0.2'])
  })

  test('a pair of a family that the config leaves out today', () => {
    expect(resumed([ours('a', 'b')], one, {ipFamily: 'ipv6'}).lines).toEqual(['a -> b ipv4 10.0.0.2'])
  })

  test('the family that the seed’s address has', () => {
    const dual = [nodeWith('a', '10.0.0.1', 'fd00::1'), nodeWith('b', '10.0.0.2', 'fd00::2')]
    expect(resumed([seed('a', 'b', 'fd00::9')], dual).lines).toEqual(['a -> b ipv6 fd00::2'])
    expect(resumed([seed('a', 'b', '')], dual).lines).toEqual(['a -> b ipv4 10.0.0.2', 'a -> b ipv6 fd00::2'])
  })
})

describe('a node', () => {
  test('that has left the cluster stays, as source and as destination, and is named', () => {
    const {plan, lines} = resumed([ours('a', 'gone'), ours('gone', 'a'), ours('a', 'b')], one)
    expect(lines).toEqual(['a -> b ipv4 10.0.0.2', 'a -> gone ipv4 no address', 'gone -> a ipv4 10.0.0.1'])
    const state = {floater: undefined, absence: 'node-gone', cause: 'node gone has left the cluster'}
    expect(plan.nodes.find(({name}) => name === 'gone')).toEqual({
      cluster: 'src',
      name: 'gone',
      addresses: [],
      floaters: {pod: state, host: state, neighbour: state},
    })
  })

  test('that can have no floater any more says why', () => {
    const {plan} = resumed([ours('a', 'w')], one, {}, 'it runs windows')
    const state = {floater: undefined, absence: 'no-floater', cause: 'node w has no floater: it runs windows'}
    expect(plan.nodes.find(({name}) => name === 'w')?.floaters).toEqual({
      pod: state,
      host: state,
      neighbour: state,
    })
  })

  test('without a floater keeps its cause', () => {
    const {plan} = resumed([ours('a', 'b')], [nodeWith('a', '10.0.0.1'), nodeWithout('b', 'unschedulable')])
    expect(plan.nodes[1]).toMatchObject({
      name: 'b',
      floaters: {pod: {absence: 'no-floater', cause: 'unschedulable'}},
    })
  })

  test('is counted once, however often it is named', () => {
    const wanted = wantedBy(
      [ours('a', 'b'), ours('b', 'a'), seed('a', 'b', '')],
      [{cluster: 'src', names: new Set('ab')}],
      'f',
    )
    expect(namedNodes(wanted)).toEqual([
      {cluster: 'src', name: 'a'},
      {cluster: 'src', name: 'b'},
    ])
  })
})

describe('in two clusters', () => {
  test.each<[string, ResumeEntry[], string[]]>([
    [
      'ours, both ways',
      [ours('b', 'x', {dstCluster: 'dst'}), ours('x', 'b', {srcCluster: 'dst'})],
      ['src/b -> dst/x ipv4 10.1.0.2', 'dst/x -> src/b ipv4 10.0.0.2'],
    ],
    [
      'the seed’s, from the first to the second',
      [seed('a', 'a', '10.1.0.1')],
      ['src/a -> dst/a ipv4 10.1.0.1'],
    ],
    [
      'the seed’s, of nodes that are only in the other',
      [seed('x', 'b', '10.0.0.2')],
      ['dst/x -> src/b ipv4 10.0.0.2'],
    ],
    ['inside one of them', [ours('a', 'b')], ['src/a -> src/b ipv4 10.0.0.2']],
    [
      'the seed’s node that is nowhere',
      [seed('a', 'gone', '10.1.0.9')],
      ['src/a -> dst/gone ipv4 no address'],
    ],
  ])('%s', (_, entries, lines) => {
    expect(resumed(entries, two, {clusters}).lines).toEqual(lines)
  })

  test('the address is what the other cluster sees', () => {
    const mapped = [clusterNamed('src'), clusterNamed('dst', {from: '10.1.0.0/16', to: '172.21.0.0/16'})]
    expect(resumed([seed('a', 'x', '10.1.0.2')], two, {clusters: mapped}).lines).toEqual([
      'src/a -> dst/x ipv4 172.21.0.2',
    ])
  })
})

describe('custom targets', () => {
  const customTargets = [
    {host: '192.0.2.1', port: 443},
    {host: 'db.example', port: 5432},
  ]

  test.each<[string, ResumeEntry[], string[]]>([
    [
      'ours, of the config',
      [custom('a', 'db.example', 5432, {ipFamily: 'name'})],
      ['a -> db.example:5432 name db.example'],
    ],
    ['ours, of no config any more', [custom('b', '192.0.2.9', 80)], ['b -> 192.0.2.9:80 ipv4 192.0.2.9']],
    [
      'two ports of a host',
      [custom('a', '192.0.2.1', 443), custom('b', '192.0.2.1', 22)],
      ['a -> 192.0.2.1:443 ipv4 192.0.2.1', 'b -> 192.0.2.1:22 ipv4 192.0.2.1'],
    ],
    [
      'the seed’s, which has its command for an address: all of the config',
      [seed('c', '', 'nc -w 3 192.0.2.1 443')],
      ['c -> 192.0.2.1:443 ipv4 192.0.2.1', 'c -> db.example:5432 name db.example'],
    ],
    [
      'the seed’s, which has an address and no node',
      [seed('c', '', '192.0.2.1')],
      ['c -> 192.0.2.1:443 ipv4 192.0.2.1', 'c -> db.example:5432 name db.example'],
    ],
    [
      'the seed’s, which has its command beside a name',
      [seed('c', 'b', 'nc -w 3 192.0.2.1 443')],
      ['c -> 192.0.2.1:443 ipv4 192.0.2.1', 'c -> db.example:5432 name db.example'],
    ],
    [
      'the seed’s, beside what we asked of the API server',
      [
        ours('a', 'kubernetes.default', {mode: 'apiserver', check: 'connect', dstCluster: ''}),
        seed('c', '', 'nc -w 3 192.0.2.1 443'),
      ],
      [
        'a -> 10.96.0.1:443 ipv4 10.96.0.1',
        'c -> 192.0.2.1:443 ipv4 192.0.2.1',
        'c -> db.example:5432 name db.example',
      ],
    ],
    [
      'beside a pair',
      [custom('a', '192.0.2.1', 443), ours('a', 'b')],
      ['a -> b ipv4 10.0.0.2', 'a -> 192.0.2.1:443 ipv4 192.0.2.1'],
    ],
  ])('%s', (_, entries, lines) => {
    const apiServers = [{cluster: 'src', addresses: ['10.96.0.1'], port: 443}]
    expect(resumed(entries, one, {customTargets, apiServers}).lines).toEqual(lines)
  })
})

test('the seed’s lookups are all of the config', () => {
  const wish = {protocols: ['dns'], lookups: [{name: 'x', server: '10.96.0.10'}]} as const
  expect(resumed([seed('c', '', 'nslookup x 10.96.0.10')], one, wish).lines).toEqual([
    'c -> 10.96.0.10:53 name 10.96.0.10',
  ])
})

test('of names that are looked up each is asked by its own node, at its own name server', () => {
  const lookup = (node: string, name: string, targetIP: string) =>
    ours(node, name, {protocol: 'dns', dstCluster: '', targetIP, port: 53, ipFamily: 'name'})
  const {plan} = resumed(
    [lookup('a', 'x', '10.96.0.10'), lookup('b', 'y', '10.96.0.10'), lookup('c', 'x', '')],
    one,
  )
  const asked = [...probesOf(plan)].map(({source, endpoint: {lookup: name, address}}) => [
    source,
    name,
    address,
  ])
  expect(asked).toEqual([
    [0, 'x', '10.96.0.10'],
    [1, 'y', '10.96.0.10'],
    [2, 'x', undefined],
  ])
})

describe('an entry is refused, by its number,', () => {
  test.each<[string, ResumeEntry[], string]>([
    [
      'whose source is in no cluster of the config',
      [ours('a', 'b'), ours('a', 'b', {srcCluster: 'edge'})],
      'resume.json, entry 2: there is no cluster "edge" in the config. Run it with the config of that check.',
    ],
    [
      'whose destination is in none',
      [ours('a', 'b', {dstCluster: 'edge'})],
      'resume.json, entry 1: there is no cluster "edge" in the config. Run it with the config of that check.',
    ],
    [
      'of the seed’s custom targets, where the config has none',
      [ours('a', 'b'), seed('a', '', 'nc 192.0.2.1 443')],
      'resume.json, entry 2: "nc 192.0.2.1 443" is not a target of this config. Run it with the config of that check.',
    ],
    [
      'that contradicts itself',
      [ours('a', 'b'), ours('a', 'c', {check: 'connect'})],
      'resume.json, entry 2: "10.0.0.99" is not a target of this config. Run it with the config of that check.',
    ],
    [
      'of a pod that is reached by a name',
      [ours('a', 'b', {ipFamily: 'name'})],
      'resume.json, entry 1: "10.0.0.99" is not a target of this config. Run it with the config of that check.',
    ],
  ])('%s', (_, entries, message) => {
    expect(() => resumed(entries, one)).toThrow(expect.objectContaining({exitCode: 2, message}))
  })
})

test('a hundred thousand entries of one pair are one probe, soon', () => {
  const entries = Array.from({length: 100_000}, () => ours('a', 'b'))
  expect(resumed(entries, one).lines).toEqual(['a -> b ipv4 10.0.0.2'])
})

test('what was abnormal in any run is what its resume.json brings back, and nothing else', () => {
  const failed: Verdict = {status: 'FAILED', reason: 'timeout', timeUs: 3_000_000, raw: '', unstable: false}
  const notMeasured: Verdict = {...failed, status: 'EXCEPTION', reason: 'lost-output'}
  const anyVerdict = fc.constantFrom(answered, {...answered, unstable: true}, failed, notMeasured, undefined)
  const anyProtocols = fc.subarray<ProtocolName>(['tcp', 'udp', 'icmp', 'dns'], {minLength: 1})
  fc.assert(
    fc.property(
      anyWorldOver(anyProtocols),
      fc.array(anyVerdict, {minLength: 1, maxLength: 50}),
      (world, verdicts) => {
        const run = sampleRun(world.nodes, ({id}) => verdicts[id % verdicts.length], {}, world.wish)
        const label = ({plan}: Pick<typeof run, 'plan'>) =>
          [...probesOf(plan)].map((probe) =>
            [pairOf(plan, probe), probe.block.mode, probe.block.ipFamily, probe.block.check].join(' '),
          )
        const abnormal = label(run).filter((_, id) => verdicts[id % verdicts.length]?.status !== 'SUCCEEDED')
        fc.pre(abnormal.length > 0)
        const entries = parseResume([...resumeJson(run)].join(''), 'resume.json')
        // The config of the resume says nothing of modes and targets.
        const wish = {...world.wish, modes: [], customTargets: [], lookups: [], mtu: false, intra: false}
        expect(label(resumed(entries, world.nodes, wish)).sort()).toEqual(abnormal.sort())
      },
    ),
  )
})
