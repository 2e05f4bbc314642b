import {readdir, readFile} from 'node:fs/promises'
import {startTimeOf} from '../../test/e2e/cluster/processes.ts'

/** A process, told from a later one of the same number. */
interface Started {
  readonly pid: number
  readonly at: string
}

/** What a process has started, and what that has, in whatever process group; nothing where there is no /proc. */
export async function descendantsOf(ancestor: number): Promise<Started[]> {
  const entries = await readdir('/proc').catch(() => [])
  const parents = new Map<number, number>()
  for (const pid of entries.map(Number).filter((one) => one > 0)) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
    parents.set(pid, Number(/^PPid:\s*(\d+)$/m.exec(status)?.[1]))
  }
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid)
    return parent !== undefined && parent > 0 && (parent === ancestor || isBelow(parent))
  }
  const below = [...parents.keys()].filter(isBelow)
  return await Promise.all(below.map(async (pid) => ({pid, at: (await startTimeOf(pid)) ?? ''})))
}

/** Ends those that are still there. */
export async function endAll(processes: readonly Started[]): Promise<void> {
  for (const {pid, at} of processes) {
    if ((await startTimeOf(pid)) !== at) continue
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has just ended.
    }
  }
}
