import {spawn} from 'node:child_process'
import {mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {delimiter, join} from 'node:path'
import {kubeconfigOffering, type Contexts} from './kubeconfigs.ts'
import {QUICK_KUBECTL} from './quick.ts'
import type {ResumeEntry, SavedReport} from './saved.ts'

/** The built program. */
export const PROGRAM = join(import.meta.dirname, '../../dist/main.cjs')

/** Only to end a program that nobody waits for any more. */
const LIMIT_MS = 300_000

/** What one call of the built program did. */
export interface Ran {
  exitCode: number | null
  stdout: string
  stderr: string
  /** The command lines of the kubectls that it started. */
  kubectls: string[]
  ms: number
}

/** A call of the built program that has not ended yet. */
export interface Running {
  stderr(): string
  /** To the program alone. */
  signal(signal: NodeJS.Signals): void
  /** To the program and everything that it has started, as a terminal does it. */
  signalGroup(signal: NodeJS.Signals): void
  end: Promise<Ran>
}

/** A folder to run the built program in, with a kubectl on PATH that is counted. */
export interface Desk {
  /** Where the program runs: empty at first. */
  folder: string
  /** All that the program's environment holds: nothing of the person who runs the tests. */
  env: Record<string, string>
  start(args: readonly string[], env?: Record<string, string>): Running
  run(...args: string[]): Promise<Ran>
  /** Writes config.json. */
  configure(config: object): Promise<void>
  /** A JSON file of the folder. */
  json(file: string): Promise<unknown>
  report(): Promise<SavedReport>
  resume(): Promise<ResumeEntry[]>
  remove(): Promise<void>
}

/** What lies on a desk. */
export interface DeskTools {
  /** The kubectl that the counting one leads to. */
  kubectl: string
  /** What KUBECONFIG says, or the clusters that it shall offer. */
  kubeconfig: string | Contexts
  /** A command that runs the program, whose command line it gets as arguments. */
  within?: readonly string[]
}

/** Makes a desk; `remove` puts everything away. */
export async function openDesk({kubectl, kubeconfig, within = []}: DeskTools): Promise<Desk> {
  const home = await mkdtemp(join(tmpdir(), 'netdoctor-desk-'))
  const [bin, folder, log] = [join(home, 'bin'), join(home, 'work'), join(home, 'kubectl.log')]
  await mkdir(bin)
  await mkdir(folder)
  const counting = `#!/bin/sh\nprintf '%s\\n' "$*" >>'${log}'\nexec '${kubectl}' "$@"\n`
  await writeFile(join(bin, 'kubectl'), counting, {mode: 0o755})
  const env = {
    PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
    KUBECONFIG: typeof kubeconfig === 'string' ? kubeconfig : await kubeconfigOffering(kubeconfig, home),
    HOME: home,
    ...QUICK_KUBECTL,
  }

  const started: Start = (args, more = {}) =>
    start([...within, process.execPath, PROGRAM, ...args], {folder, log, env: {...env, ...more}})
  const read = async (file: string) => JSON.parse(await readFile(join(folder, file), 'utf8')) as unknown
  return {
    folder,
    env,
    start: started,
    run: async (...args) => await started(args).end,
    configure: async (config) => await writeFile(join(folder, 'config.json'), JSON.stringify(config)),
    json: read,
    report: async () => (await read('report.json')) as SavedReport,
    resume: async () => (await read('resume.json')) as ResumeEntry[],
    remove: async () => await rm(home, {recursive: true, force: true, maxRetries: 3}),
  }
}

type Start = Desk['start']

function start(
  [program = '', ...args]: readonly string[],
  {folder, log, env}: {folder: string; log: string; env: Record<string, string>},
): Running {
  const began = performance.now()
  const child = spawn(program, args, {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own, for signalGroup.
    detached: true,
  })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS)
  const closed = new Promise<number | null>((resolve, reject) =>
    child.on('error', reject).on('close', resolve),
  )
  return {
    stderr: () => stderr,
    signal: (signal) => child.kill(signal),
    signalGroup: (signal) => process.kill(-(child.pid ?? 0), signal),
    end: closed.then(async (exitCode) => {
      clearTimeout(limit)
      const ms = performance.now() - began
      const lines = await readFile(log, 'utf8').catch(() => '')
      await rm(log, {force: true})
      return {exitCode, stdout, stderr, kubectls: lines.split('\n').filter(Boolean), ms}
    }),
  }
}
