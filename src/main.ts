#!/usr/bin/env node
import {availableParallelism, homedir} from 'node:os'
import type {Io} from './cli/io.ts'

declare const VERSION: string

const SHOW_CURSOR = '\u001b[?25h'
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/* Before anything is loaded: scripts ask for the version often. */
const argv = process.argv.slice(2)
if (argv.length === 1 && argv[0] === '--version') process.stdout.write(`${VERSION}\n`)
else process.exitCode = await main(argv)

async function main(argv: readonly string[]): Promise<number> {
  const interruption = new AbortController()
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (interruption.signal.aborted) endAtOnce(String(interruption.signal.reason))
      interruption.abort(signal)
      say(`${signal}: ending the probes and writing what is known. Once more ends at once.`)
    })
  }
  // `| head` is no error: who reads no more needs no more, but the files are still written.
  process.stdout.on('error', ignoreClosedPipe)
  process.stderr.on('error', ignoreClosedPipe)
  const {runCommand} = await import('./cli/run.ts')
  return await runCommand(argv, makeIo(argv, interruption.signal))
}

function makeIo(argv: readonly string[], signal: AbortSignal): Io {
  const {env, stdout, stderr} = process
  const colorful = (stream: NodeJS.WriteStream) =>
    stream.isTTY && !argv.includes('--no-color') && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb'
  return {
    out: async (text) => {
      if (stdout.writable && !stdout.write(text)) await drained(stdout)
    },
    say,
    async rows(titles, quiet) {
      const {rowsOn, silentRows} = await import('./progress/rows.ts')
      return quiet ? silentRows : rowsOn(stderr, titles, colorful(stderr))
    },
    signal,
    env,
    home: homedir(),
    cores: availableParallelism(),
    width: stdout.isTTY ? stdout.columns : undefined,
    color: colorful(stdout),
    version: VERSION,
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
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

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}

/** The second interruption: children die with us, the cursor comes back, nothing else is waited for. */
function endAtOnce(signal: string): never {
  if (process.stderr.isTTY) process.stderr.write(SHOW_CURSOR)
  process.exit(signal === 'SIGINT' ? 130 : signal === 'SIGTERM' ? 143 : 129)
}
