import {describe, expect, test} from 'vitest'
import type {ConfigFields} from '../../src/config/fields.ts'
import {normalise} from '../../src/config/normalise.ts'
import {MANAGED_BY} from '../../src/floater/labels.ts'
import {floaterManifest} from '../../src/floater/manifest.ts'
import type {FloaterKind} from '../../src/model/cluster.ts'

const config = normalise({namespace: 'netcheck'}, {home: '/', identity: {}})
const REGISTRY = 'ghcr.io/kosmos-io'
const ours = {[MANAGED_BY.key]: MANAGED_BY.value}

describe('of each kind', () => {
  const KINDS = ['pod', 'host', 'neighbour'] as const
  type Spec = Record<string, unknown> & {containers: Record<string, unknown>[]}
  const configOf = (fields: ConfigFields) => normalise(fields, {home: '/', identity: {}})
  const specOf = (kind: FloaterKind, fields: ConfigFields = {}) =>
    floaterManifest(kind, REGISTRY, configOf(fields)).daemonSet.spec.template.spec as unknown as Spec

  test.each([
    ['pod', 'netdoctor-floater'],
    ['host', 'netdoctor-floater-host'],
    ['neighbour', 'netdoctor-floater-neighbour'],
  ] as const)('%s, the DaemonSet has its own name, and selects only its own pods', (kind, name) => {
    const {daemonSet} = floaterManifest(kind, REGISTRY, config)
    const label = {'app.kubernetes.io/name': name, ...ours}
    expect(daemonSet.metadata).toMatchObject({name, namespace: 'netcheck', labels: label})
    expect(daemonSet.spec.selector.matchLabels).toEqual(label)
    expect(daemonSet.spec.template.metadata.labels).toMatchObject(label)
  })

  test('they never share a template', () => {
    const templates = KINDS.map((kind) => floaterManifest(kind, REGISTRY, config).template)
    expect(new Set(templates).size).toBe(3)
  })

  test.each<[FloaterKind, ConfigFields, object | undefined, string[] | undefined]>([
    ['pod', {}, undefined, undefined],
    ['pod', {protocol: 'icmp'}, [{name: 'net.ipv4.ping_group_range', value: '0 2147483647'}], undefined],
    [
      'neighbour',
      {protocol: 'icmp'},
      [{name: 'net.ipv4.ping_group_range', value: '0 2147483647'}],
      undefined,
    ],
    ['pod', {port: 80}, [{name: 'net.ipv4.ip_unprivileged_port_start', value: '80'}], undefined],
    // A pod in the node's network may set no sysctl of it.
    ['host', {}, undefined, undefined],
    ['host', {protocol: ['tcp', 'icmp']}, undefined, ['NET_RAW']],
    ['host', {port: 80}, undefined, ['NET_BIND_SERVICE']],
    ['host', {port: 80, protocol: 'icmp'}, undefined, ['NET_BIND_SERVICE', 'NET_RAW']],
  ])('%s with %j has the sysctls %j and the capabilities %j', (kind, fields, sysctls, add) => {
    const spec = specOf(kind, fields)
    expect((spec['securityContext'] as {sysctls?: object}).sysctls).toEqual(sysctls)
    expect(spec.containers[0]?.['securityContext']).toMatchObject({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: add === undefined ? {drop: ['ALL']} : {drop: ['ALL'], add},
    })
    // A capability reaches nobody but root, and nobody is root without need.
    expect(spec['securityContext']).toMatchObject(
      add === undefined ? {runAsNonRoot: true, runAsUser: 65_534} : {runAsNonRoot: false, runAsUser: 0},
    )
  })

  test('host, they are in the node’s network and ask the cluster’s name server, and nothing else of the node', () => {
    for (const fields of [{}, {protocol: ['icmp'], port: 80}] as ConfigFields[]) {
      const spec = specOf('host', fields)
      expect(spec).toMatchObject({
        hostNetwork: true,
        dnsPolicy: 'ClusterFirstWithHostNet',
        automountServiceAccountToken: false,
        shareProcessNamespace: true,
      })
      for (const key of ['hostPID', 'hostIPC', 'serviceAccountName']) expect(spec).not.toHaveProperty(key)
      expect(JSON.stringify(spec)).not.toMatch(/privileged|hostPath|SYS_ADMIN|NET_ADMIN/)
    }
    const port = (fields: ConfigFields) => specOf('host', fields).containers[0]?.['ports']
    expect(port({port: 9000})).toEqual([{name: 'floater', containerPort: 9000, hostPort: 9000}])
  })

  test('in the pod network they pass the restricted profile, whatever is asked of them', () => {
    const fields: ConfigFields = {
      protocol: ['tcp', 'udp', 'icmp', 'dns'],
      port: 80,
      floater: 'agnhost',
      mtu: true,
    }
    for (const kind of ['pod', 'neighbour'] as const) {
      const spec = specOf(kind, fields)
      expect(restrictions(spec)).toEqual([])
      for (const key of ['hostNetwork', 'dnsPolicy']) expect(spec).not.toHaveProperty(key)
    }
    // The test's own reading of the profile can fail.
    expect(restrictions(specOf('host', fields))).not.toEqual([])
  })

  test.each(KINDS)('%s, they go where the config says', (kind) => {
    const tolerations = [{key: 'gpu', operator: 'Exists' as const}]
    const spec = specOf(kind, {
      tolerations,
      nodeSelector: {zone: 'a'},
      imagePullSecrets: ['one', 'two'],
      priorityClassName: 'high',
    })
    expect(spec).toMatchObject({
      tolerations,
      nodeSelector: {'kubernetes.io/os': 'linux', zone: 'a'},
      imagePullSecrets: [{name: 'one'}, {name: 'two'}],
      priorityClassName: 'high',
    })
    const terms = spec['affinity'] as {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: object}}
    expect(terms.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution).toEqual({
      nodeSelectorTerms: [
        {
          matchExpressions: [
            {key: 'kosmos.io/exclude', operator: 'DoesNotExist'},
            {key: 'type', operator: 'NotIn', values: ['virtual-kubelet']},
          ],
        },
      ],
    })
  })

  test.each(KINDS)(
    '%s, where the config says nothing they go everywhere, and bring nothing along',
    (kind) => {
      const spec = specOf(kind)
      expect(spec).toMatchObject({
        tolerations: [{operator: 'Exists'}],
        nodeSelector: {'kubernetes.io/os': 'linux'},
      })
      for (const key of ['imagePullSecrets', 'priorityClassName']) expect(spec).not.toHaveProperty(key)
    },
  )

  test('an empty list of tolerations tolerates nothing', () => {
    expect(specOf('pod', {tolerations: []})['tolerations']).toEqual([])
  })
})

