import type {Kubectl} from '../kubectl/kubectl.ts'
import type {Arrivals, FollowUp, FollowUpAnswer, Route} from '../model/follow-up.ts'
import type {Plan} from '../model/plan.ts'
import {ARRIVALS, arrivalsIn, type Counted} from '../probe/arrivals.ts'
import {exception, execJobs, type ExecContext} from '../probe/exec.ts'
import {routeIn, routeTo} from '../probe/route.ts'
import {patienceOf, type Limits, type Section} from '../probe/script.ts'
import {protocols} from '../protocols/index.ts'
import type {Source} from '../plan/plan.ts'
import {LONGEST_TEXT} from '../results/store.ts'
import type {Ask, Errand, Inquiry} from './inquiry.ts'

/** What asking takes, handed in. */
export interface AskContext {
  readonly kubectlOf: (cluster: string) => Kubectl
  readonly namespace: string
  /** What every floater answers that has no answer of its own. */
  readonly answer: string | undefined
  readonly limits: Limits
  /** Ends all questions. */
  readonly limit: AbortSignal
}

/** How long the counters of a pod may take to be read first, and once they are asked for last; milliseconds. */
const COUNTERS_LIMIT = 5000

/** Asks about one finding, with two execs at most. Never throws: what could not be asked is an EXCEPTION. */
export async function askAbout(plan: Plan, inquiry: Inquiry, context: AskContext): Promise<FollowUp> {
  const {finding, probe, own, route, second} = inquiry
  const watch = second?.counted && watchArrivals(plan, second.counted, countedBy(inquiry), context)
  await watch?.begun
  const asked = Promise.all([
    run(plan, own, route, context),
    second?.neighbour && run(plan, second.neighbour, undefined, context),
  ])
  const [[first, others], arrivals] = await Promise.all([
    asked,
    // Also where asking broke: nothing goes on in the pod.
    asked.catch(() => undefined).then(async () => await watch?.end()),
  ])
  return {
    finding,
    probe: probe.id,
    answers: [...first.answers, ...(others?.answers ?? [])],
    ...(arrivals === undefined ? {} : {arrivals}),
    ...(first.route === undefined ? {} : {route: first.route}),
  }
}

/** What the counters are asked for: the packets of the probe that FAILED. */
function countedBy({probe: {block}}: Inquiry): Counted {
  const {protocol, ipFamily} = block
  return {protocol: protocol === 'dns' ? 'udp' : protocol, family: ipFamily === 'ipv6' ? 'ipv6' : 'ipv4'}
}

interface Answers {
  readonly answers: readonly FollowUpAnswer[]
  readonly route: Route | undefined
}

/** One exec, with all questions of one floater. */
async function run(
  plan: Plan,
  {asker, asks}: Errand,
  route: string | undefined,
  context: AskContext,
): Promise<Answers> {
  const exec = execContext(plan, asker, context)
  const floater = plan.nodes[asker.node]?.floaters[asker.kind]?.floater
  if (floater === undefined || exec === undefined) return {answers: [], route: undefined}
  const groups = alike(asks)
  const sections = groups.map(sectionOf)
  const reply = await execJobs(floater, route === undefined ? sections : [...sections, routeTo(route)], exec)
  const answers = groups.flatMap((members, section) =>
    members.map((ask, job): FollowUpAnswer => {
      const {protocol, check, endpoint, question} = ask
      const heard = reply.answer(section, job)
      const expected = endpoint.identity ?? context.answer
      const asked = {endpoint, check, expected, patience: patienceOf(context.limits)}
      const verdict =
        (heard && protocols[protocol].judge(heard, asked)) ??
        reply.obstacle(section, job) ??
        (context.limit.aborted ? exception('lost-output', 'the time for it was over') : reply.trouble)
      const {status, reason, raw} = verdict
      return {question, asker: asker.node, status, reason, raw: raw.slice(0, LONGEST_TEXT)}
    }),
  )
  return {answers, route: route === undefined ? undefined : kept(routeIn(reply, groups.length))}
}

/** With a cause no longer than what is said may be. */
function kept<Heard extends object>(
  heard: Heard | {readonly cause: string},
): Heard | {readonly cause: string} {
  return 'cause' in heard ? {cause: heard.cause.slice(0, LONGEST_TEXT)} : heard
}

/** Those that go into one section of the script; Map.groupBy needs Node 21. */
function alike(asks: readonly Ask[]): readonly (readonly Ask[])[] {
  const kinds = [...new Set(asks.map(kindOf))]
  return kinds.map((kind) => asks.filter((ask) => kindOf(ask) === kind))
}

function kindOf({protocol, check}: Ask): string {
  return `${protocol} ${check}`
}

function sectionOf(members: readonly Ask[]): Section {
  const [{protocol: name, check}] = members as readonly [Ask]
  const protocol = protocols[name]
  return {protocol, check, targets: members.map(({endpoint}) => protocol.encode(endpoint))}
}

interface Watch {
  /** The counters were read, or never will be. */
  readonly begun: Promise<unknown>
  /** Reads them once more, and gives the difference. */
  readonly end: () => Promise<Arrivals>
}

/** Reads the counters of a floater's pod before something is asked and after it: one exec that lasts as long. */
function watchArrivals(plan: Plan, source: Source, counted: Counted, context: AskContext): Watch | undefined {
  const exec = execContext(plan, source, context)
  const floater = plan.nodes[source.node]?.floaters[source.kind]?.floater
  if (floater === undefined || exec === undefined) return undefined
  const [closing, giveUp] = [new AbortController(), new AbortController()]
  let heard = 0
  // The last counts say nothing where they were read before all was asked.
  let early = false
  let ready: () => void = () => undefined
  const begun = new Promise<void>((resolve) => (ready = resolve))
  const reading = execJobs(floater, [ARRIVALS], {
    ...exec,
    limit: AbortSignal.any([context.limit, giveUp.signal]),
    closing: closing.signal,
    onAnswered: (more) => {
      heard += more
      if (heard >= 2) ready()
      early ||= heard > 2 && !closing.signal.aborted
    },
  }).finally(ready)
  // It may break long before anyone comes to end the watch, who is told then.
  reading.catch(() => undefined)
  const patience = setTimeout(ready, COUNTERS_LIMIT)
  let late = false
  return {
    begun: begun.then(() => {
      clearTimeout(patience)
      late = heard < 2
    }),
    async end() {
      closing.abort()
      if (late) giveUp.abort()
      const goodbye = setTimeout(() => giveUp.abort(), COUNTERS_LIMIT)
      const reply = await reading
      clearTimeout(goodbye)
      const arrivals = arrivalsIn(reply, counted)
      if ('cause' in arrivals || (!late && !early)) return kept(arrivals)
      return {cause: 'the counts were not read in time'}
    },
  }
}

function execContext(plan: Plan, {node}: Source, context: AskContext): ExecContext | undefined {
  const cluster = plan.nodes[node]?.cluster
  if (cluster === undefined) return undefined
  const {kubectlOf, namespace, limits, limit} = context
  return {kubectl: kubectlOf(cluster), namespace, limits, limit, onAnswered: () => undefined}
}
