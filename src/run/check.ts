import {presentFloaters} from '../floater/present.ts'
import {flavourOf} from '../floater/flavour.ts'
import type {NodeUnderTest} from '../model/cluster.ts'
import type {Config} from '../model/config.ts'
import {UserError} from '../model/error.ts'
import type {Plan} from '../model/plan.ts'
import type {Run} from '../model/run.ts'
import {idleness} from '../plan/modes.ts'
import {incarnation} from '../probe/excuse.ts'
import type {ProbeContext} from '../probe/context.ts'
import {runPlan} from '../probe/run.ts'
import {recorder, type Recorder} from '../results/store.ts'
import {caveatsOf} from './caveats.ts'
import {heldBack, sourcesAtOnce} from './estimate.ts'
import type {Effects} from './effects.ts'
import {holdsOf, type Holds} from './holds.ts'
import {STAGES} from './progress.ts'
import {all, clear, deploy, locate, nodesToCome, type ClearedSite} from './site.ts'
import {canFindSizes} from './sizing.ts'
import {makeTargets, targetsToCome, type Behind, type Targets} from './targets.ts'
import {probeCounter, type ProbeCounter} from './words.ts'

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

/**
 * Checks the network of the clusters: every stage of a check in order, each in all clusters at once. An interruption ends
 * the stage that is under way; once the nodes are known there is a Run, with "not tested" for what was not reached.
 * Throws a UserError before. `onDeploy` is called before anything is created.
 */
export async function checkNetwork(
  config: Config,
  effects: Effects,
  scopeOf: (sites: readonly ClearedSite[]) => Promise<Scope>,
  onDeploy: () => void,
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

  if (!signal.aborted) onDeploy()
  const holds = holdsOf(sites, config, effects)
  let measured = false
  try {
    const run = await measure(config, effects, sites, scope, holds)
    measured = true
    return {...run, startedAt}
  } finally {
    await holds.release(measured)
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
          targets: await makeTargets(site, nodes, scope.behind, config, effects),
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
  if (!signal.aborted) await probe(plan, store, sites, {settledAt, bystanders}, config, effects)
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
    ...(signal.aborted ? {interrupted: String(signal.reason)} : {}),
  }
}

function refuseEmpty({size}: Plan): void {
  if (size === 0) throw new UserError(2, 'There is nothing to probe: the plan has no probes.')
}

/** How often the elapsed time is shown while nothing else changes; milliseconds. */
const TICK = 1000

async function probe(
  plan: Plan,
  store: Recorder,
  sites: readonly ClearedSite[],
  more: Pick<ProbeContext, 'settledAt' | 'bystanders'>,
  config: Config,
  effects: Effects,
): Promise<void> {
  const {progress, now, signal} = effects
  const {namespace, parallel, cmdTimeout, retries} = config
  const counters = new Map<string, ProbeCounter>()
  const siteOf = new Map(sites.map((site) => [site.cluster.name, site]))
  const kubectlOf = (cluster: string) => {
    const site = siteOf.get(cluster)
    if (site === undefined) throw new Error(`There is no cluster "${cluster}"`)
    return site.kubectl
  }
  let probing: Promise<void> | undefined
  const start = () =>
    (probing ??= runPlan(plan, store, {
      kubectlOf,
      namespace,
      answer: flavourOf(config).answer,
      ...more,
      limits: {parallel, probeTimeout: cmdTimeout},
      maxNum: config.maxNum ?? sourcesAtOnce(effects.cores),
      retries,
      signal,
      on: {
        probed: (cluster, more) => counters.get(cluster)?.probed(more),
        failed: (cluster, more) => counters.get(cluster)?.failed(more),
        pass: (pass) => {
          for (const counter of counters.values()) counter.pass(pass)
        },
      },
      presentFloaters: async (cluster) => {
        const templates = siteOf.get(cluster)?.manifests.map(({template}) => template) ?? []
        const floaters = await presentFloaters(kubectlOf(cluster), namespace, templates)
        return floaters && new Set(floaters.map(incarnation))
      },
    }))
  const sizes = probesByCluster(plan)
  await Promise.all(
    sites.map(async ({cluster: {name}}) => {
      await progress.during(name, STAGES.probe, async (tell) => {
        const counter = probeCounter(sizes.get(name) ?? 0, now, tell)
        counters.set(name, counter)
        const ticker = setInterval(counter.show, TICK)
        // Every cluster has its counter before the first probe.
        await Promise.resolve()
        await start().finally(() => clearInterval(ticker))
      })
    }),
  )
}

function probesByCluster({blocks, nodes}: Plan): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>()
  for (const {sources, size} of blocks) {
    const {cluster = ''} = nodes[sources[0] ?? -1] ?? {}
    sizes.set(cluster, (sizes.get(cluster) ?? 0) + size)
  }
  return sizes
}
