import type {Reason, Status} from './result.ts'

/** What is asked once more, of one pair, where something FAILED. */
export type FollowUpQuestion =
  /** The very question that FAILED. */
  | 'again'
  /** Over TCP: a request without a body, and one of several full-size packets. */
  | 'small'
  | 'large'
  /** The same floater over another protocol. */
  | 'ping'
  | 'tcp'
  | 'udp'
  /** The own address of the target's node: pings, and a connection to the kubelet's port. */
  | 'node-ping'
  | 'node-port'
  /** The floater behind a service or a node's port, at its own address. */
  | 'floater'

/** One answer. `EXCEPTION`: the question could not be asked, or its answer did not arrive. */
export interface FollowUpAnswer {
  readonly question: FollowUpQuestion
  /** Index into `Plan.nodes`: whose floater asked. */
  readonly asker: number
  readonly status: Status
  readonly reason: Reason
  /** What the probing program or kubectl said, cut where it is long. */
  readonly raw: string
}

/** Packets of one protocol that a pod's network has counted: what it was sent, what it sent, and how often it refused. */
export interface PacketCounts {
  readonly received: number
  readonly sent: number
  readonly refused: number
  /** Of UDP, whose packets count as received only when a program reads them: bytes that came and were not read. Absent where nobody knows. */
  readonly unread?: number
}

/** What the target's pod counted while nothing was asked, for a second, and while it was asked; or why nobody knows. */
export type Arrivals = {readonly idle: PacketCounts; readonly asked: PacketCounts} | {readonly cause: string}

/** The addresses on the way to the target, in order, empty for one that kept silent; or why nobody knows. */
export type Route = {readonly hops: readonly string[]} | {readonly cause: string}

/** Tells a finding from others of its run: other versions may find something else. */
export interface FindingMark {
  readonly kind: string
  /** Indexes into `Plan.nodes` of those that it is about. */
  readonly nodes: readonly number[]
}

/** What was asked about one finding, afterwards. It never changes a result. */
export interface FollowUp {
  readonly finding: FindingMark
  /** Number of the probe that was chosen for it: one that FAILED. */
  readonly probe: number
  readonly answers: readonly FollowUpAnswer[]
  readonly arrivals?: Arrivals
  readonly route?: Route
  /** Why nothing was asked; there are no answers then. */
  readonly omitted?: string
}
