import {orderOf} from '../../diff/caveats.ts'
import type {Diff} from '../../model/diff.ts'
import {count} from '../../text/wording.ts'
import {causes, type RunVerdict} from '../verdict.ts'
import {asDiagnosis} from './findings.ts'
import {slowerText} from './summary.ts'

/** What changed in one sentence. Never better than the comparison: what is wrong as before, or was not compared, is said in the same breath. */
export function diffVerdict(diff: Diff): RunVerdict {
  const {counts, compared} = diff
  const notes = [...notesOn(diff)]
  const besides = notes.length === 0 ? '' : `; ${notes.join(', ')}`
  const whole = count(compared, 'probe')
  const failures = [...failuresOf(diff)]
  if (failures.length > 0)
    return {status: 'FAILED', text: `${failures.join(', ')}${causes(asDiagnosis(diff))}${besides}.`}
  const text =
    counts.well === compared
      ? `Nothing broke: all ${whole} that both runs have SUCCEEDED as before`
      : `Nothing broke in ${whole} that both runs have`
  return {status: isCalm(diff) ? 'SUCCEEDED' : 'EXCEPTION', text: `${text}${besides}.`}
}

/** What is FAILED and was not so before. */
function* failuresOf({counts, compared, onlyNew}: Diff): Generator<string> {
  const whole = count(compared, 'probe')
  const isNewOnly = counts.broken + counts.failing === 0
  if (counts.broken > 0) yield `${amount(counts.broken)} of ${whole} broke`
  if (counts.failing > 0)
    yield `${amount(counts.failing)}${counts.broken > 0 ? '' : ` of ${whole}`} FAILED that had not been measured`
  if (onlyNew.failed === 0) return
  yield isNewOnly
    ? `Nothing broke in ${whole} that both runs have, but ${amount(onlyNew.failed)} of ${count(onlyNew.probes, 'probe')} that only NEW has FAILED`
    : `${amount(onlyNew.failed)} FAILED that only NEW has`
}

/** There is nothing that one should look at. */
function isCalm({old, now, counts, unstable, slower, onlyOld, onlyNew}: Diff): boolean {
  const odd = counts.unmeasured + unstable + counts.reason + counts.failed + counts.missing
  const oneSided = onlyOld.probes + onlyNew.exception
  return odd + slower.length + oneSided === 0 && orderOf(old, now) === 'as named'
}

const ORDERS = {
  'as named': [],
  'the same run': ['OLD and NEW are the same run'],
  'other way round': ['NEW began before OLD'],
}

function* notesOn(diff: Diff): Generator<string> {
  const {old, now, counts, unstable, slower, onlyOld, onlyNew, gone, arrived} = diff
  const [first, ...others] = slower
  const moreUnstable = unstable - counts.unstable
  yield* ORDERS[orderOf(old, now)]
  if (counts.unmeasured > 0) yield `${amount(counts.unmeasured)} could not be measured any more`
  if (counts.unstable > 0) yield `${count(counts.unstable, 'is', 'are')} unstable now`
  if (moreUnstable > 0)
    yield `${amount(moreUnstable)}${counts.unstable > 0 ? ' more' : ''} SUCCEEDED only sometimes or after a lost packet`
  if (first !== undefined)
    yield `slower: ${slowerText(diff, first)}${others.length > 0 ? ` and ${amount(others.length)} more` : ''}`
  if (counts.reason > 0) yield `${amount(counts.reason)} not SUCCEEDED for another reason than before`
  if (counts.healed > 0) yield `${amount(counts.healed)} healed`
  if (counts.measured > 0) yield `${amount(counts.measured)} SUCCEEDED that had not been measured`
  if (counts.failed > 0) yield `${amount(counts.failed)} FAILED as before`
  if (counts.missing > 0) yield `${amount(counts.missing)} not measured, as before`
  if (gone.length > 0) yield count(gone.length, 'node is in OLD alone', 'nodes are in OLD alone')
  if (arrived.length > 0) yield count(arrived.length, 'node is in NEW alone', 'nodes are in NEW alone')
  if (onlyOld.probes > 0)
    yield `${count(onlyOld.probes, 'probe of OLD is', 'probes of OLD are')} not in NEW, and not compared`
  if (onlyNew.exception > 0) yield `${amount(onlyNew.exception)} not measured that only NEW has`
}

function amount(n: number): string {
  return n.toLocaleString('en')
}
