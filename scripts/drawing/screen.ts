import xterm from '@xterm/headless'

/** Characters beside each other that look alike. */
export interface Span {
  readonly text: string
  /** Of the terminal's 16 colours; undefined for that of plain text. */
  readonly color: number | undefined
  readonly bold: boolean
  readonly dim: boolean
}

export type Line = readonly Span[]

/** More lines than a run prints. */
const MOST_LINES = 1000

/** What a terminal of so many columns shows when all of this has been written to it, line for line, without what was written over. */
export async function screenOf(output: string, columns: number): Promise<readonly Line[]> {
  const terminal = new xterm.Terminal({cols: columns, rows: MOST_LINES, allowProposedApi: true})
  await new Promise<void>((resolve) => terminal.write(output, resolve))
  const {active} = terminal.buffer
  const lines = Array.from({length: active.cursorY}, (_, y) => lineAt(active, y, columns))
  terminal.dispose()
  return lines
}

function lineAt(buffer: xterm.IBuffer, y: number, columns: number): Line {
  const line = buffer.getLine(y)
  const spans: Span[] = []
  for (let x = 0; x < columns; x++) {
    const cell = line?.getCell(x)
    // The second half of a wide character.
    if (cell === undefined || cell.getWidth() === 0) continue
    const text = cell.getChars() || ' '
    const look = {
      color: cell.isFgPalette() ? cell.getFgColor() : undefined,
      bold: cell.isBold() !== 0,
      dim: cell.isDim() !== 0,
    }
    const last = spans.at(-1)
    if (last !== undefined && last.color === look.color && last.bold === look.bold && last.dim === look.dim)
      spans.splice(-1, 1, {...last, text: last.text + text})
    else spans.push({text, ...look})
  }
  return withoutEnd(spans)
}

/** Without the spaces that fill the line. */
function withoutEnd(spans: readonly Span[]): Line {
  const last = spans.at(-1)
  if (last === undefined) return []
  const text = last.text.trimEnd()
  return text === '' ? spans.slice(0, -1) : [...spans.slice(0, -1), {...last, text}]
}
