import {readText} from '../files/files.ts'
import {dryRun} from '../run/dry-run.ts'
import {checkScope} from '../run/scope.ts'
import type {Io} from './io.ts'
import {loadConfig} from './options.ts'
import type {Arguments} from './page.ts'
import {checkAndReport, surroundings} from './session.ts'

/** Checks the network, writes resume.json and report.json, prints the report. */
export async function run(args: Arguments, io: Io): Promise<number> {
  const config = await loadConfig(args, io)
  if (args['dry-run'] === true) {
    const {effects} = await surroundings(args, io, config)
    const {lines, possible} = await dryRun(config, effects)
    await io.out(`${lines.join('\n')}\n`)
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
