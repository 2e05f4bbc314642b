import {getBorderCharacters, table} from 'table'
import type {Probe} from '../model/plan.ts'
import type {Diagnosis} from '../model/finding.ts'
import type {Run} from '../model/run.ts'
import {probesOf} from '../plan/plan.ts'
import {explain} from '../results/explain.ts'
import {isPlain, statusAt} from '../results/store.ts'
import {printable} from '../text/printable.ts'
import {count, latency} from '../text/wording.ts'
import type {ReportOptions} from './format.ts'
import {destinationName, nodeName} from './names.ts'
import {painted, totals} from './totals.ts'

/** A plan of up to this many probes is shown whole. */
const WHOLE_UP_TO = 200
/** Of what is not SUCCEEDED, at most this many rows are shown; the saved report has all. */
const MOST_ROWS = 200

interface Column {
  readonly title: string
  readonly cell: (run: Run, probe: Probe) => string
}

const SRC: Column = {title: 'SRC NODE NAME', cell: (run, {source}) => nodeName(run, source)}
const DST: Column = {title: 'DST NODE NAME', cell: destinationName}
const TARGET: Column = {title: 'TARGET IP', cell: (_, {endpoint}) => printable(endpoint.address ?? '-')}
const MODE: Column = {title: 'MODE', cell: (_, {block}) => block.mode}
const PROTOCOL: Column = {title: 'PROTOCOL', cell: (_, {block}) => block.protocol}
const FAMILY: Column = {title: 'FAMILY', cell: (_, {block}) => block.ipFamily}
const PORT: Column = {title: 'PORT', cell: (_, {endpoint}) => String(endpoint.port)}
const TIME: Column = {title: 'TIME', cell: ({results}, {id}) => latency(results.timeUs[id] ?? 0)}

/** What tells a row from another one between the same nodes. */
const PATH: Column = {
  title: 'PATH',
  cell: (_, {block: {mode, protocol, ipFamily, check}}) =>
    [mode, protocol, ...(ipFamily === 'name' ? [] : [ipFamily]), ...(check === 'mtu' ? ['mtu'] : [])].join(
      ' ',
    ),
}

function isOfOneKind({plan: {blocks}}: Run): boolean {
  const kinds = blocks.map(({mode, protocol, ipFamily, check}) => [mode, protocol, ipFamily, check].join(' '))
  return new Set(kinds).size <= 1
}

/** The run for a terminal: the seed's two tables, with a path where there are several kinds of row; then the totals. */
export function* tableReport(run: Run, _: Diagnosis, options: ReportOptions): Generator<string> {
  yield* tables(run, isOfOneKind(run) ? [SRC, DST, TARGET] : [SRC, DST, TARGET, PATH], options)
  yield* totals(run, options.color)
}

/** The same with everything that tells one probe from another, and how long it took. */
export function* wideReport(run: Run, _: Diagnosis, options: ReportOptions): Generator<string> {
  yield* tables(run, [SRC, DST, TARGET, PORT, MODE, PROTOCOL, FAMILY, TIME], options)
  yield* totals(run, options.color)
  yield 'TIME: until the connection stood (tcp; a host name is looked up within it), of a round trip (icmp), or until it was given up.\n'
}

function* tables(run: Run, columns: readonly Column[], options: ReportOptions): Generator<string> {
  const {plan, results} = run
  const [succeeded, noted, abnormal] = [collected(), collected(), collected()]
  for (const probe of probesOf(plan)) {
    if (statusAt(results, probe.id) !== 'SUCCEEDED') abnormal.add(probe)
    else if (!isPlain(results, probe)) noted.add(probe)
    else if (plan.size <= WHOLE_UP_TO) succeeded.add(probe)
  }
  if (succeeded.count() > 0) yield* rows(run, succeeded.first(MOST_ROWS), columns, false, options)
  // What did not succeed comes first, and never has to make room for what did.
  const shown = [...abnormal.first(MOST_ROWS), ...noted.first(MOST_ROWS - abnormal.count())]
  if (shown.length > 0) yield* rows(run, shown, columns, true, options)
  const left = abnormal.count() + noted.count() - shown.length
  if (left > 0)
    yield `${count(left, 'more row')} like these are not shown; the saved report has all of them.\n\n`
}

/** The first probes of many, and how many there are. */
function collected() {
  const probes: Probe[] = []
  let count = 0
  return {
    add(probe: Probe) {
      if (count++ < MOST_ROWS) probes.push(probe)
    },
    count: () => count,
    first: (most: number): readonly Probe[] => probes.slice(0, Math.max(0, most)),
  }
}

function* rows(
  run: Run,
  probes: readonly Probe[],
  columns: readonly Column[],
  log: boolean,
  {color, width}: ReportOptions,
): Generator<string> {
  const {plan, results} = run
  const titles = ['S/N', ...columns.map(({title}) => title), 'RESULT']
  const cells = probes.map((probe, index) => {
    const status = statusAt(results, probe.id)
    const result = results.unstable[probe.id] === 1 ? `${status} (unstable)` : status
    return [
      String(index + 1),
      ...columns.map(({cell}) => cell(run, probe)),
      painted(status, result, color),
      ...(log ? [explain(plan, results, probe)] : []),
    ]
  })
  const data = [log ? [...titles, 'LOG'] : titles, ...cells]
  yield table(data, {
    border: BORDER,
    drawHorizontalLine: (line, lines) => line <= 1 || line === lines,
    columns:
      log && width !== undefined
        ? {[titles.length]: {width: roomForLog(width, titles.length, data), wrapWord: true}}
        : {},
  })
  yield '\n'
}

const LEAST_LOG_WIDTH = 20

/** The seed's: a plus at every crossing. */
const BORDER = {...getBorderCharacters('ramac'), joinLeft: '+', joinRight: '+', joinJoin: '+'}

/** What the other columns leave of the line: each has a border and a space on both sides of its widest cell. */
function roomForLog(width: number, others: number, data: readonly (readonly string[])[]): number {
  let room = width - 4
  for (let column = 0; column < others; column++)
    room -= Math.max(...data.map((row) => printable(row[column] ?? '').length)) + 3
  return Math.max(LEAST_LOG_WIDTH, room)
}
