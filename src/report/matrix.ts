import type {Diagnosis} from '../model/finding.ts'
import type {Run} from '../model/run.ts'
import {fitted} from '../text/lines.ts'
import {count} from '../text/wording.ts'
import {findingLines} from './findings.ts'
import type {ReportOptions} from './format.ts'
import {CELLS, gridsOf, placesOf, type Cell, type Grid, type Place} from './grid.ts'
import {gridLines} from './grid-lines.ts'
import {bold, painted} from './paint.ts'
import {totals} from './totals.ts'
import {verdictOf} from './verdict.ts'

/** More rows or columns than these are no picture any more. */
const MOST_PLACES = 120

/** The run for a terminal as a picture: verdict, findings, sources against destinations in one letter a cell, totals. */
export function* matrixReport(run: Run, diagnosis: Diagnosis, options: ReportOptions): Generator<string> {
  const {color, width} = options
  const {status, text} = verdictOf(run, diagnosis)
  yield `${bold(painted(status, fitted(text, width), color), color)}\n\n`
  yield* findingLines(diagnosis, options)
  const places = placesOf(run)
  const [rows, columns] = [places.sources.length, places.destinations.length]
  if (Math.max(rows, columns) > MOST_PLACES) {
    const size = `${count(rows, 'source')} and ${count(columns, 'destination')}`
    const advice = `${size} are more than a terminal can show as a matrix (${MOST_PLACES} of each). The page has one to zoom and filter: kubectl netdoctor report -o html --output-file report.html (with the name of the saved report where that is not report.json)`
    yield `${fitted(advice, width)}\n\n`
  } else if (run.plan.size > 0) {
    const grids = gridsOf(run, places)
    for (const grid of grids) {
      yield `${bold(fitted(titleOf(grid), width), color)}\n`
      yield* gridLines(grid, options)
      yield '\n'
    }
    yield* legend(grids, options)
  }
  yield* totals(run, diagnosis, options)
}

function titleOf({paths, isWorst}: Grid): string {
  const [first = '', ...others] = paths
  if (others.length > 0)
    return `${count(paths.length, 'path')}, of each pair the worst result: ${paths.join(', ')}`
  return isWorst ? `${first}: of each pair the worst result` : first
}

const MEANINGS: Readonly<Record<Cell, string>> = {
  FAILED: 'X FAILED',
  EXCEPTION: '? EXCEPTION (not measured)',
  noted: '~ SUCCEEDED, with a reservation',
  well: '. SUCCEEDED',
  self: '- SUCCEEDED, to itself (proves the floater, not the network)',
  none: '(blank) not in the plan',
}

/** How to read it: what occurs, and the names of columns that are no rows. */
function* legend(grids: readonly Grid[], options: ReportOptions): Generator<string> {
  const seen = new Set(grids.flatMap((grid) => [...cellsOf(grid)]))
  const meanings = CELLS.filter((cell) => seen.has(cell))
    .toReversed()
    .map((cell) => MEANINGS[cell])
  const parts = ['Rows are sources, columns destinations.', ...meanings]
  yield `${inParts(parts, '   ', options)}\n`
  const rows = new Set(grids.flatMap((grid) => grid.rows))
  const others = new Set(grids.flatMap((grid) => grid.columns).filter((place) => !rows.has(place)))
  const names = [...others]
    .sort((a, b) => a.number - b.number)
    .map(({number, name}: Place) => `${number} ${name}`)
  if (names.length > 0) yield `${inParts(['Columns without a row:', ...names], '   ', options)}\n`
  yield '\n'
}

function* cellsOf({rows, columns, at}: Grid): Generator<Cell> {
  for (const row of rows) for (const column of columns) yield at(row, column)
}

/** Parts that stay whole, as many on a line as there is room for. */
function inParts(parts: readonly string[], gap: string, {width}: ReportOptions): string {
  let [text, last] = ['', '']
  for (const part of parts) {
    const longer = last === '' ? part : `${last}${gap}${part}`
    if (last !== '' && width !== undefined && longer.length > width) {
      text += `${last}\n`
      last = part
    } else last = longer
  }
  return text + last
}
