import {afterEach, beforeAll, describe, expect, test} from 'vitest'
import {type EmbeddedCluster, type EmbeddedOptions, startEmbeddedCluster} from './cluster.ts'
import {deployFloaters} from './deploy.ts'
import {floaterManifest, NAMESPACE} from './floater-manifest.ts'
import {kubectlFromNpm, npmKubectlRunsHere} from './kubectl.ts'
import type {KubeObject} from './objects/object.ts'
import {bindKubectl, type BoundKubectl} from './run-kubectl.ts'

const CREATE = ['create', '-f', '-', '-o', 'json']
const APPLY = ['apply', '--server-side', '--validate=false', '-f', '-', '-o', 'json']
const FLOATERS = JSON.stringify(floaterManifest())

function review(verb: string, resource: string, namespace = NAMESPACE) {
  const resourceAttributes = {verb, resource, namespace}
  return {apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: {resourceAttributes}}
}

function pod(securityContext: object) {
  const containers = [{name: 'floater', image: 'floater', securityContext}]
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name: 'preflight', namespace: NAMESPACE},
    spec: {containers},
  })
}

const RESTRICTED = {
  allowPrivilegeEscalation: false,
  runAsNonRoot: true,
  capabilities: {drop: ['ALL']},
  seccompProfile: {type: 'RuntimeDefault'},
}

describe.skipIf(!npmKubectlRunsHere())('the API as kubectl sees it', () => {
  let binary: string
  const open: (() => Promise<void>)[] = []

  beforeAll(async () => {
    binary = await kubectlFromNpm('1.35')
  })

  afterEach(async () => {
    for (const close of open.splice(0)) await close()
  })

  async function start(
    options: Partial<EmbeddedOptions> = {},
  ): Promise<{cluster: EmbeddedCluster; kubectl: BoundKubectl}> {
    const cluster = await startEmbeddedCluster({nodes: 2, namespaces: [{name: NAMESPACE}], ...options})
    const kubectl = await bindKubectl(binary, cluster.kubeconfig)
    open.push(
      () => kubectl.remove(),
      () => cluster.stop(),
    )
    return {cluster, kubectl}
  }

  test('a user without a right is told so in reviews and by requests', async () => {
    const {kubectl} = await start({
      allowed: ({verb, resource}) => !(verb === 'patch' && resource === 'daemonsets'),
    })
    const list = {
      apiVersion: 'v1',
      kind: 'List',
      items: [review('get', 'pods'), review('patch', 'daemonsets')],
    }
    const {stdout} = await kubectl.run(CREATE, JSON.stringify(list))
    expect(stdout.match(/"allowed": \w+/g)).toEqual(['"allowed": true', '"allowed": false'])
    const {exitCode, stderr} = await kubectl.run(APPLY, FLOATERS)
    expect(exitCode).toBe(1)
    expect(stderr).toBe(
      'Error from server (Forbidden): daemonsets.apps "netdoctor-floater" is forbidden: User "embedded" cannot patch ' +
        `resource "daemonsets" in API group "apps" in the namespace "${NAMESPACE}"\n`,
    )
  })

  test('kubectl --as is another user', async () => {
    const {kubectl} = await start({allowed: ({user}) => user !== 'eve'})
    const {stderr} = await kubectl.run(['get', 'nodes', '--as', 'eve'])
    expect(stderr).toContain('User "eve" cannot list resource "nodes" in API group "" at the cluster scope')
  })

  test('a namespace that enforces restricted refuses pods in a dry run, and nothing is stored', async () => {
    const labels = {'pod-security.kubernetes.io/enforce': 'restricted'}
    const {cluster, kubectl} = await start({namespaces: [{name: NAMESPACE, labels}]})
    const before = cluster.objects()
    const dryRun = ['create', '--dry-run=server', '-f', '-', '-o', 'json']
    const refused = await kubectl.run(dryRun, pod({runAsNonRoot: true}))
    expect(refused.stderr).toMatch(
      /pods "preflight" is forbidden: violates PodSecurity "restricted:latest": allowPriv/,
    )
    expect((await kubectl.run(dryRun, pod(RESTRICTED))).exitCode).toBe(0)
    expect(cluster.objects()).toEqual(before)
  })

  test('a namespace that is being deleted takes nothing new', async () => {
    const {kubectl} = await start({namespaces: [{name: NAMESPACE, terminating: true}]})
    const {stderr} = await kubectl.run(APPLY, FLOATERS)
    expect(stderr).toContain(
      `unable to create new content in namespace ${NAMESPACE} because it is being terminated`,
    )
  })

  test('applying again changes nothing; a new template replaces the pods under the same identity', async () => {
    const {kubectl} = await start()
    const first = await deployFloaters(kubectl, 2)
    const same = await kubectl.json<KubeObject>(APPLY, FLOATERS)
    expect(await deployFloaters(kubectl, 2)).toEqual(first)
    const changed = await kubectl.json<KubeObject>(APPLY, JSON.stringify(floaterManifest('other/floater:v1')))
    expect(changed.metadata).toMatchObject({uid: same.metadata.uid, generation: 2})
    await expect
      .poll(() =>
        kubectl.run(['get', 'pods', '-n', NAMESPACE, '-o', 'jsonpath={.items[*].spec.containers[0].image}']),
      )
      .toMatchObject({stdout: 'other/floater:v1 other/floater:v1'})
  })

  test('a node that leaves takes its pod with it', async () => {
    const {cluster, kubectl} = await start()
    const pods = await deployFloaters(kubectl, 2)
    cluster.removeNode('n2')
    await expect
      .poll(() => kubectl.run(['get', 'pods', '-n', NAMESPACE, '-o', 'name']))
      .toMatchObject({stdout: `pod/${pods['n1'] ?? ''}\n`})
  })

  test.each([
    {code: 403, says: 'Forbidden'},
    {code: 404, says: 'NotFound'},
    {code: 409, says: 'Conflict'},
    {code: 429, says: 'TooManyRequests'},
    {code: 500, says: 'InternalError'},
    {code: 503, says: 'ServiceUnavailable'},
  ] as const)('a request can fail with $code', async ({code, says}) => {
    const {cluster, kubectl} = await start()
    cluster.setFault({on: 'api', method: 'GET', resource: 'nodes', does: {kind: 'status', code}})
    expect((await kubectl.run(['get', 'nodes', '-o', 'json'])).stderr).toContain(
      `Error from server (${says})`,
    )
    expect((await kubectl.run(['get', 'ns', '-o', 'json'])).exitCode).toBe(0)
  })

  test('a request can be slow, hang, or lose its connection', async () => {
    const {cluster, kubectl} = await start()
    const began = performance.now()
    cluster.setFault({on: 'api', resource: 'nodes', times: 1, does: {kind: 'delay', ms: 700}})
    expect((await kubectl.run(['get', 'nodes'])).exitCode).toBe(0)
    expect(performance.now() - began).toBeGreaterThan(700)
    cluster.setFault({on: 'api', resource: 'nodes', does: {kind: 'close'}})
    expect((await kubectl.run(['get', 'nodes'])).stderr).toMatch(/EOF|connection reset/)
    cluster.clearFaults()
    cluster.setFault({on: 'api', resource: 'nodes', times: 1, does: {kind: 'hang'}})
    expect((await kubectl.run(['get', 'nodes', '--request-timeout=1s'])).stderr).toMatch(
      /[Tt]imeout|deadline/,
    )
  })
})
