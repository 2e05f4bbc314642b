import type {ChildProcessWithoutNullStreams} from 'node:child_process'
import {constants} from 'node:os'
import type {Readable, Writable} from 'node:stream'
import type {ExecFault} from '../faults.ts'
import type {PodRef} from '../options.ts'
import {type ExecConnection, exitStatus, internalError} from './connection.ts'
import {outputFault} from './output-faults.ts'
import type {Processes} from './processes.ts'

export interface ExecOrder {
  argv: string[]
  env: Record<string, string>
  pod: PodRef
  fault: ExecFault | undefined
  answer: ((stdin: string, pod: PodRef) => string | undefined) | undefined
}

/** How long output may be held open by what the command left running, as container runtimes wait for it. */
const DRAIN_MS = 2000

/** Runs one exec to its end. Never rejects: what goes wrong is told to the client. */
export async function runExec(
  connection: ExecConnection,
  order: ExecOrder,
  processes: Processes,
): Promise<void> {
  const {fault} = order
  if (fault?.kind === 'hang') return
  if (fault?.kind === 'no-output') {
    connection.finish(exitStatus(0))
    return
  }
  if (fault?.kind === 'delay') {
    await Promise.race([new Promise((resolve) => setTimeout(resolve, fault.ms)), connection.closed])
  }
  const end = new End(connection, fault)
  if (order.answer === undefined) await runCommand(connection, order, processes, end)
  else await answerFor(connection, order, order.answer, end)
}

/** The one end of an exec, which a fault may bring early or leave without its status. */
class End {
  readonly #connection: ExecConnection
  readonly #fault: ExecFault | undefined
  #over = false

  constructor(connection: ExecConnection, fault: ExecFault | undefined) {
    this.#connection = connection
    this.#fault = fault
  }

  /** Where the command's output goes: through the fault, if there is one. */
  output(): Writable {
    const {stdout} = this.#connection
    const through = this.#fault && outputFault(this.#fault, () => this.#cut())
    if (through === undefined) return stdout
    through.pipe(stdout)
    return through
  }

  finish(status: ReturnType<typeof exitStatus>): void {
    if (this.#over) return
    this.#over = true
    this.#connection.finish(this.#fault?.kind === 'no-status' ? undefined : status)
  }

  #cut(): void {
    if (this.#over || this.#fault?.kind !== 'cut-stdout') return
    this.#over = true
    const {end = 'success'} = this.#fault
    void finished(this.#connection.stdout).then(() => {
      if (end === 'reset') this.#connection.reset()
      else this.#connection.finish(end === 'success' ? exitStatus(0) : undefined)
    })
  }
}

async function answerFor(
  {stdin, stdout}: ExecConnection,
  {pod}: ExecOrder,
  answer: (stdin: string, pod: PodRef) => string | undefined,
  end: End,
): Promise<void> {
  let script = ''
  stdin.setEncoding('utf8')
  for await (const text of stdin) {
    script += text as string
    const made = answer(script, pod)
    if (made === undefined) continue
    const output = end.output()
    output.end(made)
    await finished(stdout)
    break
  }
  end.finish(exitStatus(0))
}

async function runCommand(
  connection: ExecConnection,
  {argv, env}: ExecOrder,
  processes: Processes,
  end: End,
): Promise<void> {
  const child = await processes.start(argv, env)
  child.stdin.on('error', () => undefined)
  connection.stdin.pipe(child.stdin)
  const output = end.output()
  child.stdout.pipe(output)
  child.stderr.pipe(connection.stderr)
  void connection.closed.then(() => processes.endLater(child))
  const result = await exitOf(child)
  if (typeof result === 'string') {
    end.finish(internalError(`error executing command in container: ${result}`))
    return
  }
  child.stdin.destroy()
  const drained = Promise.all([finished(connection.stdout), finished(connection.stderr)])
  await Promise.race([drained, after(DRAIN_MS)])
  end.finish(exitStatus(result))
}

/** The exit code, or why the command could not be started. */
function exitOf(child: ChildProcessWithoutNullStreams): Promise<number | string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) =>
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    )
  })
}

function finished(stream: Writable | Readable): Promise<void> {
  return new Promise((resolve) => {
    if ('writableFinished' in stream && stream.writableFinished) resolve()
    else stream.once('finish', resolve).once('close', resolve)
  })
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
