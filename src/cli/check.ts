import {randomBytes} from 'node:crypto'
import type {Argv} from 'yargs'
import {writeAtomically} from '../files/files.ts'
import {UserError} from '../model/error.ts'
import type {Run} from '../model/run.ts'
import {resumeJson} from '../report/resume.ts'
import {savedRun} from '../report/saved.ts'
import {tableReport} from '../report/table.ts'
import {checkNetwork, STAGES, type Checked} from '../run/check.ts'
import {exitCodeOf} from '../run/outcome.ts'
import type {Io} from './io.ts'
import {commonOptions, fieldOptions, kubectlMaker, loadConfig, type Arguments} from './options.ts'

export function builder(yargs: Argv): Argv {
  return commonOptions(fieldOptions(yargs))
    .example('$0 check', 'every node of the current context')
    .example('$0 check --context staging -n netcheck', 'another cluster, another namespace')
}

/** Checks the network, writes resume.json and report.json, prints the tables. */
export async function run(args: Arguments, io: Io): Promise<number> {
  const {config, unsupported} = await loadConfig(args, io)
  if (unsupported.length > 0) throw new UserError(2, unsupported.join('\n'))
  const quiet = args['quiet'] === true
  const say = quiet ? () => undefined : io.say
  const rows = await io.rows(Object.values(STAGES), quiet)
  let checked: Checked
  try {
    checked = await checkNetwork(config, {
      kubectlFor: kubectlMaker(args, io),
      progress: rows,
      say,
      signal: io.signal,
      now: () => new Date(),
      newRunId: () => randomBytes(6).toString('hex'),
      cores: io.cores,
      version: io.version,
    })
  } finally {
    await rows.close()
  }
  const {run: result, deployed} = checked
  await save(result)
  for (const text of tableReport(result, {
    color: io.color,
    ...(io.width === undefined ? {} : {width: io.width}),
  })) {
    await io.out(text)
  }
  say('Saved in resume.json and report.json.')
  if (deployed)
    say(
      `The floaters stay in namespace ${config.namespace} for the next check; \`kubectl netdoctor clean\` removes them.`,
    )
  return exitCodeOf(result)
}

async function save(result: Run): Promise<void> {
  await writeAtomically('resume.json', resumeJson(result))
  await writeAtomically('report.json', savedRun(result))
}
