import type {Measured} from '../model/run.ts'
import type {ProtocolName} from '../model/plan.ts'
import {statusAt, reasonAt, verdictAt} from '../results/store.ts'
import {printableUpTo} from '../text/printable.ts'
import {count} from '../text/wording.ts'
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
    ...(trouble === 'lossy' || against > 0
      ? [`${percent(explains, explains + against)} of the ${count(explains + against, 'probe')} concerned`]
      : []),
    ...(trouble === 'impostor' ? answersOf(run, probes) : []),
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

/** What was said in place of the floater's answer; a few of them. */
function answersOf({results}: Measured, probes: readonly number[]): string[] {
  const said = new Set<string>()
  for (const id of probes) {
    said.add(printableUpTo(200, verdictAt(results, id, undefined).raw))
    if (said.size === 2) break
  }
  return [...said].filter((text) => text !== '').map((text) => `it says: ${text}`)
}
