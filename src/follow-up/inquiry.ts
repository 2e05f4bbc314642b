import type {FindingMark, FollowUpQuestion} from '../model/follow-up.ts'
import type {Check, Endpoint, Probe, ProtocolName} from '../model/plan.ts'
import type {Source} from '../plan/plan.ts'

/** One question, of one floater. */
export interface Ask {
  readonly question: FollowUpQuestion
  readonly protocol: ProtocolName
  readonly check: Check
  readonly endpoint: Endpoint
}

/** What one floater is to ask, in one exec. */
export interface Errand {
  readonly asker: Source
  readonly asks: readonly Ask[]
}

/** What is asked about one finding: two execs at most. */
export interface Inquiry {
  readonly finding: FindingMark
  /** The probe that stands for all that the finding explains. */
  readonly probe: Probe
  readonly own: Errand
  /** The address to which the way is asked for, in the first exec. */
  readonly route?: string
  /** The second exec: what another floater is asked, or the floater whose packets are counted meanwhile. */
  readonly second?:
    | {readonly neighbour: Errand; readonly counted?: never}
    | {readonly counted: Source; readonly neighbour?: never}
  /** Every floater that sends or gets packets because of it. */
  readonly floaters: readonly Source[]
}
