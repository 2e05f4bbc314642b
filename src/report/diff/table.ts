import type {Change, Diff} from '../../model/diff.ts'
import {fitted} from '../../text/lines.ts'
import {count} from '../../text/wording.ts'
import {findingLines} from '../findings.ts'
import type {ReportOptions} from '../format.ts'
import {bold, painted} from '../paint.ts'
import {rows, usualColumns, WIDE_COLUMNS, type Column} from '../rows.ts'
import {changedIn, HEADINGS, outcomeBefore, outcomeText} from './changes.ts'
import {asDiagnosis} from './findings.ts'
import {summaryOf} from './summary.ts'
import {diffVerdict} from './verdict.ts'

/** Rows of each change; -o json has all of them. */
const MOST_ROWS = 50
/** Of what is as bad as before, and of what is well again, a few are enough. */
const FEW_ROWS = 10
const FEW: readonly Change[] = ['healed', 'measured', 'failed', 'missing']
/** There is nothing more to say about them. */
const WITHOUT_LOG: readonly Change[] = ['healed', 'measured']

/** What changed, for a terminal: verdict, findings for what broke, a table a change, the rest in lines. */
export function* tableDiff(diff: Diff, options: ReportOptions): Generator<string> {
  yield* told(diff, usualColumns(diff.now), options)
}

/** The same with everything that tells one probe from another. */
export function* wideDiff(diff: Diff, options: ReportOptions): Generator<string> {
  yield* told(diff, WIDE_COLUMNS, options)
}

function* told(diff: Diff, columns: readonly Column[], options: ReportOptions): Generator<string> {
  const {color, width} = options
  const {status, text} = diffVerdict(diff)
  yield `${bold(painted(status, fitted(text, width), color), color)}\n\n`
  yield* findingLines(asDiagnosis(diff), options)
  const before: Column = {title: 'BEFORE', cell: (_, probe) => outcomeText(outcomeBefore(diff, probe))}
  for (const {change, probes, count: all} of changedIn(diff, MOST_ROWS)) {
    const shown = FEW.includes(change) ? probes.slice(0, FEW_ROWS) : probes
    yield `${bold(`${HEADINGS[change]} (${all.toLocaleString('en')})`, color)}\n`
    const hasLog = !WITHOUT_LOG.includes(change)
    const table = [...rows(diff.now, shown, [...columns, before], hasLog, options)].join('')
    const left = all - shown.length
    yield left === 0
      ? table
      : `${table.trimEnd()}\n${count(left, 'more row')} like these: -o json has all of them.\n\n`
  }
  for (const line of summaryOf(diff)) yield `${fitted(`${line}.`, width)}\n`
}
