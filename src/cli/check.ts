import {readText} from '../files/files.ts'
import {refusalOf} from '../floater/flavour.ts'
import {UserError} from '../model/error.ts'
import {dryRun} from '../run/dry-run.ts'
import {printableLines} from '../text/printable.ts'
import {checkScope} from '../run/scope.ts'
import type {Io} from './io.ts'
import {loadConfig} from './options.ts'
import type {Arguments} from './page.ts'
import {checkAndReport, surroundings} from './session.ts'

/** Checks the network, writes resume.json and report.json, prints the report. */
export async function run(args: Arguments, io: Io): Promise<number> {
  const config = await loadConfig(args, io)
  const refusal = refusalOf(config)
  if (refusal !== undefined) throw new UserError(2, refusal)
  if (args['dry-run'] === true) {
    const {effects} = await surroundings(args, io, config)
    const {lines, possible} = await dryRun(config, effects)
    await io.out(`${printableLines(lines.join('\n'))}\n`)
    return possible ? 0 : 3
  }
  return await checkAndReport(args, io, {
    config,
    scopeOf: (sites) => checkScope(config, sites),
    reportFile: 'report.json',
    onFailure: async () =>
      (await readText('resume.json')) === undefined
        ? undefined
        : 'resume.json and report.json in this folder are of an earlier run.',
  })
}
