import {randomBytes} from 'node:crypto'
import {assertWritable, writeAtomically} from '../files/files.ts'
import type {Config} from '../model/config.ts'
import {UserError} from '../model/error.ts'
import type {Run} from '../model/run.ts'
import type {Rows} from '../progress/rows.ts'
import {checkNetwork, type Scope} from '../run/check.ts'
import type {Effects} from '../run/effects.ts'
import {exitCodeOf} from '../run/outcome.ts'
import {STAGES} from '../run/progress.ts'
import type {ClearedSite} from '../run/site.ts'
import {reportJson} from '../saved/report.ts'
import {resumeJson} from '../saved/resume.ts'
import {inShell} from '../text/wording.ts'
import {cleanEvery} from './clean.ts'
import type {Io} from './io.ts'
import {kubectlMaker} from './options.ts'
import {outputOf, report} from './output.ts'
import {isOver} from './over.ts'
import type {Arguments} from './page.ts'

/** What makes `check` and `resume` differ. */
export interface Session {
  readonly config: Config
  readonly scopeOf: (sites: readonly ClearedSite[]) => Promise<Scope>
  /** The file that the whole run goes to. */
  readonly reportFile: string
  /** Said where the command ends without a run: what the files of an earlier one are worth. */
  readonly onFailure: () => Promise<string | undefined>
}

/** Checks, saves, reports, cleans up where that is wanted; gives the exit code. */
export async function checkAndReport(args: Arguments, io: Io, session: Session): Promise<number> {
  const {config, reportFile} = session
  const output = outputOf(args)
  await assertWritable('.')
  const {say, rows, effects} = await surroundings(args, io, config)
  const floaters = {created: false, stuck: false}
  let result: Run
  try {
    result = await checkNetwork(config, effects, session.scopeOf, {
      deploying: () => (floaters.created = true),
      stuck: () => (floaters.stuck = true),
    })
  } catch (error) {
    await rows.close()
    const word = await session.onFailure()
    if (word !== undefined) say(word)
    if (floaters.created && config.autoClean) await autoClean(config, args, io, effects.runId)
    // One cluster's failure leaves the floaters of the others where they are.
    else if (floaters.created && config.clusters.length > 1)
      say(`What was created until then stays. To remove it: ${cleanCommand(args)}`)
    throw error
  }
  await rows.close()
  const saving = save(result, reportFile)
  // The results are shown even where they cannot be saved.
  await saving.catch(() => undefined)
  const reporting = report(result, output, io)
  await reporting.catch(() => undefined)
  let clean = true
  if (floaters.created && config.autoClean) {
    clean = await autoClean(config, args, io, effects.runId)
  } else if (floaters.created) {
    say(
      `The floaters stay in namespace ${config.namespace} for the next check. To remove them: ${cleanCommand(args)}`,
    )
  }
  await saving
  await reporting
  say(`Saved in resume.json${output.file === undefined ? '' : `, ${output.file}`} and ${reportFile}.`)
  // What is still claimed is told from what another run uses by the report.
  if (floaters.stuck && !(config.autoClean && clean))
    say(`Runs from this folder need not wait for the floaters: ${reportFile} says that this one is over.`)
  const exitCode = exitCodeOf(result)
  return exitCode === 0 && !clean ? 3 : exitCode
}

/** What last words after an interruption have: all in all, an interrupted run ends within 2 s. Milliseconds. */
const LAST_WORDS = 1200

function somewhatAfter(signal: AbortSignal): AbortSignal {
  const later = new AbortController()
  signal.addEventListener('abort', () => {
    setTimeout(() => later.abort(signal.reason), LAST_WORDS).unref()
  })
  return later.signal
}

/** What a run may touch, made of what the command may. */
export async function surroundings(
  args: Arguments,
  io: Io,
  config: Config,
): Promise<{say: (line: string) => void; rows: Rows; effects: Effects}> {
  const quiet = args['quiet'] === true
  const say = quiet ? () => undefined : io.say
  const rows = await io.rows(
    config.clusters.map(({name}) => ({cluster: name, stages: Object.values(STAGES)})),
    quiet ? 'none' : args['verbose'] === true ? 'plain' : 'live',
  )
  const effects = {
    kubectlFor: kubectlMaker(args, io, io.signal),
    lastKubectlFor: kubectlMaker(args, io, somewhatAfter(io.signal)),
    progress: rows,
    say,
    signal: io.signal,
    now: () => new Date(),
    runId: randomBytes(6).toString('hex'),
    force: args['force'] === true,
    isOver,
    followUp: args['follow-up'] !== false,
    cores: io.cores,
    version: io.version,
  }
  return {say, rows, effects}
}

/** How long cleaning up by itself may take; milliseconds. */
const CLEANING_LIMIT = 60_000

/** Cleans on a clock of its own, after an interruption too; a second interruption ends the process. */
async function autoClean(config: Config, args: Arguments, io: Io, run: string): Promise<boolean> {
  const say = args['quiet'] === true ? () => undefined : io.say
  say(`Removing the floaters.${io.signal.aborted ? ' Once more skips this.' : ''}`)
  const limit = AbortSignal.timeout(CLEANING_LIMIT)
  try {
    await cleanEvery(config, kubectlMaker(args, io, limit), say, {
      force: false,
      isOver: async (other) => other === run || (await isOver(other)),
    })
    return true
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    io.say(`${error.message}\nNot everything was removed. To try again: ${cleanCommand(args)}`)
    return false
  }
}

/** The `clean` that goes to the same place as this check. */
function cleanCommand(args: Arguments): string {
  const where = [
    'namespace',
    'kubeconfig',
    'context',
    'dst-kubeconfig',
    'dst-context',
    'clusters',
    'as',
    'as-group',
    'config',
  ]
  const flags = where.flatMap((flag) => {
    const value = args[flag]
    if (value === undefined || (flag === 'config' && value === 'config.json')) return []
    return [value].flat().flatMap((one) => (typeof one === 'string' ? [`--${flag}=${inShell(one)}`] : []))
  })
  return ['kubectl netdoctor clean', ...flags].join(' ')
}

async function save(result: Run, reportFile: string): Promise<void> {
  await writeAtomically('resume.json', resumeJson(result))
  await writeAtomically(reportFile, reportJson(result))
}
