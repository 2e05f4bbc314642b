import {describe, expect, test} from 'vitest'
import type {NodeUnderTest} from '../../src/model/cluster.ts'
import type {Mode} from '../../src/model/plan.ts'
import {makeTargets, targetsToCome, type Behind} from '../../src/run/targets.ts'
import {serviceName} from '../../src/floater/labels.ts'
import type {ClearedSite} from '../../src/run/site.ts'
import {failure, fakeKubectl, type Behaviour, type Call} from '../kubectl/fake.ts'
import {DEFAULTS} from '../plan/wish.ts'
import {nodeWith, nodeWithout} from '../report/sample.ts'
import {worldOf} from './world.ts'

const THREE = [nodeWith('a', '10.0.0.1'), nodeWith('b', '10.0.0.2'), nodeWith('c', '10.0.0.3')]
const firstTwo: Behind = (_, candidates) => candidates.slice(0, 2)

interface Case {
  readonly nodes?: readonly NodeUnderTest[]
  readonly behind?: Behind
  readonly version?: string
  readonly answer?: (call: Call) => Behaviour
  readonly interrupted?: boolean
  /** Services of ours that were there before. */
  readonly left?: readonly string[]
  /** Another run has taken the floaters. */
  readonly taken?: boolean
}

/** The services as a server gives them back: each with an address, and a port of nodes where it has one. */
function made({input}: Call): Behaviour {
  const {items} = JSON.parse(input) as {
    items: {kind: string; metadata: {name: string}; spec: {type: string}}[]
  }
  const services = items.filter(({kind}) => kind === 'Service')
  return {
    stdout: JSON.stringify({
      items: services.map((service, n) => ({
        ...service,
        spec: {
          clusterIP: `10.96.0.${n + 1}`,
          ports: [{port: 8889, ...(service.spec.type === 'NodePort' ? {nodePort: 30_123} : {})}],
        },
      })),
    }),
  }
}

function answer(call: Call): Behaviour {
  if (call.args[0] === 'apply') return made(call)
  return {
    stdout: JSON.stringify({
      kind: 'Service',
      metadata: {name: 'kubernetes'},
      spec: {clusterIP: '10.96.0.1', ports: [{port: 443}]},
    }),
  }
}

/** What comes of these modes, and the kubectls that it took. */
async function targets(modes: readonly Mode[], {nodes = THREE, behind = firstTwo, ...rest}: Case = {}) {
  const {effects, interruption, said} = worldOf({src: {nodes: []}})
  if (rest.interrupted === true) interruption.abort('SIGINT')
  const kubectl = fakeKubectl(rest.answer ?? answer)
  const site = {
    kubectl,
    cluster: {name: 'src', connection: {}, imageRepository: '', cidrMap: []},
    clearance: {facts: {version: rest.version ?? 'v1.35.4'}, leftServices: rest.left ?? []},
  } as unknown as ClearedSite
  const config = {...DEFAULTS, modes}
  let confirmed = 0
  const hold = {
    confirm: () => {
      confirmed++
      return Promise.resolve(rest.taken !== true)
    },
  }
  const {services, apiServers} = await makeTargets(site, nodes, behind, config, hold, effects)
  return {
    services: services.map(
      ({type, behind: node, addresses, nodePort}) =>
        `${type} ${node}: ${addresses.join() || 'no address'}${nodePort === undefined ? '' : `, ${nodePort}`}`,
    ),
    apiServers,
    said,
    verbs: kubectl.verbs(),
    confirmed,
    deletions: kubectl.calls.flatMap(({args}) => (args[0] === 'delete' ? [args] : [])),
    objects: kubectl.calls.flatMap(({input}) =>
      input === '' ? [] : (JSON.parse(input) as {items: {kind: string; metadata: {name: string}}[]}).items,
    ),
  }
}

test.each<[Mode[], string[], string[]]>([
  [['pod', 'node', 'node-to-pod', 'pod-to-node'], [], []],
  [['service'], ['ClusterIP a: 10.96.0.1', 'ClusterIP b: 10.96.0.2'], ['apply --server-side']],
  [['nodeport'], ['NodePort a: 10.96.0.1, 30123'], ['apply --server-side']],
  [
    ['service', 'nodeport', 'apiserver'],
    ['ClusterIP a: 10.96.0.1', 'ClusterIP b: 10.96.0.2', 'NodePort a: 10.96.0.3, 30123'],
    ['apply --server-side', 'get service'],
  ],
])('the modes %j make %j', async (modes, services, verbs) => {
  const made = await targets(modes)
  expect(made).toMatchObject({services, verbs, said: []})
})

test('the API server is where kubernetes.default is', async () => {
  const {apiServers} = await targets(['apiserver'])
  expect(apiServers).toEqual([{cluster: 'src', addresses: ['10.96.0.1'], port: 443}])
})

test.each<[string, string]>([
  ['v1.20.15', 'Endpoints'],
  ['v1.21.0', 'EndpointSlice'],
])('on a server of version %s, %s say what is behind a service', async (version, kind) => {
  const {objects} = await targets(['nodeport'], {version})
  expect(objects.map((object) => object.kind)).toEqual(['Service', kind])
})

