import {describe, expect, test} from 'vitest'
import {CLAIM_LASTS, claimAnnotations} from '../../src/floater/claim.ts'
import {destinationOf, serverVersion} from '../../src/preflight/connect.ts'
import type {PreflightInput} from '../../src/preflight/input.ts'
import {examine, preflight} from '../../src/preflight/preflight.ts'
import {describePermission} from '../../src/preflight/permissions.ts'
import {failure, fakeKubectl, type Behaviour, type Call} from '../kubectl/fake.ts'

const OURS = {'app.kubernetes.io/managed-by': 'kubectl-netdoctor'}
const node = (name: string, os = 'linux') => ({
  kind: 'Node',
  metadata: {name, uid: `uid-${name}`, labels: {'kubernetes.io/os': os}},
  status: {conditions: [{type: 'Ready', status: 'True'}]},
})

interface Cluster {
  namespace?: object | undefined
  items?: object[]
  /** What the user may not do: `verb resource`. */
  denied?: string[]
  version?: Behaviour
  trial?: Behaviour
}

function clusterWith(cluster: Cluster) {
  const {denied = [], items = [node('n1'), node('n2')]} = cluster
  const namespace = 'namespace' in cluster ? cluster.namespace : {status: {phase: 'Active'}}
  const version = cluster.version ?? {
    stdout: JSON.stringify({serverVersion: {gitVersion: 'v1.35.4', major: '1', minor: '35+'}}),
  }
  return fakeKubectl((call) => {
    if (call.args[0] === 'version') return version
    if (call.args[0] === 'get' && call.args[1] === 'namespace')
      return {stdout: namespace === undefined ? '' : JSON.stringify(namespace)}
    if (call.args[0] === 'get') return {stdout: JSON.stringify({items})}
    if (call.args.includes('--dry-run=server')) return cluster.trial ?? {}
    return {stdout: reviewed(call, denied)}
  })
}

function reviewed({input}: Call, denied: readonly string[]): string {
  const {items} = JSON.parse(input) as {
    items: {spec: {resourceAttributes: {verb: string; resource: string; subresource?: string}}}[]
  }
  return items
    .map((review) => {
      const {verb, resource, subresource} = review.spec.resourceAttributes
      const allowed = !denied.includes(`${verb} ${resource}${subresource ? `/${subresource}` : ''}`)
      return `${JSON.stringify({...review, status: {allowed}}, undefined, 4)}\n`
    })
    .join('')
}

const input: PreflightInput = {
  cluster: 'src',
  namespace: 'netcheck',
  destination: {context: 'staging', server: 'https://192.0.2.1:6443'},
  image: 'registry.example/floater:v1',
  kinds: ['pod'],
  trialPods: [{kind: 'Pod'}],
  floater: {flavour: 'clusterlink-floater', imagePullSecrets: [], nodeSelector: {}},
  extras: {services: false, apiServer: false},
  force: false,
  isOver: () => Promise.resolve(false),
  now: () => new Date('2030-01-02T03:04:05Z'),
}

test('where all is well it says what is there, and has only asked', async () => {
  const kubectl = clusterWith({items: [node('n10'), node('n2'), node('w1', 'windows')]})
  expect(await preflight(kubectl, input)).toMatchObject({
    facts: {
      name: 'src',
      context: 'staging',
      server: 'https://192.0.2.1:6443',
      version: 'v1.35.4',
      image: 'registry.example/floater:v1',
    },
    nodes: [
      {name: 'n2', uid: 'uid-n2', ready: true, os: 'linux'},
      {name: 'n10', uid: 'uid-n10', ready: true, os: 'linux'},
    ],
    notCovered: [{node: 'w1', cause: 'floaters run on Linux, and this node runs windows'}],
    namespaceExists: true,
    warnings: [],
  })
  for (const call of kubectl.calls.filter(({args}) => args[0] !== 'get' && args[0] !== 'version')) {
    const asks = call.input.includes('SelfSubjectAccessReview') || call.args.includes('--dry-run=server')
    expect([call.args[0], asks]).toEqual(['create', true])
  }
})

