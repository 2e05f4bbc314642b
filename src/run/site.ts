import {applyFloater, createNamespace} from '../floater/deploy.ts'
import {awaitFloaters} from '../floater/wait.ts'
import {floaterBoard, type Board} from '../floater/board.ts'
import {
  floaterImage,
  floaterManifest,
  namespaceManifest,
  trialPod,
  type FloaterManifest,
} from '../floater/manifest.ts'
import type {Kubectl} from '../kubectl/kubectl.ts'
import type {NodeUnderTest} from '../model/cluster.ts'
import type {ClusterConfig, Config} from '../model/config.ts'
import {UserError} from '../model/error.ts'
import {destinationOf, type Destination} from '../preflight/connect.ts'
import {preflight, type Clearance} from '../preflight/preflight.ts'
import {count} from '../text/wording.ts'
import type {Effects} from './effects.ts'
import {STAGES} from './progress.ts'
import {describeBoard} from './words.ts'

/** A cluster of the config, and how to reach it. */
export interface Site {
  readonly cluster: ClusterConfig
  readonly kubectl: Kubectl
  readonly destination: Destination
  readonly manifest: FloaterManifest
  readonly image: string
}

/** A site where everything holds that must hold before anything is created. */
export interface ClearedSite extends Site {
  readonly clearance: Clearance
}

/** Where kubectl would go for each cluster; touches none of them. */
export async function locate(config: Config, runId: string, {kubectlFor}: Effects): Promise<Site[]> {
  return await Promise.all(
    config.clusters.map(async (cluster) => {
      const kubectl = kubectlFor(cluster.connection)
      const image = floaterImage(cluster.imageRepository, config)
      const manifest = floaterManifest(image, config, runId)
      return {cluster, kubectl, image, manifest, destination: await destinationOf(kubectl, cluster.name)}
    }),
  )
}

/** Asks every cluster whether all holds that must; creates nothing. Throws one UserError with every problem of all. */
export async function clear(
  sites: readonly Site[],
  {namespace}: Config,
  {progress, say}: Effects,
): Promise<ClearedSite[]> {
  const asked = await Promise.allSettled(
    sites.map(async (site): Promise<ClearedSite> => {
      const {cluster, kubectl, destination, image, manifest} = site
      const input = {cluster: cluster.name, namespace, destination, image, trialPod: trialPod(manifest)}
      const clearance = await progress.during(cluster.name, STAGES.connect, async (tell) => {
        const cleared = await preflight(kubectl, input)
        tell(`Kubernetes ${cleared.facts.version}, ${count(cleared.nodes.length, 'node')}`)
        return cleared
      })
      return {...site, clearance}
    }),
  )
  const cleared = all(asked)
  refuseTwins(cleared)
  for (const {cluster, clearance} of cleared) {
    const where = sites.length > 1 ? `cluster ${cluster.name}: ` : ''
    for (const warning of clearance.warnings) say(`Warning: ${where}${warning}`)
    if (clearance.nodes.length > 0) continue
    throw new UserError(
      2,
      `There is nothing to probe: ${where || 'the cluster '}has no Linux node.`.replace(': has', ' has'),
    )
  }
  return cleared
}

/** The nodes of the sites as they stand in a plan before there are floaters. */
export function nodesToCome(sites: readonly ClearedSite[]): NodeUnderTest[] {
  return sites.flatMap(({cluster, clearance}) =>
    clearance.nodes.map(({name}): NodeUnderTest => ({
      cluster: cluster.name,
      name,
      floater: undefined,
      absence: 'no-floater',
      cause: '',
    })),
  )
}

/** Two names of one cluster would probe it against itself, and clean it under the other's feet. */
export function refuseTwins(sites: readonly ClearedSite[]): void {
  const homes = new Map<string, string>()
  for (const {cluster, clearance} of sites) {
    for (const {uid, name} of clearance.nodes) {
      const other = homes.get(uid)
      if (other !== undefined && other !== cluster.name && uid !== '') {
        throw new UserError(
          2,
          `Clusters ${other} and ${cluster.name} of the config are the same cluster: node ${name} is in both. Nothing was created.`,
        )
      }
      homes.set(uid, cluster.name)
    }
  }
}

/**
 * Creates what is missing, and waits for the floaters of those nodes that `needed` names; what does not come up is on the
 * board. After an interruption the board is as far as it got.
 */
export async function deploy(
  site: ClearedSite,
  needed: (node: string) => boolean,
  config: Config,
  runId: string,
  {progress, signal}: Effects,
): Promise<Board> {
  const {cluster, kubectl, manifest, clearance, image} = site
  const nodes = clearance.nodes.filter(({name}) => needed(name))
  const board = floaterBoard(nodes, manifest.template)
  if (signal.aborted) return board
  await progress.during(cluster.name, STAGES.deploy, async (tell) => {
    try {
      if (!clearance.namespaceExists) await createNamespace(kubectl, namespaceManifest(config, runId))
      await applyFloater(kubectl, manifest)
    } catch (error) {
      // Ended in the middle, it may have created something: the run goes on to its end, and says so.
      if (!signal.aborted) throw withLeftovers(error, clearance.namespaceExists, config.namespace)
    }
    tell(image)
  })
  await progress.during(cluster.name, STAGES.wait, async (tell) => {
    const onChange = () => tell(describeBoard(board, nodes.length))
    const {namespace, podWaitTime} = config
    await awaitFloaters(board, {kubectl, namespace, podWaitTime, signal, onChange})
    onChange()
  })
  return board
}

/** A failure, with what it leaves behind where the namespace was ours to create. */
function withLeftovers(error: unknown, namespaceExisted: boolean, namespace: string): unknown {
  if (namespaceExisted || !(error instanceof UserError)) return error
  return new UserError(
    error.exitCode,
    `${error.message}\nNamespace ${namespace} may have been created: \`kubectl netdoctor clean\` removes it.`,
  )
}

/** What all came to; once all have ended, the failures as one. */
export function all<T>(settled: readonly PromiseSettledResult<T>[]): T[] {
  const errors = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
  const [first] = errors
  const known = errors.filter((error) => error instanceof UserError)
  if (errors.length > 0 && known.length < errors.length)
    throw errors.find((error) => !(error instanceof UserError))
  if (first instanceof UserError) {
    throw new UserError(first.exitCode, [...new Set(known.map(({message}) => message))].join('\n'))
  }
  return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
}
