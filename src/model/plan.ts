import type {NodeUnderTest} from './cluster.ts'

export type Mode = 'pod'
export type ProtocolName = 'tcp'
export type IpFamily = 'ipv4' | 'ipv6'

/** An address under test. */
export interface Endpoint {
  /** Index into `Plan.nodes`: the node behind the address. */
  readonly node: number
  /** Absent where that node has no floater, or none of its addresses is of the block's family. */
  readonly address: string | undefined
  readonly port: number
}

/**
 * Every source of the block probes every endpoint of it. Probes are numbered row by row from `first`,
 * so that a million of them need no object each.
 */
export interface Block {
  readonly mode: Mode
  readonly protocol: ProtocolName
  readonly ipFamily: IpFamily
  /** Indexes into `Plan.nodes`. */
  readonly sources: readonly number[]
  readonly endpoints: readonly Endpoint[]
  /** Number of the block's first probe. */
  readonly first: number
}

/** Every probe that the run must account for, fixed before the first packet. */
export interface Plan {
  /** In natural order of cluster and name. */
  readonly nodes: readonly NodeUnderTest[]
  readonly blocks: readonly Block[]
  /** Number of probes. */
  readonly size: number
}

/** One probe of the plan, looked up by its number. */
export interface Probe {
  readonly id: number
  readonly block: Block
  /** Index into `Plan.nodes`. */
  readonly source: number
  readonly endpoint: Endpoint
}
