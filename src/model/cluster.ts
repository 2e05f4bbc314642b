/** What is known of a node before anything is probed. */
export interface NodeFacts {
  readonly name: string
  /** Tells whether two kubeconfigs lead to the same cluster. */
  readonly uid: string
  /** The node's Ready condition. */
  readonly ready: boolean
  /** The label kubernetes.io/os; `linux` where it is missing. */
  readonly os: string
}

/** One floater, ready to be probed and to probe. */
export interface Floater {
  readonly pod: string
  readonly uid: string
  /** How often its container had been restarted. */
  readonly restarts: number
  readonly node: string
  /** Every address of the pod, IPv4 and IPv6. */
  readonly addresses: readonly string[]
  /** The port that its container declares. */
  readonly port: number
}

/** A node of the plan: with its floater, or with the reason why it has none. */
export type NodeUnderTest =
  | {readonly cluster: string; readonly name: string; readonly floater: Floater}
  | {
      readonly cluster: string
      readonly name: string
      readonly floater: undefined
      /** `gone`: the node has left the cluster. */
      readonly absence: 'no-floater' | 'node-gone'
      readonly cause: string
    }

/** Where the run takes place, for the report. */
export interface ClusterFacts {
  readonly name: string
  readonly context: string
  readonly server: string
  readonly version: string
  /** Of the floaters in this cluster. */
  readonly image: string
}
