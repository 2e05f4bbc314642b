import type {Plan} from '../model/plan.ts'
import type {Measured} from '../model/run.ts'
import {probeAt} from '../plan/plan.ts'
import {verdictAt} from '../results/store.ts'
import {printableUpTo} from '../text/printable.ts'
import {count} from '../text/wording.ts'
import {namesOf} from './names.ts'

/** As much of an answer as verdicts keep. */
const LONGEST_ANSWER = 200
/** More who answer, or more of what they say, is no list to read. */
const MOST = 3

/**
 * Who answered in place of the floater that was asked, and how often; what was said, where nobody knows who says that. The
 * commonest first.
 */
export function answererClauses({plan, results}: Measured, probes: readonly number[]): string[] {
  const examples = new Map<number, {readonly id: number; times: number}>()
  for (const id of probes) {
    const text = results.raw[id] ?? 0
    const known = examples.get(text) ?? {id, times: 0}
    known.times++
    examples.set(text, known)
  }
  const floaters = floatersByAnswer(plan)
  const nameOf = namesOf(plan)
  const clauses = new Map<string, number>()
  for (const {id, times} of examples.values()) {
    const {raw} = verdictAt(results, id, probeAt(plan, id)?.endpoint.address)
    const node = floaters.get(raw.replace(/^HTTP 200: /, '').trim())
    const said = printableUpTo(LONGEST_ANSWER, raw)
    if (node === undefined && said === '') continue
    const clause =
      node === undefined ? `it says: ${said}` : `the floater of ${nameOf(node)} answers in its place`
    clauses.set(clause, (clauses.get(clause) ?? 0) + times)
  }
  const commonest = [...clauses].sort(([, a], [, b]) => b - a).slice(0, MOST)
  return commonest.map(([clause, times]) =>
    clauses.size === 1 ? clause : `${clause} (${count(times, 'probe')})`,
  )
}

/** Nodes by what their floaters answer, of those that tell who they are. */
function floatersByAnswer({blocks}: Plan): ReadonlyMap<string, number> {
  const floaters = new Map<string, number>()
  for (const {node, behind = node, identity} of blocks.flatMap(({endpoints}) => endpoints))
    if (identity !== undefined && behind !== undefined)
      floaters.set(identity.slice(0, LONGEST_ANSWER), behind)
  return floaters
}
