import type {Argv} from 'yargs'
import {readText} from '../files/files.ts'
import {UserError} from '../model/error.ts'
import {parseReport} from '../saved/report.ts'
import type {Io} from './io.ts'
import type {Arguments} from './options.ts'
import {outputOf, outputOptions, report} from './output.ts'

const FILE = 'report.json'

export function builder(yargs: Argv): Argv {
  return outputOptions(
    yargs.positional('file', {type: 'string', default: FILE, describe: 'what a check or resume has saved'}),
  )
    .example('$0 report -o wide', 'the last check of this folder, with ports and times')
    .example('$0 report old.json -o junit --output-file old.xml', 'another run, for a CI server')
}

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
  return 0
}
