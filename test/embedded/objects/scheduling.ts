import type {EmbeddedNode} from '../options.ts'
import type {NodeSelectorTerm, PodSpec, Taint, Toleration} from './workload.ts'

/** What the DaemonSet controller adds to every pod, so that daemons run on nodes that are unwell. */
const DAEMON_TOLERATIONS: Toleration[] = [
  {key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute'},
  {key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute'},
  {key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule'},
  {key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule'},
  {key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule'},
  {key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule'},
]

export function daemonTolerations({tolerations = []}: PodSpec): Toleration[] {
  return [...tolerations, ...DAEMON_TOLERATIONS]
}

export function nodeLabels(node: EmbeddedNode): Record<string, string> {
  const os = node.os ?? 'linux'
  return {
    'beta.kubernetes.io/os': os,
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/hostname': node.name,
    'kubernetes.io/os': os,
    ...node.labels,
  }
}

export function nodeTaints(node: EmbeddedNode): Taint[] {
  const taints = [...(node.taints ?? [])]
  if (node.unschedulable === true)
    taints.push({key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule'})
  if (node.ready === false) {
    taints.push({key: 'node.kubernetes.io/unreachable', effect: 'NoSchedule'})
    taints.push({key: 'node.kubernetes.io/unreachable', effect: 'NoExecute'})
  }
  return taints
}

/** Whether a DaemonSet with this pod spec wants a pod on the node. */
export function belongsOn(node: EmbeddedNode, spec: PodSpec): boolean {
  const labels = nodeLabels(node)
  const tolerations = daemonTolerations(spec)
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
  return (
    Object.entries(spec.nodeSelector ?? {}).every(([key, value]) => labels[key] === value) &&
    (terms === undefined || terms.some((term) => termMatches(term, labels, node.name))) &&
    nodeTaints(node).every((taint) => taint.effect === 'PreferNoSchedule' || tolerated(taint, tolerations))
  )
}

function tolerated(taint: Taint, tolerations: Toleration[]): boolean {
  return tolerations.some(
    ({key, operator = 'Equal', value = '', effect}) =>
      (effect === undefined || effect === '' || effect === taint.effect) &&
      (operator === 'Exists'
        ? key === undefined || key === '' || key === taint.key
        : key === taint.key && value === (taint.value ?? '')),
  )
}

function termMatches(term: NodeSelectorTerm, labels: Record<string, string>, name: string): boolean {
  const holds = (operator: string, found: string | undefined, values: string[] = []) => {
    switch (operator) {
      case 'In':
        return found !== undefined && values.includes(found)
      case 'NotIn':
        return found === undefined || !values.includes(found)
      case 'Exists':
        return found !== undefined
      case 'DoesNotExist':
        return found === undefined
      default:
        return false
    }
  }
  return (
    (term.matchExpressions ?? []).every(({key, operator, values}) => holds(operator, labels[key], values)) &&
    (term.matchFields ?? []).every(({key, operator, values}) =>
      holds(operator, key === 'metadata.name' ? name : undefined, values),
    )
  )
}
