import {afterAll, beforeAll, describe, expect, test, vi} from 'vitest'
import {type EmbeddedCluster, startEmbeddedCluster} from './cluster.ts'
import {floaterManifest, MANAGED_BY, NAMESPACE} from './floater-manifest.ts'
import {KUBECTL_VERSIONS, kubectlFromNpm, npmKubectlRunsHere} from './kubectl.ts'
import type {KubeObject} from './objects/object.ts'
import type {DaemonSet, Pod} from './objects/workload.ts'
import {bindKubectl, type BoundKubectl} from './run-kubectl.ts'
import {execa} from 'execa'

const APPLY = [
  'apply',
  '--server-side',
  '--validate=false',
  '--force-conflicts',
  '--field-manager=x',
  '-f',
  '-',
  '-o',
  'json',
]
const inNamespace = (...args: string[]) => ['-n', NAMESPACE, ...args]

/** Only ends what hangs. */
const PATIENCE = {timeout: 60_000}

interface List<T> {
  items: T[]
}

describe.skipIf(!npmKubectlRunsHere()).each(KUBECTL_VERSIONS)('kubectl %s', (version) => {
  let cluster: EmbeddedCluster
  let kubectl: BoundKubectl

  beforeAll(async () => {
    cluster = await startEmbeddedCluster({
      nodes: [
        {name: 'n1'},
        {name: 'n2', taints: [{key: 'dedicated', value: 'db', effect: 'NoExecute'}]},
        {name: 'no-image', pod: 'image-pull-error'},
        {name: 'full', pod: 'pending-unschedulable'},
        {name: 'refused', pod: 'never-created'},
        {name: 'lost', ready: false},
        {name: 'windows', os: 'windows'},
      ],
    })
    kubectl = await bindKubectl(await kubectlFromNpm(version), cluster.kubeconfig)
  })

  afterAll(async () => {
    await kubectl.remove()
    await cluster.stop()
  })

  test('deploys a floater on every node that fits, says what is wrong, and removes all of it', async () => {
    const before = cluster.objects()
    await kubectl.json(
      ['create', '-f', '-', '-o', 'json'],
      JSON.stringify({apiVersion: 'v1', kind: 'Namespace', metadata: {name: NAMESPACE}}),
    )
    const applied = await kubectl.json<DaemonSet>(APPLY, JSON.stringify(floaterManifest()))
    const statuses = await podsUntilSettled(kubectl)
    expect(statuses).toEqual({
      n1: 'ready',
      n2: 'ready',
      'no-image': 'ImagePullBackOff',
      full: 'Unschedulable',
      lost: 'Pending',
    })
    await vi.waitFor(async () => {
      const {metadata, ...set} = await kubectl.json<DaemonSet>(
        inNamespace('get', 'ds', 'netdoctor-floater', '-o', 'json'),
      )
      expect(metadata).toMatchObject({uid: applied.metadata.uid, generation: 1})
      expect(set['status']).toMatchObject({
        desiredNumberScheduled: 6,
        currentNumberScheduled: 5,
        numberReady: 2,
      })
    }, PATIENCE)
    const {items: events} = await kubectl.json<List<KubeObject>>(inNamespace('get', 'events', '-o', 'json'))
    expect(events.map(({reason}) => reason)).toEqual(
      expect.arrayContaining(['FailedCreate', 'FailedScheduling', 'Failed', 'BackOff']),
    )

    const label = `${MANAGED_BY}=kubectl-netdoctor`
    const deletion = ['delete', 'ds', '-l', label, '--cascade=foreground', '--wait']
    const deleted = await kubectl.run(inNamespace(...deletion))
    expect(deleted.exitCode, deleted.stderr).toBe(0)
    const pods = await kubectl.json<List<Pod>>(inNamespace('get', 'pods', '-l', label, '-o', 'json'))
    expect(pods.items).toEqual([])
    expect((await kubectl.run(['delete', 'namespace', NAMESPACE])).exitCode).toBe(0)
    const gone = await kubectl.run(['get', 'ns', NAMESPACE, '-o', 'json', '--ignore-not-found'])
    expect(gone).toEqual({exitCode: 0, stdout: '', stderr: ''})
    expect(cluster.objects()).toEqual(before)
  })

  test('answers what a preflight asks', async () => {
    const {serverVersion} = await kubectl.json<{serverVersion: {gitVersion: string}}>([
      'version',
      '-o',
      'json',
    ])
    expect(serverVersion.gitVersion).toBe('v1.35.4')
    const view = await kubectl.json<{clusters: {cluster: {server: string}}[]}>([
      'config',
      'view',
      '--minify',
      '-o',
      'json',
    ])
    expect(view.clusters[0]?.cluster.server).toBe(cluster.url)
    const {stdout: kinds} = await kubectl.run(['api-resources', '--verbs=list', '--namespaced', '-o', 'name'])
    expect(kinds.split('\n')).toEqual(
      expect.arrayContaining(['pods', 'daemonsets.apps', 'networkpolicies.networking.k8s.io']),
    )
    const resources = 'nodes,daemonsets,networkpolicies,resourcequotas,limitranges'
    const all = await kubectl.json<List<KubeObject>>([
      'get',
      resources,
      '-n',
      'default',
      '-o',
      'json',
      '--ignore-not-found',
    ])
    expect(all.items.map(({metadata}) => metadata.name)).toEqual([
      'n1',
      'n2',
      'no-image',
      'full',
      'refused',
      'lost',
      'windows',
    ])
    const missing = await kubectl.run(['get', 'ds', 'nothing', '-n', 'default'])
    expect(missing.stderr).toBe('Error from server (NotFound): daemonsets.apps "nothing" not found\n')
    const table = await kubectl.run(['get', 'nodes'])
    expect(table.stdout).toMatch(/^NAME/)
  })
})

/** Watches until every pod has got where its node lets it get, as the tool does: one process, no polling. */
async function podsUntilSettled({binary, env}: BoundKubectl): Promise<Record<string, string>> {
  const args = [
    'get',
    'pods',
    '-l',
    'app=netdoctor-floater',
    '--watch',
    '--output-watch-events',
    '-o',
    'json',
  ]
  const watching = execa(binary, inNamespace(...args), {env, timeout: 10_000, reject: false, buffer: false})
  const found: Record<string, string> = {}
  for await (const line of watching) {
    const {object} = JSON.parse(line) as {object: Pod}
    found[nodeName(object)] = stateOf(object)
    const settled = Object.values(found).filter(
      (state) => !['ContainerCreating', 'ErrImagePull'].includes(state),
    )
    // Iteration goes on until kubectl has ended.
    if (settled.length === 5) watching.kill()
  }
  return found
}

function nodeName({spec}: Pod): string {
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
  return spec.nodeName ?? terms?.[0]?.matchFields?.[0]?.values?.[0] ?? ''
}

function stateOf({status}: Pod): string {
  const containers = status['containerStatuses'] as
    {ready: boolean; state: {waiting?: {reason: string}}}[] | undefined
  if (containers?.[0]?.ready === true) return 'ready'
  const scheduled = status.conditions?.find(({type}) => type === 'PodScheduled')
  return containers?.[0]?.state.waiting?.reason ?? scheduled?.reason ?? status.phase
}
