import type {Check, Endpoint, ProtocolName} from '../model/plan.ts'
import type {Verdict} from '../model/result.ts'

/** How long the script waits, in seconds: for a connection or the reply to a datagram, and for a whole answer. */
export interface Patience {
  readonly connect: number
  readonly whole: number
}

/** What a protocol may know when it judges one answer. */
export interface Question {
  readonly endpoint: Endpoint
  readonly check: Check
  /** What the right one answers, in full; undefined where nobody can say. */
  readonly expected: string | undefined
  /** Of the floater that asks; undefined where nobody can say. */
  readonly sourceAddresses?: readonly string[]
  /** Undefined where nobody can say. */
  readonly patience?: Patience
}

/** One line that the script printed for a probe, taken apart. */
export interface Answer {
  readonly fields: readonly string[]
  /** What the probing program said about this target when it was asked again, verbosely. */
  readonly trace: string | undefined
}

/** A way to ask an endpoint and to judge the answer; knows nothing of kubectl, files or screens. */
export interface Protocol {
  readonly name: ProtocolName
  /** Programs that the floater's image must have; `a|b`: one of the two. */
  readonly needs: readonly string[]
  /**
   * POSIX shell that defines the function `probe_NAME`: it reads "NUMBER TARGET" a line from the file "$jobs" and
   * calls `answer NUMBER FIELD...` as each probe ends (only the last field may hold tabs), or `unable NUMBER TEXT`.
   * frame.sh has the rest of the words. $check, $parallel, $connect_timeout and $probe_timeout (seconds) are set.
   */
  readonly script: string
  /** The target as the script reads it; one word. */
  readonly encode: (endpoint: Endpoint) => string
  /** The verdict, or undefined for an answer that makes no sense and counts as lost. */
  readonly judge: (answer: Answer, question: Question) => Verdict | undefined
}