describe('the container of a flavour', () => {
  const containerOf = (fields: ConfigFields) =>
    floaterManifest('pod', REGISTRY, normalise(fields, {home: '/', identity: {}})).daemonSet.spec.template
      .spec.containers[0]
  const field = (name: string, fieldPath: string) => ({name, valueFrom: {fieldRef: {fieldPath}}})

  test('knows who and where it is, where its command asks for it, and no more', () => {
    expect(containerOf({floater: 'agnhost'}).env).toEqual([
      {name: 'PORT', value: '8889'},
      field('NODE_NAME', 'spec.nodeName'),
      field('POD_UID', 'metadata.uid'),
      field('POD_IPS', 'status.podIPs'),
    ])
    expect(containerOf({}).env).toEqual([{name: 'PORT', value: '8889'}])
    const custom = {floater: 'custom', image: 'a', answer: 'b', command: ['/web', '$(NODE_NAME)']} as const
    expect(containerOf({...custom, command: [...custom.command]}).env).toEqual([
      {name: 'PORT', value: '8889'},
      field('NODE_NAME', 'spec.nodeName'),
    ])
  })

  test('listens on UDP where it replies, and is started by its image where no command is set', () => {
    expect(containerOf({floater: 'agnhost'}).ports.map(({protocol = 'TCP'}) => protocol)).toEqual([
      'TCP',
      'UDP',
    ])
    expect(containerOf({}).ports).toHaveLength(1)
    expect(containerOf({floater: 'custom', image: 'a', answer: 'b'})).not.toHaveProperty('command')
    expect(containerOf({}).command).toEqual(['clusterlink-floater'])
  })
})

