import {diagnose} from '../diagnosis/diagnose.ts'
import {compare} from '../diff/compare.ts'
import {exitCodeOfDiff} from '../diff/outcome.ts'
import {UserError} from '../model/error.ts'
import {DIFF_FORMAT_NAMES} from '../report/diff/format.ts'
import {DIFF_FORMATS} from '../report/diff/index.ts'
import type {Io} from './io.ts'
import {deliver, outputIn} from './output.ts'
import type {Arguments} from './page.ts'
import {readRun} from './saved-run.ts'

/** Shows what changed between two saved runs; the exit code says whether something broke. */
export async function run(args: Arguments, io: Io): Promise<number> {
  const output = outputIn(DIFF_FORMAT_NAMES, args)
  const [oldFile, newFile] = [String(args['old']), String(args['new'])]
  const [old, now] = [await readRun(oldFile), await readRun(newFile)]
  const diff = compare(old, now, diagnose(now))
  if (diff.compared === 0) {
    throw new UserError(
      2,
      `${oldFile} and ${newFile} have no probe in common, so nothing can be said: they are of other clusters or nodes, or of other modes and protocols.`,
    )
  }
  await deliver((format, options) => DIFF_FORMATS[format](diff, options), output, io)
  if (output.file !== undefined) io.say(`Wrote ${output.file}.`)
  return exitCodeOfDiff(diff)
}
