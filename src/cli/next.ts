import {readText} from '../files/files.ts'
import {UserError} from '../model/error.ts'
import {parseResume} from '../saved/resume.ts'
import {fitted} from '../text/lines.ts'
import {count} from '../text/wording.ts'
import type {Io} from './io.ts'

/** What lies in the folder. */
export interface Found {
  readonly config: boolean
  /** How many probes resume.json lists, or what is wrong with it. */
  readonly resume: number | {readonly problem: string} | undefined
  readonly report: boolean
}

/** A command, and why one would want it. */
export type Step = readonly [command: string, why: string]

/** What to do next, the likeliest first. */
export function nextSteps({config, resume, report}: Found): readonly Step[] {
  const show: Step[] = report ? [['report', 'show the last check again']] : []
  if (typeof resume === 'object') return [['check', `check everything: ${resume.problem}`], ...show]
  if (resume !== undefined && resume > 0) {
    const left = `${count(resume, 'probe')} that did not succeed`
    const flags = config ? 'and nothing else' : 'with the flags of that check'
    return [['resume', `probe again the ${left}, ${flags}`], ...show, ['check', 'check everything']]
  }
  if (resume === 0) return [['check', 'check everything: nothing is left in resume.json'], ...show]
  if (report) return [...show, ['check', 'check everything anew']]
  if (config) return [['check', 'check the network, as config.json says']]
  return [
    ['check', 'check the network of the current context: every node from every node'],
    ['init', 'write config.json, to set more first'],
  ]
}

/** Says what to do next; touches nothing. */
export async function run(io: Io): Promise<number> {
  const found: Found = {
    config: (await readText('config.json')) !== undefined,
    resume: await leftToResume(),
    report: (await readText('report.json')) !== undefined,
  }
  const steps = nextSteps(found).map(([command, why]) => [`kubectl netdoctor ${command}`, why] as const)
  const width = Math.max(...steps.map(([command]) => command.length))
  const indent = `\n${' '.repeat(width + 4)}`
  const lines = steps.map(([command, why]) => {
    const text = fitted(why, io.width && Math.max(20, io.width - width - 4))
    return `  ${command.padEnd(width)}  ${text.replaceAll('\n', indent)}`
  })
  await io.out(['Next:', ...lines, '', 'kubectl netdoctor --help lists all commands.', ''].join('\n'))
  return 0
}

async function leftToResume(): Promise<Found['resume']> {
  try {
    const text = await readText('resume.json')
    return text === undefined ? undefined : parseResume(text, 'resume.json').length
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    // The rest says what to do, which is said here anyway.
    return {problem: error.message.split('. `')[0] ?? error.message}
  }
}
