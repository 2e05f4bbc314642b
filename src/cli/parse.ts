import yargs from 'yargs'
import {meantName} from '../config/suggestion.ts'
import {UserError} from '../model/error.ts'
import {printableUpTo} from '../text/printable.ts'
import type {Flag} from './flag.ts'
import type {Arguments, Page} from './page.ts'
import {EVERYWHERE} from './pages.ts'
import {unknownFlag} from './unknown.ts'

/** The words behind a command as its arguments. Throws one UserError with every mistake. */
export async function parse(words: readonly string[], page: Page): Promise<Arguments> {
  const flags = [...page.flags, ...EVERYWHERE]
  const parser = yargs([...words])
    .locale('en')
    .help(false)
    .version(false)
    .exitProcess(false)
    .parserConfiguration({
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-positional-numbers': false,
    })
    .fail((message: string, error: Error | undefined) => {
      // yargs throws its own kind for an option without its value.
      throw error !== undefined && error.name !== 'YError' ? error : new UserError(2, message)
    })
  for (const {name, alias, takes, default: usual} of flags) {
    parser.option(name, {
      // yargs' boolean takes --flag=yes for false, and the last of two; a flag without a value does neither.
      ...(takes === 'text' || takes === 'list' ? {type: 'string', requiresArg: true} : {nargs: 0}),
      ...(alias === undefined ? {} : {alias}),
      ...(usual === undefined ? {} : {default: usual}),
    })
  }
  const {_: extra, $0: _, ...typed} = await parser.parseAsync()
  const problems = [
    ...Object.keys(typed).flatMap((name) => (isKnown(name, flags) ? [] : [unknownFlag(name, page)])),
    ...flags.flatMap((flag) => (flag.field === undefined ? slips(flag, typed[flag.name]) : [])),
    ...misplaced(extra.map(String), page),
  ]
  if (problems.length > 0) throw new UserError(2, problems.join('\n'))
  const named = (page.words ?? []).map(({name, default: usual}, index) => {
    const typedWord = extra[index]
    return [name, typedWord === undefined ? usual : String(typedWord)] as const
  })
  const once = flags.flatMap(({name, takes}) =>
    takes === 'nothing' && name in typed ? [[name, lastOf(typed[name])] as const] : [],
  )
  return {...typed, ...Object.fromEntries(once), ...Object.fromEntries(named)}
}

/** yargs gives a list for a flag that stands there more than once. */
function lastOf(value: unknown): unknown {
  return Array.isArray(value) ? (value.at(-1) as unknown) : value
}

function isKnown(typed: string, flags: readonly Flag[]): boolean {
  return flags.some(({name, alias}) => name === typed || alias === typed)
}

/** What is wrong with a flag whose value no field of config.json judges. */
function slips({name, takes, choices = []}: Flag, value: unknown): string[] {
  if (takes === 'nothing' || takes === 'switch' || value === undefined) return []
  if (value === false) return [`--${name} has no --no-${name}: only what is true or false has`]
  if (takes === 'list') return []
  if (Array.isArray(value)) return [`--${name} is given ${value.length} times`]
  if (typeof value !== 'string' || choices.length === 0 || choices.includes(value)) return []
  const found = `"${printableUpTo(60, value)}"${meantName(value, choices)}`
  return [`--${name} must be one of ${choices.join(', ')}; found ${found}`]
}

/** Of more than these, nobody reads to the one that was meant. */
const MOST_CHOICES = 10

/** What is wrong with the words that are no flags. */
function misplaced(typed: readonly string[], {name, words = []}: Page): string[] {
  const shown = (text: string) => `"${printableUpTo(40, text)}"`
  const missing = words
    .slice(typed.length)
    .filter(({required}) => required)
    .map((word) => `${name} needs ${word.name.toUpperCase()}: ${word.describe}`)
  const strange = words.flatMap(({choices: all}, index) => {
    const [choices, text] = [all && Object.keys(all), typed[index]]
    if (choices === undefined || text === undefined || choices.includes(text)) return []
    const meant = meantName(text, choices)
    if (meant !== '' && choices.length > MOST_CHOICES) return [`${name} does not know ${shown(text)}${meant}`]
    return [`${name} takes one of ${choices.join(', ')}; found ${shown(text)}${meant}`]
  })
  const extra = typed
    .slice(words.length)
    .map(
      (text) => `${shown(text)} means nothing to ${name}: kubectl netdoctor ${name} --help has what it takes`,
    )
  return [...missing, ...strange, ...extra]
}
