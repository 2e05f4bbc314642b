import {describe, expect, test} from 'vitest'
import type {NodeUnderTest} from '../../src/model/cluster.ts'
import type {Config} from '../../src/model/config.ts'
import type {Check, Mode, ProtocolName} from '../../src/model/plan.ts'
import type {ResumeEntry} from '../../src/model/resume.ts'
import type {PlanWish, ServiceUnderTest} from '../../src/plan/wish.ts'
import {foreignName} from '../../src/plan/modes.ts'
import {probesOf} from '../../src/plan/plan.ts'
import {resumeConfig} from '../../src/plan/resume-config.ts'
import {resumePlan} from '../../src/plan/resume.ts'
import {namedNodes, wantedBy} from '../../src/plan/wanted.ts'
import {parseResume, resumeJson} from '../../src/saved/resume.ts'
import {inCluster, nodeWith, sampleRun, withHost, withNeighbour} from '../report/sample.ts'
import {clusterNamed, DEFAULTS, wishFor} from './wish.ts'

const node = (name: string, n: number): NodeUnderTest =>
  withNeighbour(withHost(nodeWith(name, `10.0.0.${n}`), `192.168.0.${n}`), `10.0.1.${n}`)
const NODES = [node('a', 1), node('b', 2), node('c', 3)]
const SERVICES: ServiceUnderTest[] = ['ClusterIP', 'NodePort'].map((type) => ({
  cluster: 'src',
  type: type === 'NodePort' ? 'NodePort' : 'ClusterIP',
  behind: 'a',
  addresses: [`10.96.0.${type.length}`],
  port: 8889,
  nodePort: 30_123,
}))
const WISH: Partial<PlanWish> = {
  services: SERVICES,
  apiServers: [{cluster: 'src', addresses: ['10.96.0.1'], port: 443}],
  lookups: [{name: 'web.example'}, {name: 'web.example', server: '10.96.0.10'}],
  customTargets: [
    {host: '192.0.2.1', port: 443},
    {host: 'db.example', port: 5432},
  ],
}

/** A probe as a line that says everything by which it is told from others, but its address. */
function linesOf({nodes, blocks, size}: Parameters<typeof probesOf>[0]): string[] {
  return [...probesOf({nodes, blocks, size})].map((probe) => {
    const {block, source, endpoint} = probe
    const nameOf = (index: number) => `${nodes[index]?.cluster ?? ''}/${nodes[index]?.name ?? ''}`
    const target = endpoint.node === undefined ? foreignName(probe) : nameOf(endpoint.node)
    const kind = [block.mode, block.protocol, block.check, block.from, block.to ?? '-', block.ipFamily].join(
      ' ',
    )
    const server = endpoint.lookup === undefined ? '' : ` at ${endpoint.address ?? 'its own'}`
    return `${kind}: ${nameOf(source)} -> ${target}${server}`
  })
}

/** Everything of a run that found nothing right, through the file and back, with a config that asks for something else. */
function roundTrip(wish: Partial<PlanWish>, nodes: readonly NodeUnderTest[], today: Partial<PlanWish> = {}) {
  const run = sampleRun(nodes, () => undefined, {}, {...WISH, ...wish})
  const entries = parseResume([...resumeJson(run)].join(''), 'resume.json')
  const other: Config = {...DEFAULTS, clusters: run.clusters.map(({name}) => clusterNamed(name))}
  return {before: linesOf(run.plan), ...resumed(entries, nodes, {...WISH, ...today}, other)}
}

function resumed(
  entries: readonly ResumeEntry[],
  nodes: readonly NodeUnderTest[],
  changes: Partial<PlanWish>,
  config: Config,
) {
  const decided = resumeConfig(entries, config)
  const wish: PlanWish = {...wishFor(changes), ...decided, sameNode: changes.sameNode ?? false}
  const members = config.clusters.map(({name}) => ({
    cluster: name,
    names: new Set(nodes.filter(({cluster}) => cluster === name).map((one) => one.name)),
  }))
  const wanted = wantedBy(entries, members, 'resume.json')
  const plan = resumePlan(nodes, wanted, wish, 'resume.json', () => undefined)
  return {decided, plan, after: linesOf(plan)}
}

