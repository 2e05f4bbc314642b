import type {Diagnosis} from '../model/finding.ts'
import type {Status} from '../model/result.ts'
import type {Run} from '../model/run.ts'
import {tally} from '../results/store.ts'
import {count} from '../text/wording.ts'

/** The whole run in one sentence, for who reads no other line; the status that gives it its colour. */
export interface RunVerdict {
  readonly status: Status
  readonly text: string
}

/** Never better than the run: what was not measured, not covered or left out of the plan is said in the same breath. */
export function verdictOf(run: Run, diagnosis: Diagnosis): RunVerdict {
  const {FAILED, EXCEPTION} = tally(run.results)
  if (run.plan.size === 0) return {status: 'EXCEPTION', text: 'Nothing was probed.'}
  if (FAILED === 0 && EXCEPTION === 0) return allWell(run, diagnosis)
  const whole = count(run.plan.size, 'probe')
  const amounts = [
    ...(FAILED > 0 ? [`${FAILED.toLocaleString('en')} of ${whole} failed`] : []),
    ...(EXCEPTION > 0
      ? [`${EXCEPTION.toLocaleString('en')}${FAILED > 0 ? '' : ` of ${whole}`} could not be measured`]
      : []),
  ]
  return {
    status: FAILED > 0 ? 'FAILED' : 'EXCEPTION',
    text: `${run.interrupted === undefined ? '' : 'Interrupted: '}${amounts.join(', ')}${causes(diagnosis)}.`,
  }
}

function allWell({plan, results, notCovered, partial}: Run, {findings}: Diagnosis): RunVerdict {
  const {unstable} = tally(results)
  const forgotten = notCovered.filter(({leftOut}) => !leftOut).length
  const all = plan.size === 1 ? 'The one probe' : `All ${count(plan.size, 'probe')}`
  const reservations = [
    ...findings.slice(0, 1).map(({sentence}) => sentence),
    ...(unstable > 0 ? [`${unstable.toLocaleString('en')} only sometimes or after a lost packet`] : []),
    ...(forgotten > 0 ? [`${count(forgotten, 'node is', 'nodes are')} not covered`] : []),
  ]
  const limits = partial.length > 0 ? ' (part of the plan)' : ''
  const but = reservations.length > 0 ? `, but ${reservations.join('; ')}` : ''
  return {
    status: reservations.length > 0 ? 'EXCEPTION' : 'SUCCEEDED',
    text: `${all} between ${count(plan.nodes.length, 'node')} SUCCEEDED${limits}${but}.`,
  }
}

/** The first finding behind a colon, and how many more there are; said as well: what no finding explains. */
export function causes({findings, unexplained}: Diagnosis): string {
  const [first, ...others] = findings
  if (first === undefined) return `; no finding explains ${unexplained === 1 ? 'it' : 'them'}`
  const more = [
    ...(others.length > 0 ? [count(others.length, 'more finding')] : []),
    ...(unexplained > 0 ? [`${unexplained.toLocaleString('en')} unexplained`] : []),
  ]
  return `: ${first.sentence}${more.length > 0 ? ` (and ${more.join(', ')})` : ''}`
}
