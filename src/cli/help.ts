import {USUAL_WIDTH, WIDEST, wrapped} from '../text/lines.ts'
import type {Flag} from './flag.ts'
import type {Page, Word} from './page.ts'
import {EVERYWHERE, PAGES} from './pages.ts'

/** A column of less than this is put under the one before it. */
const NARROWEST = 28
/** Between the columns. */
const GAP = 2

type Row = readonly [left: string, right: string]

/** What `kubectl netdoctor --help` prints. */
export function overview(width = USUAL_WIDTH): string {
  return joined([
    'kubectl netdoctor COMMAND',
    'Probes every node of a cluster from every node, and says what is broken where.',
    section(
      'Commands:',
      PAGES.map((page) => [usage(page), page.describe]),
      width,
    ),
    section('Options:', [...EVERYWHERE, VERSION].filter(({name}) => name !== 'help-all').map(rowOf), width),
    ['More:', '  kubectl netdoctor COMMAND --help', '  kubectl netdoctor, alone, says what to do next'].join(
      '\n',
    ),
  ])
}

const VERSION: Flag = {
  ...{name: 'version', group: 'Options:', takes: 'nothing'},
  describe: 'print the version of netdoctor',
}

/** Of the examples, those that `--help` shows. */
const FIRST_EXAMPLES = 2

/** What `--help` of a command prints, a screen of it; `all` for every flag and example. */
export function pageHelp(page: Page, all: boolean, width = USUAL_WIDTH): string {
  const {describe, words = [], examples, usual} = page
  return joined([
    `kubectl netdoctor ${usage(page)} [flags]`,
    `${describe.charAt(0).toUpperCase()}${describe.slice(1)}.`,
    ...wordsHelp(words, width),
    ...(usual === undefined || all ? everyFlag(page, width) : [usualFlags(page, usual, width)]),
    section(
      'Examples:',
      examples
        .slice(0, all ? undefined : FIRST_EXAMPLES)
        .map(([line, what]) => [`kubectl netdoctor ${line}`, what]),
      width,
    ),
  ])
}

function everyFlag({flags}: Page, width: number): readonly string[] {
  const shown = [...flags, ...EVERYWHERE].filter(({name}) => name !== 'help-all')
  const groups = [...new Set(shown.map(({group}) => group))]
  return groups.map((group) => section(group, shown.filter((flag) => flag.group === group).map(rowOf), width))
}

function usualFlags({flags}: Page, usual: readonly string[], width: number): string {
  const shown = usual.flatMap((name) => flags.filter((flag) => flag.name === name))
  const total = flags.length + EVERYWHERE.length
  return section(`Flags (the commonest; --help-all shows all ${total}):`, shown.map(rowOf), width)
}

function usage({name, words = []}: Page): string {
  const shown = words.map((word) => (word.required ? placeholderOf(word) : `[${placeholderOf(word)}]`))
  return [name, ...shown].join(' ')
}

function placeholderOf({name}: Word): string {
  return name.toUpperCase()
}

function wordsHelp(words: readonly Word[], width: number): readonly string[] {
  const [first] = words
  const choices = Object.entries(first?.choices ?? {})
  if (first === undefined) return []
  // Words that explain themselves would fill the screen; an unknown one is answered with all of them.
  if (choices.some(([, what]) => what !== '')) return [section(`${first.describe}:`, choices, width)]
  const rows = words.map((word): Row => [placeholderOf(word), `${word.describe}${inBrackets(word.default)}`])
  return [section('Arguments:', rows, width)]
}

function rowOf({name, alias, describe, placeholder, choices, default: usual}: Flag): Row {
  const short = alias === undefined ? '    ' : `-${alias}, `
  const value = placeholder === undefined ? '' : ` ${placeholder}`
  const words = choices === undefined ? '' : `: ${choices.join(', ')}`
  return [`${short}--${name}${value}`, `${describe}${words}${inBrackets(usual)}`]
}

function inBrackets(usual: string | undefined): string {
  return usual === undefined ? '' : ` (${usual})`
}

function section(title: string, rows: readonly Row[], width: number): string {
  const line = Math.min(width, WIDEST)
  const left = Math.max(...rows.map(([text]) => text.length)) + 2 * GAP
  const besides = line - left >= NARROWEST
  const lines = rows.flatMap(([start, text]) => {
    const right = wrapped(text, besides ? line - left : line - 4 * GAP)
    if (!besides) return [' '.repeat(GAP) + start, ...right.map((words) => ' '.repeat(4 * GAP) + words)]
    return right.map((words, index) => `${' '.repeat(GAP)}${index === 0 ? start : ''}`.padEnd(left) + words)
  })
  return [title, ...lines].join('\n')
}

function joined(parts: readonly string[]): string {
  return `${parts.join('\n\n')}\n`
}
