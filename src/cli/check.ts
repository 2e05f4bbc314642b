import {randomBytes} from 'node:crypto'
import type {Argv} from 'yargs'
import {assertWritable, readText, writeAtomically} from '../files/files.ts'
import {inShell} from '../text/wording.ts'
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
  await assertWritable('.')
  const quiet = args['quiet'] === true
  const say = quiet ? () => undefined : io.say
  const rows = await io.rows(
    Object.values(STAGES),
    quiet ? 'none' : args['verbose'] === true ? 'plain' : 'live',
  )
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
  } catch (error) {
    await rows.close()
    if ((await readText('resume.json')) !== undefined) {
      say('resume.json and report.json in this folder are of an earlier run.')
    }
    throw error
  }
  await rows.close()
  const {run: result, deployed} = checked
  const saving = save(result)
  // The results are shown even where they cannot be saved.
  await saving.catch(() => undefined)
  const width = io.width === undefined ? {} : {width: io.width}
  for (const text of tableReport(result, {color: io.color, ...width})) await io.out(text)
  if (deployed) {
    say(
      `The floaters stay in namespace ${config.namespace} for the next check. To remove them: ${cleanCommand(args)}`,
    )
  }
  await saving
  say('Saved in resume.json and report.json.')
  return exitCodeOf(result)
}

/** The `clean` that goes to the same place as this check. */
function cleanCommand(args: Arguments): string {
  const flags = ['namespace', 'kubeconfig', 'context', 'as', 'as-group', 'config'].flatMap((flag) => {
    const value = args[flag]
    if (value === undefined || (flag === 'config' && value === 'config.json')) return []
    return [value].flat().flatMap((one) => (typeof one === 'string' ? [`--${flag}=${inShell(one)}`] : []))
  })
  return ['kubectl netdoctor clean', ...flags].join(' ')
}

async function save(result: Run): Promise<void> {
  await writeAtomically('resume.json', resumeJson(result))
  await writeAtomically('report.json', savedRun(result))
}
