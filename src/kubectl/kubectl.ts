import {execa} from 'execa'
import type {Connection} from '../model/config.ts'
import {KubectlMissing} from '../model/error.ts'
import {inShell} from '../text/wording.ts'

/** What a kubectl process came to. Failure is data: nothing here throws but for a kubectl that cannot be started. */
export interface KubectlResult {
  readonly ok: boolean
  /** Undefined where a signal or the deadline ended it. */
  readonly exitCode: number | undefined
  /** Empty where lines were streamed. */
  readonly stdout: string
  readonly stderr: string
  /** The deadline ended it. */
  readonly timedOut: boolean
}

export interface RunOptions {
  readonly input?: string
  /** Milliseconds until the process is ended. */
  readonly deadline?: number
}

export interface StreamOptions {
  /** Written to standard input, which then stays open until the process ends or is ended. */
  readonly input?: string
  /** Milliseconds until the process is ended. */
  readonly deadline: number
  readonly onLine: (line: string) => void
  /** Ends the process early, besides the signal that every process of this kubectl obeys. */
  readonly signal?: AbortSignal
  /** Closes standard input, and leaves it to the process to end. */
  readonly closing?: AbortSignal
}

/** kubectl with one cluster's connection flags. */
export interface Kubectl {
  readonly run: (args: readonly string[], options?: RunOptions) => Promise<KubectlResult>
  readonly stream: (args: readonly string[], options: StreamOptions) => Promise<KubectlResult>
}

export interface KubectlEnvironment {
  /** The program; a name is looked up in PATH. */
  readonly program: string
  /** Ends every process. */
  readonly signal: AbortSignal
  /** Called with each command line before it runs. */
  readonly onCommand: (commandLine: string) => void
}

/** For one request of the API, answered at once by a healthy server; kubectl itself would wait for ever. Milliseconds. */
const REQUEST_DEADLINE = 60_000
/** For what kubectl wrote before it ended to be read; milliseconds. */
const DRAINING = 5000
/** Between the end of standard input, SIGTERM and SIGKILL: all in all well under the 2 s that an interrupted run has. */
const PATIENCE = 400

/** The one way to run kubectl. It never repeats anything. */
export function kubectlFor(
  connection: Connection,
  {program, signal, onCommand}: KubectlEnvironment,
): Kubectl {
  const who = connectionFlags(connection)
  const timeout =
    connection.requestTimeout === undefined ? [] : [`--request-timeout=${connection.requestTimeout}`]
  return {
    async run(args, {input, deadline = REQUEST_DEADLINE} = {}) {
      const all = [...who, ...timeout, ...args]
      onCommand(commandLine(program, all))
      const child = start(program, all, {keep: true, piped: input !== undefined})
      child.stdin?.on('error', ignoreClosedPipe).end(input)
      return await finish(child, [signal], deadline)
    },
    // --request-timeout would also cut the connections that a watch or an exec hold open: they have their own limits.
    async stream(args, {input, deadline, onLine, signal: own, closing}) {
      const all = [...who, ...args]
      onCommand(commandLine(program, all))
      const child = start(program, all, {keep: false, piped: input !== undefined})
      child.stdin?.on('error', ignoreClosedPipe).write(input)
      splitLines(child.stdout, onLine)
      closing?.addEventListener('abort', () => child.stdin?.end(), {once: true})
      return await finish(child, own ? [signal, own] : [signal], deadline)
    },
  }
}

/** `keep`: gather standard output for the result; `piped`: standard input is ours to write. */
function start(program: string, args: readonly string[], {keep, piped}: {keep: boolean; piped: boolean}) {
  return execa(program, args, {
    reject: false,
    stdin: piped ? 'pipe' : 'ignore',
    buffer: {stdout: keep, stderr: true},
    forceKillAfterDelay: PATIENCE,
    stripFinalNewline: false,
  })
}

type Child = ReturnType<typeof start>

/** kubectl may end before it has read everything; how it ended says what that means. */
function ignoreClosedPipe(): void {
  return
}

async function finish(
  child: Child,
  signals: readonly AbortSignal[],
  deadline: number,
): Promise<KubectlResult> {
  let timedOut = false
  let patience: NodeJS.Timeout | undefined
  let leftOpen: NodeJS.Timeout | undefined
  const isLate = () => timedOut
  const end = () => {
    // The end of input lets the script in the pod end its probes and say goodbye.
    child.stdin?.end()
    patience ??= setTimeout(() => child.kill('SIGTERM'), child.stdin ? PATIENCE : 0)
  }
  const clock = setTimeout(() => {
    timedOut = true
    end()
  }, deadline)
  for (const signal of signals) {
    if (signal.aborted) end()
    signal.addEventListener('abort', end, {once: true})
  }
  child.once('exit', () => {
    // A grandchild, such as a credential plugin that hangs, may hold kubectl's pipes open for ever.
    const interrupted = timedOut || signals.some(({aborted}) => aborted)
    leftOpen = setTimeout(
      () => {
        child.stdout.destroy()
        child.stderr.destroy()
      },
      interrupted ? PATIENCE : DRAINING,
    )
  })
  try {
    const result = await child
    if (isMissing(result)) throw new KubectlMissing(result.shortMessage)
    // A process that could not be started has said nothing itself.
    const stderr =
      result.exitCode !== undefined || result.code === undefined ? result.stderr : (result.shortMessage ?? '')
    const {exitCode, stdout} = result
    const late = isLate() ? `it did not answer within ${deadline / 1000} s` : ''
    return {
      ok: exitCode === 0 && !isLate(),
      exitCode,
      stdout: keptOutput(stdout),
      stderr: [stderr, late].filter(Boolean).join('\n'),
      timedOut: isLate(),
    }
  } finally {
    clearTimeout(clock)
    clearTimeout(patience)
    clearTimeout(leftOpen)
    for (const signal of signals) signal.removeEventListener('abort', end)
  }
}

/** execa has none where it was streamed, whatever its type says. */
function keptOutput(stdout: unknown): string {
  return typeof stdout === 'string' ? stdout : ''
}

function isMissing(result: {readonly code?: string | undefined}): boolean {
  return result.code === 'ENOENT' || result.code === 'EACCES'
}

function connectionFlags({kubeconfig, context, as, asGroups = []}: Connection): string[] {
  return [
    ...(kubeconfig === undefined ? [] : [`--kubeconfig=${kubeconfig}`]),
    ...(context === undefined ? [] : [`--context=${context}`]),
    ...(as === undefined ? [] : [`--as=${as}`]),
    ...asGroups.map((group) => `--as-group=${group}`),
  ]
}

function splitLines(stream: NodeJS.ReadableStream | undefined, onLine: (line: string) => void): void {
  let rest = ''
  stream?.setEncoding('utf8')
  stream?.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  })
}

/** For people: what could be pasted into a shell. */
function commandLine(program: string, args: readonly string[]): string {
  return [program, ...args].map(inShell).join(' ')
}
