import type {Diagnosis} from '../../model/finding.ts'
import type {Probe} from '../../model/plan.ts'
import type {Run} from '../../model/run.ts'
import {explain} from '../../results/explain.ts'
import {generalised, isPlain, verdictAt} from '../../results/store.ts'
import {printable, printableLines} from '../../text/printable.ts'
import {MOST_OUTCOMES, type Outcome} from './packed.ts'

/** Bytes of text that a page may carry, so that it stays of a size to be sent, whatever peers make up. */
const MOST_TEXT = 1_000_000
const NOT_KEPT = '(not kept here: too many different answers; report.json has it)'

/** Numbers the outcomes of a run's probes, equal ones alike. */
export function outcomes(run: Run, {findingOf}: Diagnosis) {
  const list: Outcome[] = []
  const known = new Map<string, number>()
  let room = MOST_TEXT

  function intern(outcome: Outcome): number {
    const key = JSON.stringify(Object.values(outcome))
    const found = known.get(key)
    if (found !== undefined) return found
    room -= key.length
    const isFull = room < 0 || list.length >= MOST_OUTCOMES - RESERVED
    if (isFull && outcome.message !== NOT_KEPT && (outcome.message !== '' || outcome.raw !== ''))
      return intern({...outcome, message: NOT_KEPT, raw: ''})
    // Too many findings to tell apart, too.
    if (list.length >= MOST_OUTCOMES && outcome.finding !== 0) return intern({...outcome, finding: 0})
    known.set(key, list.length)
    return list.push(outcome) - 1
  }

  function numberOf(probe: Probe): number {
    const {id, endpoint} = probe
    const verdict = verdictAt(run.results, id, endpoint.address)
    const {status, reason, unstable, timeUs, raw} = verdict
    const template = (text: string) => generalised(text, endpoint.address, timeUs)
    const isWorthSaying = !isPlain(run.results, probe)
    return intern({
      status,
      reason,
      unstable,
      finding: findingOf[id] ?? 0,
      message: isWorthSaying ? template(printable(explain(run.plan, run.results, probe))) : '',
      raw: isWorthSaying ? template(printableLines(raw)) : '',
    })
  }

  return {list: list as readonly Outcome[], numberOf}
}

/** Numbers kept for outcomes without their texts. */
const RESERVED = 10_000
