import type {FloaterKind} from '../model/cluster.ts'
import type {FloaterConfig} from '../model/config.ts'
import type {Destination} from './connect.ts'
import type {Extras} from './permissions.ts'

/** What preflight asks about. */
export interface PreflightInput {
  readonly cluster: string
  readonly namespace: string
  readonly destination: Destination
  /** Of the floaters. */
  readonly image: string
  /** The floaters that the run needs. */
  readonly kinds: readonly FloaterKind[]
  /** A pod of each kind as its DaemonSet would make it. */
  readonly trialPods: readonly unknown[]
  readonly floater: FloaterConfig
  readonly extras: Extras
  /** Another run's claim on the floaters is no problem. */
  readonly force: boolean
  /** Whether a run is known to be over, whatever it claims. */
  readonly isOver: (run: string) => Promise<boolean>
  readonly now: () => Date
}
