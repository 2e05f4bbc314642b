import {describe, expect, test} from 'vitest'
import type {Bystander, NodeUnderTest} from '../../src/model/cluster.ts'
import type {Mode, Plan} from '../../src/model/plan.ts'
import type {Verdict} from '../../src/model/result.ts'
import type {PlanWish, ServiceUnderTest} from '../../src/plan/wish.ts'
import {probesOf} from '../../src/plan/plan.ts'
import type {ProbeContext} from '../../src/probe/context.ts'
import {excuseReplaced, incarnation, obstacles} from '../../src/probe/excuse.ts'
import {exception} from '../../src/probe/exec.ts'
import {recorder, verdictAt} from '../../src/results/store.ts'
import {answered, floaterOn, inCluster, nodeWith, withHost, withNeighbour} from '../report/sample.ts'
import {clusterNamed, pairOf, planOf} from '../plan/wish.ts'

const node = (name: string, n: number) =>
  withNeighbour(withHost(nodeWith(name, `10.0.0.${n}`), `192.168.0.${n}`), `10.0.1.${n}`)
const [a, b] = [node('a', 1), node('b', 2)]
const services: ServiceUnderTest[] = [
  ...['a', 'b'].map((behind, n) => ({
    cluster: 'src',
    type: 'ClusterIP' as const,
    behind,
    addresses: [`10.96.0.${n + 1}`],
    port: 8889,
    nodePort: undefined,
  })),
  {cluster: 'src', type: 'NodePort', behind: 'a', addresses: ['10.96.0.9'], port: 8889, nodePort: 30_123},
]
const apiServers = [{cluster: 'src', addresses: ['10.96.0.1'], port: 443}]
const NO_IDENTITY: Partial<PlanWish> = {services, apiServers}
const IDENTITY: Partial<PlanWish> = {...NO_IDENTITY, identity: ({uid}) => uid}

/** `pair: reason, text` of every probe that cannot be made. */
function obstaclesOf(plan: Plan, bystanders: readonly Bystander[] = []): string[] {
  const obstacle = obstacles(plan, bystanders)
  return [...probesOf(plan)].flatMap((probe) => {
    const verdict = obstacle(probe)
    if (verdict === undefined) return []
    expect(verdict).toMatchObject({status: 'EXCEPTION', timeUs: 0, unstable: false})
    return [`${pairOf(plan, probe)}: ${verdict.reason}, ${verdict.raw}`]
  })
}

const MODES = ['pod', 'node', 'node-to-pod', 'pod-to-node', 'service', 'nodeport', 'apiserver'] as const

test.each(MODES)('where all floaters are there, every probe of mode %s can be made', (mode) => {
  for (const wish of [NO_IDENTITY, IDENTITY])
    expect(obstaclesOf(planOf([a, b], {...wish, modes: [mode]}))).toEqual([])
})

describe('a missing floater', () => {
  const cause = 'node b has no floater in the host network: its port is taken'
  const absent = {floater: undefined, absence: 'no-floater' as const, cause}
  const without = (kind: 'pod' | 'host' | 'neighbour'): NodeUnderTest => ({
    ...b,
    floaters: {...b.floaters, [kind]: absent},
  })

  test.each<[Mode, 'pod' | 'host' | 'neighbour', string[]]>([
    ['pod', 'pod', ['a -> b', 'b -> a', 'b -> b']],
    ['pod', 'host', []],
    ['pod', 'neighbour', ['b -> b']],
    ['node', 'host', ['a -> b', 'b -> a', 'b -> b']],
    ['node', 'pod', []],
    ['node-to-pod', 'host', ['b -> a', 'b -> b']],
    ['node-to-pod', 'pod', ['a -> b', 'b -> b']],
    ['pod-to-node', 'host', ['a -> b', 'b -> b']],
    ['pod-to-node', 'pod', ['b -> a', 'b -> b']],
    // The service's endpoint is there, whoever made it: only the source is in the way.
    ['service', 'pod', ['b -> a', 'b -> b']],
    ['nodeport', 'pod', ['b -> a', 'b -> b']],
    ['apiserver', 'pod', ['b -> 10.96.0.1:443']],
  ])('of mode %s and kind %s is in the way of %j', (mode, kind, pairs) => {
    const plan = planOf([a, without(kind)], {
      ...NO_IDENTITY,
      modes: [mode],
      sameNode: mode === 'pod' || mode === 'service',
    })
    expect(obstaclesOf(plan).toSorted()).toEqual(pairs.map((pair) => `${pair}: no-floater, ${cause}`))
  })

  test.each<[Mode, Partial<ServiceUnderTest>]>([
    ['service', {type: 'ClusterIP', behind: 'b'}],
    ['nodeport', {type: 'NodePort', behind: 'b'}],
  ])('is why there is nothing at %s, and its cause is told', (mode, changes) => {
    const [service] = services
    if (service === undefined) throw new Error('there is a service')
    const unmade = [{...service, addresses: [], nodePort: undefined, ...changes}]
    const told = obstaclesOf(planOf([a, without('pod')], {modes: [mode], services: unmade}))
    expect(told.length).toBeGreaterThan(0)
    for (const line of told) expect(line).toContain(`: no-floater, ${cause}`)
  })
})

