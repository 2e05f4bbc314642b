import type {KubeObject, Metadata} from './object.ts'

/** The parts of a pod template that something here reads. */
export interface PodTemplate {
  metadata?: Partial<Metadata>
  spec: PodSpec
}

export interface PodSpec {
  containers: Container[]
  initContainers?: Container[]
  nodeName?: string
  nodeSelector?: Record<string, string>
  tolerations?: Toleration[]
  affinity?: {
    nodeAffinity?: {requiredDuringSchedulingIgnoredDuringExecution?: {nodeSelectorTerms: NodeSelectorTerm[]}}
  }
  hostNetwork?: boolean
  securityContext?: SecurityContext
  [field: string]: unknown
}

export interface Container {
  name: string
  image: string
  command?: string[]
  args?: string[]
  env?: EnvVar[]
  ports?: {name?: string; containerPort: number; protocol?: string}[]
  securityContext?: SecurityContext
  [field: string]: unknown
}

export interface EnvVar {
  name: string
  value?: string
  valueFrom?: {fieldRef?: {fieldPath: string}}
}

export interface SecurityContext {
  allowPrivilegeEscalation?: boolean
  privileged?: boolean
  runAsNonRoot?: boolean
  runAsUser?: number
  capabilities?: {add?: string[]; drop?: string[]}
  seccompProfile?: {type: string}
}

export interface Toleration {
  key?: string
  operator?: string
  value?: string
  effect?: string
}

export interface Taint {
  key: string
  value?: string
  effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute'
}

export interface NodeSelectorTerm {
  matchExpressions?: {key: string; operator: string; values?: string[]}[]
  matchFields?: {key: string; operator: string; values?: string[]}[]
}

export interface DaemonSet extends KubeObject {
  spec: {selector: {matchLabels?: Record<string, string>}; template: PodTemplate}
}

export interface Pod extends KubeObject {
  spec: PodSpec
  status: PodStatus
}

export interface PodStatus {
  phase: string
  podIP?: string
  hostIP?: string
  conditions?: {
    type: string
    status: string
    reason?: string
    message?: string
    lastTransitionTime?: string
  }[]
  [field: string]: unknown
}