describe('the template’s label, for any change of the config,', () => {
  const templateOf = (changes: ConfigFields, kind: FloaterKind = 'pod') =>
    floaterManifest(kind, REGISTRY, normalise(changes, {home: '/', identity: {}})).template

  test.each<ConfigFields>([
    {namespace: 'other'},
    {retries: 3, parallel: 5, cmdTimeout: 3, maxNum: 9, podWaitTime: 60},
    {mode: ['pod', 'node', 'service']},
    {protocol: ['tcp', 'dns']},
    {from: 'a', sample: 3, intra: true, mtu: true, sameNode: true, autoClean: true},
    {customizedTargetIPList: ['a'], customizedTargetPortList: [80]},
  ])('stays with %j: nothing is rolled for it', (changes) => {
    for (const kind of ['pod', 'host', 'neighbour'] as const)
      expect(templateOf(changes, kind)).toBe(templateOf({}, kind))
  })

  test.each<ConfigFields>([
    {port: 9000},
    {version: 'v9'},
    {image: 'a'},
    {floater: 'agnhost'},
    {protocol: 'icmp'},
    {tolerations: []},
    {nodeSelector: {a: 'b'}},
    {imagePullSecrets: ['a']},
    {priorityClassName: 'a'},
  ])('changes with %j: the pods are others', (changes) => {
    expect(templateOf(changes)).not.toBe(templateOf({}))
  })
})

// https://kubernetes.io/docs/concepts/security/pod-security-standards/, baseline and restricted, as far as pods of ours
// could break them.
function restrictions(spec: Record<string, unknown>): string[] {
  type Context = Record<string, unknown> & {
    capabilities?: {drop?: string[]; add?: string[]}
    sysctls?: {name: string}[]
    seccompProfile?: {type: string}
  }
  const pod = spec['securityContext'] as Context
  const containers = spec['containers'] as {securityContext: Context; ports: {hostPort?: number}[]}[]
  const volumes = spec['volumes'] as object[]
  const SAFE = ['net.ipv4.ip_unprivileged_port_start', 'net.ipv4.ping_group_range']
  return [
    ...['hostNetwork', 'hostPID', 'hostIPC'].filter((key) => spec[key] === true),
    ...(pod.sysctls ?? []).map(({name}) => name).filter((name) => !SAFE.includes(name)),
    ...(pod['runAsNonRoot'] === true ? [] : ['runAsNonRoot']),
    ...(pod['runAsUser'] === 0 ? ['runAsUser'] : []),
    ...(pod.seccompProfile?.type === 'RuntimeDefault' ? [] : ['seccompProfile']),
    ...volumes.flatMap((volume) => Object.keys(volume)).filter((key) => !['name', 'emptyDir'].includes(key)),
    ...containers.flatMap(({securityContext, ports}) => [
      ...(securityContext['privileged'] === true ? ['privileged'] : []),
      ...(securityContext['allowPrivilegeEscalation'] === false ? [] : ['allowPrivilegeEscalation']),
      ...(securityContext.capabilities?.drop?.includes('ALL') === true ? [] : ['capabilities.drop']),
      ...(securityContext.capabilities?.add ?? []).filter((name) => name !== 'NET_BIND_SERVICE'),
      ...ports.flatMap(({hostPort}) => (hostPort === undefined ? [] : [`hostPort ${hostPort}`])),
    ]),
  ]
}