test('a namespace that is not there yet is no problem, and no trial pod is made in it', async () => {
  const kubectl = clusterWith({namespace: undefined})
  expect((await preflight(kubectl, input)).namespaceExists).toBe(false)
  expect(kubectl.calls.some(({args}) => args.includes('--dry-run=server'))).toBe(false)
})

test('the right to create a namespace is needed only where there is none', async () => {
  const denied = ['create namespaces', 'delete namespaces']
  expect((await preflight(clusterWith({denied}), input)).warnings).toEqual([])
  await expect(preflight(clusterWith({denied, namespace: undefined}), input)).rejects.toMatchObject({
    exitCode: 3,
    message: `Nothing was created, because of this (context staging):
  You may not create namespaces; README.md has a ready Role for it.
  You may not delete namespaces; README.md has a ready Role for it.`,
  })
})

describe('a problem', () => {
  const daemonSet = {kind: 'DaemonSet', metadata: {name: 'netdoctor-floater'}}
  const deletionTimestamp = '2025-01-02T03:04:05Z'
  const quota = {kind: 'ResourceQuota', metadata: {name: 'q'}, status: {hard: {pods: '3'}, used: {pods: '2'}}}

  test.each<[string, Cluster, string]>([
    [
      'a missing permission',
      {denied: ['create pods/exec']},
      'You may not create pods/exec in namespace netcheck; README.md has a ready Role for it.',
    ],
    ['nodes that may not be listed', {denied: ['list nodes']}, 'You may not list nodes; README.md has'],
    [
      'a namespace that is being deleted',
      {namespace: {status: {phase: 'Terminating'}}},
      'Namespace netcheck is being deleted. Wait until it is gone (kubectl get namespace netcheck)',
    ],
    [
      'a DaemonSet of somebody else',
      {items: [node('n1'), daemonSet]},
      'There is a DaemonSet netdoctor-floater in namespace netcheck that is not ours (it lacks the label app.kubernetes.io/managed-by: kubectl-netdoctor).',
    ],
    [
      'a DaemonSet that is being deleted',
      {
        items: [
          node('n1'),
          {...daemonSet, metadata: {...daemonSet.metadata, labels: OURS, deletionTimestamp}},
        ],
      },
      'The DaemonSet netdoctor-floater from last time is still being deleted. Run this again when it is gone.',
    ],
    [
      'a quota that is too small',
      {items: [node('n1'), node('n2'), quota]},
      'ResourceQuota q in namespace netcheck leaves room for 1 pods, and 2 floaters are needed.',
    ],
    [
      'pods that are not admitted',
      {trial: failure('Error from server (Forbidden): pods is forbidden: violates PodSecurity "x"\n')},
      'The floaters\' pods would not be admitted: pods is forbidden: violates PodSecurity "x"',
    ],
  ])('%s', async (_, cluster, message) => {
    await expect(preflight(clusterWith(cluster), input)).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining(`(context staging):\n  ${message}`) as string,
    })
  })

  test('is told with all others', async () => {
    const cluster = {namespace: {status: {phase: 'Terminating'}}, items: [daemonSet], denied: ['watch pods']}
    const failed: unknown = await preflight(clusterWith(cluster), input).catch((error: unknown) => error)
    expect((failed as Error).message.split('\n')).toHaveLength(4)
  })

  test('a quota is none where the floaters are there already', async () => {
    const items = [
      node('n1'),
      node('n2'),
      quota,
      {...daemonSet, metadata: {...daemonSet.metadata, labels: OURS}},
    ]
    await expect(preflight(clusterWith({items}), input)).resolves.toBeDefined()
  })
})

