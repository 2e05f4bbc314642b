import {printable} from '../text/printable.ts'

/* GitHub, GitLab and CommonMark: every ASCII punctuation may be escaped with a backslash. */
const PUNCTUATION = /[!-/:-@[-`{-~]/g

/* An autolink, a mention or an issue's number is made of text after it was unescaped, so these become entities. */
const LINKING: Readonly<Record<string, string>> = {
  '@': '&#64;',
  '#': '&#35;',
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
}

/* What needs no escape inside of a line: names, addresses and sentences stay readable. */
const HARMLESS = new Set([':', ',', '.', ';', '/', '-', '(', ')', "'", '"', '%', '=', '?'])

/** Foreign text as Markdown that shows it and does nothing else: no mark-up, no HTML, no link, no mention. */
export function markdownText(text: string): string {
  return printable(text)
    .replace(PUNCTUATION, (one) => LINKING[one] ?? (HARMLESS.has(one) ? one : `\\${one}`))
    .replace(/\b(https?|ftp|mailto|xmpp):/gi, '$1&#58;')
    .replace(/:(?=[a-z+-][\w+-]*:)/gi, '\\:')
    .replace(/\bwww\./gi, 'www&#46;')
    .replace(
      /^(\d+)([.)])|^([-=])/,
      (_, digits?: string, dot = '', rule = '') => `${digits ?? ''}\\${dot}${rule}`,
    )
}
