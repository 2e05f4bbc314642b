import {createHash} from 'node:crypto'
import type {FloaterKind} from '../model/cluster.ts'
import type {Config} from '../model/config.ts'
import bundledFloater from '../../manifests/floater.yaml?parsed'
import bundledNamespace from '../../manifests/namespace.yaml?parsed'
import {flavourOf} from './flavour.ts'
import {FLOATER_NAMES, NAME_LABEL, RUN_ANNOTATION, TEMPLATE_LABEL} from './labels.ts'

/** The parts of the bundled manifests that are filled in. */
interface ObjectMeta {
  name: string
  namespace?: string
  labels: Record<string, string>
  annotations?: Record<string, string>
}
type EnvironmentVariable =
  {name: string; value: string} | {name: string; valueFrom: {fieldRef: {fieldPath: string}}}
interface Container {
  name: string
  image: string
  command?: string[]
  env: EnvironmentVariable[]
  ports: {name: string; containerPort: number; hostPort?: number; protocol?: string}[]
  securityContext: {capabilities: {drop: string[]; add?: string[]}; runAsNonRoot?: boolean}
}
interface PodSpec {
  containers: [Container]
  securityContext: {sysctls?: {name: string; value: string}[]; runAsNonRoot?: boolean; runAsUser?: number}
  hostNetwork?: boolean
  dnsPolicy?: string
  nodeSelector: Record<string, string>
  tolerations: object[]
  imagePullSecrets?: {name: string}[]
  priorityClassName?: string
}
interface PodTemplate {
  metadata: {labels: Record<string, string>; annotations: Record<string, string>}
  spec: PodSpec
}
export interface DaemonSet {
  kind: 'DaemonSet'
  metadata: ObjectMeta
  spec: {selector: {matchLabels: Record<string, string>}; template: PodTemplate}
}

/** The floaters of one kind in one cluster as an object, and the value of the label that its current pods carry. */
export interface FloaterManifest {
  readonly kind: FloaterKind
  readonly daemonSet: DaemonSet
  readonly template: string
}

export function floaterManifest(kind: FloaterKind, imageRepository: string, config: Config): FloaterManifest {
  const daemonSet = structuredClone(bundledFloater) as DaemonSet
  const name = FLOATER_NAMES[kind]
  daemonSet.metadata.name = name
  daemonSet.metadata.namespace = config.namespace
  const {metadata, spec} = daemonSet.spec.template
  for (const labels of [daemonSet.metadata.labels, daemonSet.spec.selector.matchLabels, metadata.labels]) {
    labels[NAME_LABEL] = name
  }
  fillContainer(spec, imageRepository, config)
  fillSysctls(spec, kind, config)
  fillScheduling(spec, config)
  if (kind === 'host') useHostNetwork(spec, config)
  const template = createHash('sha256')
    .update(JSON.stringify(daemonSet.spec.template))
    .digest('hex')
    .slice(0, 16)
  metadata.labels[TEMPLATE_LABEL] = template
  return {kind, daemonSet, template}
}

function fillContainer({containers: [container]}: PodSpec, imageRepository: string, config: Config): void {
  const flavour = flavourOf(config)
  const field = (name: string, fieldPath: string) => ({name, valueFrom: {fieldRef: {fieldPath}}})
  container.image = flavour.image(imageRepository, config)
  delete container.command
  if (flavour.command.length > 0) container.command = [...flavour.command]
  // Only what the command speaks of: a variable more would roll floaters for nothing.
  const fields = [
    field('NODE_NAME', 'spec.nodeName'),
    field('POD_UID', 'metadata.uid'),
    field('POD_IPS', 'status.podIPs'),
  ].filter(({name}) => flavour.command.some((word) => word.includes(`$(${name})`)))
  container.env = [{name: 'PORT', value: String(config.port)}, ...fields]
  container.ports = [
    {name: 'floater', containerPort: config.port},
    ...(flavour.udp ? [{name: 'floater-udp', containerPort: config.port, protocol: 'UDP'}] : []),
  ]
}

/* Safe sysctls, allowed by the restricted profile. A pod in the node's network has the node's own settings. */
function fillSysctls(spec: PodSpec, kind: FloaterKind, {port, protocols}: Config): void {
  if (kind === 'host') return
  const sysctls = [
    ...(port < 1024 ? [{name: 'net.ipv4.ip_unprivileged_port_start', value: String(port)}] : []),
    // Lets ping open a ping socket, which needs no capability.
    ...(protocols.includes('icmp') ? [{name: 'net.ipv4.ping_group_range', value: '0 2147483647'}] : []),
  ]
  if (sysctls.length > 0) spec.securityContext.sysctls = sysctls
}

function fillScheduling(spec: PodSpec, {floater}: Config): void {
  spec.nodeSelector = {...spec.nodeSelector, ...floater.nodeSelector}
  if (floater.tolerations !== undefined) spec.tolerations = [...floater.tolerations]
  if (floater.imagePullSecrets.length > 0) {
    spec.imagePullSecrets = floater.imagePullSecrets.map((name) => ({name}))
  }
  if (floater.priorityClassName !== undefined) spec.priorityClassName = floater.priorityClassName
}

/** ClusterFirstWithHostNet: without it, such a pod asks the node's name servers. Never privileged, never hostPID. */
function useHostNetwork(spec: PodSpec, {port, protocols}: Config): void {
  spec.hostNetwork = true
  spec.dnsPolicy = 'ClusterFirstWithHostNet'
  const [container] = spec.containers
  // The scheduler keeps two pods with one host port apart, and says so.
  container.ports = container.ports.map((one) => ({...one, hostPort: port}))
  const add = [
    ...(port < 1024 ? ['NET_BIND_SERVICE'] : []),
    ...(protocols.includes('icmp') ? ['NET_RAW'] : []),
  ]
  if (add.length === 0) return
  // Capabilities that are added reach only root's processes.
  container.securityContext.capabilities.add = add
  spec.securityContext.runAsNonRoot = false
  spec.securityContext.runAsUser = 0
}

export function namespaceManifest(config: Config, runId: string): {kind: 'Namespace'; metadata: ObjectMeta} {
  const namespace = structuredClone(bundledNamespace) as {kind: 'Namespace'; metadata: ObjectMeta}
  namespace.metadata.name = config.namespace
  namespace.metadata.annotations = {[RUN_ANNOTATION]: runId}
  return namespace
}

/** A pod as the DaemonSet would make it, to ask the server whether it would be admitted. */
export function trialPod({daemonSet}: FloaterManifest): unknown {
  const {metadata, spec} = daemonSet.spec.template
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...metadata,
      namespace: daemonSet.metadata.namespace,
      generateName: `${daemonSet.metadata.name}-`,
    },
    spec,
  }
}