test('what may block probes, or explain less, is a warning', async () => {
  const policy = {kind: 'NetworkPolicy', metadata: {name: 'deny-all'}, spec: {podSelector: {}}}
  const {warnings} = await preflight(
    clusterWith({items: [node('n1'), policy], denied: ['list events', 'list resourcequotas']}),
    input,
  )
  expect(warnings).toEqual([
    'NetworkPolicies in namespace netcheck may apply to the floaters and block probes: deny-all.',
    'You may not list events in namespace netcheck, list resourcequotas in namespace netcheck; messages will explain less.',
  ])
})

test('what stands between floaters is told, and is part of what is known of the cluster', async () => {
  const trialPod = {
    metadata: {labels: {...OURS, 'app.kubernetes.io/name': 'netdoctor-floater'}},
    spec: {containers: [{name: 'floater', ports: [{name: 'floater', containerPort: 8889}]}]},
  }
  const admitted = {
    ...{kind: 'Pod', metadata: {...trialPod.metadata, creationTimestamp: '2030-01-02T03:04:05Z'}},
    spec: {containers: [...trialPod.spec.containers, {name: 'istio-proxy'}]},
  }
  const policy = (name: string, spec: object) => ({kind: 'NetworkPolicy', metadata: {name}, spec})
  const {facts, warnings} = await preflight(
    clusterWith({
      namespace: {metadata: {labels: {'istio-injection': 'enabled'}}, status: {phase: 'Active'}},
      items: [
        node('n1'),
        policy('port', {podSelector: {matchLabels: OURS}, ingress: [{ports: [{port: 8889}]}]}),
        policy('open', {podSelector: {}, ingress: [{}]}),
        policy('web', {podSelector: {matchLabels: {app: 'web'}}}),
      ],
      trial: {stdout: JSON.stringify(admitted)},
    }),
    {...input, trialPods: [trialPod]},
  )
  expect(facts).toMatchObject({
    policies: [
      {name: 'port', floaters: ['pod'], ingress: [{peers: 'all', protocols: ['tcp']}]},
      {name: 'open', floaters: ['pod'], ingress: [{peers: 'all'}]},
    ],
    mesh: {mesh: 'Istio', mark: 'istio-injection=enabled'},
  })
  expect(warnings).toEqual([
    'NetworkPolicies in namespace netcheck may apply to the floaters and block probes: port.',
    "Something puts containers of its own into the floaters' pods in namespace netcheck: istio-proxy. Where they take TCP, it is them that is measured.",
  ])
})

test('policies that may not be listed are not known, and none are none', async () => {
  const known = await preflight(clusterWith({}), input)
  expect(known.facts).toMatchObject({policies: []})
  const blind = await preflight(clusterWith({denied: ['list networkpolicies']}), input)
  expect(blind.facts).not.toHaveProperty('policies')
})

