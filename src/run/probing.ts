import {flavourOf} from '../floater/flavour.ts'
import {presentFloaters} from '../floater/present.ts'
import type {Config} from '../model/config.ts'
import type {FollowUp} from '../model/follow-up.ts'
import type {Plan} from '../model/plan.ts'
import type {ProbeContext} from '../probe/context.ts'
import {incarnation} from '../probe/excuse.ts'
import {runPlan} from '../probe/run.ts'
import type {Recorder} from '../results/store.ts'
import type {Effects} from './effects.ts'
import {sourcesAtOnce} from './estimate.ts'
import {followUps} from './follow-up.ts'
import {STAGES} from './progress.ts'
import type {ClearedSite} from './site.ts'
import {probeCounter, type ProbeCounter} from './words.ts'

/** How often the elapsed time is shown while nothing else changes; milliseconds. */
const TICK = 1000

/**
 * Makes the probes of the plan, and asks further about what FAILED, under one row a cluster. What it was told then; what came of
 * the probes is in the store.
 */
export async function probe(
  plan: Plan,
  store: Recorder,
  sites: readonly ClearedSite[],
  more: Pick<ProbeContext, 'settledAt' | 'bystanders'>,
  config: Config,
  effects: Effects,
): Promise<readonly FollowUp[]> {
  const {progress, now, signal} = effects
  const {namespace, parallel, cmdTimeout, retries} = config
  const {answer, identity, udp} = flavourOf(config)
  const maxNum = config.maxNum ?? sourcesAtOnce(effects.cores)
  const counters = new Map<string, ProbeCounter>()
  const siteOf = new Map(sites.map((site) => [site.cluster.name, site]))
  const kubectlOf = (cluster: string) => {
    const site = siteOf.get(cluster)
    if (site === undefined) throw new Error(`There is no cluster "${cluster}"`)
    return site.kubectl
  }
  const pass: ProbeCounter['pass'] = (which) => {
    for (const counter of counters.values()) counter.pass(which)
  }
  const probeAll = async (): Promise<readonly FollowUp[]> => {
    await runPlan(plan, store, {
      kubectlOf,
      namespace,
      answer,
      ...more,
      limits: {parallel, probeTimeout: cmdTimeout},
      maxNum,
      retries,
      signal,
      on: {
        probed: (cluster, more) => counters.get(cluster)?.probed(more),
        failed: (cluster, more) => counters.get(cluster)?.failed(more),
        pass,
      },
      presentFloaters: async (cluster) => {
        const present = await presentFloaters(kubectlOf(cluster), namespace)
        return present && {...present, incarnations: new Set(present.floaters.map(incarnation))}
      },
    })
    if (!effects.followUp) return []
    // What was measured is not lost for what is asked beside it.
    const withoutAnswers = (error: unknown) => {
      effects.say(`No follow-up questions: ${error instanceof Error ? error.message : String(error)}`)
      return []
    }
    return await followUps(
      {plan, results: store.results, namespace, clusters: sites.map(({clearance}) => clearance.facts)},
      {
        kubectlOf,
        namespace,
        answer,
        abilities: {identity, udp},
        probeTimeout: cmdTimeout,
        maxNum,
        signal,
        onAsking: () => pass('follow-up'),
      },
    ).catch(withoutAnswers)
  }
  let probing: Promise<readonly FollowUp[]> | undefined
  const start = () => (probing ??= probeAll())
  const sizes = probesByCluster(plan)
  const [asked = []] = await Promise.all(
    sites.map(async ({cluster: {name}}) => {
      return await progress.during(name, STAGES.probe, async (tell) => {
        const counter = probeCounter(sizes.get(name) ?? 0, now, tell)
        counters.set(name, counter)
        const ticker = setInterval(counter.show, TICK)
        // Every cluster has its counter before the first probe.
        await Promise.resolve()
        const answers = await start().finally(() => clearInterval(ticker))
        pass('done')
        return answers
      })
    }),
  )
  return asked
}

function probesByCluster({blocks, nodes}: Plan): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>()
  for (const {sources, size} of blocks) {
    const {cluster = ''} = nodes[sources[0] ?? -1] ?? {}
    sizes.set(cluster, (sizes.get(cluster) ?? 0) + size)
  }
  return sizes
}
