import type {Diagnosis, Finding} from '../model/finding.ts'
import type {Run} from '../model/run.ts'
import {atHome} from './at-home.ts'
import {suspicionOf} from './between.ts'
import type {Shares} from './candidates.ts'
import {addConsequences} from './consequences.ts'
import {cover} from './cover.ts'
import {observe, type Trouble} from './observations.ts'
import {outwardFaults} from './outward.ts'
import {pairsLeft} from './pairs.ts'
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

/** Reads the matrix: the fewest findings that explain all that is not plainly SUCCEEDED. Broken comes first, then what was not measured, then what is not well. */
export function diagnose(run: Run): Diagnosis {
  const observations = observe(run)
  const scopes = scopesOf(observations.lanes)
  const between = (trouble: Trouble): Suspicion[] => {
    const taken = cover(observations, scopes, trouble, SHARES[trouble])
    addConsequences(observations, taken)
    return [
      ...taken.map((one) => suspicionOf(observations, one)),
      ...pairsLeft(observations, scopes, trouble),
    ]
  }
  const broken = (['silent', 'refused', 'impostor', 'large'] as const).flatMap(between)
  const hard = [...broken, ...outwardFaults(observations), ...atHome(observations)]
  const lossy = [...between('lossy'), ...unstableLeft(observations)]
  return numbered(run, [
    ...byWeight(hard),
    ...byWeight(unmeasured(run)),
    ...byWeight(lossy),
    ...rewritten(run),
    ...slow(run),
  ])
}

function byWeight(suspicions: readonly Suspicion[]): Suspicion[] {
  return [...suspicions].sort((a, b) => b.probes.length - a.probes.length)
}

/** A probe belongs to the first finding that explains it. */
function numbered({results}: Run, suspicions: readonly Suspicion[]): Diagnosis {
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
