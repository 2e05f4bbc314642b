import {EXCLUDE_LABEL} from '../floater/labels.ts'
import type {NodeFacts, Taint} from '../model/cluster.ts'
import type {FloaterConfig, Toleration} from '../model/config.ts'

/** Why no floater can run on a node. */
export interface Unsuitable {
  readonly cause: string
  /** The user left it out, by a label or the config. */
  readonly leftOut: boolean
}

/** Undefined for a node that gets a floater. The DaemonSet's scheduling rules say the same. */
export function unsuitability(node: NodeFacts, config: FloaterConfig): Unsuitable | undefined {
  const {labels, os} = node
  if (os !== 'linux') return {cause: `floaters run on Linux, and this node runs ${os}`, leftOut: false}
  if (labels['type'] === 'virtual-kubelet') {
    return {cause: 'it is a virtual kubelet, which has no pod network', leftOut: false}
  }
  if (EXCLUDE_LABEL in labels) return {cause: `it has the label ${EXCLUDE_LABEL}`, leftOut: true}
  for (const [key, value] of Object.entries(config.nodeSelector)) {
    if (labels[key] === value) continue
    return {cause: `nodeSelector asks for ${key}=${value}`, leftOut: true}
  }
  const {tolerations} = config
  if (tolerations === undefined) return undefined
  const taint = node.taints.find(
    ({effect, ...rest}) =>
      effect !== 'PreferNoSchedule' &&
      !AUTOMATIC.includes(rest.key) &&
      !tolerations.some((one) => tolerates(one, {effect, ...rest})),
  )
  if (taint === undefined) return undefined
  return {cause: `tolerations do not cover its taint ${taint.key}:${taint.effect}`, leftOut: true}
}

/* Tolerated by every DaemonSet. Kubernetes: pkg/controller/daemon/util/daemonset_util.go. */
const AUTOMATIC = [
  'not-ready',
  'unreachable',
  'disk-pressure',
  'memory-pressure',
  'pid-pressure',
  'unschedulable',
  'network-unavailable',
].map((name) => `node.kubernetes.io/${name}`)

/** Kubernetes: Toleration.ToleratesTaint. */
function tolerates({key = '', operator = 'Equal', value = '', effect}: Toleration, taint: Taint): boolean {
  if (effect !== undefined && effect !== taint.effect) return false
  if (key === '') return operator === 'Exists'
  return key === taint.key && (operator === 'Exists' || value === taint.value)
}