describe('a server', () => {
  test('without a current context is none that anybody has named, and what to set is said', async () => {
    const kubectl = fakeKubectl(() =>
      failure(
        'The connection to the server localhost:8080 was refused - did you specify the right host or port?\n',
      ),
    )
    await expect(
      serverVersion(kubectl, {context: '(none)', server: "kubectl's default"}),
    ).rejects.toMatchObject({
      exitCode: 3,
      message:
        'kubectl has no current context, and without one: The connection to the server localhost:8080 was refused. Set --context, or KUBECONFIG. Nothing was created.',
    })
  })

  test.each<[string, Behaviour, string]>([
    [
      'that cannot be reached',
      failure('Unable to connect to the server: dial tcp 192.0.2.1:6443: i/o timeout\n'),
      'Could not reach the API server https://192.0.2.1:6443 (context staging): Unable to connect to the server: dial tcp 192.0.2.1:6443: i/o timeout. Nothing was created.',
    ],
    [
      'that does not answer',
      {ok: false, exitCode: undefined, timedOut: true},
      'Could not reach the API server https://192.0.2.1:6443 (context staging): it did not answer in time. Nothing was created.',
    ],
    [
      'that is too old',
      {stdout: '{"serverVersion": {"gitVersion": "v1.15.12", "major": "1", "minor": "15"}}'},
      'https://192.0.2.1:6443 runs Kubernetes v1.15.12; 1.16 or later is needed.',
    ],
    [
      'that is none',
      {stdout: '<html>'},
      '`kubectl version` did not print what it should. Run it yourself, or this command with -v.',
    ],
  ])('%s', async (_, version, message) => {
    await expect(preflight(clusterWith({version}), input)).rejects.toMatchObject({exitCode: 3, message})
  })

  test('that refuses everything is quoted: `kubectl version` does not do so', async () => {
    const refusing = fakeKubectl(({args}) => {
      const why = args.includes('--raw') ? 'User "jane" cannot impersonate resource "users"' : 'unknown'
      return failure(`Error from server (Forbidden): ${why}\n`)
    })
    await expect(preflight(refusing, input)).rejects.toMatchObject({
      exitCode: 3,
      message:
        'The API server https://192.0.2.1:6443 (context staging) refuses: User "jane" cannot impersonate resource "users". Nothing was created.',
    })
  })
})

describe('where kubectl would go', () => {
  test.each<[string, Behaviour, object]>([
    [
      'is what its configuration says',
      {
        stdout: JSON.stringify({
          'current-context': 'staging',
          clusters: [{name: 'c', cluster: {server: 'https://192.0.2.1:6443'}}],
        }),
      },
      {context: 'staging', server: 'https://192.0.2.1:6443'},
    ],
    [
      'is its default without a configuration',
      {stdout: '{"clusters": null, "current-context": ""}'},
      {context: '(none)', server: "kubectl's default"},
    ],
    [
      'is its default without a context',
      failure('error: current-context must exist in order to minify\n'),
      {context: '(none)', server: "kubectl's default"},
    ],
  ])('%s', async (_, behaviour, destination) => {
    expect(
      await destinationOf(
        fakeKubectl(() => behaviour),
        'src',
      ),
    ).toEqual(destination)
  })

  test('is nowhere with a context that does not exist', async () => {
    const kubectl = fakeKubectl(() => failure('error: context "x" does not exist\n'))
    await expect(destinationOf(kubectl, 'src')).rejects.toMatchObject({
      exitCode: 2,
      message: 'Cluster src: context "x" does not exist. Check --kubeconfig, --context and KUBECONFIG.',
    })
  })
})

