#!/usr/bin/env node
import {setMaxListeners} from 'node:events'
import {availableParallelism, homedir} from 'node:os'
import type {Io} from './cli/io.ts'
import type {Branch, Rows} from './progress/rows.ts'
import {printableLines} from './text/printable.ts'

declare const VERSION: string

const SHOW_CURSOR = '\u001b[?25h'
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
/** `timeout` signals the program, then its group, so the program gets both; nobody presses a key twice so fast. Milliseconds. */
const SAME_SIGNAL = 100

/* Before anything runs: scripts ask for the version often. */
const argv = process.argv.slice(2)
if (argv.length === 1 && argv[0] === '--version') process.stdout.write(`${VERSION}\n`)
else start(argv)

/** Not awaited: a single executable is CommonJS, where a module cannot await. */
function start(argv: readonly string[]): void {
  // With nothing left to wait for, Node ends with 0, which says that all SUCCEEDED.
  const endedEarly = () => (process.exitCode = 3)
  process.once('beforeExit', endedEarly)
  void main(argv).then((exitCode) => {
    process.off('beforeExit', endedEarly)
    process.exitCode = exitCode
  })
}

async function main(argv: readonly string[]): Promise<number> {
  const interruption = new AbortController()
  // Every kubectl that runs listens to it.
  setMaxListeners(0, interruption.signal)
  const io = makeIo(argv, interruption.signal)
  const {removeUnfinished} = await import('./files/files.ts')
  let interruptedAt = 0
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      const {aborted} = interruption.signal
      // When a terminal closes, the kernel and the shell both send SIGHUP; nobody is left who would want it to end at once.
      if (aborted && (signal === 'SIGHUP' || performance.now() - interruptedAt < SAME_SIGNAL)) return
      if (aborted) endAtOnce(String(interruption.signal.reason), removeUnfinished)
      interruption.abort(signal)
      io.say(`${signal}: stopping. ${signal === 'SIGHUP' ? 'SIGTERM' : 'Once more'} stops at once.`)
      interruptedAt = performance.now()
    })
  }
  // `| head` and a closed terminal are no errors: who reads no more needs no more, but the files are still written.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || error.code === 'EIO') return
    io.say(`Could not write the results to standard output: ${error.message}`)
    process.exitCode = 3
  })
  process.stderr.on('error', () => undefined)
  // Node's own exit code for these is 1, which says that a probe FAILED.
  process.on('uncaughtException', (error) => {
    io.say(`This is a defect of netdoctor: ${argv.includes('-v') ? String(error.stack) : error.message}`)
    process.exit(3)
  })
  const {runCommand} = await import('./cli/run.ts')
  const exitCode = await runCommand(argv, io)
  return process.exitCode === undefined ? exitCode : Number(process.exitCode)
}

function makeIo(argv: readonly string[], signal: AbortSignal): Io {
  const {env, stdout, stderr} = process
  // While rows are shown, they own the terminal: what is said goes through them.
  let speaker: Pick<Rows, 'say'> = {say: (line) => stderr.write(`${line}\n`)}
  const colorful = (stream: NodeJS.WriteStream) =>
    stream.isTTY && !argv.includes('--no-color') && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb'
  return {
    out: async (text) => {
      if (stdout.writable && !stdout.write(text)) await drained(stdout)
    },
    say: (line) => speaker.say(printableLines(line)),
    async rows(branches, style) {
      const rows = await rowsOn(stderr, branches, style, colorful(stderr))
      speaker = rows
      return rows
    },
    signal,
    env,
    home: homedir(),
    cores: availableParallelism(),
    width: stdout.isTTY ? stdout.columns : undefined,
    color: colorful(stdout),
    version: VERSION,
    nodeVersion: process.versions.node,
  }
}

/** The rows of a style; moving ones need a terminal, and listr2, which is slow to load. */
async function rowsOn(
  stream: NodeJS.WriteStream,
  branches: readonly Branch[],
  style: 'live' | 'plain' | 'none',
  color: boolean,
): Promise<Rows> {
  if (style === 'live' && stream.isTTY)
    return (await import('./progress/rows.ts')).liveRows(stream, branches, color)
  const {noRows, plainRows} = await import('./progress/plain.ts')
  return style === 'none' ? noRows(stream) : plainRows(stream, branches)
}

/** Until the reader has taken what was written, or has gone. */
async function drained(stream: NodeJS.WriteStream): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = () => {
      stream.off('drain', done).off('close', done).off('error', done)
      resolve()
    }
    stream.once('drain', done).once('close', done).once('error', done)
  })
}

/** The second interruption: children die with us, the cursor comes back, nothing else is waited for. */
function endAtOnce(signal: string, tidy: () => void): never {
  tidy()
  if (process.stderr.isTTY) process.stderr.write(SHOW_CURSOR)
  process.exit(signal === 'SIGINT' ? 130 : signal === 'SIGTERM' ? 143 : 129)
}
