import {execa, type Options} from 'execa'

/** What a command printed and how it ended; it is data even where the command failed. */
export interface Ran {
  stdout: string
  stderr: string
  exitCode: number
}

export interface RunOptions {
  input?: string
  env?: Record<string, string>
  cwd?: string
  /** milliseconds; every command has a limit, so that a hung one names itself. */
  timeout?: number
  signal?: AbortSignal
}

/**
 * The environment of everything the harness starts: without proxies, KUBECONFIG and the like of the person
 * who runs the tests.
 */
export const CLEAN_ENV = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C.UTF-8',
}

/** Runs a command to its end and returns what happened. */
export async function attempt(command: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const [file = '', ...args] = command
  const settings: Options = {
    reject: false,
    extendEnv: false,
    env: {...CLEAN_ENV, ...options.env},
    timeout: options.timeout ?? 120_000,
    ...(options.input === undefined ? {stdin: 'ignore'} : {input: options.input}),
    ...(options.cwd === undefined ? {} : {cwd: options.cwd}),
    ...(options.signal === undefined ? {} : {cancelSignal: options.signal}),
  }
  const result = await execa(file, args, settings)
  const exitCode = result.exitCode ?? 128
  const stderr = String(result.stderr) + (result.timedOut ? '\n(stopped: it took too long)' : '')
  return {stdout: String(result.stdout), stderr: stderr || (result.shortMessage ?? ''), exitCode}
}

/** Runs a command that has to succeed and returns what it printed. */
export async function run(command: readonly string[], options: RunOptions = {}): Promise<string> {
  const {stdout, stderr, exitCode} = await attempt(command, options)
  if (exitCode === 0) return stdout
  throw new Error(`${command.join(' ')} ended with ${exitCode}: ${(stderr || stdout).trim().slice(-2000)}`)
}
