import type {Reason, Status} from '../../model/result.ts'

/** What the page's script is told of the run, beside a number and a time for each probe. All texts are printable. */
export interface Packed {
  readonly nodes: readonly PackedNode[]
  /** Where probes lead: nodes first, and then what is none. */
  readonly targets: readonly string[]
  readonly blocks: readonly PackedBlock[]
  /** What a probe's number leads to. */
  readonly outcomes: readonly Outcome[]
  /** A sentence each. */
  readonly findings: readonly string[]
  readonly size: number
}

export interface PackedNode {
  readonly name: string
  /** Cluster and zone, as far as they tell nodes apart; empty where they do not. */
  readonly group: string
}

export interface PackedBlock {
  readonly mode: string
  readonly protocol: string
  readonly family: string
  readonly mtu: boolean
  /** Indexes into `nodes`. */
  readonly sources: readonly number[]
  readonly endpoints: readonly PackedEndpoint[]
  readonly picks?: readonly (readonly number[])[]
}

export interface PackedEndpoint {
  /** Index into `targets`. */
  readonly target: number
  readonly address: string
  readonly port: number
  /** What stands behind its name when its own node asks. */
  readonly loop: string
}

/** Everything about a probe that many share. Texts have the placeholders of results/placeholders.ts. */
export interface Outcome {
  readonly status: Status
  readonly reason: Reason
  readonly unstable: boolean
  /** From 1; 0 for none. */
  readonly finding: number
  readonly message: string
  readonly raw: string
}

/** More outcomes than this have no number. */
export const MOST_OUTCOMES = 0xff_ff

/** It SUCCEEDED, and there is nothing more to say about it. */
export function isPlainOutcome({status, message}: Outcome): boolean {
  return status === 'SUCCEEDED' && message === ''
}
