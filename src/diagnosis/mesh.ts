import type {Finding, Subject} from '../model/finding.ts'
import type {Plan, Probe} from '../model/plan.ts'
import {probesOf} from '../plan/plan.ts'
import {reasonAt} from '../results/store.ts'
import {printable} from '../text/printable.ts'
import {count} from '../text/wording.ts'
import {reasonsOf} from './evidence.ts'
import {joined, namesOf, percent} from './names.ts'
import {close, type Observations} from './observations.ts'
import {placeOf} from './phrases.ts'
import {
  leavesForFloater,
  meshedEnds,
  PROXY_REASONS,
  proxiesAt,
  sidecarsCalled,
  type Ends,
} from './sidecars.ts'
import {failsThroughout, works, type Counts} from './shares.ts'
import type {Suspicion} from './suspicion.ts'

/** What a mesh may break, the narrower first. */
const PATTERNS = [
  {
    direction: 'inbound',
    path: 'from outside the mesh to',
    holds: ({source, target}: Ends) => !source && target,
  },
  {direction: 'inbound', path: 'to', holds: ({target}: Ends) => target},
  {direction: 'outbound', path: 'from', holds: ({source}: Ends) => source},
  {direction: 'both', path: 'to and from', holds: ({source, target}: Ends) => source || target},
] as const

/**
 * What was measured: TCP between pods that a pattern is about, what else takes the same path, what the nodes beneath ask each
 * other, and all the rest between pods.
 */
type Seen = Readonly<Record<'own' | 'same' | 'beneath' | 'rest', {-readonly [K in keyof Counts]: Counts[K]}>>

/** TCP that fails wherever a mesh's proxy has part in it, and hardly anything else. */
export function meshFaults(observations: Observations): Suspicion[] {
  const {plan, results} = observations.run
  const meshed = [...plan.nodes.keys()].filter((node) => proxiesAt(plan, node).length > 0)
  if (meshed.length === 0) return []
  const issueOf = failures(observations)
  if (issueOf === undefined) return []
  const endsOf = meshedEnds(plan)
  const seen = PATTERNS.map((): Seen => ({own: none(), same: none(), beneath: none(), rest: none()}))
  for (const probe of probesOf(plan)) {
    const {mode, protocol} = probe.block
    // A node may answer at its port for a floater of its own, past the proxy or not.
    if (results.status[probe.id] === 0 || mode === 'nodeport' || !leavesForFloater(probe)) continue
    const isBeneath = mode === 'node'
    const ends = isBeneath ? nodesOfMesh(plan, probe) : endsOf(probe)
    const failed = Number(results.status[probe.id] === 2)
    for (const [index, {holds}] of PATTERNS.entries()) {
      const cell = holds(ends) ? (isBeneath ? 'beneath' : protocol === 'tcp' ? 'own' : 'same') : 'rest'
      const counts = seen[index]?.[cell]
      if (counts === undefined || (isBeneath && cell === 'rest')) continue
      counts.measured++
      counts.failed += cell === 'own' ? Number(issueOf[probe.id] !== NO_ISSUE) : failed
    }
  }
  const [best] = PATTERNS.flatMap((pattern, index) => {
    const counts = seen[index]
    return counts !== undefined && isMatch(counts, meshed.length === 1) ? [{pattern, counts}] : []
  }).sort((a, b) => score(b.counts) - score(a.counts))
  if (best === undefined) return []
  const {holds} = best.pattern
  const isOwn = (probe: Probe) =>
    probe.block.protocol === 'tcp' && leavesForFloater(probe) && holds(endsOf(probe))
  const probes: number[] = []
  for (const probe of probesOf(plan)) {
    const issue = issueOf[probe.id] ?? NO_ISSUE
    if (issue !== NO_ISSUE && isOwn(probe)) probes.push(close(observations, issue))
  }
  return [{finding: findingOf(observations, meshed, best, probes), probes}]
}

function none(): Seen['own'] {
  return {failed: 0, measured: 0}
}

function score({own}: Seen): number {
  return own.failed - 2 * (own.measured - own.failed)
}

function nodesOfMesh(plan: Plan, {source, endpoint}: Probe): Ends {
  const [a, b] = [source, endpoint.node].map((node) => proxiesAt(plan, node ?? -1).length > 0)
  return {source: a === true, target: b === true}
}

/**
 * What else takes the same path must work, and the nodes beneath; where it was not asked for, something must that no proxy has
 * part in. Of one node in the mesh that says nothing: it may as well be deaf.
 */
function isMatch({own, same, beneath, rest}: Seen, isSingle: boolean): boolean {
  if (own.failed < 2 || !failsThroughout(own)) return false
  if (beneath.measured > 0 && !works(beneath)) return false
  if (same.measured > 0) return works(same)
  return works(rest) && (!isSingle || beneath.measured > 0)
}

const NO_ISSUE = -1

/** For each probe the open issue that a proxy can have made; undefined where none can. */
function failures({issues, run}: Observations): Int32Array | undefined {
  let isAny = false
  const found = new Int32Array(run.results.size).fill(NO_ISSUE)
  for (let i = 0; i < issues.size; i++) {
    const id = issues.probe[i] ?? 0
    const isFailed = run.results.status[id] === 2 && PROXY_REASONS.includes(reasonAt(run.results, id))
    if (issues.open[i] === 0 || !isFailed) continue
    found[id] = i
    isAny = true
  }
  return isAny ? found : undefined
}

interface Match {
  readonly pattern: (typeof PATTERNS)[number]
  readonly counts: Seen
}

/** Of more nodes than this only the number is said. */
const MOST_NODES = 3

function findingOf(
  {run}: Observations,
  meshed: readonly number[],
  {pattern, counts: {own, same}}: Match,
  probes: readonly number[],
): Omit<Finding, 'explains'> {
  const {plan, clusters = []} = run
  const nameOf = namesOf(plan)
  const called = sidecarsCalled(meshed.flatMap((node) => proxiesAt(plan, node)))
  const isAll = meshed.length === plan.nodes.length
  const whose = meshed.length > MOST_NODES ? count(meshed.length, 'node') : joined(meshed.map(nameOf))
  return {
    kind: 'mesh',
    subjects: isAll ? [] : meshed.map((node): Subject => ({kind: 'node', node})),
    direction: pattern.direction,
    layer: 'pod network',
    against: own.measured - own.failed,
    sentence: `TCP ${pattern.path} ${isAll ? 'floaters' : `the floaters of ${whose}`} fails ${placeOf({layer: 'pod network'})}, the rest arrives: a sidecar stands there, ${called}`,
    evidence: [
      ...reasonsOf(run, probes),
      own.failed === own.measured
        ? 'all TCP that has to pass that sidecar fails'
        : `${percent(own.failed, own.measured)} of the TCP that has to pass that sidecar fails`,
      same.measured > 0
        ? 'what is not TCP arrives on the same paths'
        : 'where no sidecar has part, it arrives',
      'something else that drops TCP there would look the same',
      ...clusters.flatMap(({mesh}) =>
        mesh === undefined ? [] : [`the namespace asks for ${printable(mesh.mesh)}: ${printable(mesh.mark)}`],
      ),
    ],
  }
}
