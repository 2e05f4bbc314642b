import type {ReportOptions} from './format.ts'
import type {Cell, Grid, Place} from './grid.ts'
import {bold, dim, painted} from './paint.ts'

/** One letter each, so that it can be read without colour. */
const LETTERS: Readonly<Record<Cell, string>> = {
  FAILED: 'X',
  EXCEPTION: '?',
  noted: '~',
  well: '.',
  self: '-',
  none: ' ',
}

/** Of a name, at least so many characters are shown, and at most half of the line. */
const LEAST_NAME = 16

/** A column with what stands before it: a space where there is room, a bar where another group begins. */
interface Column {
  readonly place: Place
  readonly before: string
}

/** The grid, with its columns in as many blocks as the width asks for. */
export function* gridLines(grid: Grid, options: ReportOptions): Generator<string> {
  const {width = Infinity} = options
  const digits = String(Math.max(...grid.rows.map(({number}) => number))).length
  const room = Math.max(LEAST_NAME, Math.floor(width / 2) - digits - 2)
  const names = new Map(grid.rows.map((row) => [row, shortened(row.name, room)]))
  const label = digits + 2 + Math.max(...[...names.values()].map(({length}) => length))
  const blocks = inBlocks(grid.columns, Math.max(1, width - label))
  for (const [index, block] of blocks.entries()) {
    if (index > 0) yield '\n'
    yield* header(block, ' '.repeat(label))
    let group = grid.rows[0]?.group
    const isGrouped = grid.rows.some((row) => row.group !== group)
    if (isGrouped) yield groupLine(group, options)
    for (const row of grid.rows) {
      if (row.group !== group) yield groupLine(row.group, options)
      group = row.group
      const start = `${String(row.number).padStart(digits)} ${names.get(row) ?? ''}`.padEnd(label)
      const cells = block.map(({place, before}) => before + shown(grid.at(row, place), options.color))
      yield `${`${start}${cells.join('')}`.trimEnd()}\n`
    }
  }
}

function groupLine(group = '', {color, width = Infinity}: ReportOptions): string {
  return `${bold(group === '' ? '(zone not known)' : shortened(group, width), color)}\n`
}

function shown(cell: Cell, color: boolean): string {
  const letter = LETTERS[cell]
  switch (cell) {
    case 'FAILED':
    case 'EXCEPTION':
      return bold(painted(cell, letter, color), color)
    case 'noted':
      return painted('EXCEPTION', letter, color)
    case 'well':
      return painted('SUCCEEDED', letter, color)
    case 'self':
      return dim(letter, color)
    case 'none':
      return letter
  }
}

/** The numbers of the columns, a digit a line. */
function* header(block: readonly Column[], margin: string): Generator<string> {
  const digits = Math.max(...block.map(({place}) => String(place.number).length))
  for (let digit = 0; digit < digits; digit++) {
    const line = block.map(({place, before}) => before + (String(place.number).padStart(digits)[digit] ?? ''))
    yield `${margin}${line.join('').trimEnd()}\n`
  }
}

/** With spaces between the columns where all of them fit so, else close together, and in blocks where they must. */
function inBlocks(columns: readonly Place[], room: number): readonly (readonly Column[])[] {
  const spaced = columns.map((place, index): Column => ({
    place,
    before: ` ${isNewGroup(columns, index) ? '| ' : ''}`,
  }))
  if (widthOf(spaced) <= room) return [spaced]
  const blocks: Column[][] = []
  for (const [index, place] of columns.entries()) {
    const last = blocks.at(-1)
    const column = {place, before: isNewGroup(columns, index) ? '|' : ''}
    if (last !== undefined && widthOf([...last, column]) <= room) last.push(column)
    else blocks.push([{place, before: ''}])
  }
  return blocks
}

function isNewGroup(columns: readonly Place[], index: number): boolean {
  return index > 0 && columns[index - 1]?.group !== columns[index]?.group
}

function widthOf(columns: readonly Column[]): number {
  return columns.reduce((sum, {before}) => sum + before.length + 1, 0)
}

/** Long names often differ at their ends: the middle gives way. */
function shortened(name: string, room: number): string {
  if (name.length <= room) return name
  const end = Math.floor((room - 1) / 2)
  return `${name.slice(0, room - 1 - end)}…${name.slice(-end)}`
}
