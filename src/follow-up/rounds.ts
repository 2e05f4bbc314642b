import type {Source} from '../plan/plan.ts'
import type {Inquiry} from './inquiry.ts'

/**
 * Which inquiries may go on at once: no two that touch the same floater, or its counters would count both. As many as
 * `most`, and the first findings first.
 */
export function roundsOf(inquiries: readonly Inquiry[], most: number): readonly (readonly Inquiry[])[] {
  const rounds: {readonly members: Inquiry[]; readonly taken: Set<string>}[] = []
  for (const inquiry of inquiries) {
    const keys = inquiry.floaters.map(keyOf)
    let round = rounds.find(
      ({members, taken}) => members.length < most && !keys.some((key) => taken.has(key)),
    )
    if (round === undefined) {
      round = {members: [], taken: new Set()}
      rounds.push(round)
    }
    round.members.push(inquiry)
    for (const key of keys) round.taken.add(key)
  }
  return rounds.map(({members}) => members)
}

function keyOf({node, kind}: Source): string {
  return `${kind} ${node}`
}
