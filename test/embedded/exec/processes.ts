import {type ChildProcessWithoutNullStreams, spawn} from 'node:child_process'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

const POLL_MS = 50

interface Running {
  child: ChildProcessWithoutNullStreams
  home: string
}

/**
 * The commands that execs run, each in a process group and a directory of its own. What a command leaves behind
 * may go on for `orphanMs`, as in a pod; then its group is ended.
 */
export class Processes {
  readonly #running = new Set<Running>()
  readonly #orphanMs: number
  /** Last resort, when the process ends without stop(). */
  readonly #atExit = () => {
    for (const {child} of this.#running) kill(child)
  }

  constructor(orphanMs: number) {
    this.#orphanMs = orphanMs
    process.once('exit', this.#atExit)
  }

  async start(argv: string[], env: Record<string, string>): Promise<ChildProcessWithoutNullStreams> {
    const home = await mkdtemp(join(tmpdir(), 'embedded-exec-'))
    const child = spawn(argv[0] ?? '', argv.slice(1), {
      cwd: home,
      env: {PATH: process.env['PATH'] ?? '', HOME: home, TMPDIR: home, ...env},
      detached: true,
      stdio: 'pipe',
    })
    const running = {child, home}
    this.#running.add(running)
    child.once('error', () => void this.#forget(running))
    child.once('exit', () => void this.endLater(child))
    return child
  }

  /** Waits until nothing of the command is left; ends it when that takes longer than `orphanMs`. */
  async endLater(child: ChildProcessWithoutNullStreams): Promise<void> {
    const running = [...this.#running].find((entry) => entry.child === child)
    if (running === undefined) return
    const deadline = Date.now() + this.#orphanMs
    while (this.#running.has(running) && alive(child)) {
      if (Date.now() > deadline) kill(child)
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
    await this.#forget(running)
  }

  async stop(): Promise<void> {
    process.off('exit', this.#atExit)
    for (const {child} of this.#running) kill(child)
    await Promise.all([...this.#running].map((running) => this.#forget(running)))
  }

  async #forget(running: Running): Promise<void> {
    if (!this.#running.delete(running)) return
    await rm(running.home, {recursive: true, force: true, maxRetries: 3})
  }
}

/** Whether anything is left of the command's process group. While something is, its number is not given away. */
function alive({pid}: ChildProcessWithoutNullStreams): boolean {
  return pid !== undefined && signalGroup(pid, 0)
}

function kill(child: ChildProcessWithoutNullStreams): void {
  if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL')
}

function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal)
  } catch {
    return false
  }
}
