import {groupOf, NOTED, SEVERITIES, type Cells} from './cells.ts'
import type {Data} from './data.ts'
import {READABLE, type Viewport} from './viewport.ts'

/** Signs say what colours say. */
const SIGNS = ['', '', '~', '?', '×'] as const
const NAME_FONT = '12px system-ui, sans-serif'
const LONGEST_NAME = 160

/** What is worth a look is never smaller than this, however many cells there are. */
const LEAST = 3

interface Colors {
  readonly cells: readonly string[]
  readonly ink: string
  readonly line: string
  /** Of the sign on each. */
  readonly signs: readonly string[]
  readonly filtered: string
}

function colorsOf(canvas: HTMLCanvasElement): Colors {
  const style = getComputedStyle(canvas)
  const color = (name: string) => style.getPropertyValue(`--${name}`).trim()
  const filtered = color('filtered')
  return {
    cells: SEVERITIES.map((name) => (name === 'none' ? filtered : color(name))),
    ...{ink: color('ink'), line: color('quiet'), filtered},
    signs: SEVERITIES.map((name) => color(name === 'exception' ? 'on-exception' : 'page')),
  }
}

/** Paints what is in sight. */
export function paint(canvas: HTMLCanvasElement, data: Data, cells: Cells, view: Viewport): void {
  const scale = Math.max(1, window.devicePixelRatio)
  canvas.width = Math.round(view.width * scale)
  canvas.height = Math.round(view.height * scale)
  canvas.style.height = `${view.height}px`
  const context = canvas.getContext('2d')
  if (context === null) return
  context.scale(scale, scale)
  const colors = colorsOf(canvas)
  context.save()
  context.beginPath()
  context.rect(view.left, view.top, view.width - view.left, view.height - view.top)
  context.clip()
  squares(context, cells, view, colors)
  context.restore()
  for (const axis of ['rows', 'columns'] as const) margin(context, axis, data, cells, view, colors)
}

function inSight(
  at: number,
  cell: number,
  room: number,
  count: number,
): readonly [first: number, end: number] {
  return [Math.max(0, Math.floor(-at / cell)), Math.min(count, Math.ceil((room - at) / cell))]
}

/** Plain cells first, in one colour each, so that what matters lies on top of them. */
function squares(context: CanvasRenderingContext2D, cells: Cells, view: Viewport, colors: Colors): void {
  const {cell, x, y, left, top} = view
  const [firstRow, endRow] = inSight(y, cell, view.height - top, cells.rows.length)
  const [firstColumn, endColumn] = inSight(x, cell, view.width - left, cells.columns.length)
  const gap = cell >= 8 ? 1 : 0
  const sizes = SEVERITIES.map((_, code) => (code >= NOTED ? Math.max(LEAST, cell - gap) : cell - gap))
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.font = `bold ${Math.round(cell * 0.6)}px system-ui, sans-serif`
  for (const code of SEVERITIES.keys()) {
    const size = sizes[code] ?? cell
    for (let row = firstRow; row < endRow; row++) {
      for (let column = firstColumn; column < endColumn; column++) {
        if (cells.severity[row * cells.columns.length + column] !== code) continue
        const end = code < NOTED && gap === 0 ? runEnd(cells, row, column, endColumn, code) : column + 1
        const [px, py] = [left + x + column * cell, top + y + row * cell]
        context.fillStyle = colors.cells[code] ?? ''
        context.fillRect(px, py, (end - column - 1) * cell + size, size)
        if (cell >= READABLE && code >= NOTED) {
          context.fillStyle = colors.signs[code] ?? ''
          context.fillText(SIGNS[code] ?? '', px + size / 2, py + size / 2 + 1)
        }
        column = end - 1
      }
    }
  }
}

/** Equal neighbours are one rectangle: a million small ones take too long. */
function runEnd({severity, columns}: Cells, row: number, from: number, end: number, code: number): number {
  let column = from + 1
  while (column < end && severity[row * columns.length + column] === code) column++
  return column
}

type Axis = 'rows' | 'columns'

/** Names where there is room, bars with the groups' names else. Columns are rows, turned. */
function margin(
  context: CanvasRenderingContext2D,
  axis: Axis,
  {told}: Data,
  cells: Cells,
  view: Viewport,
  colors: Colors,
): void {
  const order = cells[axis]
  const isRows = axis === 'rows'
  const [at, room] = isRows ? [view.y, view.height - view.top] : [view.x, view.width - view.left]
  const [first, end] = inSight(at, view.cell, room, order.length)
  context.save()
  context.translate(view.left, view.top)
  if (!isRows) context.transform(0, 1, 1, 0, 0, 0)
  context.beginPath()
  context.rect(-view.left, 0, view.left, room)
  context.clip()
  context.fillStyle = colors.ink
  context.textBaseline = 'middle'
  for (let index = first; index < end; index++) {
    const group = groupOf(told, order[index] ?? 0)
    const from = at + index * view.cell
    if (view.cell >= READABLE) {
      context.font = NAME_FONT
      write(context, told.targets[order[index] ?? 0] ?? '', from + view.cell / 2, isRows, view.names - 12)
    }
    const isFirst = index === first || groupOf(told, order[index - 1] ?? 0) !== group
    if (!isFirst || group === '') continue
    let last = index
    while (last + 1 < order.length && groupOf(told, order[last + 1] ?? 0) === group) last++
    bar(context, group, Math.max(0, from), Math.min(room, at + (last + 1) * view.cell), view, isRows, colors)
  }
  context.restore()
}

function write(
  context: CanvasRenderingContext2D,
  text: string,
  middle: number,
  isRows: boolean,
  room: number,
) {
  context.save()
  context.translate(-6, middle)
  // The axis is mirrored for columns: mirrored once more, the text reads upwards.
  if (!isRows) context.scale(1, -1)
  context.textAlign = 'right'
  context.fillText(shortened(context, text, room), 0, 0)
  context.restore()
}

/** A line along the group, with its name where that has room. */
function bar(
  context: CanvasRenderingContext2D,
  group: string,
  from: number,
  to: number,
  view: Viewport,
  isRows: boolean,
  colors: Colors,
): void {
  context.fillStyle = colors.line
  context.fillRect(-2, from + 1, 2, to - from - 2)
  if (view.cell < READABLE && to - from > 40) {
    context.save()
    context.translate(-8, (from + to) / 2)
    context.rotate(isRows ? -Math.PI / 2 : Math.PI / 2)
    if (!isRows) context.scale(1, -1)
    context.textAlign = 'center'
    context.font = '11px system-ui, sans-serif'
    context.fillText(shortened(context, group, to - from - 4), 0, 0)
    context.restore()
  }
  context.fillStyle = colors.ink
}

function shortened(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text
  let length = text.length
  while (length > 1 && context.measureText(`${text.slice(0, length)}…`).width > room) length--
  return `${text.slice(0, length)}…`
}

/** Room for the longest name of these. */
export function roomForNames(canvas: HTMLCanvasElement, names: readonly string[]): number {
  const context = canvas.getContext('2d')
  if (context === null) return LONGEST_NAME
  context.font = NAME_FONT
  const widest = names.reduce((most, name) => Math.max(most, context.measureText(name).width), 0)
  return Math.min(LONGEST_NAME, Math.ceil(widest) + 14)
}
