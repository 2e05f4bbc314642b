import {describe, expect, test} from 'vitest'
import {CLAIM_LASTS, claimAnnotations} from '../../src/floater/claim.ts'
import {cleanCluster, type Leave} from '../../src/floater/clean.ts'
import {failure, fakeKubectl, type Behaviour} from '../kubectl/fake.ts'

const LEAVE = {force: false, isOver: () => Promise.resolve(false)}

/** What a namespace holds, and what becomes of it when kubectl is asked to delete. */
interface Space {
  namespace: 'absent' | 'ours' | 'foreign' | 'ours, being deleted'
  daemonSets?: string[]
  /** Of each of them. */
  annotations?: Record<string, string>
  /** Services and what is behind them, as `kind/name`. */
  services?: string[]
  /** Of these, what is still there when they are looked for once more. */
  lingering?: string[]
  /** At the first of these commands a run comes, and claims floaters of its own. */
  newcomer?: {at: string; annotations: Record<string, string>}
  /** The DaemonSets are there for so many looks more when they are deleted. */
  leavingFor?: number
  pods?: string[]
  others?: string[]
  /** Answers to commands, by their first words, that differ from those of a healthy server. */
  instead?: Record<string, Behaviour>
}

function clusterWith(space: Space) {
  const {instead = {}} = space
  let deletionTimestamp: string | undefined
  const kubectl = fakeKubectl(({args}) => {
    const command = args.slice(0, 2).join(' ')
    if (command === space.newcomer?.at) {
      space.annotations = space.newcomer.annotations
      delete space.newcomer
      if (deletionTimestamp === undefined) {
        space.daemonSets = ['netdoctor-floater']
        space.pods = ['netdoctor-floater-new']
      }
    }
    const other = instead[command]
    if (other) return other
    switch (command) {
      case 'get namespace': {
        if (space.namespace === 'absent')
          return failure('Error from server (NotFound): namespaces "netcheck" not found\n')
        const labels =
          space.namespace === 'foreign' ? {} : {'app.kubernetes.io/managed-by': 'kubectl-netdoctor'}
        const deletion = space.namespace.endsWith('deleted')
          ? {deletionTimestamp: '2025-01-02T03:04:05Z'}
          : {}
        // Whatever is on its way out is gone at the next look.
        if (space.namespace.endsWith('deleted')) space.namespace = 'absent'
        return {
          stdout: JSON.stringify({kind: 'Namespace', metadata: {name: 'netcheck', labels, ...deletion}}),
        }
      }
      case 'get daemonsets.apps': {
        const found = space.daemonSets ?? []
        const metadata = {annotations: space.annotations, deletionTimestamp}
        if (deletionTimestamp !== undefined && (space.leavingFor = (space.leavingFor ?? 0) - 1) < 0) {
          deletionTimestamp = undefined
          space.daemonSets = []
        }
        return {stdout: JSON.stringify({items: found.map((name) => ({metadata: {name, ...metadata}}))})}
      }
      case 'get services':
      case 'get endpointslices.discovery.k8s.io':
      case 'get endpoints': {
        const kind = `${args[1]?.replace(/s(?=$|\.)/, '')}/`
        const found = (space.services ?? []).filter((name) =>
          name.startsWith(kind.replace('endpoint/', 'endpoints/')),
        )
        if (!kubectl.verbs().some((verb) => verb.startsWith('delete')))
          return {stdout: found.map((name) => `${name}\n`).join('')}
        const lingering = (space.lingering ?? []).filter((name) => name.startsWith(kind))
        space.lingering = (space.lingering ?? []).filter((name) => !lingering.includes(name))
        return {stdout: [...found, ...lingering].map((name) => `${name}\n`).join('')}
      }
      case 'get pods': {
        const stdout = (space.pods ?? []).map((name) => `pod/${name}\n`).join('')
        if (space.daemonSets?.length !== 1) space.pods = []
        return {stdout}
      }
      case 'api-resources --verbs=list':
        return {stdout: 'configmaps\nevents\npods\nserviceaccounts\n'}
      case 'get configmaps,events,pods,serviceaccounts':
        return {stdout: (space.others ?? []).map((name) => `${name}\n`).join('')}
      case 'delete daemonsets.apps':
        if (space.leavingFor === undefined) space.daemonSets = []
        else deletionTimestamp = '2030-01-02T03:04:05Z'
        return {}
      case 'delete namespace':
        space.namespace = 'absent'
        return {}
      case `delete ${space.services?.[0] ?? ''}`:
        space.services = (space.services ?? []).filter((name) => !args.includes(name))
        return {}
      default:
        return failure(`the test knows no "${command}"`)
    }
  })
  return kubectl
}

