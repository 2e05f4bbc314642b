import type {Flag} from './flag.ts'
import type {Page} from './page.ts'
import {EVERYWHERE, PAGES} from './pages.ts'

/** A command line in parts, as far as it has been typed. */
export interface Line {
  /** The first word that is no flag and no flag's value. */
  readonly command: string | undefined
  /** The command's, if there is such a command. */
  readonly page: Page | undefined
  /** All but the command itself. */
  readonly rest: readonly string[]
  /** The words that are no flags and no values, but the command itself. */
  readonly words: readonly string[]
  /** What each flag was given, by its name; `''` for those that take nothing. */
  readonly given: ReadonlyMap<string, readonly string[]>
  /** The last word is this flag, and its value is to come. */
  readonly awaiting: Flag | undefined
}

/**
 * Flags may stand before the command, where the parser could not know yet which of them take a value: a namespace that is
 * called like a command must not become one.
 */
export function readLine(argv: readonly string[]): Line {
  let command: string | undefined
  let awaiting: Flag | undefined
  const rest: string[] = []
  const words: string[] = []
  const given = new Map<string, string[]>()
  const give = (name: string, value: string) => given.set(name, [...(given.get(name) ?? []), value])
  for (const word of argv) {
    if (awaiting !== undefined) {
      give(awaiting.name, word)
      awaiting = undefined
    } else if (/^-./.test(word)) {
      const {typed, value} = flagAndValue(word)
      const flag = flagCalled(typed)
      const takesValue = flag?.takes === 'text' || flag?.takes === 'list'
      if (flag !== undefined && takesValue && value === undefined) awaiting = flag
      else if (flag !== undefined) give(flag.name, value ?? '')
    } else if (command === undefined) {
      command = word
      continue
    } else words.push(word)
    rest.push(word)
  }
  return {command, page: PAGES.find(({name}) => name === command), rest, words, given, awaiting}
}

/** `--flag=value` in two; `value` is undefined where there is none. */
export function flagAndValue(word: string): {readonly typed: string; readonly value: string | undefined} {
  const at = word.indexOf('=')
  return at < 0 ? {typed: word, value: undefined} : {typed: word.slice(0, at), value: word.slice(at + 1)}
}

const FLAGS: readonly Flag[] = [...EVERYWHERE, ...PAGES.flatMap(({flags}) => flags)]

/** The flag that is written so, with its dashes; flags of one name take the same in every command. */
export function flagCalled(written: string, flags: readonly Flag[] = FLAGS): Flag | undefined {
  return flags.find(
    ({name, alias, takes}) =>
      written === `--${name}` ||
      (alias !== undefined && written === `-${alias}`) ||
      (takes === 'switch' && written === `--no-${name}`),
  )
}