describe('an examination', () => {
  const permissionsOf = async (cluster: Cluster) => {
    const {permissions, problems} = await examine(clusterWith(cluster), input)
    const words = (granted: boolean) =>
      permissions.filter((one) => one.granted === granted).map((one) => describePermission(one.permission))
    return {granted: words(true), lacking: words(false), problems}
  }

  test('tells of every permission whether it is granted', async () => {
    const denied = ['create pods/exec', 'list events']
    const {granted, lacking, problems} = await permissionsOf({denied})
    expect(lacking).toEqual(['create pods/exec in namespace netcheck', 'list events in namespace netcheck'])
    expect(granted).toContain('get pods/exec in namespace netcheck')
    expect(granted).toContain('create pods in namespace netcheck')
    expect(granted).not.toContain('create namespaces')
    expect(problems).toEqual([
      'You may not create pods/exec in namespace netcheck; README.md has a ready Role for it.',
    ])
  })

  test('asks for the namespace only where there is none', async () => {
    const denied = ['delete namespaces']
    const there = await permissionsOf({denied})
    expect([...there.granted, ...there.lacking].filter((one) => one.endsWith(' namespaces'))).toEqual([])
    const missing = await permissionsOf({denied, namespace: undefined})
    expect(missing.granted).toContain('create namespaces')
    expect(missing.lacking).toEqual(['delete namespaces'])
    expect(missing.problems).toHaveLength(1)
  })

  test('goes on where nothing is allowed, and has found nothing out', async () => {
    const everything = clusterWith({})
    await examine(everything, input)
    const review = everything.calls.find((call) => call.input.includes('SelfSubjectAccessReview'))
    const {items} = JSON.parse(review?.input ?? '') as {
      items: {spec: {resourceAttributes: {verb: string; resource: string; subresource?: string}}}[]
    }
    const denied = items.map(
      ({
        spec: {
          resourceAttributes: {verb, resource, subresource},
        },
      }) => `${verb} ${resource}${subresource ? `/${subresource}` : ''}`,
    )
    const kubectl = clusterWith({denied})
    const {nodes, problems, permissions, warnings} = await examine(kubectl, input)
    expect([nodes, permissions.filter(({granted}) => granted)]).toEqual([[], []])
    expect(problems.length).toBe(permissions.filter(({permission}) => !permission.optional).length)
    expect(warnings).toHaveLength(1)
    expect(kubectl.verbs().filter((verb) => verb.startsWith('get'))).toEqual([])
  })

  test('has the problems that a check would stop at', async () => {
    const cluster = {trial: failure('Error from server (Forbidden): violates PodSecurity "x"\n')}
    const {problems} = await examine(clusterWith(cluster), input)
    expect(problems).toEqual([`The floaters' pods would not be admitted: violates PodSecurity "x"`])
    await expect(preflight(clusterWith(cluster), input)).rejects.toThrow(problems[0])
  })
})

describe('several kinds of floater', () => {
  const all: PreflightInput = {
    ...input,
    kinds: ['pod', 'host', 'neighbour'],
    trialPods: [{a: 1}, {b: 2}, {c: 3}],
  }
  const daemonSet = (name: string, labels: object = OURS) => ({kind: 'DaemonSet', metadata: {name, labels}})
  const quota = (hard: number) => ({
    kind: 'ResourceQuota',
    metadata: {name: 'q'},
    status: {hard: {pods: String(hard)}, used: {pods: '0'}},
  })
  const problemsOf = async (items: object[], wanted: PreflightInput = all) =>
    (await examine(clusterWith({items: [node('n1'), node('n2'), ...items]}), wanted)).problems

  test.each<[string, object[], string[]]>([
    ['nothing is there', [quota(5)], ['leaves room for 5 pods, and 6 floaters are needed.']],
    ['there is just enough', [quota(6)], []],
    [
      'one of them is there',
      [quota(3), daemonSet('netdoctor-floater')],
      ['leaves room for 3 pods, and 4 floaters are needed.'],
    ],
    [
      'all are there',
      [quota(0), ...['', '-host', '-neighbour'].map((kind) => daemonSet(`netdoctor-floater${kind}`))],
      [],
    ],
  ])('need their pods each, where %s', async (_, items, problems) => {
    expect(await problemsOf(items)).toEqual(
      problems.map((problem) => expect.stringContaining(problem) as string),
    )
  })

  test('are each refused where somebody else has their name, and only where they are wanted', async () => {
    const foreign = daemonSet('netdoctor-floater-host', {})
    expect(await problemsOf([foreign])).toEqual([
      expect.stringContaining(
        'There is a DaemonSet netdoctor-floater-host in namespace netcheck that is not ours',
      ),
    ])
    expect(await problemsOf([foreign], input)).toEqual([])
  })

  test('are each asked about, as a pod', async () => {
    const kubectl = clusterWith({})
    await preflight(kubectl, all)
    const trial = kubectl.calls.find(({args}) => args.includes('--dry-run=server'))
    expect(JSON.parse(trial?.input ?? '')).toMatchObject({kind: 'List', items: [{a: 1}, {b: 2}, {c: 3}]})
  })

  test('need no room on nodes that get none', async () => {
    const floater = {...input.floater, nodeSelector: {zone: 'x'}}
    expect(await problemsOf([quota(0)], {...all, floater})).toEqual([])
  })
})

