import {KubectlMissing, UserError} from '../model/error.ts'
import {exitCodeOfSignal} from '../run/outcome.ts'
import type {Io} from './io.ts'
import type {Page} from './page.ts'

/** Runs the command that the words name, and turns whatever it throws into one clear message. Gives the exit code. */
export async function runCommand(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(argv, io)
  } catch (error) {
    if (io.signal.aborted) {
      // What the interruption itself made fail needs no words; that a file could not be written does.
      if (error instanceof UserError && error.exitCode === 2) io.say(error.message)
      io.say('Interrupted before it was done.')
      return exitCodeOfSignal(String(io.signal.reason))
    }
    return explainFailure(error, io, argv.includes('-v') || argv.includes('--verbose'))
  }
}

/** What is not needed is not loaded: a shell waits for completions and help. */
async function dispatch(argv: readonly string[], io: Io): Promise<number> {
  if (argv[0] === '__complete') return await (await import('./complete.ts')).run(argv.slice(1), io)
  const {readLine} = await import('./words.ts')
  const wanted = argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv
  const {command, page, rest, given} = readLine(wanted)
  if (command !== undefined && page === undefined) {
    throw new UserError(2, (await import('./unknown.ts')).unknownCommand(command))
  }
  const all = given.has('help-all')
  // Before the rest is judged: who asks for help may have half a line.
  if (given.has('help') || all) return await help(page, all, io)
  if (wanted.includes('--version')) {
    await io.out(`${io.version}\n`)
    return 0
  }
  if (page !== undefined) {
    const {parse} = await import('./parse.ts')
    const args = await parse(rest, page)
    // Also in a group, such as -vh.
    if (args['help'] === true) return await help(page, false, io)
    return await (await page.load()).run(args, io)
  }
  if (rest.some((word) => !['--color', '--no-color'].includes(word))) {
    throw new UserError(2, (await import('./unknown.ts')).noCommand(rest))
  }
  return await (await import('./next.ts')).run(io)
}

async function help(page: Page | undefined, all: boolean, io: Io): Promise<number> {
  const {overview, pageHelp} = await import('./help.ts')
  await io.out(page === undefined ? overview(io.width) : pageHelp(page, all, io.width))
  return 0
}

function explainFailure(error: unknown, io: Io, verbose: boolean): number {
  if (error instanceof UserError) {
    io.say(error.message)
    return error.exitCode
  }
  if (error instanceof KubectlMissing) {
    io.say('There is no kubectl on PATH, or it cannot be run. Install it, or set PATH.')
    return 3
  }
  const {message, stack} = error instanceof Error ? error : new Error(String(error))
  io.say(
    verbose
      ? (stack ?? message)
      : `This is a defect of netdoctor: ${message}. Please report it, with the output of -v.`,
  )
  return 3
}