test('a service that could not be made is no network failure', () => {
  const unmade = services.map((service) => ({...service, addresses: [], nodePort: undefined}))
  const lines = (mode: Mode) => obstaclesOf(planOf([a, b], {modes: [mode], services: unmade}))
  const none = 'no-address, there is no ipv4 address to probe'
  expect(lines('service')).toEqual([`a -> b: ${none}`, `b -> a: ${none}`])
  expect(lines('nodeport')).toHaveLength(4)
  expect(lines('apiserver')).toHaveLength(2)
})

test('a node that has gone is named, whatever leads to it', () => {
  const gone = {floater: undefined, absence: 'node-gone' as const, cause: 'node g has left the cluster'}
  const left: NodeUnderTest = {
    cluster: 'src',
    name: 'g',
    addresses: [],
    floaters: {pod: gone, host: gone, neighbour: gone},
  }
  const [service] = services
  const all = service ? [{...service, behind: 'g', addresses: []}, ...services] : []
  for (const mode of MODES) {
    const lines = obstaclesOf(planOf([a, left], {...NO_IDENTITY, services: all, modes: [mode]}))
    const about = lines.filter((line) => /^(g -> |a -> g)/.test(line))
    expect(about.length, mode).toBeGreaterThan(0)
    for (const line of about) expect(line, mode).toContain(': node-gone, node g has left the cluster')
    expect(lines, mode).toEqual(about)
  }
})

describe('a floater without an address of the family', () => {
  const [both, one] = [nodeWith('a', '10.0.0.1', 'fd00::1'), nodeWith('b', '10.0.0.2')]

  test('is in the way of that family alone, in both directions', () => {
    const none = 'no-address, the floater of node b has no ipv6 address'
    expect(obstaclesOf(planOf([both, one]))).toEqual([
      `a -> b: ${none}`,
      `b -> a: ${none}`,
      `b -> b: ${none}`,
    ])
  })

  test('is not in the way of a host name: the resolver chooses', () => {
    const customTargets = [{host: 'www.example.com', port: 443}]
    expect(obstaclesOf(planOf([both, one], {modes: [], customTargets}))).toEqual([])
  })
})

test('a lookup at the pod’s own name server needs no address', () => {
  const lookups = [{name: 'kubernetes.default'}]
  expect(obstaclesOf(planOf([a, b], {modes: [], protocols: ['dns'], lookups}))).toEqual([])
})

test('where no floater of a kind was asked for, there is no address', () => {
  const none = 'a -> a: no-address, there is no ipv4 address to probe'
  expect(obstaclesOf(planOf([nodeWith('a', '10.0.0.1')], {modes: ['node']}))).toEqual([none])
})

describe('an address that several nodes have', () => {
  /** As some machines have it, whose nodes all take the address of their first network card. */
  const twins = [a, withHost(b, '192.168.0.1')]
  const raw = 'nodes a, b all have 192.168.0.1: nobody can say who answers.'
  const hint = ' cidrMap gives the addresses that other clusters see'

  test.each<[Mode, number]>([
    ['pod', 0],
    ['node', 4],
    ['node-to-pod', 0],
    ['pod-to-node', 4],
    ['nodeport', 4],
    ['service', 0],
  ])('spoils mode %s in %i of its probes', (mode, count) => {
    const lines = obstaclesOf(planOf(twins, {...NO_IDENTITY, modes: [mode]}))
    expect(lines).toHaveLength(count)
    const told = mode === 'nodeport' ? '' : ' Floater agnhost tells them apart;'
    for (const line of lines) expect(line).toContain(`shared-address, ${raw}${told}${hint}`)
  })

  test.each<[Mode, number]>([
    ['node', 0],
    ['pod-to-node', 0],
    // Who is behind the port is proved, but not whose port it was.
    ['nodeport', 4],
  ])('where floaters tell who they are, spoils mode %s in %i', (mode, count) => {
    expect(obstaclesOf(planOf(twins, {...IDENTITY, modes: [mode]}))).toHaveLength(count)
  })

  test('and one of another cluster', () => {
    const nodes = [a, inCluster('dst', node('d', 1))]
    const clusters = [clusterNamed('src'), clusterNamed('dst')]
    const lines = (wish: Partial<PlanWish>) => obstaclesOf(planOf(nodes, {clusters, ...wish})).length
    expect([
      lines({}),
      lines(IDENTITY),
      lines({...IDENTITY, identity: () => undefined, protocols: ['icmp']}),
    ]).toEqual([2, 0, 2])
    const pings = obstaclesOf(planOf(nodes, {clusters, protocols: ['icmp']}))
    for (const line of pings) expect(line).toContain(`nobody can say who answers.${hint}`)
  })

  test('may be a custom target: a connection is all that is asked', () => {
    const customTargets = [{host: '192.168.0.1', port: 443}]
    expect(obstaclesOf(planOf(twins, {modes: [], customTargets}))).toEqual([])
  })

  test('is one, too, where the plan speaks of only one of them', () => {
    const bystander = {cluster: 'src', name: 'b', addresses: ['10.0.0.1']}
    expect(obstaclesOf(planOf([a]), [bystander])).toEqual([
      expect.stringContaining('a -> a: shared-address, nodes a, b all have 10.0.0.1') as string,
    ])
  })
})

