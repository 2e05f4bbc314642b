import {getBorderCharacters, table, type TableUserConfig} from 'table'
import type {Probe} from '../model/plan.ts'
import type {Run} from '../model/run.ts'
import {pathName} from '../plan/modes.ts'
import {statusAt} from '../results/store.ts'
import {printable} from '../text/printable.ts'
import {latency} from '../text/wording.ts'
import type {ReportOptions} from './format.ts'
import {logBelow, logOf, roomForLog, withoutRepetition} from './log.ts'
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

/**
 * The probes as a table, with a LOG that says how where there is something to say; where the line has no room for such a
 * column, below the table.
 */
export function* rows(
  run: Run,
  probes: readonly Probe[],
  columns: readonly Column[],
  log: boolean,
  {color, width}: ReportOptions,
): Generator<string> {
  const {results} = run
  const titles = ['S/N', ...columns.map(({title}) => title), 'RESULT']
  const cells = probes.map((probe, index) => {
    const status = statusAt(results, probe.id)
    const result = results.unstable[probe.id] === 1 ? `${status} (unstable)` : status
    return [String(index + 1), ...columns.map(({cell}) => cell(run, probe)), painted(status, result, color)]
  })
  const data = [titles, ...cells]
  const sentences = log ? probes.map((probe) => logOf(run, probe)) : []
  const room = width === undefined ? Infinity : roomForLog(width, data)
  if (!log || room === undefined) {
    yield drawn(data)
    if (width !== undefined) yield* logBelow(sentences, width)
  } else {
    const column = ['LOG', ...withoutRepetition(sentences, room)]
    const limit = Number.isFinite(room) ? {[titles.length]: {width: room, wrapWord: true}} : {}
    yield drawn(
      data.map((row, index) => [...row, column[index] ?? '']),
      limit,
    )
  }
  yield '\n'
}

/** The seed's: a plus at every crossing. */
const BORDER = {...getBorderCharacters('ramac'), joinLeft: '+', joinRight: '+', joinJoin: '+'}

function drawn(data: readonly (readonly string[])[], columns: TableUserConfig['columns'] = {}): string {
  return table(data, {
    border: BORDER,
    drawHorizontalLine: (line, lines) => line <= 1 || line === lines,
    columns,
  })
}
