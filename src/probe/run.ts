import pMap from 'p-map'
import type {Block, Plan, Probe} from '../model/plan.ts'
import type {Results} from '../model/result.ts'
import {pause} from '../kubectl/pause.ts'
import {batchOf, probesOf, sourcesOf, type Source} from '../plan/plan.ts'
import {slowness} from '../results/latency.ts'
import {hasReason, isSizing, reasonAt, statusAt, tally, verdictAt, type Recorder} from '../results/store.ts'
import {ask} from './ask.ts'
import type {ProbeContext} from './context.ts'
import {excuseReplaced, FAILED_LATER, obstacles} from './excuse.ts'
import {allowForSmallerEnds} from './smaller-end.ts'

/**
 * Makes every probe of the plan and records what each came to. Never throws for a probe: what could not be measured is
 * an EXCEPTION, and what an interruption left out stays "not tested".
 */
export async function runPlan(plan: Plan, recorder: Recorder, context: ProbeContext): Promise<void> {
  const {signal, on, retries} = context
  // A size was found by many packets, and those of which a router said that they are too large no longer set out.
  const isRepeated = ({id, block}: Probe) =>
    (statusAt(recorder.results, id) === 'FAILED' &&
      !(isSizing(block) && reasonAt(recorder.results, id) === 'mtu')) ||
    reasonAt(recorder.results, id) === 'overloaded'
  on.pass('first')
  const begun = Date.now()
  await firstPass(plan, recorder, context)
  if (begun < context.settledAt) await settle(plan, recorder, context)
  for (let pass = 0; pass < retries && !signal.aborted && mayChange(recorder.results); pass++) {
    on.pass('second')
    await repeat(plan, recorder, context, isRepeated, true)
  }
  const marks = retries > 0 ? await timeAgain(plan, recorder, context) : undefined
  on.pass('done')
  await allowForSmallerEnds(plan, recorder, context)
  await excuseReplaced(plan, recorder, context, marks)
}

/** Whether a later pass may find something else: the network, or the nodes, may have calmed down. */
function mayChange(results: Results): boolean {
  return tally(results).FAILED > 0 || hasReason(results, 'overloaded')
}

async function firstPass(plan: Plan, {results, record}: Recorder, context: ProbeContext): Promise<void> {
  const {signal, on} = context
  const obstacleTo = obstacles(plan, context.bystanders)
  await eachSource(plan, context, async (source, cluster) => {
    const probes = batchOf(plan, source)
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
}

/** Between looks at services whose proxies may not have followed; milliseconds. */
const SETTLING = 1000

/**
 * A new service is nobody's fault until its proxies had time to follow: a probe through one that FAILED, or that lost its
 * first packet, is repeated until then, once more after it, and then plainly SUCCEEDED.
 */
async function settle(plan: Plan, recorder: Recorder, context: ProbeContext): Promise<void> {
  const {signal, settledAt} = context
  if (!plan.blocks.some(isThroughService)) return
  const {results} = recorder
  const isUnsettled = ({id, block}: Probe) =>
    isThroughService(block) && (statusAt(results, id) === 'FAILED' || results.unstable[id] === 1)
  const repeated = new Set<number>()
  while (!signal.aborted) {
    const started = Date.now()
    const ids = await repeat(plan, recorder, context, isUnsettled, false)
    for (const id of ids) repeated.add(id)
    if (ids.length === 0 || started >= settledAt) break
    await pause(started + SETTLING - Date.now(), signal)
  }
  if (repeated.size === 0 || signal.aborted) return
  // What works now had no proxy yet, or is flaky: once more tells.
  const works = ({id}: Probe) => repeated.has(id) && statusAt(results, id) === 'SUCCEEDED'
  await repeat(plan, recorder, context, works, false)
}

function isThroughService({mode}: Block): boolean {
  return mode === 'service' || mode === 'nodeport'
}

/** Probes again what is `meant`, and gives its numbers. What FAILED and now succeeds is `unstable`, or plainly SUCCEEDED. */
async function repeat(
  plan: Plan,
  {results, record}: Recorder,
  context: ProbeContext,
  meant: (probe: Probe) => boolean,
  unstable: boolean,
): Promise<readonly number[]> {
  const repeated: number[] = []
  await eachSource(plan, context, async (source, cluster) => {
    const again = batchOf(plan, source).filter(meant)
    for (const {id} of again) repeated.push(id)
    const isBusy = again.some(({id}) => reasonAt(results, id) === 'overloaded')
    const manner = isBusy ? gently(context, again.length) : context
    for (const [probe, verdict] of await ask(plan, source, again, manner, () => undefined)) {
      if (verdict.status === 'EXCEPTION') continue
      const [was, is] = [statusAt(results, probe.id), verdict.status]
      record(
        probe.id,
        {...verdict, unstable: (unstable && was === 'FAILED' && is === 'SUCCEEDED') || verdict.unstable},
        probe.endpoint.address,
      )
      const more = Number(is !== 'SUCCEEDED') - Number(was !== 'SUCCEEDED')
      if (more !== 0) context.on.failed(cluster, more)
    }
  })
  return repeated
}

/** Probes at once in a floater that was overloaded; and more of them only where that would take more rounds than these. */
const GENTLY = 4
const MOST_ROUNDS = 16

function gently(context: ProbeContext, probes: number): ProbeContext {
  const parallel = Math.max(GENTLY, Math.ceil(probes / MOST_ROUNDS))
  return {...context, limits: {...context.limits, parallel: Math.min(parallel, context.limits.parallel)}}
}

/** Marks of what took far longer than the rest. */
const SLOW = 1

/**
 * What took far longer than the rest is timed once more, and the better time counts: a node that was busy for a moment is
 * no slow network. What FAILED then is flaky, and marked, unless its floater has gone meanwhile.
 */
async function timeAgain(
  plan: Plan,
  {results, record}: Recorder,
  context: ProbeContext,
): Promise<Uint8Array> {
  const marks = new Uint8Array(plan.size)
  const isSlow = slowness({plan, results})
  for (const probe of probesOf(plan)) if (isSlow(probe)) marks[probe.id] = SLOW
  if (!marks.includes(SLOW) || context.signal.aborted) return marks
  context.on.pass('slow')
  await eachSource(plan, context, async (source) => {
    const again = batchOf(plan, source).filter(({id}) => marks[id] === SLOW)
    for (const [{id, endpoint}, verdict] of await ask(plan, source, again, context, () => undefined)) {
      if (verdict.status === 'EXCEPTION') continue
      const first = verdictAt(results, id, endpoint.address)
      const failed = verdict.status === 'FAILED'
      if (failed) marks[id] = FAILED_LATER
      const better = !failed && verdict.timeUs < first.timeUs ? verdict : first
      record(id, {...better, unstable: failed || verdict.unstable}, endpoint.address)
    }
  })
  return marks
}

async function eachSource(
  plan: Plan,
  {maxNum: concurrency, signal}: ProbeContext,
  work: (source: Source, cluster: string) => Promise<void>,
): Promise<void> {
  await pMap(
    sourcesOf(plan),
    async (source) => {
      if (!signal.aborted) await work(source, plan.nodes[source.node]?.cluster ?? '')
    },
    {concurrency},
  )
}
