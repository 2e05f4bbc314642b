import type {KubeObject} from './objects/object.ts'
import type {Taint} from './objects/workload.ts'
import type {ExecFault} from './faults.ts'

/** How a node's floater behaves as a destination. */
export type Listens =
  | 'answers'
  | 'refuses'
  /** Connects get no answer at all and time out. */
  | 'black-hole'
  /** Another server: 200 with another body. */
  | 'impostor'
  /** Takes the connection, then resets it. */
  | 'resets'
  | 'http-500'
  /** Answers after `delays.slowMs`. */
  | 'slow'

/** What becomes of a node's floater pod. */
export type PodFate =
  | 'ready'
  | 'image-pull-error'
  | 'pending-unschedulable'
  | 'crash-loop'
  /** The controller may not create it: a FailedCreate event on the DaemonSet. */
  | 'never-created'
  /** Stays Pending without a container status, as on a node whose kubelet is down. */
  | 'pending'

export interface EmbeddedNode {
  name: string
  labels?: Record<string, string>
  taints?: Taint[]
  ready?: boolean
  os?: 'linux' | 'windows'
  unschedulable?: boolean
  listens?: Listens
  pod?: PodFate
  /** What exec into this node's pods does. */
  exec?: ExecFault
}

export interface EmbeddedNamespace {
  name: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
  /** Terminating for ever, as one with a finalizer that nobody serves. */
  terminating?: boolean
}

/** One access review, or one request that is checked: who wants to do what. */
export interface AccessReview {
  user: string
  groups: string[]
  verb: string
  group: string
  resource: string
  subresource: string
  namespace: string
  name: string
}

export interface Delays {
  /** From a pod's creation to Running. */
  podStartMs: number
  /** Spread over which the pods of a DaemonSet get ready, one after the other. */
  podStartSpreadMs: number
  /** How long a deleted pod stays Terminating. */
  podDeleteMs: number
  namespaceDeleteMs: number
  /** Added to every API request. */
  apiMs: number
  /** How long a floater that `listens: 'slow'` takes to answer. */
  slowMs: number
  /** How long what an exec left behind may go on after its client is gone. */
  orphanMs: number
}

export interface PodRef {
  namespace: string
  name: string
  node: string
  ip: string
}

/** Options that can be sent to another process as JSON. */
export interface SerialisableOptions {
  nodes: EmbeddedNode[] | number
  /** gitVersion that /version reports. */
  version?: string
  /** `restricted`: every namespace enforces it, whatever its labels say. */
  podSecurity?: 'restricted'
  namespaces?: EmbeddedNamespace[]
  /** A container that an admission webhook puts beside the others of every pod, or of the pods of these nodes. */
  injects?: {container: string; nodes?: string[]}
  /** Objects that are there from the start, as `kubectl get -o json` prints them. */
  objects?: KubeObject[]
  delays?: Partial<Delays>
  /** Added to the environment of what exec runs, e.g. http_proxy or another PATH. */
  execEnv?: Record<string, string>
  /** How many requests the log keeps (10,000 unless told). */
  requestLogLimit?: number
  /** `ports`: all floaters share 127.0.0.1, one port each; that is also the fallback where 127.0.0.0/8 is not free. */
  addresses?: 'own' | 'ports' | 'same'
}

export interface EmbeddedOptions extends SerialisableOptions {
  /** Answers access reviews, and decides which requests get a 403. Everything is allowed unless told. */
  allowed?: (review: AccessReview) => boolean
  /**
   * Made-up answers for benches: called with what has arrived on stdin so far each time more arrives, until it
   * returns the output. No shell is run.
   */
  execAnswer?: (stdin: string, pod: PodRef) => string | undefined
}

export const DEFAULT_DELAYS: Delays = {
  podStartMs: 50,
  podStartSpreadMs: 0,
  podDeleteMs: 50,
  namespaceDeleteMs: 50,
  apiMs: 0,
  slowMs: 1000,
  orphanMs: 5000,
}
