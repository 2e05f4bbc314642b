import type {Kubectl} from '../kubectl/kubectl.ts'
import type {Connection} from '../model/config.ts'
import type {Progress} from './progress.ts'

/** Everything that a check does to the world, handed in. */
export interface Effects {
  readonly kubectlFor: (connection: Connection) => Kubectl
  /** For last words: after an interruption it goes on for a moment. */
  readonly lastKubectlFor: (connection: Connection) => Kubectl
  readonly progress: Progress
  /** A line for people, beside the results. */
  readonly say: (line: string) => void
  /** Aborted when the user interrupts; its reason is the name of the signal. */
  readonly signal: AbortSignal
  readonly now: () => Date
  /** The run's id: lower-case letters and digits. */
  readonly runId: string
  /** Goes on where another run uses the floaters. */
  readonly force: boolean
  /** Whether a run is known to be over, though it may still claim floaters: its report lies here. */
  readonly isOver: (run: string) => Promise<boolean>
  /** Asks further where something FAILED. */
  readonly followUp: boolean
  /** Processors of this machine: what kubectl processes cost. */
  readonly cores: number
  /** Version of this tool. */
  readonly version: string
}
