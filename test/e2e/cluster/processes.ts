import {spawn} from 'node:child_process'
import {open, readdir, readFile} from 'node:fs/promises'
import {basename} from 'node:path'
import {CLEAN_ENV} from './run.ts'

const TOKEN = 'KUBECTL_NETDOCTOR_TOKEN'
const ROLE = 'KUBECTL_NETDOCTOR_ROLE'

/** A process of a cluster and what it does there: `apiserver`, `n1/kubelet`, ... */
export interface ClusterProcess {
  pid: number
  role: string
}

/** When a process started, in clock ticks since boot: field 22 of /proc/PID/stat. */
export async function startTimeOf(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    // The command's name, field 2, may hold spaces and brackets; fields 3 and on follow its last bracket.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}

/** Starts a process that outlives this one, with its output in a file, marked as one of the cluster's. */
export async function startDaemon(daemon: {
  token: string
  role: string
  command: readonly string[]
  log: string
  env?: Record<string, string>
}): Promise<void> {
  const [file = '', ...args] = daemon.command
  const log = await open(daemon.log, 'a')
  try {
    const env = {...CLEAN_ENV, HOME: '/', ...daemon.env, ...markOf(daemon.token, daemon.role)}
    const child = spawn(file, args, {detached: true, cwd: '/', env, stdio: ['ignore', log.fd, log.fd]})
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve)
      child.once('error', reject)
    })
    child.unref()
  } finally {
    await log.close()
  }
}

/**
 * The environment that makes a process one of the cluster's. Short commands that make things carry it too: when the
 * run is killed, the last of them is ended before anything is removed, instead of making more behind the broom.
 */
export function markOf(token: string, role: string): Record<string, string> {
  return {[TOKEN]: token, [ROLE]: role}
}

/** For a process that changes its role on the way: its new mark, as env(1) takes it. */
export function roleMark(role: string): string {
  return `${ROLE}=${role}`
}

/**
 * The cluster's processes, by the mark in their environment: nothing has to be written down when one is started,
 * so nothing is missed when the run is killed at that moment, and no reused process id is ever taken for ours.
 */
export async function processesOf(token: string): Promise<ClusterProcess[]> {
  if (!/^[0-9a-f]{24}$/.test(token)) throw new Error('this is not the mark of a cluster')
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry)).map(Number)
  const found = await Promise.all(pids.map((pid) => marked(pid, token)))
  return found.filter((process) => process !== undefined)
}

/** A process of the cluster by its id; undefined where that is none of them, or no longer. */
export async function marked(pid: number, token: string): Promise<ClusterProcess | undefined> {
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
  const variables = environment.split('\0')
  if (!variables.includes(`${TOKEN}=${token}`)) return undefined
  return {pid, role: variables.find((line) => line.startsWith(`${ROLE}=`))?.slice(ROLE.length + 1) ?? ''}
}

/** The name of the program that a process runs, without its folder; nothing for one that is gone. */
export async function programOf(pid: number): Promise<string> {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return basename(commandLine.split('\0')[0] ?? '')
}

/** Ends these processes at once; one that is gone already is fine. */
export function end(
  processes: readonly Pick<ClusterProcess, 'pid'>[],
  signal: NodeJS.Signals = 'SIGKILL',
): void {
  for (const {pid} of processes) {
    try {
      process.kill(pid, signal)
    } catch {
      // It ended by itself in the meantime.
    }
  }
}
