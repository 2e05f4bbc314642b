import {cleanCluster, type Leave} from '../floater/clean.ts'
import type {Kubectl} from '../kubectl/kubectl.ts'
import type {Config, Connection} from '../model/config.ts'
import {UserError} from '../model/error.ts'
import {destinationOf} from '../preflight/connect.ts'
import type {Io} from './io.ts'
import {kubectlMaker, loadConfig} from './options.ts'
import {isOver} from './over.ts'
import type {Arguments} from './page.ts'
import {WHERE} from './where.ts'

/** Removes everything that the tool created, in every cluster of the config, and nothing else. */
export async function run(args: Arguments, io: Io): Promise<number> {
  const config = await loadConfig(args, io, WHERE)
  await cleanEvery(
    config,
    kubectlMaker(args, io, io.signal),
    args['quiet'] === true ? () => undefined : io.say,
    {force: args['force'] === true, isOver},
  )
  return 0
}

/** Cleans every cluster of the config, all at once. Throws one UserError with every failure. */
export async function cleanEvery(
  {clusters, namespace}: Config,
  kubectlFor: (connection: Connection) => Kubectl,
  say: (line: string) => void,
  leave: Leave,
): Promise<void> {
  // A mistake in one of them is found before anything is removed in another.
  const sites = await Promise.all(
    clusters.map(async ({name, connection}) => {
      const kubectl = kubectlFor(connection)
      return {kubectl, destination: await destinationOf(kubectl, name)}
    }),
  )
  const failures: string[] = []
  await Promise.all(
    sites.map(async ({kubectl, destination}) => {
      const where = `context ${destination.context}, server ${destination.server}`
      try {
        const {said} = await cleanCluster(kubectl, namespace, leave)
        for (const line of said) say(`${where}: ${line}`)
      } catch (error) {
        if (!(error instanceof UserError)) throw error
        failures.push(`${where}: ${error.message}`)
      }
    }),
  )
  if (failures.length > 0) throw new UserError(3, failures.join('\n'))
}
