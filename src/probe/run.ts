import pMap from 'p-map'
import type {Kubectl} from '../kubectl/kubectl.ts'
import type {Floater} from '../model/cluster.ts'
import type {Check, Plan, Probe} from '../model/plan.ts'
import type {Verdict} from '../model/result.ts'
import {familyOf} from '../address/address.ts'
import {batchOf, probesOf, sharedAddresses, sourcesOf} from '../plan/plan.ts'
import {protocols} from '../protocols/index.ts'
import {statusAt, tally, type Recorder} from '../results/store.ts'
import {listed} from '../text/wording.ts'
import {exception, execJobs, type ExecContext} from './exec.ts'
import type {Limits, Section} from './script.ts'

export interface ProbeContext {
  readonly kubectlOf: (cluster: string) => Kubectl
  readonly namespace: string
  /** What the right floater answers. */
  readonly expected: string
  readonly limits: Limits
  /** Source floaters that probe at once. */
  readonly maxNum: number
  /** Further passes over what failed. */
  readonly retries: number
  readonly signal: AbortSignal
  readonly on: ProbeEvents
  /** The floaters that a cluster has now, as `incarnation` names them; undefined where that cannot be found out. */
  readonly presentFloaters: (cluster: string) => Promise<ReadonlySet<string> | undefined>
}

export interface ProbeEvents {
  /** More probes of the first pass, whose sources are in this cluster, have their answer. */
  readonly probed: (cluster: string, more: number) => void
  /** More of them are not SUCCEEDED; negative where a repetition mended them. */
  readonly failed: (cluster: string, more: number) => void
  readonly pass: (pass: 'first' | 'second' | 'done') => void
}

/**
 * Makes every probe of the plan and records what each came to. Never throws for a probe: what could not be measured is
 * an EXCEPTION, and what an interruption left out stays "not tested".
 */
export async function runPlan(plan: Plan, recorder: Recorder, context: ProbeContext): Promise<void> {
  const {results, record} = recorder
  const {signal, on, retries, maxNum} = context
  const obstacleTo = obstacles(plan)
  on.pass('first')
  await eachSource(plan, maxNum, signal, async (source) => {
    const probes = batchOf(plan, source)
    const {cluster = ''} = plan.nodes[source] ?? {}
    const measurable = probes.filter((probe) => {
      const cause = obstacleTo(probe)
      if (cause) record(probe.id, cause, undefined)
      return cause === undefined
    })
    let counted = 0
    const verdicts = await ask(plan, source, measurable, context, (more) => {
      counted += more
      on.probed(cluster, more)
    })
    if (!signal.aborted) on.probed(cluster, probes.length - counted)
    for (const [probe, verdict] of verdicts) record(probe.id, verdict, probe.endpoint.address)
    on.failed(cluster, probes.filter(({id}) => statusAt(results, id) !== 'SUCCEEDED').length)
  })

  for (let pass = 0; pass < retries && !signal.aborted && tally(results).FAILED > 0; pass++) {
    on.pass('second')
    await eachSource(plan, maxNum, signal, async (source) => {
      const {cluster = ''} = plan.nodes[source] ?? {}
      const failed = batchOf(plan, source).filter(({id}) => statusAt(results, id) === 'FAILED')
      for (const [probe, verdict] of await ask(plan, source, failed, context, () => undefined)) {
        if (verdict.status === 'EXCEPTION') continue
        const mended = verdict.status === 'SUCCEEDED'
        record(probe.id, {...verdict, unstable: mended}, probe.endpoint.address)
        if (mended) on.failed(cluster, -1)
      }
    })
  }
  on.pass('done')
  await excuseReplaced(plan, recorder, context)
}

async function eachSource(
  plan: Plan,
  concurrency: number,
  signal: AbortSignal,
  work: (source: number) => Promise<void>,
): Promise<void> {
  await pMap(sourcesOf(plan), async (source) => (signal.aborted ? undefined : work(source)), {concurrency})
}

