import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {execa, type Options} from 'execa'
import {QUICK_KUBECTL} from '../desk/quick.ts'

/** A kubectl bound to one cluster, with a HOME of its own: kubectl caches discovery there. */
export interface BoundKubectl {
  binary: string
  env: Record<string, string>
  run(args: string[], input?: string): Promise<KubectlResult>
  /** Runs, fails when kubectl does, and gives what it printed as JSON. */
  json<T>(args: string[], input?: string): Promise<T>
  remove(): Promise<void>
}

export interface KubectlResult {
  exitCode: number
  stdout: string
  stderr: string
}

const LIMIT_MS = 20_000

export async function bindKubectl(binary: string, kubeconfig: string): Promise<BoundKubectl> {
  const home = await mkdtemp(join(tmpdir(), 'kubectl-home-'))
  const env = {KUBECONFIG: kubeconfig, HOME: home, ...QUICK_KUBECTL}
  const options = {
    env,
    reject: false,
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
    stripFinalNewline: false,
  } satisfies Options
  const run = async (args: string[], input?: string): Promise<KubectlResult> => {
    const result = await execa(binary, args, {
      ...options,
      ...(input === undefined ? {stdin: 'ignore'} : {input}),
    })
    if (result.timedOut) throw new Error(`${args.join(' ')}: not done after ${LIMIT_MS} ms: ${result.stderr}`)
    return {exitCode: result.exitCode ?? -1, stdout: result.stdout, stderr: result.stderr}
  }
  return {
    binary,
    env,
    run,
    json: async <T>(args: string[], input?: string) => {
      const {exitCode, stdout, stderr} = await run(args, input)
      if (exitCode !== 0) throw new Error(`kubectl ${args.join(' ')}: exit code ${exitCode}: ${stderr}`)
      return JSON.parse(stdout) as T
    },
    remove: () => rm(home, {recursive: true, force: true}),
  }
}