describe('modes with services, and the API server', () => {
  const extras = {services: true, apiServer: true}
  const version = (minor: string) => ({
    stdout: JSON.stringify({serverVersion: {gitVersion: `v1.${minor}.0`, major: '1', minor}}),
  })
  const service = (name: string, labels: object = {}) => ({kind: 'Service', metadata: {name, labels}})
  const problemsOf = async (cluster: Cluster, wanted: PreflightInput['extras'] = extras) =>
    (await examine(clusterWith(cluster), {...input, extras: wanted})).problems

  test.each<[string, string, string[]]>([
    ['1.35', '35', ['create endpointslices.discovery.k8s.io in namespace netcheck']],
    ['1.20', '20', ['create endpoints in namespace netcheck']],
  ])('on a server of version %s need what stands behind services there', async (_, minor, lacking) => {
    const denied = ['create endpointslices', 'create endpoints']
    expect(await problemsOf({denied, version: version(minor)})).toEqual(
      lacking.map((one) => `You may not ${one}; README.md has a ready Role for it.`),
    )
  })

  test('do not write over a Service of somebody else', async () => {
    const items = [
      node('n1'),
      service('netdoctor-service-1'),
      service('netdoctor-nodeport', OURS),
      service('netdoctor-service-x'),
      service('my-netdoctor-nodeport'),
    ]
    expect(await problemsOf({items})).toEqual([
      expect.stringContaining(
        'There is a Service netdoctor-service-1 in namespace netcheck that is not ours',
      ) as string,
    ])
  })

  test('that earlier runs have left are ours alone, and lead to one floater each', async () => {
    const items = [
      node('n1'),
      service('netdoctor-service-1', OURS),
      service('netdoctor-service-0af31c9b2d', OURS),
      service('netdoctor-service-2'),
      service('netdoctor-service-x', OURS),
      service('netdoctor-nodeport', OURS),
    ]
    const {leftServices} = await examine(clusterWith({items}), {...input, extras})
    expect(leftServices).toEqual(['netdoctor-service-1', 'netdoctor-service-0af31c9b2d'])
  })

  test('that another run may be using were left by nobody, also with --force', async () => {
    const since = input.now().getTime()
    const claim = {run: 'd4e5f6', since, until: since + CLAIM_LASTS, names: []}
    const metadata = {name: 'netdoctor-floater', labels: OURS, annotations: claimAnnotations(claim)}
    const items = [node('n1'), {kind: 'DaemonSet', metadata}, service('netdoctor-service-1', OURS)]
    const examined = async (isOver: boolean) =>
      await examine(clusterWith({items}), {
        ...input,
        extras,
        force: true,
        isOver: () => Promise.resolve(isOver),
      })
    expect(await examined(false)).toMatchObject({problems: [], leftServices: []})
    expect(await examined(true)).toMatchObject({problems: [], leftServices: ['netdoctor-service-1']})
  })

  test('look at services only where they make some', async () => {
    const listed = async (services: boolean) => {
      const kubectl = clusterWith({})
      await examine(kubectl, {...input, extras: {...extras, services}})
      return kubectl.verbs().find((verb) => verb.startsWith('get nodes'))
    }
    expect(await listed(true)).toContain('services')
    expect(await listed(false)).not.toContain('services')
  })

  test.each<[string, PreflightInput['extras'], number]>([
    ['list services', extras, 1],
    ['delete services', extras, 1],
    ['get services', extras, 1],
    ['get services', {...extras, apiServer: false}, 0],
    ['patch services', {...extras, services: false}, 0],
  ])('without %s and with %j have %i problems', async (denied, wanted, count) => {
    expect(await problemsOf({denied: [denied]}, wanted)).toHaveLength(count)
  })
})