describe('every probe comes back', () => {
  test.each<[Mode, ProtocolName[], Partial<PlanWish>, number]>([
    ['pod', ['tcp', 'udp', 'icmp'], {}, 27],
    ['pod', ['tcp'], {mtu: true}, 15],
    ['node', ['tcp', 'udp', 'icmp'], {mtu: true}, 39],
    ['node-to-pod', ['tcp', 'icmp'], {mtu: true}, 36],
    ['pod-to-node', ['tcp', 'udp'], {}, 18],
    ['service', ['tcp', 'udp'], {}, 4],
    ['nodeport', ['tcp', 'udp'], {}, 18],
    ['apiserver', ['tcp'], {}, 3],
    ['pod', ['dns'], {}, 6],
    ['node', ['dns'], {}, 6],
  ])('of mode %s over %j with %j', (mode, protocols, more, size) => {
    const {before, after} = roundTrip({modes: [mode], protocols, customTargets: [], ...more}, NODES)
    expect(after).toHaveLength(size)
    expect(after.toSorted()).toEqual(before.toSorted())
  })

  test('of the largest packets, whether today’s floaters can find them or not', () => {
    const {before, after} = roundTrip({modes: ['pod'], protocols: ['icmp'], mtu: true}, NODES, {sizing: []})
    expect(before.filter((line) => line.includes('mtu'))).toHaveLength(6)
    expect(after.toSorted()).toEqual(before.toSorted())
  })

  test('of custom targets, over TCP and by pings', () => {
    const {before, after} = roundTrip({modes: [], protocols: ['tcp', 'icmp']}, NODES)
    expect(after).toHaveLength(12)
    expect(after.toSorted()).toEqual(before.toSorted())
  })

  test('of all at once, in two clusters', () => {
    const nodes = [...NODES, inCluster('dst', node('a', 9))]
    const modes = ['pod', 'node', 'node-to-pod', 'pod-to-node', 'service', 'nodeport', 'apiserver'] as const
    const protocols = ['tcp', 'udp', 'icmp', 'dns'] as const
    for (const intra of [true, false]) {
      const {before, after} = roundTrip({modes, protocols, mtu: true, intra}, nodes)
      expect(after.toSorted()).toEqual(before.toSorted())
    }
  })

  test('of neighbours', () => {
    const {before, after} = roundTrip({modes: ['pod', 'service'], sameNode: true}, NODES, {sameNode: true})
    expect(after.toSorted()).toEqual(before.toSorted())
    expect(before.filter((line) => line.includes('pod neighbour'))).toHaveLength(3)
  })

  test('of neighbours, where today’s config has none: never the node’s own floater in their place', () => {
    const run = sampleRun(
      NODES,
      () => undefined,
      {},
      {...WISH, modes: ['pod'], sameNode: true, customTargets: []},
    )
    const entries = parseResume([...resumeJson(run)].join(''), 'resume.json')
    const decided = resumeConfig(entries, DEFAULTS)
    expect(decided.sameNode).toBe(true)
    expect(
      resumeConfig(
        entries.filter(({to}) => to === undefined),
        {...DEFAULTS, sameNode: true},
      ).sameNode,
    ).toBe(false)
  })

  test('of ports of nodes, with the node of the floater that they led to', () => {
    const run = sampleRun(NODES, () => undefined, {}, {...WISH, modes: ['nodeport'], customTargets: []})
    const entries = parseResume([...resumeJson(run)].join(''), 'resume.json')
    expect(new Set(entries.map(({behind}) => behind))).toEqual(new Set(['a']))
    const wanted = wantedBy(
      entries.slice(-1),
      [{cluster: 'src', names: new Set(['a', 'b', 'c'])}],
      'resume.json',
    )
    expect(namedNodes(wanted).map(({name}) => name)).toContain('a')
  })

  test('of services from the very node, where today’s config has none of those', () => {
    const {before, after} = roundTrip({modes: ['service'], sameNode: true, customTargets: []}, NODES)
    expect(before.some((line) => line.includes('src/a -> src/a'))).toBe(true)
    expect(after.toSorted()).toEqual(before.toSorted())
  })
})

