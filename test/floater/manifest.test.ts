import {describe, expect, test} from 'vitest'
import {normalise} from '../../src/config/normalise.ts'
import {MANAGED_BY} from '../../src/floater/labels.ts'
import {floaterManifest, namespaceManifest, trialPod} from '../../src/floater/manifest.ts'

const config = normalise({namespace: 'netcheck', port: '9000'}, {home: '/', identity: {}})
const REGISTRY = 'ghcr.io/kosmos-io'
const IMAGE = `${REGISTRY}/clusterlink-floater:v0.2.0`
const ours = {[MANAGED_BY.key]: MANAGED_BY.value}

test('the DaemonSet has what the config says', () => {
  const {daemonSet} = floaterManifest('pod', REGISTRY, config)
  expect(daemonSet).toMatchObject({
    kind: 'DaemonSet',
    metadata: {
      name: 'netdoctor-floater',
      namespace: 'netcheck',
      labels: ours,
    },
    spec: {
      updateStrategy: {rollingUpdate: {maxUnavailable: '100%'}},
      template: {
        metadata: {labels: {...ours, 'sidecar.istio.io/inject': 'false'}},
        spec: {
          nodeSelector: {'kubernetes.io/os': 'linux'},
          tolerations: [{operator: 'Exists'}],
          terminationGracePeriodSeconds: 1,
          containers: [{image: IMAGE, env: [{name: 'PORT', value: '9000'}], ports: [{containerPort: 9000}]}],
        },
      },
    },
  })
})

test('it selects its own pods', () => {
  const {daemonSet} = floaterManifest('pod', REGISTRY, config)
  const {selector, template} = daemonSet.spec as unknown as {
    selector: {matchLabels: object}
    template: {metadata: {labels: object}}
  }
  expect(template.metadata.labels).toMatchObject(selector.matchLabels)
})

// https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
test('its pods pass the restricted profile, and need nothing from the API', () => {
  const {spec} = floaterManifest('pod', REGISTRY, config).daemonSet.spec.template as unknown as {
    spec: object
  }
  expect(spec).toMatchObject({
    automountServiceAccountToken: false,
    shareProcessNamespace: true,
    securityContext: {runAsNonRoot: true, seccompProfile: {type: 'RuntimeDefault'}},
    containers: [
      {
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: {drop: ['ALL']},
        },
      },
    ],
    volumes: [{emptyDir: {}}],
  })
  for (const key of ['hostNetwork', 'hostPID', 'hostIPC', 'serviceAccountName'])
    expect(spec).not.toHaveProperty(key)
  expect(JSON.stringify(spec)).not.toMatch(/hostPort|hostPath|privileged|"cpu":[^,}]*"limits"/)
})

test('its pods have a memory limit and no CPU limit', () => {
  const [container] = floaterManifest('pod', REGISTRY, config).daemonSet.spec.template.spec.containers
  const {limits} = (container as unknown as {resources: {limits: object}}).resources
  expect(Object.keys(limits)).toEqual(['memory'])
})

describe('the template’s label', () => {
  const templateOf = (registry: string, changes: Partial<typeof config>) =>
    floaterManifest('pod', registry, {...config, ...changes}).template

  test('is the same in every run of the same floater', () => {
    const {template, daemonSet} = floaterManifest('pod', REGISTRY, config)
    expect(templateOf(REGISTRY, {retries: 5, podWaitTime: 1})).toBe(template)
    expect(daemonSet.spec.template.metadata.labels['kubectl-netdoctor/template']).toBe(template)
    expect(template).toMatch(/^[0-9a-f]{1,63}$/)
  })

  test('is another one for another image or port', () => {
    const labels = [
      templateOf(REGISTRY, {}),
      templateOf(`${REGISTRY}-1`, {}),
      templateOf(REGISTRY, {port: 9001}),
    ]
    expect(new Set(labels).size).toBe(3)
  })
})

test.each([
  [80, [{name: 'net.ipv4.ip_unprivileged_port_start', value: '80'}]],
  [1023, [{name: 'net.ipv4.ip_unprivileged_port_start', value: '1023'}]],
  [1024, undefined],
  [8889, undefined],
])('a floater on port %i has the sysctls %j', (port, sysctls) => {
  const {daemonSet} = floaterManifest('pod', REGISTRY, {...config, port})
  expect(daemonSet.spec.template.spec.securityContext.sysctls).toEqual(sysctls)
})

test('a trial pod is what the DaemonSet would make', () => {
  const manifest = floaterManifest('pod', REGISTRY, config)
  expect(trialPod(manifest)).toMatchObject({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {namespace: 'netcheck', generateName: 'netdoctor-floater-', labels: ours},
    spec: manifest.daemonSet.spec.template.spec,
  })
})

test('the namespace is marked as ours', () => {
  expect(namespaceManifest(config, 'run-1')).toEqual({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {name: 'netcheck', labels: ours, annotations: {'kubectl-netdoctor/run-id': 'run-1'}},
  })
})
