import type {Diagnosis, Finding} from '../model/finding.ts'
import type {FollowUp} from '../model/follow-up.ts'
import type {Diagnosable, Measured} from '../model/run.ts'
import {probesOf} from '../plan/plan.ts'
import {atHome} from './at-home.ts'
import {suspicionOf} from './between.ts'
import type {Shares} from './candidates.ts'
import {consequencesOf, hiddenBy, silencedBy} from './consequences.ts'
import {cover} from './cover.ts'
import {followUpClauses} from './follow-up.ts'
import {withGuards} from './guards.ts'
import {limitsOf} from './limits.ts'
import {meshFaults} from './mesh.ts'
import {isMarked} from './mark.ts'
import {observe, type Trouble} from './observations.ts'
import {outwardFaults} from './outward.ts'
import {pairsLeft} from './pairs.ts'
import {policyFaults} from './policies.ts'
import {scopesOf} from './scopes.ts'
import {rewritten, slow, unstableLeft} from './soft.ts'
import type {Suspicion} from './suspicion.ts'
import {unmeasured} from './unmeasured.ts'

/** Broken paths fail nearly always; lossy ones now and then, so that a few on one node already say something. */
const SHARES: Readonly<Record<Trouble, Shares>> = {
  silent: {node: 0.85, group: 0.95, whole: 0.97, weight: 2},
  refused: {node: 0.85, group: 0.95, whole: 0.97, weight: 2},
  large: {node: 0.85, group: 0.95, whole: 0.97, weight: 2},
  impostor: {node: 0.85, group: 0.95, whole: 0.97, weight: 2},
  lossy: {node: 0.35, group: 0.35, whole: 0.35, weight: 0.3},
}

/** Reads the matrix: the fewest findings that explain all that is not plainly SUCCEEDED. Broken comes first, then what was not measured, then what is not well. What was asked afterwards becomes evidence, and nothing else. */
export function diagnose(run: Diagnosable): Diagnosis {
  const observations = observe(run)
  const limits = limitsOf(observations)
  // What stands between the floaters by somebody's wish is no fault of the network.
  const guarded = [...policyFaults(observations, limits), ...meshFaults(observations)]
  const scopes = scopesOf(observations.lanes)
  const between = (trouble: Trouble): Suspicion[] => {
    const taken = cover(observations, scopes, trouble, SHARES[trouble])
    for (const {candidate, probes} of taken) {
      const {scope, holds} = candidate
      const silences = silencedBy(candidate)
      const hidden = hiddenBy(candidate, observations.lanes)
      probes.push(...consequencesOf(observations, {trouble, scope, holds, silences, hidden}))
    }
    return [
      ...taken.map((one) => suspicionOf(observations, one)),
      ...pairsLeft(observations, scopes, trouble),
    ]
  }
  const broken = (['silent', 'refused', 'impostor', 'large'] as const).flatMap(between)
  const hard = withGuards(observations, limits, [
    ...guarded,
    ...broken,
    ...outwardFaults(observations),
    ...atHome(observations),
  ])
  const lossy = [...between('lossy'), ...unstableLeft(observations)]
  const diagnosis = numbered(run, [
    ...byWeight(hard),
    ...byWeight(unmeasured(run)),
    ...byWeight(lossy),
    ...rewritten(run),
    ...slow(run),
  ])
  return withFollowUps(run, run.followUps ?? [], diagnosis)
}

/**
 * What was asked afterwards is evidence of the finding that it was asked about, where that explains its probe. In a report of another
 * version the results may be read otherwise: then it is no evidence of anything.
 */
function withFollowUps({plan}: Measured, followUps: readonly FollowUp[], diagnosis: Diagnosis): Diagnosis {
  if (followUps.length === 0) return diagnosis
  const {findings, findingOf, unexplained} = diagnosis
  const about = new Map(followUps.map((one) => [one.probe, one]))
  const clauses = new Map<number, readonly string[]>()
  for (const probe of probesOf(plan)) {
    const one = about.get(probe.id)
    const number = findingOf[probe.id] ?? 0
    const finding = findings[number - 1]
    if (one !== undefined && finding !== undefined && isMarked(finding, one.finding))
      clauses.set(number, [...(clauses.get(number) ?? []), ...followUpClauses(plan, probe, one)])
  }
  return {
    findings: findings.map((finding, index) => ({
      ...finding,
      evidence: [...finding.evidence, ...(clauses.get(index + 1) ?? [])],
    })),
    findingOf,
    unexplained,
  }
}

function byWeight(suspicions: readonly Suspicion[]): Suspicion[] {
  return [...suspicions].sort((a, b) => b.probes.length - a.probes.length)
}

/** A probe belongs to the first finding that explains it. */
function numbered({results}: Measured, suspicions: readonly Suspicion[]): Diagnosis {
  const findingOf = new Uint32Array(results.size)
  const findings: Finding[] = []
  for (const {finding, probes} of suspicions) {
    const own = probes.filter((id) => findingOf[id] === 0)
    if (own.length === 0) continue
    findings.push({...finding, explains: own.length})
    for (const id of own) findingOf[id] = findings.length
  }
  let unexplained = 0
  for (let id = 0; id < results.size; id++) if (results.status[id] !== 1 && findingOf[id] === 0) unexplained++
  return {findings, findingOf, unexplained}
}
