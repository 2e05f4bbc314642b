import {FIELD_NAMES, FIELDS, type ConfigFields, type FieldName} from '../config/fields.ts'
import type {Typed} from '../config/flags.ts'
import {normalise} from '../config/normalise.ts'
import {validate} from '../config/validate.ts'
import {readText} from '../files/files.ts'
import {kubectlFor, type Kubectl} from '../kubectl/kubectl.ts'
import type {Config, Connection} from '../model/config.ts'
import {UserError} from '../model/error.ts'
import type {Io} from './io.ts'
import type {Arguments} from './page.ts'

/** The fields that were given as flags, checked. */
export function flagFields(args: Arguments): ConfigFields {
  const {fields, problems} = validate({flags: typedFlags(args)})
  if (problems) throw new UserError(2, problems.join('\n'))
  return fields
}

/** What was typed for each field. yargs gives a list for a flag that stands there more than once. */
function typedFlags(args: Arguments): Typed {
  const typed = FIELD_NAMES.flatMap((name) => {
    const values = [args[FIELDS[name].flag]]
      .flat()
      .filter((value) => typeof value === 'string' || typeof value === 'boolean')
    return values.length === 0 ? [] : [[name, values] as const]
  })
  return Object.fromEntries(typed)
}

/** config.json and the flags as one Config. Throws one UserError with every mistake; `only`: of what matters to the command. */
export async function loadConfig(args: Arguments, io: Io, only?: readonly FieldName[]): Promise<Config> {
  const name = String(args['config'])
  const text = await readText(name)
  if (text === undefined && name !== 'config.json') throw new UserError(2, `There is no file ${name}.`)
  const flags = typedFlags(args)
  const {fields = {}, problems = []} = validate({
    ...(text === undefined ? {} : {file: {name, text}}),
    flags,
    ...(only === undefined ? {} : {only}),
  })
  const timeout = args['request-timeout']
  const wrong = [
    ...problems,
    ...(typeof timeout === 'string' && !DURATION.test(timeout)
      ? [`--request-timeout must be a time such as 30s or 2m; found "${timeout}"`]
      : []),
  ]
  if (wrong.length > 0) throw new UserError(2, wrong.join('\n'))
  const config = normalise(fields, {home: io.home, identity: identityOf(args)})
  await assertKubeconfigs(config, name)
  if (args['quiet'] !== true) notes(text !== undefined, fields, flags, io)
  return config
}

async function assertKubeconfigs({clusters}: Config, file: string): Promise<void> {
  const missing: string[] = []
  for (const {name, connection} of clusters) {
    const {kubeconfig} = connection
    if (kubeconfig === undefined || (await readText(kubeconfig)) !== undefined) continue
    missing.push(
      `There is no kubeconfig file ${kubeconfig}, which ${file} or a flag names for cluster ${name}.`,
    )
  }
  if (missing.length > 0) throw new UserError(2, missing.join('\n'))
}

/** kubectl's own notation: Go's time.ParseDuration, or a number of seconds. */
const DURATION = /^(\d+|(\d+(\.\d+)?(ns|us|ms|s|m|h))+)$/

/** What decides where the command goes, where that is not plain to see. */
function notes(hasFile: boolean, {srcKubeConfig}: ConfigFields, flags: Typed, {say, env}: Io): void {
  if (!hasFile) say('No config.json here: using the defaults. `kubectl netdoctor init` writes one.')
  if (srcKubeConfig !== undefined && flags.srcKubeConfig === undefined && (env['KUBECONFIG'] ?? '') !== '') {
    say(`KUBECONFIG is set, but srcKubeConfig in the config file comes first: ${srcKubeConfig}`)
  }
}

function identityOf(args: Arguments): Pick<Connection, 'as' | 'asGroups' | 'requestTimeout'> {
  const {as, 'as-group': groups, 'request-timeout': requestTimeout} = args
  return {
    ...(typeof as === 'string' ? {as} : {}),
    ...(groups === undefined ? {} : {asGroups: [groups].flat().map(String)}),
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
