import {suggestion} from '../config/suggestion.ts'
import {printableUpTo} from '../text/printable.ts'
import type {Page} from './page.ts'
import {EVERYWHERE, PAGES} from './pages.ts'
import {flagCalled} from './words.ts'

/** What to say of a command that there is not. */
export function unknownCommand(word: string): string {
  const near = suggestion(word, [...PAGES.map(({name}) => name), 'help'])
  const advice =
    near === undefined
      ? '`kubectl netdoctor --help` lists them.'
      : `Did you mean \`kubectl netdoctor ${near}\`?`
  return `There is no command "${printableUpTo(40, word)}". ${advice}`
}

/** What to say of flags without a command. */
export function noCommand(words: readonly string[]): string {
  const own = [...EVERYWHERE.map(({name}) => name), 'version']
  const near = words.flatMap((word) => (flagCalled(word) ? [] : (suggestion(word, own) ?? [])))[0]
  return near === undefined
    ? 'Name a command: kubectl netdoctor check. --help lists them.'
    : `Name a command: kubectl netdoctor check. Or did you mean --${near}?`
}

/** What to say of a flag, by its name without dashes, that the command has not. */
export function unknownFlag(name: string, page: Page): string {
  const written = inDashes(name)
  const owners = PAGES.filter(({flags}) =>
    flags.some((flag) => [flag.name, flag.alias ?? flag.name].includes(name)),
  )
  if (owners.length > 0) {
    return `${written} is a flag of ${owners.map((owner) => owner.name).join(', ')}, not of ${page.name}.`
  }
  const near = suggestion(name, [...names(page).keys()])
  const advice =
    near === undefined
      ? `\`kubectl netdoctor ${page.name} --help-all\` lists them.`
      : `Did you mean --${names(page).get(near) ?? near}?`
  return `${page.name} has no flag ${written}. ${advice}`
}

/** The name of each flag, and under which others it may be looked for: a field's is what its config file has. */
function names({flags}: Page): ReadonlyMap<string, string> {
  return new Map(
    [...EVERYWHERE, ...flags].flatMap(({name, field}) => [
      [name, name] as const,
      ...(field === undefined ? [] : [[field, name] as const]),
    ]),
  )
}

function inDashes(name: string): string {
  return `${name.length === 1 ? '-' : '--'}${printableUpTo(40, name)}`
}
