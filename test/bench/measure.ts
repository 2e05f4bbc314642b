import {spawn} from 'node:child_process'
import {chmod, mkdir, mkdtemp, readFile, stat, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {pathToFileURL} from 'node:url'

const PROGRAM = path.join(import.meta.dirname, '../../dist/main.cjs')
const PEAK = pathToFileURL(path.join(import.meta.dirname, 'peak.js')).href

/** One measured call of the built program. */
export interface Measured {
  folder: string
  exitCode: number | null
  seconds: number
  cpuSeconds: number
  /** Largest resident set of our own process. */
  peakMiB: number
  kubectls: number
  /** Those of `kubectl exec`, by the pod. */
  execs: ReadonlyMap<string, number>
  /** Size of report.json in bytes. */
  reportBytes: number
  stdout: string
}

/** Runs the program against a cluster with a kubectl that counts, in a new folder. */
export async function measure(
  kubectl: string,
  kubeconfig: string,
  args: readonly string[],
): Promise<Measured> {
  const folder = await mkdtemp(path.join(tmpdir(), 'netdoctor-bench-'))
  const log = path.join(folder, 'kubectl.log')
  const bin = path.join(folder, 'bin')
  await mkdir(bin)
  await writeFile(log, '')
  await writeFile(
    path.join(bin, 'kubectl'),
    `#!/bin/sh\nprintf '%s\\n' "$*" >>'${log}'\nexec '${kubectl}' "$@"\n`,
  )
  await chmod(path.join(bin, 'kubectl'), 0o755)
  const cost = path.join(folder, 'cost.json')
  const env = {
    ...process.env,
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    KUBECONFIG: kubeconfig,
    HOME: folder,
    BENCH_COST: cost,
  }
  const started = performance.now()
  const child = spawn(process.execPath, ['--import', PEAK, PROGRAM, ...args], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve))
  const seconds = (performance.now() - started) / 1000
  const {peakMiB, cpuSeconds} = JSON.parse(await readFile(cost, 'utf8')) as Pick<
    Measured,
    'peakMiB' | 'cpuSeconds'
  >
  const kubectls = (await readFile(log, 'utf8')).split('\n').filter(Boolean)
  const reportBytes = (await stat(path.join(folder, 'report.json'))).size
  return {
    folder,
    exitCode,
    seconds,
    cpuSeconds,
    peakMiB,
    kubectls: kubectls.length,
    execs: execsOf(kubectls),
    reportBytes,
    stdout,
  }
}

/** How often each pod was asked. */
function execsOf(kubectls: readonly string[]): Measured['execs'] {
  const execs = new Map<string, number>()
  for (const line of kubectls) {
    const words = line.split(' ')
    const pod = words.includes('exec')
      ? words.find((word) => word.startsWith('netdoctor-floater'))
      : undefined
    if (pod !== undefined) execs.set(pod, (execs.get(pod) ?? 0) + 1)
  }
  return execs
}

/** A line of figures about a measured check. */
export function figures(
  title: string,
  {exitCode, seconds, cpuSeconds, peakMiB, kubectls, reportBytes, stdout}: Measured,
): string {
  const totals =
    stdout.split('\n').find((line) => / probes? between .*EXCEPTION/.test(line)) ?? stdout.slice(-200)
  return [
    title,
    `  ${totals}`,
    `  exit code ${String(exitCode)}; ${seconds.toFixed(1)} s; our own process: ${cpuSeconds.toFixed(1)} s of CPU, ${peakMiB} MiB at most`,
    `  ${kubectls} kubectl processes; report.json ${(reportBytes / 1e6).toFixed(1)} MB`,
  ].join('\n')
}
