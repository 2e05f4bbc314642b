import {readText} from '../files/files.ts'
import {UserError} from '../model/error.ts'
import type {Run} from '../model/run.ts'
import {parseReport} from '../saved/report.ts'

/** The run that a check or resume saved. Throws a UserError where there is no such file, or it holds none. */
export async function readRun(file: string): Promise<Run> {
  const text = await readText(file)
  if (text === undefined) {
    throw new UserError(
      2,
      `There is no file ${file}: \`kubectl netdoctor check\` writes report.json, and resume writes resume-report.json.`,
    )
  }
  return parseReport(text, file)
}
