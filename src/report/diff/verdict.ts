import type {Diff} from '../../model/diff.ts'
import {count} from '../../text/wording.ts'
import type {RunVerdict} from '../verdict.ts'
import {slowerText} from './summary.ts'

/** What changed in one sentence. Never better than the comparison: what is wrong as before, or was not compared, is said in the same breath. */
export function diffVerdict(diff: Diff): RunVerdict {
  const {counts, compared} = diff
  const notes = [...notesOn(diff)]
  const besides = notes.length === 0 ? '' : `; ${notes.join(', ')}`
  const whole = count(compared, 'probe')
  if (counts.broken + counts.failing > 0) {
    const unknown = `${amount(counts.failing)}${counts.broken > 0 ? '' : ` of ${whole}`} FAILED that had not been measured`
    const parts = [
      ...(counts.broken > 0 ? [`${amount(counts.broken)} of ${whole} broke`] : []),
      ...(counts.failing > 0 ? [unknown] : []),
    ]
    return {status: 'FAILED', text: `${parts.join(', ')}${causes(diff)}${besides}.`}
  }
  const text =
    counts.well === compared
      ? `Nothing broke: all ${whole} that both runs have SUCCEEDED as before`
      : `Nothing broke in ${whole} that both runs have`
  return {status: isCalm(diff) ? 'SUCCEEDED' : 'EXCEPTION', text: `${text}${besides}.`}
}

/** There is nothing that one should look at. */
function isCalm({counts, slower, onlyOld, onlyNew}: Diff): boolean {
  const odd = counts.unmeasured + counts.unstable + counts.reason + counts.failed + counts.missing
  return odd + slower.length + onlyOld.probes + onlyNew.failed + onlyNew.exception === 0
}

function causes({findings}: Diff): string {
  const [first, ...others] = findings
  if (first === undefined) return ''
  return `: ${first.finding.sentence}${others.length > 0 ? ` (and ${count(others.length, 'more finding')})` : ''}`
}

function* notesOn(diff: Diff): Generator<string> {
  const {counts, slower, onlyOld, onlyNew, gone, arrived} = diff
  const [first, ...others] = slower
  if (counts.unmeasured > 0) yield `${amount(counts.unmeasured)} could not be measured any more`
  if (counts.unstable > 0) yield `${count(counts.unstable, 'is', 'are')} unstable now`
  if (first !== undefined)
    yield `slower: ${slowerText(diff, first)}${others.length > 0 ? ` and ${amount(others.length)} more` : ''}`
  if (counts.reason > 0) yield `${amount(counts.reason)} not SUCCEEDED for another reason than before`
  if (counts.healed > 0) yield `${amount(counts.healed)} healed`
  if (counts.measured > 0) yield `${amount(counts.measured)} SUCCEEDED that had not been measured`
  if (counts.failed > 0) yield `${amount(counts.failed)} FAILED as before`
  if (counts.missing > 0) yield `${amount(counts.missing)} not measured, as before`
  if (gone.length > 0) yield count(gone.length, 'node is gone', 'nodes are gone')
  if (arrived.length > 0) yield count(arrived.length, 'node is new', 'nodes are new')
  if (onlyOld.probes > 0)
    yield `${count(onlyOld.probes, 'probe of OLD is', 'probes of OLD are')} not in NEW, and not compared`
  if (onlyNew.failed > 0) yield `${amount(onlyNew.failed)} FAILED that only NEW has`
  if (onlyNew.exception > 0) yield `${amount(onlyNew.exception)} not measured that only NEW has`
}

function amount(n: number): string {
  return n.toLocaleString('en')
}
