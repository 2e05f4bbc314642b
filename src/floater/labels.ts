import {createHash} from 'node:crypto'
import type {FloaterKind} from '../model/cluster.ts'

/** The label that everything we create carries, and what selects the floaters' pods. */
export const MANAGED_BY = {key: 'app.kubernetes.io/managed-by', value: 'kubectl-netdoctor'} as const
export const MANAGED_BY_US = `${MANAGED_BY.key}=${MANAGED_BY.value}`
/** The DaemonSet of each kind of floater; on its pods, the label app.kubernetes.io/name. */
export const FLOATER_NAMES: Readonly<Record<FloaterKind, string>> = {
  pod: 'netdoctor-floater',
  host: 'netdoctor-floater-host',
  neighbour: 'netdoctor-floater-neighbour',
}
/** The service whose port is open on every node. */
export const NODE_PORT_NAME = 'netdoctor-nodeport'
/** What the names of the other services begin with. */
export const SERVICE_PREFIX = 'netdoctor-service-'
export const NAME_LABEL = 'app.kubernetes.io/name'
/** On an EndpointSlice, as Kubernetes has it: the service that it is behind. */
export const SERVICE_NAME_LABEL = 'kubernetes.io/service-name'
/** Name of the floater's container. */
export const CONTAINER = 'floater'

/**
 * The service that leads to the floater of a node. It keeps its name from run to run, so that a proxy that has not heard
 * of the last change still leads there.
 */
export function serviceName(node: string): string {
  return `${SERVICE_PREFIX}${createHash('sha256').update(node).digest('hex').slice(0, 10)}`
}

/** Selects the floaters of a kind. */
export function floaterPods(kind: FloaterKind): string {
  return `${NAME_LABEL}=${FLOATER_NAMES[kind]},${MANAGED_BY_US}`
}

/** On a node: the label that takes it out, as the seed's tool has it. */
export const EXCLUDE_LABEL = 'kosmos.io/exclude'

/** On a pod: which version of the template it was made from. */
export const TEMPLATE_LABEL = 'kubectl-netdoctor/template'
/** On objects, never in a pod template: the run that made or last used them. */
export const RUN_ANNOTATION = 'kubectl-netdoctor/run-id'