const LISTS = [
  'get services',
  'get endpointslices.discovery.k8s.io',
  'get endpoints',
  'get daemonsets.apps',
  'get pods',
]

const native = [
  'configmap/kube-root-ca.crt',
  'serviceaccount/default',
  'event/netdoctor-floater.17f',
  'event.events.k8s.io/netdoctor-floater.17f',
  'lease.coordination.k8s.io/x',
]

test('our namespace goes with all that is in it, and a second time there is nothing to do', async () => {
  const space: Space = {namespace: 'ours', daemonSets: ['netdoctor-floater'], others: native}
  expect(await cleanCluster(clusterWith(space), 'netcheck', LEAVE)).toEqual({
    said: ['removed daemonset.apps/netdoctor-floater', 'removed namespace/netcheck'],
  })
  const again = clusterWith(space)
  expect(await cleanCluster(again, 'netcheck', LEAVE)).toEqual({
    said: ['namespace netcheck does not exist: nothing to remove'],
  })
  expect(again.calls).toHaveLength(1)
})

describe('a namespace that is not ours', () => {
  test('loses what is ours, and stays', async () => {
    const kubectl = clusterWith({namespace: 'foreign', daemonSets: ['netdoctor-floater']})
    expect(await cleanCluster(kubectl, 'netcheck', LEAVE)).toEqual({
      said: ['removed daemonset.apps/netdoctor-floater'],
    })
    expect(kubectl.verbs()).not.toContain('delete namespace')
  })

  test('without anything of ours is left alone', async () => {
    const kubectl = clusterWith({namespace: 'foreign'})
    expect(await cleanCluster(kubectl, 'netcheck', LEAVE)).toEqual({
      said: ['nothing of ours in namespace netcheck'],
    })
    expect(kubectl.verbs().filter((verb) => verb.startsWith('delete'))).toEqual([])
  })
})

describe('our namespace stays', () => {
  test.each([
    ['with a Secret of somebody else', 'secret/password'],
    ['with another ConfigMap', 'configmap/kube-root-ca.crt.bak'],
    ['with another ServiceAccount', 'serviceaccount/default-2'],
    ['with a custom object', 'widget.example.com/event'],
  ])('%s', async (_, foreign) => {
    const kubectl = clusterWith({
      namespace: 'ours',
      daemonSets: ['netdoctor-floater'],
      others: [...native, foreign],
    })
    expect(await cleanCluster(kubectl, 'netcheck', LEAVE)).toEqual({
      said: [
        'removed daemonset.apps/netdoctor-floater',
        `kept namespace netcheck: it holds what is not ours (${foreign})`,
      ],
    })
    expect(kubectl.verbs()).not.toContain('delete namespace')
  })

  test('with a kind that may not be listed', async () => {
    const stderr = 'Error from server (Forbidden): secrets is forbidden: User "ann" cannot list it\n'
    const kubectl = clusterWith({
      namespace: 'ours',
      instead: {'get configmaps,events,pods,serviceaccounts': failure(stderr)},
    })
    expect(await cleanCluster(kubectl, 'netcheck', LEAVE)).toEqual({
      said: [
        'kept namespace netcheck: it holds what is not ours (secrets is forbidden: User "ann" cannot list it)',
      ],
    })
  })
})

test('only what carries our label is asked about and deleted', async () => {
  const kubectl = clusterWith({namespace: 'foreign', daemonSets: ['netdoctor-floater'], pods: ['p']})
  await cleanCluster(kubectl, 'netcheck', LEAVE)
  for (const {args} of kubectl.calls.filter(({args}) => args[1] !== 'namespace')) {
    expect(args).toContain('--namespace=netcheck')
    expect(args).toContain('--selector=app.kubernetes.io/managed-by=kubectl-netdoctor')
  }
})