describe('at what is there today', () => {
  test('a service is at its new address, a node at its new one', () => {
    const moved = NODES.map((one, n) => withHost(one, `192.168.9.${n + 1}`))
    const services = SERVICES.map((service) => ({...service, addresses: ['10.96.9.9'], nodePort: 30_999}))
    const run = sampleRun(
      NODES,
      () => undefined,
      {},
      {...WISH, modes: ['service', 'nodeport', 'node'], customTargets: []},
    )
    const entries = parseResume([...resumeJson(run)].join(''), 'resume.json')
    const {plan} = resumed(entries, moved, {...WISH, services}, DEFAULTS)
    const addresses = [...probesOf(plan)].map(({endpoint}) => endpoint.address ?? '')
    expect(addresses.filter((address) => !/^(10\.96\.9|192\.168\.9)\./.test(address))).toEqual([])
  })

  test('a service whose floater’s node has none now keeps its row, without an address', () => {
    const nodes = NODES.map((one) =>
      one.name === 'a'
        ? {...one, floaters: {pod: {floater: undefined, absence: 'no-floater' as const, cause: 'full'}}}
        : one,
    )
    const run = sampleRun(NODES, () => undefined, {}, {...WISH, modes: ['service'], customTargets: []})
    const entries = parseResume([...resumeJson(run)].join(''), 'resume.json')
    const services = SERVICES.map((service) => ({...service, addresses: [], nodePort: undefined}))
    const {plan, after} = resumed(entries, nodes, {...WISH, services}, DEFAULTS)
    expect(after).toEqual(['b', 'c'].map((name) => `service tcp reply pod - ipv4: src/${name} -> src/a`))
    expect([...probesOf(plan)].map(({endpoint}) => endpoint.address)).toEqual([undefined, undefined])
  })

  test('a node that has gone keeps its rows of every mode', () => {
    const modes = ['pod', 'node', 'node-to-pod', 'pod-to-node', 'nodeport', 'apiserver'] as const
    const run = sampleRun(NODES, () => undefined, {}, {...WISH, modes, customTargets: []})
    const entries = parseResume([...resumeJson(run)].join(''), 'resume.json')
    const {after} = resumed(entries, NODES.slice(0, 2), WISH, DEFAULTS)
    expect(after.toSorted()).toEqual(linesOf(run.plan).toSorted())
  })

  test.each([
    ['not known yet', []],
    ['at the same address', ['fd00:96::1']],
    ['without IPv6', ['10.96.0.1']],
  ])('the API server over IPv6, %s, keeps its rows', (_, addresses) => {
    const server = (...all: string[]) => [{cluster: 'src', addresses: all, port: 443}]
    const before = {modes: ['apiserver'], apiServers: server('fd00:96::1')} as const
    const run = sampleRun(NODES, () => undefined, {}, {...WISH, ...before, customTargets: []})
    const entries = parseResume([...resumeJson(run)].join(''), 'resume.json')
    const {after} = resumed(entries, NODES, {...WISH, apiServers: server(...addresses)}, DEFAULTS)
    expect(after).toHaveLength(3)
    expect(after.toSorted()).toEqual(linesOf(run.plan).toSorted())
  })

  test('the API server that is not known any more is one row a node', () => {
    const run = sampleRun(
      NODES,
      () => undefined,
      {},
      {...WISH, modes: ['apiserver', 'pod'], customTargets: []},
    )
    const entries = parseResume([...resumeJson(run)].join(''), 'resume.json')
    const {after} = resumed(entries, NODES, {...WISH, apiServers: []}, DEFAULTS)
    expect(after.filter((line) => line.startsWith('apiserver'))).toHaveLength(3)
  })
})

