import type {Line, Span} from './screen.ts'

/** Light on dark: a terminal's colours 0 to 15. */
const COLORS = [
  ...['#484f58', '#ff7b72', '#7ee787', '#e3b341', '#79c0ff', '#d2a8ff', '#56d4dd', '#c9d1d9'],
  ...['#8b949e', '#ffa198', '#aff5b4', '#f2cc60', '#a5d6ff', '#e2c5ff', '#b3f0ff', '#ffffff'],
]
const BACKGROUND = '#0d1117'
const FOREGROUND = '#e6edf3'

/** Pixels; a character of the usual monospaced fonts is 0.6 of its size wide. */
const [FONT, ADVANCE, LEADING, MARGIN] = [14, 8.43, 19, 16]

/** What a picture says to who cannot see it. */
interface Words {
  readonly title: string
  readonly description: string
}

/** The lines of a terminal as a picture whose text stays text, and which needs no other file. */
export function svgOf(lines: readonly Line[], {title, description}: Words): string {
  const columns = Math.max(...lines.map((line) => line.map(({text}) => text).join('').length))
  const [width, height] = [Math.ceil(columns * ADVANCE) + 2 * MARGIN, lines.length * LEADING + 2 * MARGIN]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"` +
      ' role="img" aria-labelledby="title description">',
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="description">${escaped(description)}</desc>`,
    `<rect width="100%" height="100%" rx="8" fill="${BACKGROUND}"/>`,
    `<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="${FONT}"` +
      ` fill="${FOREGROUND}" xml:space="preserve">`,
    ...lines.flatMap((line, index) =>
      line.length === 0 ? [] : [textOf(line, MARGIN + index * LEADING + FONT)],
    ),
    '</g>',
    '</svg>',
    '',
  ].join('\n')
}

function textOf(line: Line, y: number): string {
  return `<text x="${MARGIN}" y="${y}">${line.map(spanOf).join('')}</text>`
}

function spanOf({text, color, bold, dim}: Span): string {
  const look = [
    ...(color === undefined ? [] : [` fill="${COLORS[color] ?? FOREGROUND}"`]),
    ...(bold ? [' font-weight="bold"'] : []),
    ...(dim ? [' opacity="0.6"'] : []),
  ].join('')
  return look === '' ? escaped(text) : `<tspan${look}>${escaped(text)}</tspan>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
