import {flavourOf} from '../floater/flavour.ts'
import type {NodeUnderTest} from '../model/cluster.ts'
import type {Config} from '../model/config.ts'
import {UserError} from '../model/error.ts'
import type {Plan} from '../model/plan.ts'
import type {Run} from '../model/run.ts'
import {idleness} from '../plan/modes.ts'
import {recorder} from '../results/store.ts'
import {caveatsOf} from './caveats.ts'
import {heldBack} from './estimate.ts'
import type {Effects} from './effects.ts'
import {holdsOf, type Holds} from './holds.ts'
import {probe} from './probing.ts'
import {deploy} from './deployment.ts'
import {all, clear, locate, nodesToCome, type ClearedSite} from './site.ts'
import {canFindSizes} from './sizing.ts'
import {makeTargets, targetsToCome, type Behind, type Targets} from './targets.ts'

/** What service proxies may take to learn of a new service, milliseconds: kube-proxy syncs within 1 s, large clusters take longer. */
const PROXY_DELAY = 15_000

/** Decides what is probed, once the nodes of the clusters are known. */
export interface Scope {
  /** The nodes whose floaters are waited for. */
  readonly needs: (cluster: string, node: string) => boolean
  /** The nodes whose floaters are behind services. */
  readonly behind: Behind
  readonly plan: (nodes: readonly NodeUnderTest[], targets: Targets) => Plan
  /** Why this is not the whole plan, a clause each. */
  readonly partial: readonly string[]
}

/** What whoever ends a check has to know besides. */
export interface CheckEvents {
  /** Something is about to be created. */
  readonly deploying: () => void
  /** The floaters could not be given back: they stay claimed for a while. */
  readonly stuck: () => void
}

/**
 * Checks the network of the clusters: every stage of a check in order, each in all clusters at once. An interruption ends
 * the stage that is under way; once the nodes are known there is a Run, with "not tested" for what was not reached.
 * Throws a UserError before.
 */
export async function checkNetwork(
  config: Config,
  effects: Effects,
  scopeOf: (sites: readonly ClearedSite[]) => Promise<Scope>,
  on: CheckEvents,
): Promise<Run> {
  const {say, signal, now} = effects
  if (config.clusters.length === 0) throw new UserError(2, 'The config names no cluster.')
  const idle = idleness(config)
  if (idle !== undefined) throw new UserError(2, idle)
  const startedAt = now().toISOString()

  const located = await locate(config, effects)
  for (const {cluster, destination} of located) {
    const name = located.length > 1 ? `cluster ${cluster.name}: ` : ''
    say(
      `Checking ${name}context ${destination.context}, server ${destination.server}, namespace ${config.namespace}`,
    )
  }
  const sites = await clear(located, config, effects)
  const scope = await scopeOf(sites)
  // What does not depend on floaters is refused before there are any.
  const needed = nodesToCome(sites).filter(({cluster, name}) => scope.needs(cluster, name))
  refuseEmpty(scope.plan(needed, targetsToCome(needed, scope.behind, config)))

  if (!signal.aborted) on.deploying()
  const holds = holdsOf(sites, config, effects)
  try {
    return {...(await measure(config, effects, sites, scope, holds)), startedAt}
  } finally {
    if (!(await holds.release())) on.stuck()
  }
}

/** What needs floaters: deploys them, makes the plan, probes. */
async function measure(
  config: Config,
  effects: Effects,
  sites: readonly ClearedSite[],
  scope: Scope,
  holds: Holds,
): Promise<Omit<Run, 'startedAt'>> {
  const {say, signal, now, runId} = effects
  const prepared = all(
    await Promise.allSettled(
      sites.map(async (site) => {
        const needed = (node: string) => scope.needs(site.cluster.name, node)
        const {nodes, bystanders} = await deploy(site, needed, config, holds.of(site), effects)
        return {
          nodes,
          bystanders,
          targets: await makeTargets(site, nodes, scope.behind, config, holds.of(site), effects),
          sizing: await canFindSizes(site, nodes, config, effects),
        }
      }),
    ),
  )
  const settledAt = Date.now() + PROXY_DELAY
  const plan = scope.plan(
    prepared.flatMap(({nodes}) => nodes),
    {
      services: prepared.flatMap(({targets}) => targets.services),
      apiServers: prepared.flatMap(({targets}) => targets.apiServers),
      sizing: sites.flatMap(({cluster}, index) => (prepared[index]?.sizing === true ? [cluster.name] : [])),
    },
  )
  refuseEmpty(plan)
  const held = config.maxNum === undefined ? undefined : heldBack(plan, config.maxNum, effects.cores)
  if (held !== undefined) say(held)
  const store = recorder(plan.size)
  const bystanders = prepared.flatMap((one) => one.bystanders)
  if (!signal.aborted) await holds.confirm()
  const followUps = signal.aborted
    ? []
    : await probe(plan, store, sites, {settledAt, bystanders}, config, effects)
  return {
    id: runId,
    tool: effects.version,
    finishedAt: now().toISOString(),
    namespace: config.namespace,
    clusters: sites.map(({clearance}) => clearance.facts),
    plan,
    results: store.results,
    notCovered: sites.flatMap(({cluster, clearance}) =>
      clearance.notCovered
        .filter(({node}) => scope.needs(cluster.name, node))
        .map((one) => ({cluster: cluster.name, ...one})),
    ),
    partial: scope.partial,
    caveats: caveatsOf(plan, store.results, flavourOf(config), config),
    followUps,
    ...(signal.aborted ? {interrupted: String(signal.reason)} : {}),
  }
}

function refuseEmpty({size}: Plan): void {
  if (size === 0) throw new UserError(2, 'There is nothing to probe: the plan has no probes.')
}
