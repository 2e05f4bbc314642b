import {writeAtomically} from '../files/files.ts'
import {diagnose} from '../diagnosis/diagnose.ts'
import {UserError} from '../model/error.ts'
import type {Run} from '../model/run.ts'
import {FORMAT_NAMES, type FormatName} from '../report/format.ts'
import {FORMATS} from '../report/index.ts'
import {inLargePieces} from '../text/pieces.ts'
import type {Io} from './io.ts'
import type {Arguments} from './page.ts'

/** Where the report goes, and in which form. */
export interface Output {
  readonly format: FormatName
  readonly file: string | undefined
}

export function outputOf({output, 'output-file': file}: Arguments): Output {
  const format = FORMAT_NAMES.find((name) => name === output)
  if (format === undefined) throw new UserError(2, `-o must be one of ${FORMAT_NAMES.join(', ')}.`)
  return {format, file: typeof file === 'string' ? file : undefined}
}

/** Reports the run: into the file, where one is named, and on standard output, even where the file cannot be written. */
export async function report(run: Run, {format, file}: Output, io: Io): Promise<void> {
  const diagnosis = diagnose(run)
  const writing =
    file === undefined ? undefined : writeAtomically(file, FORMATS[format](run, diagnosis, {color: false}))
  await writing?.catch(() => undefined)
  const shown = file === undefined ? format : 'table'
  const width = io.width === undefined ? {} : {width: io.width}
  for (const text of inLargePieces(FORMATS[shown](run, diagnosis, {color: io.color, ...width})))
    await io.out(text)
  await writing
}
