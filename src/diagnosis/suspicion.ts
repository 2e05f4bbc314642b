import type {Finding} from '../model/finding.ts'

/** A finding before it is known which probes are left to it. */
export interface Suspicion {
  readonly finding: Omit<Finding, 'explains'>
  /** The probes that it explains. */
  readonly probes: readonly number[]
}
