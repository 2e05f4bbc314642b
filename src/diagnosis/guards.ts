import type {FindingKind} from '../model/finding.ts'
import {probesOf} from '../plan/plan.ts'
import {reach} from '../plan/modes.ts'
import {reasonAt} from '../results/store.ts'
import {printable} from '../text/printable.ts'
import {DROPPED, type Limit} from './limits.ts'
import type {Observations} from './observations.ts'
import {policiesCalled} from './policies.ts'
import {
  hasSidecars,
  leavesForFloater,
  PROXY_REASONS,
  sidecarsCalled,
  sidecarsOn,
  type Sidecars,
} from './sidecars.ts'
import type {Suspicion} from './suspicion.ts'

/** Kinds that say already what is behind it, or what no policy and no proxy does. */
const SETTLED: readonly FindingKind[] = ['network-policy', 'mesh', 'mtu', 'loss']

const NONE: Sidecars = {source: [], target: []}

/** What may hold up every probe of a finding, as far as it is not ruled out. */
interface Held {
  /** Numbers of limits. */
  readonly limits: Set<number>
  /** Undefined as soon as one probe has none. */
  sidecars: Set<string> | undefined
}

/** Says of each finding which NetworkPolicy or sidecar could be behind all that it explains. */
export function withGuards(
  observations: Observations,
  limits: readonly Limit[],
  suspicions: readonly Suspicion[],
): Suspicion[] {
  const {run, lanes} = observations
  const {plan, results} = run
  const isBeside = hasSidecars(plan)
  if (suspicions.length === 0 || (limits.length === 0 && !isBeside)) return [...suspicions]
  const suspicionOf = new Uint32Array(results.size)
  for (const [index, {finding, probes}] of suspicions.entries())
    if (!SETTLED.includes(finding.kind)) for (const id of probes) suspicionOf[id] = index + 1
  const held = suspicions.map((): Held => ({limits: new Set(limits.keys()), sidecars: new Set()}))
  const laneOf = new Map(lanes.map(({block}, index) => [block, index]))
  const through = {source: {failed: 0, measured: 0}, target: {failed: 0, measured: 0}}
  for (const probe of probesOf(plan)) {
    const {id, block} = probe
    const ends =
      isBeside && block.protocol === 'tcp' && leavesForFloater(probe) ? sidecarsOn(plan, probe) : NONE
    for (const end of ['source', 'target'] as const) {
      if (ends[end].length === 0 || results.status[id] === 0) continue
      through[end].measured++
      if (results.status[id] === 2) through[end].failed++
    }
    const one = held[(suspicionOf[id] ?? 0) - 1]
    if (one === undefined) continue
    const reason = reasonAt(results, id)
    const lane = laneOf.get(block) ?? 0
    const isLoose = reach(probe) === 'self' || !DROPPED.includes(reason)
    for (const index of one.limits) {
      const bar = limits[index]?.bars[lane] ?? 'open'
      if (isLoose || bar === 'open') one.limits.delete(index)
    }
    const sidecars = [...ends.source, ...ends.target]
    if (sidecars.length === 0 || !PROXY_REASONS.includes(reason)) one.sidecars = undefined
    for (const sidecar of sidecars) one.sidecars?.add(sidecar)
  }
  // Where most gets through, in and out, it is not what stands everywhere.
  const isTelling = [through.source, through.target].some(({failed, measured}) => failed * 2 >= measured)
  return suspicions.map((suspicion, index) => {
    const {finding, probes} = suspicion
    const one = held[index]
    if (one === undefined || probes.length === 0 || SETTLED.includes(finding.kind)) return suspicion
    const clauses = [
      ...policyClauses(
        observations,
        [...one.limits].flatMap((at) => limits[at] ?? []),
      ),
      ...sidecarClauses(isTelling ? [...(one.sidecars ?? [])] : []),
    ]
    return {...suspicion, finding: {...finding, evidence: [...finding.evidence, ...clauses]}}
  })
}

/** By cluster; those that limit both ways once. */
function policyClauses({run}: Observations, limits: readonly Limit[]): string[] {
  const clusters = new Set(limits.map(({cluster}) => cluster))
  return [...clusters].map((cluster) => {
    const own = limits.filter((limit) => limit.cluster === cluster)
    const names = [...new Set(own.flatMap(({policies}) => policies))]
    const whose = (run.clusters ?? []).length > 1 ? ` of cluster ${printable(cluster)}` : ''
    const [verb, it] = names.length > 1 ? ['select', 'they'] : ['selects', 'it']
    const ways = own.map(({way}) => way).join(' and ')
    return `${policiesCalled(run.namespace, names)} ${verb} the floaters${whose} (${ways}): ${it} may be what drops the packets`
  })
}

function sidecarClauses(sidecars: readonly string[]): string[] {
  if (sidecars.length === 0) return []
  const [stands, it] = sidecars.length > 1 ? ['stand', 'they'] : ['stands', 'it']
  return [`${sidecarsCalled(sidecars)} ${stands} beside the floaters: ${it} may be what holds TCP up`]
}
