import {describe, expect, test} from 'vitest'
import {atDesk, type EmbeddedDesk} from './check-desk.ts'
import type {EmbeddedNode} from './cluster.ts'
import {NAMESPACE} from './floater-manifest.ts'
import {npmKubectlRunsHere} from './kubectl.ts'

const REFUSING: EmbeddedNode[] = ['n1', 'n2', 'n3'].map((name) => ({name, listens: 'refuses'}))
const ANSWERING: EmbeddedNode[] = REFUSING.map(({name}) => ({name}))
const BRIEF = ['--retries', '0', '--same-node']
const FORMS = ['wide', 'json', 'junit', 'html', 'markdown', 'table'] as const

const policy = (spec: object) => ({
  ...{apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy'},
  metadata: {name: 'deny-all', namespace: NAMESPACE},
  spec,
})
const DENY = policy({podSelector: {}, policyTypes: ['Ingress']})
const OTHERS = policy({podSelector: {matchLabels: {app: 'web'}}, policyTypes: ['Ingress']})

/** A check, and what the saved run says between the floaters. */
async function checked(desk: EmbeddedDesk) {
  const ran = await desk.check(...BRIEF)
  const saved = (await desk.report()) as unknown as {
    clusters: readonly {policies?: unknown; mesh?: unknown}[]
    nodes: readonly {floaters: {pod: {floater: {sidecars?: string[]}}}}[]
  }
  const [cluster] = saved.clusters
  return {...ran, cluster, sidecars: saved.nodes.map(({floaters}) => floaters.pod.floater.sidecars)}
}

describe.skipIf(!npmKubectlRunsHere()).concurrent('between the floaters', () => {
  test('a NetworkPolicy that forbids what fails is the finding, in every form', async () => {
    const namespaces = [{name: NAMESPACE}]
    await atDesk({nodes: REFUSING, namespaces, objects: [DENY]}, async (desk) => {
      const {stdout, stderr, cluster, exitCode} = await checked(desk)
      const sentence = `nothing gets through between floaters in the pod network (overlay): NetworkPolicy ${NAMESPACE}/deny-all forbids it (ingress)`
      expect(stderr).toContain('may apply to the floaters and block probes: deny-all.')
      expect(stdout).toContain(sentence)
      expect(stdout).toContain('kubectl netdoctor explain network-policy')
      expect(cluster?.policies).toEqual([{name: 'deny-all', floaters: ['pod', 'neighbour'], ingress: []}])
      expect(exitCode).toBe(1)
      for (const form of FORMS)
        expect((await desk.run('report', '-o', form)).stdout, form).toContain(sentence)
    })
  })

  test('a policy of other pods, or one that nobody heeds, is none', async () => {
    const namespaces = [{name: NAMESPACE}]
    await atDesk({nodes: REFUSING, namespaces, objects: [OTHERS]}, async (desk) => {
      const {stdout, stderr, cluster} = await checked(desk)
      expect(stdout + stderr).not.toContain('NetworkPolic')
      expect(cluster?.policies).toEqual([])
    })
    await atDesk({nodes: ANSWERING, namespaces, objects: [DENY]}, async (desk) => {
      const {stdout, exitCode} = await checked(desk)
      expect(stdout).not.toContain('NetworkPolic')
      expect(exitCode).toBe(0)
    })
  })

  test('a sidecar that a webhook put beside some floaters, to which nothing gets through', async () => {
    const meshed = ['n3', 'n4']
    const nodes = [
      ...ANSWERING.slice(0, 2),
      ...meshed.map((name): EmbeddedNode => ({name, listens: 'refuses'})),
    ]
    const injects = {container: 'istio-proxy', nodes: meshed}
    const namespaces = [{name: NAMESPACE, labels: {'istio-injection': 'enabled'}}]
    await atDesk({nodes, namespaces, injects}, async (desk) => {
      const {stdout, stderr, cluster, sidecars} = await checked(desk)
      expect(stderr).toContain(`into the floaters' pods in namespace ${NAMESPACE}: istio-proxy.`)
      const sentence =
        'TCP to the floaters of n3 and n4 fails in the pod network (overlay), the rest arrives: a sidecar stands there, istio-proxy (Istio)'
      expect(stdout).toContain(sentence)
      expect(stdout).toContain('the namespace asks for Istio: istio-injection=enabled')
      expect([cluster?.mesh, sidecars]).toEqual([
        {mesh: 'Istio', mark: 'istio-injection=enabled'},
        [undefined, undefined, ['istio-proxy'], ['istio-proxy']],
      ])
      for (const form of FORMS)
        expect((await desk.run('report', '-o', form)).stdout, form).toContain(sentence)
    })
  })

  test('where all is well, a sidecar is no finding: what it carried is not verified', async () => {
    const namespaces = [{name: NAMESPACE, annotations: {'linkerd.io/inject': 'enabled'}}]
    await atDesk({nodes: ANSWERING, namespaces, injects: {container: 'linkerd-proxy'}}, async (desk) => {
      const {stdout, exitCode, cluster} = await checked(desk)
      expect(stdout).toContain(
        'Not verified: TCP as the network itself carries it. Containers that are not ours stand beside the floaters: linkerd-proxy.',
      )
      expect(stdout).not.toContain('explain')
      expect([exitCode, cluster?.mesh]).toEqual([0, {mesh: 'Linkerd', mark: 'linkerd.io/inject=enabled'}])
    })
  })
})
