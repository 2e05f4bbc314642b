import {spawn} from 'node:child_process'
import {setTimeout as pause} from 'node:timers/promises'
import {descendantsOf, endAll} from './descendants.ts'

/** Only ends what hangs for ever, such as a loop without end: tests have limits of their own. Milliseconds. */
const LIMIT = 1_800_000
/** For vitest to end once it is told to; milliseconds. */
const GRACE = 10_000

export interface Surroundings {
  readonly cwd: string
  /** Beside that of this process. */
  readonly env?: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

export interface Ended {
  /** -1 where a signal ended it. */
  readonly code: number
  /** Standard output and standard error. */
  readonly output: string
}

/**
 * Runs a script of Node in a process group of its own, of which nothing is left afterwards. Where `signal` says so the group
 * is told to end, as Ctrl-C would, and this throws.
 */
export async function runNode(
  args: readonly string[],
  {cwd, env = {}, signal}: Surroundings,
): Promise<Ended> {
  signal.throwIfAborted()
  const child = spawn(process.execPath, args, {
    cwd,
    env: {...process.env, ...env},
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const output: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => output.push(text))
  }
  const kill = (how: NodeJS.Signals) => {
    if (child.pid === undefined) return
    try {
      process.kill(-child.pid, how)
    } catch {
      // Nobody is left.
    }
  }
  const killAtExit = () => kill('SIGKILL')
  process.once('exit', killAtExit)
  const over = new AbortController()
  // Tests start programs in groups of their own, and do not end them where they are ended themselves.
  let orphans: ReturnType<typeof descendantsOf> | undefined
  const interrupt = async () => {
    orphans ??= descendantsOf(child.pid ?? 0)
    await orphans
    kill('SIGINT')
    pause(GRACE, undefined, {signal: over.signal}).then(
      () => kill('SIGKILL'),
      () => undefined,
    )
  }
  const onAbort = () => void interrupt()
  const clock = setTimeout(onAbort, LIMIT)
  signal.addEventListener('abort', onAbort)
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once('error', reject).once('exit', (exitCode) => resolve(exitCode ?? -1))
    })
    signal.throwIfAborted()
    return {code, output: output.join('')}
  } finally {
    over.abort()
    clearTimeout(clock)
    signal.removeEventListener('abort', onAbort)
    process.off('exit', killAtExit)
    kill('SIGKILL')
    await endAll((await orphans) ?? [])
  }
}
