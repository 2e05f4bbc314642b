import type {FloaterKind} from './cluster.ts'

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
   * `floaters`: pods of this cluster, all floaters among them; `others`: pods, no floater among them; `unknown`: whom
   * addresses or namespaces would have to tell.
   */
  readonly peers: 'all' | 'floaters' | 'others' | 'unknown'
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
