import type {Argv} from 'yargs'
import type {FieldName} from '../config/fields.ts'
import {cleanCluster} from '../floater/clean.ts'
import type {Kubectl} from '../kubectl/kubectl.ts'
import {UserError} from '../model/error.ts'
import {destinationOf, type Destination} from '../preflight/connect.ts'
import type {Io} from './io.ts'
import {commonOptions, fieldOptions, kubectlMaker, loadConfig, type Arguments} from './options.ts'

/** The fields that say where to clean. */
const FIELDS: readonly FieldName[] = [
  'namespace',
  'srcKubeConfig',
  'srcContext',
  'dstKubeConfig',
  'dstContext',
]

export function builder(yargs: Argv): Argv {
  return commonOptions(fieldOptions(yargs, FIELDS)).example(
    '$0 clean',
    'remove what a check left in the cluster',
  )
}

/** Removes everything that the tool created, in every cluster of the config, and nothing else. */
export async function run(args: Arguments, io: Io): Promise<number> {
  const {config} = await loadConfig(args, io)
  const kubectlFor = kubectlMaker(args, io)
  const clusters: {kubectl: Kubectl; destination: Destination}[] = []
  // A mistake in one of them is found before anything is removed in another.
  for (const {name, connection} of config.clusters) {
    const kubectl = kubectlFor(connection)
    clusters.push({kubectl, destination: await destinationOf(kubectl, name)})
  }
  const failures: string[] = []
  for (const {kubectl, destination} of clusters) {
    const where = `context ${destination.context}, server ${destination.server}`
    try {
      const {said} = await cleanCluster(kubectl, config.namespace)
      if (args['quiet'] !== true) for (const line of said) io.say(`${where}: ${line}`)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      failures.push(`${where}: ${error.message}`)
    }
  }
  if (failures.length > 0) throw new UserError(3, failures.join('\n'))
  return 0
}
