import {readText} from '../files/files.ts'
import {UserError} from '../model/error.ts'
import {parseReport} from '../saved/report.ts'
import type {Io} from './io.ts'
import type {Arguments} from './page.ts'
import {outputOf, report} from './output.ts'

const FILE = 'report.json'

/** Shows a saved run. That it is shown is success, whatever the run found. */
export async function run(args: Arguments, io: Io): Promise<number> {
  const output = outputOf(args)
  const file = String(args['file'])
  const text = await readText(file)
  if (text === undefined) {
    throw new UserError(
      2,
      `There is no file ${file}: \`kubectl netdoctor check\` writes ${FILE}, and resume writes resume-report.json.`,
    )
  }
  await report(parseReport(text, file), output, io)
  if (output.file !== undefined) io.say(`Wrote ${output.file}.`)
  return 0
}
