import type {Diagnosis} from '../model/finding.ts'
import type {Run} from '../model/run.ts'

/** Apart from the formats themselves, so that help and completion need not load them. */
export const FORMAT_NAMES = ['table', 'wide', 'matrix', 'json', 'junit', 'html', 'markdown'] as const
export type FormatName = (typeof FORMAT_NAMES)[number]

export interface ReportOptions {
  readonly color: boolean
  /** Characters in a line of the terminal; absent where there is none, and nothing is wrapped. */
  readonly width?: number
}

/** A run, and what is to be said of it, as text in pieces. */
export type Format = (run: Run, diagnosis: Diagnosis, options: ReportOptions) => Iterable<string>