describe('services', () => {
  const slices = ['service/netdoctor-service-1', 'endpointslice.discovery.k8s.io/netdoctor-service-1-ipv4']
  const mirrored = [
    'endpoints/netdoctor-service-1',
    'endpointslice.discovery.k8s.io/netdoctor-service-1-x7k2p',
  ]

  test.each([
    ['with slices', slices],
    ['with Endpoints, which the cluster mirrors into slices', ['service/netdoctor-service-1', ...mirrored]],
  ])(
    '%s go while the floaters do, each by its name, and those who are gone by themselves do no harm',
    async (_, services) => {
      const all = [...services]
      const space: Space = {namespace: 'foreign', daemonSets: ['netdoctor-floater'], services}
      const kubectl = clusterWith(space)
      const {said} = await cleanCluster(kubectl, 'netcheck', LEAVE)
      expect(said.toSorted()).toEqual(
        [...all, 'daemonset.apps/netdoctor-floater'].map((name) => `removed ${name}`).toSorted(),
      )
      expect(space).toMatchObject({services: [], daemonSets: []})
      const deleted = kubectl.calls.filter(({args}) => args[0] === 'delete')
      expect(deleted[1]?.args).toEqual(
        expect.arrayContaining([...all, '--namespace=netcheck', '--ignore-not-found']),
      )
      expect(deleted).toHaveLength(2)
    },
  )

  test('that are slow to go are waited for in the end, with no right but to list', async () => {
    const kubectl = clusterWith({
      namespace: 'foreign',
      daemonSets: ['netdoctor-floater'],
      services: [...slices],
      lingering: ['service/netdoctor-service-1'],
    })
    await cleanCluster(kubectl, 'netcheck', LEAVE)
    const [, deletion] = kubectl.calls.filter(({args}) => args[0] === 'delete')
    expect(deletion?.args).toContain('--wait=false')
    const order = kubectl.verbs().filter((verb) => /^delete|get services/.test(verb))
    expect(order).toEqual([
      'get services',
      'delete daemonsets.apps',
      'delete service/netdoctor-service-1',
      'get services',
      'get services',
    ])
  })

  test.each([
    [
      'may not be listed',
      'Error from server (Forbidden): services is forbidden: User "ann" cannot list it',
      [
        'you may not list services, endpointslices.discovery.k8s.io, endpoints: what a check of mode service or nodeport made here may be left',
      ],
    ],
    [
      'are of a kind that the server lacks',
      'error: the server doesn\'t have a resource type "endpointslices"',
      [],
    ],
  ])('that %s are passed over, and that is said', async (_, stderr, notes) => {
    const kubectl = clusterWith({
      namespace: 'foreign',
      daemonSets: ['netdoctor-floater'],
      instead: {
        'get services': failure(stderr),
        'get endpointslices.discovery.k8s.io': failure(stderr),
        'get endpoints': failure(stderr),
      },
    })
    expect(await cleanCluster(kubectl, 'netcheck', LEAVE)).toEqual({
      said: ['removed daemonset.apps/netdoctor-floater', ...notes],
    })
  })

  test.each<[string, Behaviour, string]>([
    ['get services', failure('Unable to connect to the server: i/o timeout'), 'Could not list services: '],
    [
      'delete service/netdoctor-service-1',
      failure('Error from server: no'),
      'Could not remove everything: no. Run this again.',
    ],
  ])('that cannot be removed are told: %s', async (command, behaviour, message) => {
    const kubectl = clusterWith({
      namespace: 'foreign',
      services: [...slices],
      instead: {[command]: behaviour},
    })
    await expect(cleanCluster(kubectl, 'netcheck', LEAVE)).rejects.toThrow(message)
  })
})

describe('while a run uses the floaters', () => {
  const until = Date.now() + CLAIM_LASTS
  const annotations = claimAnnotations({run: 'a1b2c3', since: until - CLAIM_LASTS, until, names: []})
  const inUse: Space = {namespace: 'foreign', daemonSets: ['netdoctor-floater'], annotations}

  test('nothing is removed', async () => {
    const kubectl = clusterWith(inUse)
    await expect(cleanCluster(kubectl, 'netcheck', LEAVE)).rejects.toThrow(
      /^Nothing was removed: Run a1b2c3 /,
    )
    expect(kubectl.verbs()).not.toContain('delete daemonsets.apps')
  })

  test.each<[string, Partial<Leave>]>([
    ['force', {force: true}],
    ['a run that is known to be over', {isOver: (run) => Promise.resolve(run === 'a1b2c3')}],
  ])('%s: everything is', async (_, leave) => {
    const {said} = await cleanCluster(clusterWith({...inUse}), 'netcheck', {...LEAVE, ...leave})
    expect(said).toEqual(['removed daemonset.apps/netdoctor-floater'])
  })
})

