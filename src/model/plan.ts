import type {FloaterKind, NodeUnderTest} from './cluster.ts'

/** What a user can ask for in `mode`. */
export type Mode = 'pod' | 'node' | 'node-to-pod' | 'pod-to-node' | 'service' | 'nodeport' | 'apiserver'
export type ProtocolName = 'tcp' | 'udp' | 'icmp' | 'dns'
export type IpFamily = 'ipv4' | 'ipv6'

/**
 * What a probe wants of its endpoint: `reply` is the floater's own answer, `connect` no more than a connection, which
 * is all that can be asked of a server that is not ours; `mtu` is the answer to a body of several full-size packets, and over icmp the
 * largest packet that passes.
 */
export type Check = 'reply' | 'connect' | 'mtu'

/** An address under test. */
export interface Endpoint {
  /** Index into `Plan.nodes`: the node behind the address. Undefined for what is none of ours. */
  readonly node: number | undefined
  /** For nodeport, likewise: the node whose floater answers, wherever the port is. */
  readonly behind?: number
  /**
   * As the sources of the block reach it; a custom target's may be a host name. Absent where the node has no floater, or
   * none of its addresses is of the block's family.
   */
  readonly address: string | undefined
  /** 0 where the protocol has none. */
  readonly port: number
  /** What the right floater answers, where floaters tell who they are. */
  readonly identity?: string
  /** For dns: the name to look up; the address is that of the name server, absent for the source's own resolver. */
  readonly lookup?: string
}

/**
 * Sources and endpoints of one kind. Every source probes every endpoint, or those that `picks` lists. Probes are numbered
 * row by row from `first`, so that a million of them need no object each.
 */
export interface Block {
  readonly mode: Mode | 'custom'
  readonly protocol: ProtocolName
  /** `name`: the endpoints are host names, and the source's resolver chooses. */
  readonly ipFamily: IpFamily | 'name'
  readonly check: Check
  /** Which of the sources' floaters probes. */
  readonly from: FloaterKind
  /** Which floaters the endpoints are; undefined where they are none, or lead to one. */
  readonly to: FloaterKind | undefined
  /** Indexes into `Plan.nodes`, all of one cluster. */
  readonly sources: readonly number[]
  /** All of one cluster, or none of any. */
  readonly endpoints: readonly Endpoint[]
  /** For each source the indexes of its endpoints, rising; absent where each has all. */
  readonly picks?: readonly (readonly number[])[]
  /** Number of the block's first probe. */
  readonly first: number
  /** How many probes it has. */
  readonly size: number
}

/** Every probe that the run must account for, fixed before the first packet. */
export interface Plan {
  /** In the order of the clusters, and natural order of the names. */
  readonly nodes: readonly NodeUnderTest[]
  readonly blocks: readonly Block[]
  /** Number of probes. */
  readonly size: number
}

/** One probe of the plan. */
export interface Probe {
  readonly id: number
  readonly block: Block
  /** Index into `Plan.nodes`. */
  readonly source: number
  readonly endpoint: Endpoint
}