describe('the config of a resume', () => {
  const entry = (changes: Partial<ResumeEntry> = {}): ResumeEntry => ({
    srcNodeName: 'a',
    dstNodeName: 'b',
    targetIP: '10.0.0.2',
    srcCluster: 'src',
    dstCluster: 'src',
    mode: 'pod',
    protocol: 'tcp',
    ipFamily: 'ipv4',
    port: 8889,
    check: 'reply',
    ...changes,
  })
  const custom = (host: string, port: number, protocol: ProtocolName = 'tcp') =>
    entry({
      mode: 'custom',
      protocol,
      dstNodeName: host,
      targetIP: host,
      dstCluster: '',
      port,
      check: 'connect',
    })
  const lookup = (name: string, targetIP: string, mode: Mode = 'pod') =>
    entry({protocol: 'dns', mode, dstNodeName: name, targetIP, dstCluster: '', port: 53, ipFamily: 'name'})
  const seed = (dstNodeName: string, targetIP: string): ResumeEntry => ({
    srcNodeName: 'a',
    dstNodeName,
    targetIP,
  })
  const TODAY: Config = {
    ...DEFAULTS,
    modes: ['service'],
    protocols: ['udp'],
    mtu: true,
    ipFamily: 'ipv6',
    customTargets: [{host: 'today.example', port: 1}],
    lookups: [{name: 'today.example'}],
    subset: {from: 'a', bothWays: true, sample: 3},
  }

  type Decided = Pick<Config, 'modes' | 'protocols' | 'customTargets' | 'lookups' | 'mtu'>
  const nothing: Decided = {modes: [], protocols: [], customTargets: [], lookups: [], mtu: false}
  const fromToday = {customTargets: TODAY.customTargets, lookups: TODAY.lookups}

  test.each<[string, ResumeEntry[], Partial<Decided>]>([
    ['a pair', [entry()], {modes: ['pod'], protocols: ['tcp']}],
    [
      'pairs of several modes and protocols',
      [entry(), entry({mode: 'node', protocol: 'icmp'}), entry({mode: 'nodeport'}), entry()],
      {modes: ['pod', 'node', 'nodeport'], protocols: ['tcp', 'icmp']},
    ],
    [
      'large packets',
      [entry({check: 'mtu' satisfies Check})],
      {modes: ['pod'], protocols: ['tcp'], mtu: true},
    ],
    [
      'custom targets',
      [custom('h', 80), custom('h', 80), custom('h', 22), custom('i', 0, 'icmp')],
      {
        protocols: ['tcp', 'icmp'],
        customTargets: [
          {host: 'h', port: 80},
          {host: 'h', port: 22},
          {host: 'i', port: 0},
        ],
      },
    ],
    [
      'names, from pods and from nodes',
      [lookup('x', ''), lookup('x', '10.0.0.53', 'node'), lookup('x', '')],
      {modes: ['pod', 'node'], protocols: ['dns'], lookups: [{name: 'x'}, {name: 'x', server: '10.0.0.53'}]},
    ],
    [
      'the API server',
      [entry({mode: 'apiserver', dstCluster: ''})],
      {modes: ['apiserver'], protocols: ['tcp']},
    ],
    // What they do not say is what the config says; floaters are asked at their own addresses all the same.
    ['the seed’s pairs', [seed('b', '10.0.0.2')], {...fromToday, modes: ['pod'], protocols: ['udp']}],
    ['the seed’s targets', [seed('', 'nc today.example 1')], {...fromToday, protocols: ['udp']}],
    [
      'the seed’s and ours',
      [seed('b', ''), entry(), custom('h', 80)],
      {
        modes: ['pod'],
        protocols: ['udp', 'tcp'],
        customTargets: [{host: 'h', port: 80}, ...TODAY.customTargets],
        lookups: TODAY.lookups,
      },
    ],
  ])('of %s is about nothing else', (_, entries, expected) => {
    const {modes, protocols, customTargets, lookups, mtu, ipFamily, subset, ...rest} = resumeConfig(
      entries,
      TODAY,
    )
    const sorted = (words: readonly string[]) => words.toSorted()
    expect({modes: sorted(modes), protocols: sorted(protocols), customTargets, lookups, mtu}).toEqual({
      ...nothing,
      ...expected,
      modes: sorted(expected.modes ?? []),
      protocols: sorted(expected.protocols ?? []),
    })
    expect([ipFamily, subset]).toEqual(['auto', {bothWays: false}])
    expect(TODAY).toMatchObject(rest)
  })

  test('of the seed’s pairs, where the config asks for nodes and services, is about nodes', () => {
    const config: Config = {...TODAY, modes: ['service', 'node', 'apiserver']}
    expect(resumeConfig([seed('b', '')], config).modes).toEqual(['node'])
  })

  test('of the seed’s pairs, where the config asks for targets alone, is about pods', () => {
    const config = {...TODAY, modes: []}
    expect(resumeConfig([seed('b', '')], config).modes).toEqual(['pod'])
    expect(resumeConfig([seed('', 'nc today.example 1')], config).modes).toEqual([])
  })
})