/** Why a probe of the plan cannot be made at all, for each probe; undefined for one that can. */
function obstacles(plan: Plan): (probe: Probe) => Verdict | undefined {
  const shared = sharedAddresses(plan)
  const families = plan.nodes.map(({floater}) => new Set(floater?.addresses.map(familyOf)))
  return ({source, endpoint, block}) => {
    for (const index of [source, endpoint.node]) {
      const node = index === undefined ? undefined : plan.nodes[index]
      if (index === undefined || node === undefined) continue
      if (node.floater === undefined) return exception(node.absence, node.cause)
      if (block.ipFamily === 'name' || families[index]?.has(block.ipFamily)) continue
      return exception('no-address', `the floater of node ${node.name} has no ${block.ipFamily} address`)
    }
    if (endpoint.node === undefined || endpoint.address === undefined) return undefined
    const holders = shared(plan.nodes[source]?.cluster ?? '', endpoint.address)
    if (holders.length === 0) return undefined
    return exception(
      'shared-address',
      `nodes ${listed(holders)} all have ${endpoint.address}: nobody can say who answers`,
    )
  }
}

/**
 * A floater that went away while others probed it is not a fault of the network: what FAILED because of that could not
 * be measured. Asks for the present floaters only where something FAILED.
 */
async function excuseReplaced(plan: Plan, {results, record}: Recorder, context: ProbeContext): Promise<void> {
  if (context.signal.aborted || tally(results).FAILED === 0) return
  const clusters = [...new Set(plan.nodes.map(({cluster}) => cluster))]
  const present = new Map(
    await Promise.all(clusters.map(async (one) => [one, await context.presentFloaters(one)] as const)),
  )
  const gone = plan.nodes.map(({cluster, floater}) => {
    const floaters = present.get(cluster)
    return floater !== undefined && floaters !== undefined && !floaters.has(incarnation(floater))
  })
  for (const {id, endpoint} of probesOf(plan)) {
    if (endpoint.node === undefined || !gone[endpoint.node] || statusAt(results, id) !== 'FAILED') continue
    const {name = ''} = plan.nodes[endpoint.node] ?? {}
    record(
      id,
      exception(
        'floater-replaced',
        `the floater of node ${name} went away, or was restarted, during the run`,
      ),
      undefined,
    )
  }
}

/** Tells a floater from the one that comes in its place. */
export function incarnation({uid, restarts}: Floater): string {
  return `${uid}/${restarts}`
}

/** Asks one floater; what it did not answer is asked once more, and is an EXCEPTION after that. */
async function ask(
  plan: Plan,
  source: number,
  probes: readonly Probe[],
  context: ProbeContext,
  onAnswered: (more: number) => void,
): Promise<Map<Probe, Verdict>> {
  const verdicts = new Map<Probe, Verdict>()
  const node = plan.nodes[source]
  if (node?.floater === undefined || probes.length === 0) return verdicts
  const exec = {...context, kubectl: context.kubectlOf(node.cluster), onAnswered}

  const first = await askOnce(node.floater, probes, exec, context.expected, verdicts)
  let unanswered = probes.filter((probe) => !verdicts.has(probe))
  let {trouble} = first
  if (unanswered.length > 0 && !first.final && !context.signal.aborted) {
    ;({trouble} = await askOnce(node.floater, unanswered, exec, context.expected, verdicts))
    unanswered = unanswered.filter((probe) => !verdicts.has(probe))
  }
  if (!context.signal.aborted) for (const probe of unanswered) verdicts.set(probe, trouble)
  return verdicts
}

const CHECKS = ['reply', 'connect'] as const satisfies readonly Check[]

async function askOnce(
  floater: Floater,
  probes: readonly Probe[],
  context: ExecContext,
  expected: string,
  verdicts: Map<Probe, Verdict>,
): Promise<{trouble: Verdict; final: boolean}> {
  const groups = Object.values(protocols)
    .flatMap((protocol) =>
      CHECKS.map((check) => ({
        protocol,
        check,
        members: probes.filter(({block}) => block.protocol === protocol.name && block.check === check),
      })),
    )
    .filter(({members}) => members.length > 0)
  const sections: Section[] = groups.map(({protocol, check, members}) => ({
    protocol,
    check,
    targets: members.map(({endpoint}) => protocol.encode(endpoint)),
  }))
  const reply = await execJobs(floater, sections, context)
  groups.forEach(({protocol, check, members}, section) => {
    members.forEach((probe, job) => {
      const answer = reply.answer(section, job)
      const verdict = answer && protocol.judge(answer, {endpoint: probe.endpoint, check, expected})
      if (verdict) verdicts.set(probe, verdict)
    })
  })
  return reply
}
