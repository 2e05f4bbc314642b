import yargs, {type Argv} from 'yargs'
import {KubectlMissing} from '../kubectl/kubectl.ts'
import {UserError} from '../model/error.ts'
import {exitCodeOfSignal} from '../run/outcome.ts'
import type {Io} from './io.ts'
import type {Arguments} from './options.ts'

/** A command's file; loaded only when it is the one that was asked for. */
interface Command {
  readonly builder: (yargs: Argv) => Argv
  readonly run: (args: Arguments, io: Io) => Promise<number>
}

/** A new command is one file and one line here. */
const COMMANDS: readonly (readonly [name: string, describe: string, load: () => Promise<Command>])[] = [
  ['init', 'write config.json', () => import('./init.ts')],
  ['check', 'probe every node from every node and report', () => import('./check.ts')],
  ['resume', 'probe again what resume.json lists', () => import('./resume.ts')],
  ['report [file]', 'show a saved run again, in any form', () => import('./report.ts')],
  ['clean', 'remove everything that the tool created', () => import('./clean.ts')],
]

/** Parses the arguments, runs the command, and turns whatever it throws into one clear message. Gives the exit code. */
export async function runCommand(argv: readonly string[], io: Io): Promise<number> {
  let exitCode = 0
  const parser = yargs(argv)
    .scriptName('kubectl netdoctor')
    .usage(
      '$0 <command>\n\nProbes every node of a Kubernetes cluster from every node, and says what is broken and where.',
    )
    .locale('en')
    .version(io.version)
    .option('color', {type: 'boolean', describe: 'colours; --no-color or NO_COLOR turns them off'})
    .help('help')
    .alias('help', 'h')
    .strict()
    .demandCommand(1, 'Name a command: kubectl netdoctor check. --help lists them.')
    .recommendCommands()
    .wrap(Math.min(io.width ?? 100, 110))
    .exitProcess(false)
    .fail((message: string, error: Error | undefined) => {
      throw error ?? new UserError(2, message)
    })
  for (const [name, describe, load] of COMMANDS) {
    parser.command(
      name,
      describe,
      async (command: Argv) => (await load()).builder(command),
      async (args) => {
        exitCode = await (await load()).run(args, io)
      },
    )
  }
  try {
    await parser.parseAsync()
    return exitCode
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

function explainFailure(error: unknown, io: Io, verbose: boolean): number {
  // yargs throws its own kind for an option without its value.
  if (error instanceof Error && error.name === 'YError') {
    io.say(error.message)
    return 2
  }
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
