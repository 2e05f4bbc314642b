import type {Run} from '../model/run.ts'

export interface ReportOptions {
  readonly color: boolean
  /** Characters in a line of the terminal; absent where there is none, and nothing is wrapped. */
  readonly width?: number
}

/** A run as text, in pieces. */
export type Format = (run: Run, options: ReportOptions) => Iterable<string>
