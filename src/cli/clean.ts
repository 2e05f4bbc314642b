import type {Argv} from 'yargs'
import {cleanCluster} from '../floater/clean.ts'
import {destinationOf} from '../preflight/connect.ts'
import type {Io} from './io.ts'
import {commonOptions, fieldOptions, kubectlMaker, loadConfig, type Arguments} from './options.ts'

export function builder(yargs: Argv): Argv {
  return commonOptions(fieldOptions(yargs)).example('$0 clean', 'remove what a check left in the cluster')
}

/** Removes everything that the tool created, in every cluster of the config, and nothing else. */
export async function run(args: Arguments, io: Io): Promise<number> {
  const {config} = await loadConfig(args, io)
  const kubectlFor = kubectlMaker(args, io)
  for (const {name, connection} of config.clusters) {
    const kubectl = kubectlFor(connection)
    const {context, server} = await destinationOf(kubectl, name)
    const {said} = await cleanCluster(kubectl, config.namespace)
    if (args['quiet'] === true) continue
    for (const line of said) io.say(`context ${context}, server ${server}: ${line}`)
  }
  return 0
}
