import {readdir, readFile} from 'node:fs/promises'
import {setTimeout as pause} from 'node:timers/promises'
import {end, startTimeOf} from '../../test/e2e/cluster/processes.ts'

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

/** For what is killed to be gone, and between two looks; milliseconds. */
const LIMIT = 10_000
const BETWEEN_LOOKS = 50

/** Ends those that are still there, and waits until none is: a cluster whose run is there is not taken down. */
export async function endAll(processes: readonly Started[]): Promise<void> {
  const limit = Date.now() + LIMIT
  while (Date.now() < limit) {
    const times = await Promise.all(processes.map(({pid}) => startTimeOf(pid)))
    const left = processes.filter(({at}, index) => times[index] === at)
    if (left.length === 0) return
    end(left)
    await pause(BETWEEN_LOOKS)
  }
}
