import type {Diagnosis} from '../model/finding.ts'
import type {Run} from '../model/run.ts'
import {printableUpTo} from '../text/printable.ts'
import {count} from '../text/wording.ts'
import {fitted} from '../text/lines.ts'
import {findingLines} from './findings.ts'
import type {ReportOptions} from './format.ts'
import {groupsOf, type Group, type Limits} from './groups.ts'
import {bold, painted} from './paint.ts'
import {rows, usualColumns, WIDE_COLUMNS, type Column} from './rows.ts'
import {totals} from './totals.ts'
import {verdictOf} from './verdict.ts'

/** A plan of up to this many probes is shown whole. */
const WHOLE_UP_TO = 200
/** Of what no finding explains, and of what has a reservation, at most this many rows are shown; the saved report has all. */
const MOST_ROWS = 200
/** In larger plans, of what a finding explains: they are all alike. */
const ROWS_OF_FINDING = 10
/** Beside what is wrong, what SUCCEEDED must not fill the screen. */
const ROWS_BESIDE = 20

/** The run for a terminal: verdict, findings, the seed's tables by finding, with a path where there are several kinds of row; then the totals. */
export function* tableReport(run: Run, diagnosis: Diagnosis, options: ReportOptions): Generator<string> {
  yield* told(run, diagnosis, usualColumns(run), options)
}

const TIME_MEANS =
  'TIME: until the connection stood (tcp; a host name is looked up within it), of a round trip (icmp), or until it was given up.'

/** The same with everything that tells one probe from another, and how long it took. */
export function* wideReport(run: Run, diagnosis: Diagnosis, options: ReportOptions): Generator<string> {
  yield* told(run, diagnosis, WIDE_COLUMNS, options)
  yield `${fitted(TIME_MEANS, options.width)}\n`
}

function* told(
  run: Run,
  diagnosis: Diagnosis,
  columns: readonly Column[],
  options: ReportOptions,
): Generator<string> {
  const {color, width} = options
  const {status, text} = verdictOf(run, diagnosis)
  yield `${bold(painted(status, fitted(text, width), color), color)}\n\n`
  yield* findingLines(diagnosis, options)
  yield* tables(run, diagnosis, columns, options)
  yield* totals(run, diagnosis, options)
}

function* tables(
  run: Run,
  diagnosis: Diagnosis,
  columns: readonly Column[],
  options: ReportOptions,
): Generator<string> {
  const {size} = run.plan
  const limits: Limits = {
    finding: size <= WHOLE_UP_TO ? MOST_ROWS : ROWS_OF_FINDING,
    unexplained: MOST_ROWS,
    noted: MOST_ROWS,
    succeeded: size <= WHOLE_UP_TO ? MOST_ROWS : 0,
  }
  const groups = withRoom(groupsOf(run, diagnosis, limits))
  const shown = groups.filter(({probes}) => probes.length > 0)
  for (const group of shown) {
    if (shown.length > 1) yield `${bold(heading(group, diagnosis, options), options.color)}\n`
    yield* rows(run, group.probes, columns, group.kind !== 'succeeded', options)
  }
  const left = groups
    .filter(({kind}) => kind !== 'succeeded')
    .reduce((sum, {count: all, probes}) => sum + all - probes.length, 0)
  if (left > 0)
    yield `${count(left, 'more row')} like these are not shown; the saved report has all of them.\n\n`
}

/** What did not succeed never has to make room for what did. */
function withRoom(groups: readonly Group[]): readonly Group[] {
  const wrong = groups.filter(({kind}) => kind === 'finding' || kind === 'unexplained')
  const taken = wrong.reduce((sum, {probes}) => sum + probes.length, 0)
  return groups.map((group) => {
    if (group.kind === 'noted')
      return {...group, probes: group.probes.slice(0, Math.max(0, MOST_ROWS - taken))}
    if (group.kind === 'succeeded' && wrong.length > 0 && group.count > ROWS_BESIDE)
      return {...group, probes: []}
    return group
  })
}

const HEADINGS: Readonly<Record<Exclude<Group['kind'], 'finding'>, string>> = {
  unexplained: 'What no finding explains',
  noted: 'SUCCEEDED, with a reservation',
  succeeded: 'SUCCEEDED',
}

function heading(
  {kind, finding = 0, count: all}: Group,
  {findings}: Diagnosis,
  {width}: ReportOptions,
): string {
  const amount = ` (${all.toLocaleString('en')})`
  if (kind !== 'finding') return HEADINGS[kind] + amount
  const text = `${finding}. ${findings[finding - 1]?.sentence ?? ''}`
  return (width === undefined ? text : printableUpTo(Math.max(20, width - amount.length), text)) + amount
}
