import type {Measured} from '../model/run.ts'
import type {ProtocolName} from '../model/plan.ts'
import {statusAt, reasonAt} from '../results/store.ts'
import {count} from '../text/wording.ts'
import {answererClauses} from './answerers.ts'
import type {Taken} from './cover.ts'
import {joined, percent} from './names.ts'
import type {Observations} from './observations.ts'

/** What was seen, a clause each: how many probes for each reason, what was said, and what cannot be told apart. */
export function evidenceOf(
  {run, lanes}: Observations,
  taken: Pick<Taken, 'candidate' | 'trouble' | 'probes'>,
): string[] {
  const {candidate, trouble, probes} = taken
  const {scope, explains, against, direction} = candidate
  const protocols = new Set<ProtocolName>(scope.lanes.flatMap((lane) => lanes[lane]?.block.protocol ?? []))
  return [
    ...reasonsOf(run, probes),
    ...(trouble === 'lossy' || against > 0 ? [shareOf(explains, explains + against)] : []),
    ...(trouble === 'impostor' ? answererClauses(run, probes) : []),
    ...(trouble === 'silent' && direction === 'both' && protocols.size === 1 && protocols.has('tcp')
      ? ['asked over TCP alone, where a drop in one direction may look like one in both']
      : []),
    ...(scope.only === undefined && protocols.size > 1
      ? [`seen over ${joined([...protocols].map((one) => one.toUpperCase()))}`]
      : []),
  ]
}

/** `4 probes: timeout`, the commonest first. */
export function reasonsOf({results}: Measured, probes: readonly number[]): string[] {
  const counts = new Map<string, number>()
  for (const id of probes) {
    const reason = statusAt(results, id) === 'SUCCEEDED' ? 'unstable' : reasonAt(results, id)
    counts.set(reason, (counts.get(reason) ?? 0) + 1)
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, 4)
    .map(([reason, n]) => `${count(n, 'probe')}: ${reason}`)
}

/** How many of the probes that a finding is about it explains. */
function shareOf(explained: number, all: number): string {
  if (explained < all)
    return `${explained.toLocaleString('en')} of the ${count(all, 'probe')} that it is about: ${percent(explained, all)}`
  return all === 1 ? 'the only probe that it is about' : `all ${count(all, 'probe')} that it is about`
}
