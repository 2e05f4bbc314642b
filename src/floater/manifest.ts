import {createHash} from 'node:crypto'
import {parse} from 'yaml'
import type {Config} from '../model/config.ts'
import floaterYaml from '../../manifests/floater.yaml?raw'
import namespaceYaml from '../../manifests/namespace.yaml?raw'
import {RUN_ANNOTATION, TEMPLATE_LABEL} from './labels.ts'

/** The parts of the bundled manifests that are filled in. */
interface ObjectMeta {
  name: string
  namespace?: string
  labels: Record<string, string>
  annotations?: Record<string, string>
}
interface Container {
  name: string
  image: string
  env: {name: string; value: string}[]
  ports: {containerPort: number}[]
}
interface PodTemplate {
  metadata: {labels: Record<string, string>; annotations: Record<string, string>}
  spec: {containers: [Container]; securityContext: {sysctls?: {name: string; value: string}[]}}
}
export interface DaemonSet {
  kind: 'DaemonSet'
  metadata: ObjectMeta
  spec: {template: PodTemplate}
}

/** The floaters of one cluster as an object, and the value of the label that its current pods carry. */
export interface FloaterManifest {
  readonly daemonSet: DaemonSet
  readonly template: string
}

export function floaterImage(imageRepository: string, config: Config): string {
  return `${imageRepository}/clusterlink-floater:${config.version}`
}

/** What a clusterlink-floater answers to any request. */
export const FLOATER_ANSWER = 'OK'

export function floaterManifest(image: string, config: Config, runId: string): FloaterManifest {
  const daemonSet = parse(floaterYaml) as DaemonSet
  daemonSet.metadata.namespace = config.namespace
  daemonSet.metadata.annotations = {[RUN_ANNOTATION]: runId}
  const {metadata, spec} = daemonSet.spec.template
  const [container] = spec.containers
  container.image = image
  container.env = [{name: 'PORT', value: String(config.port)}]
  container.ports = container.ports.map((port) => ({...port, containerPort: config.port}))
  // A safe sysctl, allowed by the restricted profile: lets a floater that is not root listen there.
  if (config.port < 1024) {
    spec.securityContext.sysctls = [{name: 'net.ipv4.ip_unprivileged_port_start', value: String(config.port)}]
  }
  const template = createHash('sha256')
    .update(JSON.stringify(daemonSet.spec.template))
    .digest('hex')
    .slice(0, 16)
  metadata.labels[TEMPLATE_LABEL] = template
  return {daemonSet, template}
}

export function namespaceManifest(config: Config, runId: string): {kind: 'Namespace'; metadata: ObjectMeta} {
  const namespace = parse(namespaceYaml) as {kind: 'Namespace'; metadata: ObjectMeta}
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
