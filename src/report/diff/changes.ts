import {CHANGES, outcomeAt, type Outcome} from '../../diff/change.ts'
import type {Change, Diff} from '../../model/diff.ts'
import type {Probe} from '../../model/plan.ts'
import {probesOf} from '../../plan/plan.ts'

/** What each change is called above the probes that have it. */
export const HEADINGS: Readonly<Record<Change, string>> = {
  broken: 'Broken: SUCCEEDED before, FAILED now',
  failing: 'FAILED now, not measured before',
  'new-failed': 'FAILED, and only NEW has them',
  unmeasured: 'Not measured any more',
  'new-unmeasured': 'Not measured, and only NEW has them',
  unstable: 'Unstable now',
  reason: 'For another reason than before',
  healed: 'Healed: FAILED before, SUCCEEDED now',
  measured: 'SUCCEEDED, not measured before',
  failed: 'FAILED as before',
  missing: 'Not measured, as before',
  well: 'SUCCEEDED in both',
}

/** Probes with the same change. */
export interface Changed {
  readonly change: Change
  /** The first of them, at most as many as were asked for. */
  readonly probes: readonly Probe[]
  readonly count: number
}

/** The probes of each change that there is, but for those that SUCCEEDED in both; what is worst comes first. */
export function changedIn(diff: Diff, most: number): readonly Changed[] {
  const shown = new Map<Change, Probe[]>(CHANGES.map((change) => [change, []]))
  for (const [change, probe] of toldIn(diff)) {
    const probes = shown.get(change)
    if (change !== 'well' && probes !== undefined && probes.length < most) probes.push(probe)
  }
  return [...shown]
    .map(([change, probes]) => ({change, probes, count: diff.counts[change]}))
    .filter(({probes}) => probes.length > 0)
}

/** Every probe that both runs have, and what is not SUCCEEDED of those that the newer one alone has; as that numbers them, in order. */
export function* toldIn({now, changes}: Diff): Generator<readonly [Change, Probe]> {
  for (const probe of probesOf(now.plan)) {
    const change = CHANGES[changes[probe.id] ?? -1]
    if (change !== undefined) yield [change, probe]
  }
}

/** What a probe of the newer run had come to in the older one, where that has it. */
export function outcomeBefore({old, before}: Diff, {id}: Probe): Outcome | undefined {
  const partner = (before[id] ?? 0) - 1
  return partner < 0 ? undefined : outcomeAt(old.results, partner)
}

/** `SUCCEEDED`, `SUCCEEDED (unstable)`, `FAILED (timeout)`, `not in OLD`. */
export function outcomeText(outcome: Outcome | undefined): string {
  if (outcome === undefined) return 'not in OLD'
  const {status, reason, unstable} = outcome
  if (status === 'SUCCEEDED') return unstable ? `${status} (unstable)` : status
  return `${status} (${reason})`
}
