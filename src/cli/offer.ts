import type {Flag} from './flag.ts'
import type {Page} from './page.ts'
import {EVERYWHERE, PAGES} from './pages.ts'
import {flagAndValue, flagCalled, readLine, type Line} from './words.ts'

/** A word that could stand where the cursor is, and what it means. */
export type Candidate = readonly [word: string, describe: string]

/** What could stand where the cursor is. */
export interface Offer {
  readonly candidates: readonly Candidate[]
  /** What the shell knows itself. */
  readonly shell?: 'files' | 'folders'
  /** What only kubectl knows. */
  readonly ask?: Question
}

export interface Question {
  readonly what: 'contexts' | 'namespaces'
  readonly kubeconfig?: string
  readonly context?: string
}

const NOTHING: Offer = {candidates: []}

/** Decides what is offered for the last of the words, which may be empty or half a word. */
export function offerFor(argv: readonly string[]): Offer {
  const typed = argv.at(-1) ?? ''
  const line = readLine(argv.slice(0, -1))
  const {typed: written, value} = flagAndValue(typed)
  const assigned = typed.startsWith('-') && value !== undefined ? flagCalled(written) : undefined
  if (line.awaiting !== undefined) return beginning(typed, valuesOf(line.awaiting, typed, line))
  // The shell puts what stands before the = there itself.
  if (assigned !== undefined) return beginning(value ?? '', valuesOf(assigned, value ?? '', line))
  if (typed.startsWith('-')) return beginning(typed, {candidates: flagsOf(line, typed)})
  if (line.command === undefined) return beginning(typed, {candidates: commands()})
  if (line.page === undefined) return NOTHING
  return beginning(typed, wordsOf(line.page, line))
}

function beginning(typed: string, offer: Offer): Offer {
  return {...offer, candidates: offer.candidates.filter(([word]) => word.startsWith(typed))}
}

function commands(): Candidate[] {
  return PAGES.map(({name, describe}) => [name, describe])
}

function wordsOf({words = [], usual}: Page, line: Line): Offer {
  const word = words[line.words.length]
  if (word !== undefined) {
    if (word.choices === undefined) return {candidates: [], shell: 'files'}
    return {candidates: Object.entries(word.choices)}
  }
  // Nothing but a flag can follow: the usual ones.
  return {candidates: flagsOf(line, '--').filter(([flag]) => usual?.includes(flag.slice(2)) ?? true)}
}

function flagsOf({page, given}: Line, typed: string): Candidate[] {
  const known = page === undefined ? [VERSION, ...EVERYWHERE] : [...page.flags, ...EVERYWHERE]
  return known.flatMap(({name, alias, describe, takes}): Candidate[] => {
    if (given.has(name) && takes !== 'list') return []
    return [
      [`--${name}`, describe],
      ...(alias !== undefined && typed === '-' ? [[`-${alias}`, describe] as const] : []),
      ...(takes === 'switch' && typed.startsWith('--no')
        ? [[`--no-${name}`, `not: ${describe}`] as const]
        : []),
    ]
  })
}

const VERSION = {
  ...({name: 'version', alias: undefined, takes: 'nothing'} as const),
  describe: 'print the version',
}

function valuesOf(flag: Flag, typed: string, line: Line): Offer {
  const {completes, choices = [], takes} = line.page?.flags.find(({name}) => name === flag.name) ?? flag
  if (completes === 'files' || completes === 'folders') return {candidates: [], shell: completes}
  if (completes !== undefined) return {candidates: [], ask: question(flag, completes, line)}
  const words = takes === 'list' ? extended(typed, choices) : choices
  return {candidates: words.map((word) => [word, ''])}
}

/** `pod,` goes on with each name that is not there yet. */
function extended(typed: string, choices: readonly string[]): string[] {
  const before = typed.split(',').slice(0, -1)
  return choices.filter((name) => !before.includes(name)).map((name) => [...before, name].join(','))
}

function question({field}: Flag, what: Question['what'], {given}: Line): Question {
  const last = (flag: string) => given.get(flag)?.at(-1)
  const second = field === 'dstContext' ? last('dst-kubeconfig') : undefined
  const kubeconfig = second ?? last('kubeconfig')
  const context = what === 'namespaces' ? last('context') : undefined
  return {
    what,
    ...(kubeconfig === undefined ? {} : {kubeconfig}),
    ...(context === undefined ? {} : {context}),
  }
}
