import {diagnose} from '../../src/diagnosis/diagnose.ts'
import type {Run} from '../../src/model/run.ts'
import type {Format, ReportOptions} from '../../src/report/format.ts'

/** The run in a format, in pieces. */
export function pieces(format: Format, run: Run, options: ReportOptions = {color: false}): Iterable<string> {
  return format(run, diagnose(run), options)
}

export function shown(format: Format, run: Run, options?: ReportOptions): string {
  return [...pieces(format, run, options)].join('')
}
