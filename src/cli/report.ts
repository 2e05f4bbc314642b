import type {Io} from './io.ts'
import type {Arguments} from './page.ts'
import {outputOf, report} from './output.ts'
import {readRun} from './saved-run.ts'

/** Shows a saved run. That it is shown is success, whatever the run found. */
export async function run(args: Arguments, io: Io): Promise<number> {
  const output = outputOf(args)
  await report(await readRun(String(args['file'])), output, io)
  if (output.file !== undefined) io.say(`Wrote ${output.file}.`)
  return 0
}
