import {printableLines} from '../../text/printable.ts'

/** HTML that may stand in a page as it is. */
export interface Markup {
  readonly markup: string
}

type Part = string | number | Markup | readonly Markup[]

/** A template of HTML: what is put into it is text, whatever it says, unless it is markup itself. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return {markup: strings.map((text, index) => text + shownAs(parts[index] ?? '')).join('')}
}

/** Our own script, style and data, which a template takes as they are. */
export function verbatim(markup: string): Markup {
  return {markup}
}

function shownAs(part: Part): string {
  if (typeof part === 'string') return escaped(printableLines(part))
  if (typeof part === 'number') return part.toLocaleString('en')
  return 'markup' in part ? part.markup : part.map(({markup}) => markup).join('')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}
