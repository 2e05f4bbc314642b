import {count} from '../../../text/wording.ts'
import {NOTED, probesAt, type Cells} from './cells.ts'
import {probeView, statusWords, type Data} from './data.ts'
import {element} from './element.ts'
import {legend} from './legend.ts'
import {probeTable} from './list.ts'
import {paint, roomForNames} from './paint.ts'
import {tip} from './tip.ts'
import {cellAt, fitted, moved, showing, zoomed, type Viewport} from './viewport.ts'

/** The matrix on the page: a canvas, and over it the one cell that has the focus. */
export interface Board {
  readonly root: HTMLElement
  readonly show: (cells: Cells) => void
}

const HELP =
  'Arrow keys go from cell to cell, Home and End to the ends of the row, Page Up and Page Down to those of the column, n and p to the next and previous cell that is not plain. Plus and minus zoom, 0 shows everything. Enter lists the probes of the cell, Escape goes back to it.'

export function board(data: Data): Board {
  const canvas = element('canvas', {'aria-hidden': 'true'})
  const words = tip()
  const line = element('div', {role: 'row'})
  const grid = element(
    'div',
    {role: 'grid', 'aria-label': 'Sources in rows, targets in columns', 'aria-describedby': 'keys'},
    line,
  )
  const stage = element('div', {class: 'stage'}, canvas, grid, words.root)
  const detail = element('div', {
    id: 'cell',
    tabindex: -1,
    role: 'region',
    'aria-label': 'Probes of the cell',
  })
  const buttons = (
    [
      ['Zoom in', 1.6],
      ['Zoom out', 1 / 1.6],
      ['Show all', 0],
    ] as const
  ).map(([title, factor]) => {
    const button = element('button', {type: 'button'}, title)
    button.addEventListener('click', () => zoom(factor))
    return button
  })
  const root = element(
    'div',
    {},
    element('div', {class: 'tools'}, ...buttons, legend()),
    stage,
    element('p', {class: 'about screen', id: 'keys'}, HELP),
    detail,
  )

  let cells: Cells = {rows: [], columns: [], severity: new Uint8Array(), wanted: new Uint32Array()}
  let view: Viewport = fitted(cells, 0, 0, 0)
  let [row, column] = [0, 0]
  const names = roomForNames(canvas, data.told.targets)

  const fit = () => {
    view = fitted(cells, stage.clientWidth, Math.max(320, Math.min(760, window.innerHeight * 0.8)), names)
  }
  const draw = () => {
    paint(canvas, data, cells, view)
    place()
  }
  const place = () => {
    const focused = line.firstElementChild
    if (!(focused instanceof HTMLElement)) return
    focused.style.left = `${view.left + view.x + column * view.cell}px`
    focused.style.top = `${view.top + view.y + row * view.cell}px`
    focused.style.width = focused.style.height = `${Math.max(6, view.cell)}px`
  }

  function said(atRow: number, atColumn: number): string {
    const ids = probesAt(data, cells, atRow, atColumn)
    const first = ids[0]
    const names = `${data.told.nodes[cells.rows[atRow] ?? 0]?.name ?? ''} > ${data.told.targets[cells.columns[atColumn] ?? 0] ?? ''}`
    if (first === undefined) return `${names}: no probe`
    const {path, outcome, message} = probeView(data, first)
    const others = ids.length > 1 ? `, worst of ${count(ids.length, 'probe')}` : ''
    return `${names}: ${statusWords(outcome)} (${path}${others})${message === '' ? '' : `: ${message}`}`
  }

  /** A new element each time: that is what screen readers read out. */
  function focusOn(toRow: number, toColumn: number, takesFocus = true): void {
    row = Math.max(0, Math.min(cells.rows.length - 1, toRow))
    column = Math.max(0, Math.min(cells.columns.length - 1, toColumn))
    const cell = element('div', {
      ...{role: 'gridcell', tabindex: 0, 'aria-label': said(row, column)},
      ...{'aria-colindex': column + 1},
    })
    line.setAttribute('aria-rowindex', String(row + 1))
    line.replaceChildren(cell)
    place()
    if (!takesFocus) return
    cell.focus({preventScroll: true})
    cell.scrollIntoView({block: 'nearest', inline: 'nearest'})
  }

  function zoom(factor: number, px = view.width / 2, py = view.height / 2): void {
    if (factor === 0) fit()
    else view = zoomed(view, cells, factor, px, py)
    words.hide()
    draw()
  }

  function details(): void {
    const ids = probesAt(data, cells, row, column)
    detail.replaceChildren(
      element('h3', {}, said(row, column)),
      probeTable(data, ids, 'Probes of the cell, as a table'),
    )
    detail.focus()
  }

  function next(step: 1 | -1): void {
    const size = cells.severity.length
    const start = row * cells.columns.length + column
    for (let n = 1; n <= size; n++) {
      const at = (start + step * n + size * n) % size
      if ((cells.severity[at] ?? 0) < NOTED) continue
      focusOn(Math.floor(at / cells.columns.length), at % cells.columns.length)
      return
    }
  }

  const KEYS: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => focusOn(row, column - 1),
    ArrowRight: () => focusOn(row, column + 1),
    ArrowUp: () => focusOn(row - 1, column),
    ArrowDown: () => focusOn(row + 1, column),
    Home: () => focusOn(row, 0),
    End: () => focusOn(row, cells.columns.length - 1),
    PageUp: () => focusOn(0, column),
    PageDown: () => focusOn(cells.rows.length - 1, column),
    n: () => next(1),
    p: () => next(-1),
    '+': () => zoomAtFocus(1.6),
    '-': () => zoomAtFocus(1 / 1.6),
    '0': () => zoom(0),
    Enter: details,
  }
  function zoomAtFocus(factor: number): void {
    zoom(factor, view.left + view.x + (column + 0.5) * view.cell, view.top + view.y + (row + 0.5) * view.cell)
    // Names that now have room take it from the cells.
    view = showing(view, cells, row, column)
    draw()
  }

  grid.addEventListener('keydown', (event) => {
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : KEYS[event.key]
    if (act === undefined) return
    event.preventDefault()
    act()
  })
  grid.addEventListener('focusin', () => {
    view = showing(view, cells, row, column)
    draw()
    const [px, py] = [view.left + view.x + column * view.cell, view.top + view.y + row * view.cell]
    words.show(said(row, column), view, px, py)
  })
  grid.addEventListener('focusout', words.hide)
  detail.addEventListener('keydown', ({key}) => {
    if (key !== 'Escape') return
    detail.replaceChildren()
    focusOn(row, column)
  })

  let grip: {readonly x: number; readonly y: number; travelled: number} | undefined
  stage.addEventListener('pointerdown', ({offsetX, offsetY, target}) => {
    if (target !== canvas) return
    grip = {x: offsetX, y: offsetY, travelled: 0}
  })
  canvas.addEventListener('pointermove', (event) => {
    if (grip !== undefined && event.buttons === 1) {
      view = moved(view, cells, event.movementX, event.movementY)
      grip.travelled += Math.abs(event.movementX) + Math.abs(event.movementY)
      words.hide()
      draw()
      return
    }
    const at = cellAt(view, cells, event.offsetX, event.offsetY)
    if (at === undefined) words.hide()
    else words.show(said(at.row, at.column), view, event.offsetX, event.offsetY)
  })
  canvas.addEventListener('pointerleave', words.hide)
  canvas.addEventListener('click', ({offsetX, offsetY}) => {
    const isDrag = (grip?.travelled ?? 0) > 4
    grip = undefined
    const at = cellAt(view, cells, offsetX, offsetY)
    if (isDrag || at === undefined) return
    focusOn(at.row, at.column)
    details()
  })
  canvas.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return
      event.preventDefault()
      zoom(event.deltaY < 0 ? 1.25 : 0.8, event.offsetX, event.offsetY)
    },
    {passive: false},
  )
  const again = () => {
    fit()
    draw()
  }
  new ResizeObserver(() => (stage.clientWidth === view.width ? undefined : again())).observe(stage)
  for (const query of ['(prefers-color-scheme: dark)', 'print'])
    window.matchMedia(query).addEventListener('change', draw)

  return {
    root,
    show(wanted) {
      cells = wanted
      grid.setAttribute('aria-rowcount', String(cells.rows.length))
      grid.setAttribute('aria-colcount', String(cells.columns.length))
      detail.replaceChildren()
      words.hide()
      fit()
      stage.hidden = cells.rows.length === 0
      draw()
      if (cells.rows.length > 0) focusOn(0, 0, false)
    },
  }
}
