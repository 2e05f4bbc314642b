import type {Diagnosis} from '../model/finding.ts'
import type {Probe} from '../model/plan.ts'
import type {Run} from '../model/run.ts'
import {probesOf} from '../plan/plan.ts'
import {isPlain, statusAt} from '../results/store.ts'

/** Findings that a report for people speaks of; the others are counted. */
export const MOST_FINDINGS = 10

/** Probes that belong together in a report. */
export interface Group {
  /** `finding`: what one explains; `unexplained`: not SUCCEEDED for no known reason; `noted`: SUCCEEDED, with something to say. */
  readonly kind: 'finding' | 'unexplained' | 'noted' | 'succeeded'
  /** Number of the finding, from 1. */
  readonly finding?: number
  /** The first of them, at most as many as were asked for. */
  readonly probes: readonly Probe[]
  readonly count: number
}

/** How many probes of each kind of group are kept. */
export type Limits = Readonly<Record<Group['kind'], number>>

/** What is to be shown of a run, in this order; groups without a probe are left out. Holds no more than the limits say. */
export function groupsOf({plan, results}: Run, diagnosis: Diagnosis, limits: Limits): readonly Group[] {
  const {findings, findingOf} = diagnosis
  const explained = findings.map((_, index) => collecting('finding', limits, index + 1))
  const unexplained = collecting('unexplained', limits)
  const noted = collecting('noted', limits)
  const succeeded = collecting('succeeded', limits)
  for (const probe of probesOf(plan)) {
    const finding = explained[(findingOf[probe.id] ?? 0) - 1]
    if (finding !== undefined) finding.add(probe)
    else if (statusAt(results, probe.id) !== 'SUCCEEDED') unexplained.add(probe)
    else if (isPlain(results, probe)) succeeded.add(probe)
    else noted.add(probe)
  }
  return [...explained, unexplained, noted, succeeded]
    .map(({group}) => group())
    .filter(({count}) => count > 0)
}

function collecting(kind: Group['kind'], limits: Limits, finding?: number) {
  const probes: Probe[] = []
  const most = finding !== undefined && finding > MOST_FINDINGS ? 0 : limits[kind]
  let count = 0
  return {
    add(probe: Probe) {
      if (count++ < most) probes.push(probe)
    },
    group: (): Group => ({kind, ...(finding === undefined ? {} : {finding}), probes, count}),
  }
}