test.each<[string, Mode, string[]]>([
  ['floater-a', 'pod', ['a -> a', 'b -> a']],
  ['floater-host-a', 'pod', []],
  ['floater-neighbour-a', 'pod', []],
  ['floater-host-a', 'node', ['a -> a', 'b -> a']],
  ['floater-a', 'node', []],
  ['floater-a', 'node-to-pod', ['a -> a', 'b -> a']],
  ['floater-host-a', 'pod-to-node', ['a -> a', 'b -> a']],
  ['floater-a', 'service', ['b -> a']],
  ['floater-b', 'service', ['a -> b']],
  // Whichever node is asked, the floater of a answers.
  ['floater-a', 'nodeport', ['a -> a', 'a -> b', 'b -> a', 'b -> b']],
  ['floater-b', 'nodeport', []],
  ['floater-a', 'apiserver', []],
])('%s that went away excuses what failed in mode %s: %j', async (gone, mode, excused) => {
  const plan = planOf([a, b], {...NO_IDENTITY, modes: [mode]})
  const store = recorder(plan.size)
  const failed: Verdict = {...answered, status: 'FAILED', reason: 'timeout'}
  for (const {id} of probesOf(plan)) store.record(id, failed, undefined)
  const present = [a, b]
    .flatMap((one) => (['pod', 'host', 'neighbour'] as const).flatMap((kind) => floaterOn(one, kind) ?? []))
    .filter(({pod}) => pod !== gone)
  await excuseReplaced(plan, store, {
    signal: new AbortController().signal,
    presentFloaters: () =>
      Promise.resolve({incarnations: new Set(present.map(incarnation)), causes: new Map()}),
  } as unknown as ProbeContext)
  const told = [...probesOf(plan)].flatMap((probe) => {
    const {status, reason, raw} = verdictAt(store.results, probe.id, undefined)
    if (status === 'FAILED') return []
    const name = gone.at(-1) ?? ''
    expect([status, reason, raw]).toEqual([
      'EXCEPTION',
      'floater-replaced',
      `the floater of node ${name} went away, or was restarted, during the run`,
    ])
    return [pairOf(plan, probe)]
  })
  expect(told).toEqual(excused)
})

test('a floater that ended says why, at those that it did not answer and where it did not probe', async () => {
  const plan = planOf([a, b], NO_IDENTITY)
  const lost = exception('exec-failed', 'container not found')
  const told = async (causes: ReadonlyMap<string, string>, incarnations = new Set<string>()) => {
    const store = recorder(plan.size)
    for (const {id, source} of probesOf(plan))
      store.record(id, source === 0 ? lost : {...answered, status: 'FAILED', reason: 'refused'}, undefined)
    const present = {incarnations, causes}
    await excuseReplaced(plan, store, {
      signal: new AbortController().signal,
      presentFloaters: () => Promise.resolve(present),
    } as unknown as ProbeContext)
    return [...probesOf(plan)].map((probe) => {
      const {status, reason, raw} = verdictAt(store.results, probe.id, undefined)
      return `${pairOf(plan, probe)}: ${status} ${reason} ${raw}`
    })
  }
  const away = (node: string) =>
    `EXCEPTION floater-replaced the floater of node ${node} went away, or was restarted, during the run`
  expect(await told(new Map())).toEqual([
    'a -> a: EXCEPTION exec-failed container not found',
    'a -> b: EXCEPTION exec-failed container not found',
    `b -> a: ${away('a')}`,
    `b -> b: ${away('b')}`,
  ])
  expect(await told(new Map([['uid-a', 'its container ended. Port 8889 is taken']]))).toEqual([
    'a -> a: EXCEPTION exec-failed container not found: its container ended. Port 8889 is taken',
    'a -> b: EXCEPTION exec-failed container not found: its container ended. Port 8889 is taken',
    `b -> a: ${away('a')}: its container ended. Port 8889 is taken`,
    `b -> b: ${away('b')}`,
  ])
  // What happened to one that is still there is long ago.
  expect(await told(new Map([['uid-a', 'its container ended']]), new Set(['uid-a/0', 'uid-b/0']))).toEqual([
    'a -> a: EXCEPTION exec-failed container not found',
    'a -> b: EXCEPTION exec-failed container not found',
    'b -> a: FAILED refused ',
    'b -> b: FAILED refused ',
  ])
})
