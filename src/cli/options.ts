import type {Argv} from 'yargs'
import {
  FIELD_NAMES,
  FIELDS,
  notYetRun,
  type ConfigFields,
  type Field,
  type FieldName,
} from '../config/fields.ts'
import {normalise} from '../config/normalise.ts'
import {validateFile, validateFlags} from '../config/validate.ts'
import {readText} from '../files/files.ts'
import {kubectlFor, type Kubectl} from '../kubectl/kubectl.ts'
import type {Config, Connection} from '../model/config.ts'
import {UserError} from '../model/error.ts'
import type {Io} from './io.ts'

/** The parsed arguments of a command, before they are checked. */
export type Arguments = Readonly<Record<string, unknown>>

/** A flag for each field of config.json. */
export function fieldOptions<T>(yargs: Argv<T>): Argv<T> {
  for (const name of FIELD_NAMES) {
    const {flag, alias, describe}: Field = FIELDS[name]
    yargs.option(flag, {
      type: 'string',
      requiresArg: true,
      describe,
      group: 'Config fields:',
      ...(alias ? {alias} : {}),
    })
  }
  return yargs
}

/** kubectl's flags that no field of config.json stands for, and how much to say. */
export function commonOptions<T>(yargs: Argv<T>): Argv<T> {
  return yargs
    .option('config', {
      type: 'string',
      requiresArg: true,
      default: 'config.json',
      describe: 'the config file',
    })
    .option('as', {type: 'string', requiresArg: true, describe: 'user to impersonate'})
    .option('as-group', {type: 'string', requiresArg: true, array: true, describe: 'group to impersonate'})
    .option('request-timeout', {
      type: 'string',
      requiresArg: true,
      describe: 'limit of one request, such as 30s',
    })
    .option('quiet', {alias: 'q', type: 'boolean', describe: 'results only'})
    .option('verbose', {alias: 'v', type: 'boolean', describe: 'print each kubectl command line'})
}

/** The fields that were given as flags, checked. */
export function flagFields(args: Arguments): ConfigFields {
  const given = FIELD_NAMES.flatMap((name) => {
    const value = args[FIELDS[name].flag]
    return typeof value === 'string' ? [[name, value]] : Array.isArray(value) ? [[name, value.join(',')]] : []
  })
  const {fields, problems} = validateFlags(Object.fromEntries(given) as Partial<Record<FieldName, string>>)
  if (problems) throw new UserError(2, problems.join('\n'))
  return fields
}

/** config.json and the flags as one Config. Throws one UserError with every mistake. */
export async function loadConfig(args: Arguments, io: Io): Promise<{config: Config; unsupported: string[]}> {
  const file = String(args['config'])
  const text = await readText(file)
  if (text === undefined && file !== 'config.json') throw new UserError(2, `There is no file ${file}.`)
  const checked = text === undefined ? {fields: {}} : validateFile(text, file)
  if (checked.problems) throw new UserError(2, checked.problems.join('\n'))
  const flags = flagFields(args)
  if (text === undefined && args['quiet'] !== true) {
    io.say('No config.json here: using the defaults. `kubectl netdoctor init` writes one.')
  }
  return {
    config: normalise(checked.fields, flags, {home: io.home, identity: identityOf(args)}),
    unsupported: notYetRun({...checked.fields, ...flags}),
  }
}

function identityOf(args: Arguments): Pick<Connection, 'as' | 'asGroups' | 'requestTimeout'> {
  const {as, 'as-group': groups, 'request-timeout': requestTimeout} = args
  return {
    ...(typeof as === 'string' ? {as} : {}),
    ...(Array.isArray(groups) ? {asGroups: groups.map(String)} : {}),
    ...(typeof requestTimeout === 'string' ? {requestTimeout} : {}),
  }
}

/** kubectl as the command uses it: the one on PATH. */
export function kubectlMaker(
  args: Arguments,
  io: Io,
  signal = io.signal,
): (connection: Connection) => Kubectl {
  const onCommand = (line: string) => {
    if (args['verbose'] === true) io.say(`+ ${line}`)
  }
  return (connection) => kubectlFor(connection, {program: 'kubectl', signal, onCommand})
}