describe('behind services', () => {
  test('are nodes that have a floater', async () => {
    const nodes = [nodeWithout('a', 'unschedulable'), ...THREE.slice(1)]
    expect(await targets(['service', 'nodeport'], {nodes})).toMatchObject({
      services: ['ClusterIP b: 10.96.0.1', 'ClusterIP c: 10.96.0.2', 'NodePort b: 10.96.0.3, 30123'],
    })
  })

  test('where none has one, are nodes whose cause will be told', async () => {
    const nodes = ['a', 'b', 'c'].map((name) => nodeWithout(name, 'ImagePullBackOff'))
    expect(await targets(['service', 'nodeport'], {nodes})).toMatchObject({
      services: ['ClusterIP a: no address', 'ClusterIP b: no address', 'NodePort a: no address'],
      verbs: [],
    })
  })

  test('are those that a resume names; the port of nodes leads to no other than that check’s', async () => {
    const nodes = [nodeWithout('a', 'unschedulable'), ...THREE.slice(1)]
    expect(await targets(['service', 'nodeport'], {nodes, behind: () => ['a', 'c']})).toMatchObject({
      services: ['ClusterIP a: no address', 'ClusterIP c: 10.96.0.1', 'NodePort c: 10.96.0.2, 30123'],
    })
    expect(await targets(['service', 'nodeport'], {nodes, behind: () => ['a']})).toMatchObject({
      services: ['ClusterIP a: no address', 'NodePort a: no address'],
    })
  })
})

test('the service of a floater has the same name in a resume, whoever else has one: a proxy that is behind still leads there', async () => {
  const names = async (...behind: string[]) =>
    (await targets(['service'], {behind: () => behind})).objects.map(({metadata}) => metadata.name)
  const [a, , b] = await names('a', 'b')
  expect(a).not.toBe(b)
  expect(await names('b', 'a')).toEqual([b, `${b}-ipv4`, a, `${a}-ipv4`])
  expect(await names('b')).toEqual([b, `${b}-ipv4`])
})

describe('services that earlier runs have left', () => {
  const [needed, ...left] = [serviceName('a'), 'netdoctor-service-2', serviceName('gone')]
  const HOW = [`--namespace=${DEFAULTS.namespace}`, '--ignore-not-found', '--wait=false']
  const services = ['delete', ...left.map((name) => `service/${name}`), ...HOW]
  const selector = `app.kubernetes.io/managed-by=kubectl-netdoctor,kubernetes.io/service-name in (${left.join()})`

  test.each<[string, string[][]]>([
    ['v1.35.4', [['delete', 'endpointslices.discovery.k8s.io', `--selector=${selector}`, ...HOW], services]],
    // Their controller removes Endpoints.
    ['v1.20.15', [services]],
  ])('go before others are made, those that are needed again do not: %s', async (version, deletions) => {
    const made = await targets(['service', 'nodeport'], {version, left: [needed, ...left]})
    expect(made).toMatchObject({deletions, confirmed: 1, said: []})
    expect(made.verbs.at(-1)).toBe('apply --server-side')
    expect(made.services).toEqual([
      'ClusterIP a: 10.96.0.1',
      'ClusterIP b: 10.96.0.2',
      'NodePort a: 10.96.0.3, 30123',
    ])
  })

  test('cost no request where all of them are needed', async () => {
    const made = await targets(['service'], {left: [needed]})
    expect(made).toMatchObject({verbs: ['apply --server-side'], confirmed: 0})
  })

  test.each<[string, Case]>([
    ['another run has taken the floaters', {taken: true}],
    ['the check was interrupted', {interrupted: true}],
    ['no floater came up', {nodes: [nodeWithout('a', 'ImagePullBackOff')]}],
  ])('stay where %s', async (_, circumstances) => {
    expect(await targets(['service'], {...circumstances, left})).toMatchObject({deletions: []})
  })

  test('stay where the server says so, which is told, and the others are made', async () => {
    const refuses = (call: Call) =>
      call.args[0] === 'delete' ? failure('Error from server: no\n') : answer(call)
    expect(await targets(['nodeport'], {left, answer: refuses})).toMatchObject({
      services: ['NodePort a: 10.96.0.1, 30123'],
      said: ['Services that earlier runs have left could not be removed: no.'],
      // With its slices gone and itself there, a service is found again; the other way round they would stay.
      deletions: [expect.arrayContaining(['endpointslices.discovery.k8s.io'])],
    })
  })
})

describe('what was not made is accounted for', () => {
  const unmade = ['ClusterIP a: no address', 'ClusterIP b: no address', 'NodePort a: no address']

  test('where the server refuses, which is said', async () => {
    const {services, said} = await targets(['service', 'nodeport'], {
      answer: () => failure('Error from server (Forbidden): exceeded quota: services\n'),
    })
    expect(services).toEqual(unmade)
    expect(said).toHaveLength(1)
    expect(said[0]).toMatch(
      /^Could not apply Service netdoctor-service-[0-9a-f]{10}, .*: exceeded quota: services$/,
    )
  })

  test('where it does not say where kubernetes.default is', async () => {
    const {apiServers, said} = await targets(['apiserver'], {
      answer: () => failure('Error from server (Forbidden): services "kubernetes" is forbidden\n'),
    })
    expect([apiServers, said]).toEqual([
      [],
      ['Where kubernetes.default is could not be read: services "kubernetes" is forbidden.'],
    ])
  })

  test('after an interruption, and nothing is asked any more', async () => {
    expect(await targets(['service', 'nodeport', 'apiserver'], {interrupted: true})).toMatchObject({
      services: unmade,
      verbs: [],
    })
  })
})

test('as many are foreseen before there are floaters', () => {
  const modes: Mode[] = ['service', 'nodeport', 'apiserver']
  const {services} = targetsToCome(THREE, firstTwo, {
    ...DEFAULTS,
    modes,
    clusters: [{name: 'src', connection: {}, imageRepository: '', cidrMap: []}],
  })
  expect(services.map(({type, behind}) => `${type} ${behind}`)).toEqual([
    'ClusterIP a',
    'ClusterIP b',
    'NodePort a',
  ])
})
