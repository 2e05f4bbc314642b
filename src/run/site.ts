import {flavourOf, type Flavour} from '../floater/flavour.ts'
import {floaterManifest, trialPod, type FloaterManifest} from '../floater/manifest.ts'
import type {Kubectl} from '../kubectl/kubectl.ts'
import type {NodeUnderTest} from '../model/cluster.ts'
import type {ClusterConfig, Config} from '../model/config.ts'
import {UserError} from '../model/error.ts'
import {kindsFor} from '../plan/modes.ts'
import {destinationOf, type Destination} from '../preflight/connect.ts'
import type {PreflightInput} from '../preflight/input.ts'
import {preflight, type Clearance} from '../preflight/preflight.ts'
import {count} from '../text/wording.ts'
import type {Effects} from './effects.ts'
import {STAGES} from './progress.ts'

/** A cluster of the config, and how to reach it. */
export interface Site {
  readonly cluster: ClusterConfig
  readonly kubectl: Kubectl
  readonly destination: Destination
  readonly flavour: Flavour
  /** One a kind of floater. */
  readonly manifests: readonly FloaterManifest[]
  readonly image: string
}

/** A site where everything holds that must hold before anything is created. */
export interface ClearedSite extends Site {
  readonly clearance: Clearance
}

/** Where kubectl would go for each cluster; touches none of them. */
export async function locate(config: Config, {kubectlFor}: Effects): Promise<Site[]> {
  return await Promise.all(
    config.clusters.map(async (cluster) => {
      const kubectl = kubectlFor(cluster.connection)
      const flavour = flavourOf(config)
      const image = flavour.image(cluster.imageRepository, config)
      const manifests = kindsFor(config).map((kind) => floaterManifest(kind, cluster.imageRepository, config))
      const destination = await destinationOf(kubectl, cluster.name)
      return {cluster, kubectl, flavour, image, manifests, destination}
    }),
  )
}

/** What preflight asks of the site's cluster. */
export function preflightInput(
  {cluster, destination, image, manifests}: Site,
  config: Config,
  {force, isOver, now}: Pick<Effects, 'force' | 'isOver' | 'now'>,
): PreflightInput {
  const {namespace, floater, modes} = config
  return {
    cluster: cluster.name,
    namespace,
    destination,
    image,
    floater,
    kinds: manifests.map(({kind}) => kind),
    trialPods: manifests.map(trialPod),
    force,
    isOver,
    now,
    extras: {
      services: modes.includes('service') || modes.includes('nodeport'),
      apiServer: modes.includes('apiserver'),
    },
  }
}

/** Asks every cluster whether all holds that must; creates nothing. Throws one UserError with every problem of all. */
export async function clear(
  sites: readonly Site[],
  config: Config,
  effects: Effects,
): Promise<ClearedSite[]> {
  const {progress, say} = effects
  const asked = await Promise.allSettled(
    sites.map(async (site): Promise<ClearedSite> => {
      const {cluster, kubectl} = site
      const clearance = await progress.during(cluster.name, STAGES.connect, async (tell) => {
        const cleared = await preflight(kubectl, preflightInput(site, config, effects))
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
    if (clearance.nodes.length === 0) throw new UserError(2, nothingToProbe(where, clearance))
  }
  return cleared
}

function nothingToProbe(where: string, {notCovered}: Clearance): string {
  const causes = [...new Set(notCovered.map(({cause}) => cause))]
  const why = causes.length === 0 ? 'there is none' : causes.join('; ')
  return `There is nothing to probe: ${where}no node can have a floater (${why}).`
}

/** The nodes of the sites as they stand in a plan before there are floaters. */
export function nodesToCome(sites: readonly ClearedSite[]): NodeUnderTest[] {
  return sites.flatMap(({cluster, clearance}) =>
    clearance.nodes.map(({name, addresses, traits}): NodeUnderTest => ({
      cluster: cluster.name,
      name,
      addresses,
      traits,
      floaters: {},
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