describe('a run that comes in the midst of it', () => {
  const until = Date.now() + CLAIM_LASTS
  const annotations = claimAnnotations({run: 'd4e5f6', since: until - CLAIM_LASTS, until, names: []})
  const ours = (at: string): Space => ({
    namespace: 'ours',
    daemonSets: ['netdoctor-floater'],
    services: ['service/netdoctor-service-1'],
    newcomer: {at, annotations},
  })

  test.each([
    ['while services are deleted, which takes time', 'delete service/netdoctor-service-1'],
    ['when the floaters are gone', 'get pods'],
    ['when nothing is left but the namespace', 'api-resources --verbs=list'],
  ])('%s: what it has made stays, and that is said', async (_, at) => {
    const space = ours(at)
    const kubectl = clusterWith(space)
    await expect(cleanCluster(kubectl, 'netcheck', LEAVE)).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringMatching(
        /^What was there was deleted, and a run has come meanwhile, whose floaters and namespace stay\. Run d4e5f6 .* Wait until/,
      ) as string,
    })
    expect(kubectl.verbs().filter((verb) => verb.startsWith('delete'))).toEqual([
      'delete daemonsets.apps',
      'delete service/netdoctor-service-1',
    ])
    expect([space.namespace, space.daemonSets]).toEqual(['ours', ['netdoctor-floater']])
  })

  test('and claims what is already being deleted has nothing: it is told so when it looks', async () => {
    const space: Space = {...ours('delete daemonsets.apps'), leavingFor: 2}
    const {said} = await cleanCluster(clusterWith(space), 'netcheck', LEAVE)
    expect(said).toContain('removed namespace/netcheck')
  })

  test('and is known to be over does not count', async () => {
    const {said} = await cleanCluster(clusterWith(ours('api-resources --verbs=list')), 'netcheck', {
      ...LEAVE,
      isOver: (run) => Promise.resolve(run === 'd4e5f6'),
    })
    expect(said).toContain('removed namespace/netcheck')
  })

  test('has no time for it between the look at the claims and the deletion', async () => {
    const verbs = clusterWith(ours('none'))
    await cleanCluster(verbs, 'netcheck', LEAVE)
    const all = verbs.verbs()
    expect(all[all.indexOf('delete daemonsets.apps') - 1]).toBe('get daemonsets.apps')
  })
})

test('pods on their way out are waited for', async () => {
  const kubectl = clusterWith({namespace: 'foreign', pods: ['netdoctor-floater-x']})
  await cleanCluster(kubectl, 'netcheck', LEAVE)
  // Is it somebody else's?
  expect(kubectl.verbs().slice(-3)).toEqual(['get pods', 'get daemonsets.apps', 'get pods'])
})

test('a namespace that is being deleted is waited for', async () => {
  const kubectl = clusterWith({namespace: 'ours, being deleted'})
  expect(await cleanCluster(kubectl, 'netcheck', LEAVE)).toEqual({
    said: ['namespace netcheck was already being deleted, and is gone now'],
  })
  expect(kubectl.verbs()).toEqual(['get namespace', ...LISTS, 'get namespace'])
})

describe('it is said', () => {
  test.each<[string, Space['namespace'], string, string]>([
    ['that the namespace cannot be read', 'ours', 'get namespace', 'Could not read namespace netcheck: no.'],
    [
      'that an object cannot be removed',
      'ours',
      'delete daemonsets.apps',
      'Could not remove everything: no.',
    ],
    ['that the namespace cannot be removed', 'ours', 'delete namespace', 'Could not remove everything: no.'],
    ['that pods cannot be looked for', 'foreign', 'get pods', 'Could not run `kubectl get pods'],
  ])('%s', async (_, namespace, command, message) => {
    const kubectl = clusterWith({
      namespace,
      daemonSets: ['netdoctor-floater'],
      pods: namespace === 'foreign' ? ['p'] : [],
      instead: {[command]: failure('Error from server: no\n')},
    })
    await expect(cleanCluster(kubectl, 'netcheck', LEAVE)).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining(message.slice(0, -1)) as string,
    })
  })
})
