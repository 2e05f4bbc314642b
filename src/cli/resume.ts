import {readText} from '../files/files.ts'
import {refusalOf} from '../floater/flavour.ts'
import {UserError} from '../model/error.ts'
import {resumeConfig} from '../plan/resume-config.ts'
import {resumeScope} from '../run/scope.ts'
import {parseResume} from '../saved/resume.ts'
import type {Io} from './io.ts'
import {loadConfig} from './options.ts'
import type {Arguments} from './page.ts'
import {checkAndReport} from './session.ts'

const FILE = 'resume.json'
/** Never report.json: what a whole check found stays. */
const REPORT_FILE = 'resume-report.json'

/** Probes what resume.json lists, and nothing else; writes into it what is still abnormal. */
export async function run(args: Arguments, io: Io): Promise<number> {
  const text = await readText(FILE)
  if (text === undefined) {
    throw new UserError(2, `There is no ${FILE} in this folder: \`kubectl netdoctor check\` writes it.`)
  }
  const entries = parseResume(text, FILE)
  if (entries.length === 0) {
    io.say(`${FILE} lists nothing: nothing is left of the last run, and nothing was probed. ${FULL_CHECK}`)
    return 0
  }
  const today = await loadConfig(args, io)
  const config = resumeConfig(entries, today)
  const refusal = refusalOf(config)
  if (refusal !== undefined) throw new UserError(2, `${FILE}: ${refusal}`)
  const exitCode = await checkAndReport(args, io, {
    config,
    scopeOf: (sites) => Promise.resolve(resumeScope(config, entries, FILE, sites)),
    reportFile: REPORT_FILE,
    onFailure: () => Promise.resolve(`${FILE} is as it was.`),
  })
  if (exitCode === 0 && args['quiet'] !== true) io.say(`Nothing is left in ${FILE}. ${FULL_CHECK}`)
  return exitCode
}

const FULL_CHECK = 'A full check is due: kubectl netdoctor check'
