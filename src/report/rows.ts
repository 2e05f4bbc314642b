import {getBorderCharacters, table} from 'table'
import type {Probe} from '../model/plan.ts'
import type {Run} from '../model/run.ts'
import {pathName} from '../plan/modes.ts'
import {explain} from '../results/explain.ts'
import {statusAt} from '../results/store.ts'
import {printable} from '../text/printable.ts'
import {latency} from '../text/wording.ts'
import type {ReportOptions} from './format.ts'
import {destinationName, nodeName} from './names.ts'
import {painted} from './paint.ts'

/** A column of the table, and what stands in it. */
export interface Column {
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
const PATH: Column = {title: 'PATH', cell: (_, {block}) => pathName(block)}

/** Enough to tell one row from another: a path only where there are several kinds of row. */
export function usualColumns(run: Run): readonly Column[] {
  return isOfOneKind(run) ? [SRC, DST, TARGET] : [SRC, DST, TARGET, PATH]
}

/** Everything that tells one probe from another, and how long it took. */
export const WIDE_COLUMNS: readonly Column[] = [SRC, DST, TARGET, PORT, MODE, PROTOCOL, FAMILY, TIME]

function isOfOneKind({plan: {blocks}}: Run): boolean {
  const kinds = blocks.map(({mode, protocol, ipFamily, check}) => [mode, protocol, ipFamily, check].join(' '))
  return new Set(kinds).size <= 1
}

/** The probes as a table, with a LOG that says how where there is something to say. */
export function* rows(
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
  const room = log && width !== undefined ? roomForLog(width, titles.length, [titles, ...cells]) : undefined
  const data = [
    log ? [...titles, 'LOG'] : titles,
    ...(room === undefined ? cells : withoutRepetition(cells, titles.length, room)),
  ]
  yield table(data, {
    border: BORDER,
    drawHorizontalLine: (line, lines) => line <= 1 || line === lines,
    columns: room === undefined ? {} : {[titles.length]: {width: room, wrapWord: true}},
  })
  yield '\n'
}

/** A sentence of several lines stands there once; further rows name the one that has it. */
function withoutRepetition(
  cells: readonly (readonly string[])[],
  column: number,
  room: number,
): readonly (readonly string[])[] {
  const rowOf = new Map<string, string>()
  return cells.map((row) => {
    const [number = '', text = ''] = [row[0], row[column]]
    const known = rowOf.get(text)
    if (known === undefined) rowOf.set(text, number)
    return known === undefined || text.length <= room ? row : row.with(column, `as in row ${known}`)
  })
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
