import type {Cells} from './cells.ts'

/** Which part of the matrix is in sight, in CSS pixels. */
export interface Viewport {
  readonly width: number
  readonly height: number
  /** Side of a cell. */
  readonly cell: number
  /** Where the first row's and column's corner is, seen from the margin's. */
  readonly x: number
  readonly y: number
  /** Room for names, and for the groups' bars. */
  readonly left: number
  readonly top: number
  /** What the longest name takes. */
  readonly names: number
}

/** From this size on, cells have room for a sign and rows for a name. */
export const READABLE = 14
const LARGEST = 44
const USUAL = 26
const MARGIN = 14

/** Everything in sight, in a room of this width and at most this height. */
export function fitted({rows, columns}: Cells, width: number, most: number, names: number): Viewport {
  const within = (margin: number) =>
    Math.min(
      (width - margin) / Math.max(1, columns.length),
      (most - margin) / Math.max(1, rows.length),
      USUAL,
    )
  const cell = within(names) >= READABLE ? within(names) : Math.min(within(MARGIN), READABLE - 0.01)
  const margin = marginFor(cell, names)
  const height = Math.min(most, Math.ceil(margin + rows.length * cell) + 1)
  return {width, height, cell, x: 0, y: 0, left: margin, top: margin, names}
}

function marginFor(cell: number, names: number): number {
  return cell >= READABLE ? names : MARGIN
}

/** Nearer by this factor, with the same cell under the point as before. */
export function zoomed(view: Viewport, cells: Cells, factor: number, px: number, py: number): Viewport {
  const fit = fitted(cells, view.width, view.height, view.names).cell
  const cell = Math.min(Math.max(LARGEST, fit), Math.max(Math.min(fit, USUAL), view.cell * factor))
  const margin = marginFor(cell, view.names)
  const [column, row] = [(px - view.left - view.x) / view.cell, (py - view.top - view.y) / view.cell]
  return held(
    {...view, cell, left: margin, top: margin, x: px - margin - column * cell, y: py - margin - row * cell},
    cells,
  )
}

export function moved(view: Viewport, cells: Cells, dx: number, dy: number): Viewport {
  return held({...view, x: view.x + dx, y: view.y + dy}, cells)
}

/** As little as brings this cell into sight. */
export function showing(view: Viewport, cells: Cells, row: number, column: number): Viewport {
  const into = (at: number, index: number, room: number) =>
    Math.max(-index * view.cell, Math.min(at, room - (index + 1) * view.cell))
  const x = into(view.x, column, view.width - view.left)
  const y = into(view.y, row, view.height - view.top)
  return held({...view, x, y}, cells)
}

/** No further than the matrix goes. */
function held(view: Viewport, {rows, columns}: Cells): Viewport {
  const least = (room: number, count: number) => Math.min(0, room - count * view.cell)
  return {
    ...view,
    x: Math.min(0, Math.max(least(view.width - view.left, columns.length), view.x)),
    y: Math.min(0, Math.max(least(view.height - view.top, rows.length), view.y)),
  }
}

/** The cell at a point, if there is one. */
export function cellAt(view: Viewport, {rows, columns}: Cells, px: number, py: number) {
  if (px < view.left || py < view.top) return undefined
  const column = Math.floor((px - view.left - view.x) / view.cell)
  const row = Math.floor((py - view.top - view.y) / view.cell)
  return column < columns.length && row < rows.length ? {row, column} : undefined
}
