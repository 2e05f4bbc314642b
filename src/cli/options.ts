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
import {validateFile, validateFlags, type Validated} from '../config/validate.ts'
import {readText} from '../files/files.ts'
import {kubectlFor, type Kubectl} from '../kubectl/kubectl.ts'
import type {Config, Connection} from '../model/config.ts'
import {UserError} from '../model/error.ts'
import type {Io} from './io.ts'

/** The parsed arguments of a command, before they are checked. */
export type Arguments = Readonly<Record<string, unknown>>

/** A flag for each of these fields of config.json. */
export function fieldOptions<T>(yargs: Argv<T>, names: readonly FieldName[] = FIELD_NAMES): Argv<T> {
  for (const name of names) {
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
  const {fields, problems} = validatedFlags(args)
  if (problems) throw new UserError(2, problems.join('\n'))
  return fields
}

function validatedFlags(args: Arguments): Validated {
  const given: Partial<Record<FieldName, string>> = {}
  const twice: string[] = []
  for (const name of FIELD_NAMES) {
    const {flag} = FIELDS[name]
    const value = args[flag]
    if (typeof value === 'string') given[name] = value
    if (Array.isArray(value)) twice.push(`--${flag} is given ${value.length} times`)
  }
  const checked = validateFlags(given)
  return twice.length === 0 ? checked : {problems: [...twice, ...(checked.problems ?? [])]}
}

/** config.json and the flags as one Config. Throws one UserError with every mistake. */
export async function loadConfig(args: Arguments, io: Io): Promise<{config: Config; unsupported: string[]}> {
  const file = String(args['config'])
  const text = await readText(file)
  if (text === undefined && file !== 'config.json') throw new UserError(2, `There is no file ${file}.`)
  const checked: Validated = text === undefined ? {fields: {}} : validateFile(text, file)
  const flags = validatedFlags(args)
  const timeout = args['request-timeout']
  const problems = [
    ...(checked.problems ?? []),
    ...(flags.problems ?? []),
    ...(typeof timeout === 'string' && !DURATION.test(timeout)
      ? [`--request-timeout must be a time such as 30s or 2m; found "${timeout}"`]
      : []),
  ]
  if (problems.length > 0) throw new UserError(2, problems.join('\n'))
  const fields: ConfigFields = {...checked.fields, ...flags.fields}
  const config = normalise(fields, {}, {home: io.home, identity: identityOf(args)})
  for (const {connection} of config.clusters) {
    const {kubeconfig} = connection
    if (kubeconfig === undefined || (await readText(kubeconfig)) !== undefined) continue
    throw new UserError(
      2,
      `There is no kubeconfig file ${kubeconfig} (srcKubeConfig or dstKubeConfig in ${file}, or a flag).`,
    )
  }
  if (args['quiet'] !== true) notes(text !== undefined, fields, flags.fields ?? {}, io)
  return {config, unsupported: notYetRun(fields)}
}

/** kubectl's own notation: Go's time.ParseDuration, or a number of seconds. */
const DURATION = /^(\d+|(\d+(\.\d+)?(ns|us|ms|s|m|h))+)$/

/** What decides where the command goes, where that is not plain to see. */
function notes(hasFile: boolean, {srcKubeConfig}: ConfigFields, flags: ConfigFields, {say, env}: Io): void {
  if (!hasFile) say('No config.json here: using the defaults. `kubectl netdoctor init` writes one.')
  if (srcKubeConfig !== undefined && flags.srcKubeConfig === undefined && (env['KUBECONFIG'] ?? '') !== '') {
    say(`KUBECONFIG is set, but srcKubeConfig in the config file comes first: ${srcKubeConfig}`)
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

/** kubectl as the command uses it: the one on PATH. `signal` ends every process. */
export function kubectlMaker(
  args: Arguments,
  io: Io,
  signal: AbortSignal,
): (connection: Connection) => Kubectl {
  const onCommand = (line: string) => {
    if (args['verbose'] === true) io.say(`+ ${line}`)
  }
  return (connection) => kubectlFor(connection, {program: 'kubectl', signal, onCommand})
}
