import {writeAtomically} from '../files/files.ts'
import {diagnose} from '../diagnosis/diagnose.ts'
import {UserError} from '../model/error.ts'
import type {Run} from '../model/run.ts'
import {FORMAT_NAMES, type FormatName, type ReportOptions} from '../report/format.ts'
import {FORMATS} from '../report/index.ts'
import {inLargePieces} from '../text/pieces.ts'
import type {Io} from './io.ts'
import type {Arguments} from './page.ts'

/** Where the report goes, and in which form. */
export interface Output<Name = FormatName> {
  readonly format: Name
  readonly file: string | undefined
}

export function outputOf(args: Arguments): Output {
  return outputIn(FORMAT_NAMES, args)
}

/** The same for what has other forms. */
export function outputIn<Name extends string>(
  names: readonly Name[],
  {output, 'output-file': file}: Arguments,
): Output<Name> {
  const format = names.find((name) => name === output)
  if (format === undefined) throw new UserError(2, `-o must be one of ${names.join(', ')}.`)
  return {format, file: typeof file === 'string' ? file : undefined}
}

/** Reports the run: into the file, where one is named, and on standard output, even where the file cannot be written. */
export async function report(run: Run, output: Output, io: Io): Promise<void> {
  const diagnosis = diagnose(run)
  await deliver((format, options) => FORMATS[format](run, diagnosis, options), output, io)
}

/** Writes the form into the file and the table on standard output, or without a file the form there. */
export async function deliver<Name extends string>(
  form: (format: Name | 'table', options: ReportOptions) => Iterable<string>,
  {format, file}: Output<Name>,
  io: Io,
): Promise<void> {
  const writing = file === undefined ? undefined : writeAtomically(file, form(format, {color: false}))
  await writing?.catch(() => undefined)
  const shown = file === undefined ? format : 'table'
  const width = io.width === undefined ? {} : {width: io.width}
  for (const text of inLargePieces(form(shown, {color: io.color, ...width}))) await io.out(text)
  await writing
}
