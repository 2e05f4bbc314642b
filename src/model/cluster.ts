/** What is known of a node before anything is probed. */
export interface NodeFacts {
  readonly name: string
  /** Tells whether two kubeconfigs lead to the same cluster. */
  readonly uid: string
  /** The node's Ready condition. */
  readonly ready: boolean
  /** The label kubernetes.io/os; `linux` where it is missing. */
  readonly os: string
  /** Its InternalIPs. */
  readonly addresses: readonly string[]
  readonly labels: Readonly<Record<string, string>>
  readonly traits: NodeTraits
  readonly taints: readonly Taint[]
}

/** What nodes may have in common that a fault may go by; several values of one are separated by commas. */
export type Trait = 'zone' | 'pod range' | 'os' | 'kernel' | 'kubelet' | 'architecture' | 'role'

/** As the cluster says it; what it does not say is absent. */
export type NodeTraits = Readonly<Partial<Record<Trait, string | undefined>>>

export interface Taint {
  readonly key: string
  readonly value: string
  readonly effect: string
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
  /**
   * Containers of its pod that are none of ours, such as a mesh's proxy; `ztunnel` where Istio takes the pod's packets
   * without one. Absent where there are none.
   */
  readonly sidecars?: readonly string[] | undefined
}

/**
 * `pod`: in the pod network. `host`: in the node's own network. `neighbour`: a second one in the pod network, so that a pod
 * can reach another one on its own node.
 */
export type FloaterKind = 'pod' | 'host' | 'neighbour'

/** A node of the plan, with its floaters of the kinds that the run uses. */
export interface NodeUnderTest {
  readonly cluster: string
  readonly name: string
  /** Its own addresses, IPv4 and IPv6. */
  readonly addresses: readonly string[]
  /** Absent in a run that an older version saved. */
  readonly traits?: NodeTraits
  readonly floaters: Readonly<Partial<Record<FloaterKind, FloaterState>>>
}

/** A floater, or the reason why there is none. */
export type FloaterState =
  | {readonly floater: Floater}
  | {
      readonly floater: undefined
      /** `gone`: the node has left the cluster. */
      readonly absence: 'no-floater' | 'node-gone'
      readonly cause: string
    }

/** A floater that the plan does not speak of: it may still answer under an address that the plan has. */
export interface Bystander {
  readonly cluster: string
  readonly name: string
  readonly addresses: readonly string[]
}

/** Where the run takes place, for the report. */
export interface ClusterFacts {
  readonly name: string
  readonly context: string
  readonly server: string
  readonly version: string
  /** Of the floaters in this cluster. */
  readonly image: string
  /** Those that select floaters; absent where nobody could list them, and in a run that an older version saved. */
  readonly policies?: readonly NetworkPolicy[] | undefined
  /** Absent where the namespace speaks of no mesh. */
  readonly mesh?: MeshMark | undefined
}

/** A NetworkPolicy of the floaters' namespace that selects some of them. */
export interface NetworkPolicy {
  readonly name: string
  /** The floaters that it selects. None in the nodes' own network: no policy holds those. */
  readonly floaters: readonly FloaterKind[]
  /** All that may come in; absent where the policy does not limit it. */
  readonly ingress?: readonly Opening[] | undefined
  /** The same of what may go out. */
  readonly egress?: readonly Opening[] | undefined
}

/** A rule of a policy: what it lets through. */
export interface Opening {
  /**
   * `floaters`: pods of this cluster, all floaters among them; `others`: pods, no floater among them; `addresses`:
   * whom addresses would have to tell; `unknown`: whom anything else would, for all floaters alike.
   */
  readonly peers: 'all' | 'floaters' | 'others' | 'addresses' | 'unknown'
  /** What of the floaters' own traffic its ports are about; absent where it names no ports. */
  readonly protocols?: readonly PortProtocol[] | undefined
}

export type PortProtocol = 'tcp' | 'udp' | 'dns'

/** What a namespace says of the mesh that its pods are to be in. Floaters ask to be left out. */
export interface MeshMark {
  /** Such as Istio. */
  readonly mesh: string
  /** The label or annotation, as `key=value`. */
  readonly mark: string
}
