import {printableUpTo} from '../text/printable.ts'
import {FIELDS, type Field, type FieldName} from './fields.ts'

/** What was typed for each field: every text that its flag was given, or whether a switch is on. */
export type Typed = Readonly<Partial<Record<FieldName, readonly (string | boolean)[]>>>

/** What a flag means, or why it means nothing. */
export type Reading =
  | {readonly value: unknown; readonly problem?: undefined}
  | {readonly value?: undefined; readonly problem: string}

/** The value that a flag's texts stand for, not checked yet. */
export function readFlag(name: FieldName, typed: readonly (string | boolean)[]): Reading {
  const field: Field = FIELDS[name]
  const flag = `--${field.flag}`
  const texts = typed.map(String)
  const isList = ['choices', 'list', 'words', 'pairs'].includes(field.typed)
  if (texts.length > 1 && !isList) return {problem: `${flag} is given ${texts.length} times`}
  if (field.typed !== 'switch' && typed.includes(false)) {
    return {problem: `${flag} has no --no-${field.flag}: only what is true or false has`}
  }
  const [first = ''] = texts
  // `--flag=` stands for a list of nothing.
  const items = texts.flatMap((text) => (text === '' ? [] : text.split(',')))
  switch (field.typed) {
    case 'text':
      return {value: first}
    case 'number':
      return {value: /^\d+$/.test(first) ? Number(first) : first}
    case 'switch':
      return {value: typed[0]}
    case 'choices':
      return {value: items.length > 1 ? items : (items[0] ?? '')}
    case 'list':
      return {value: items}
    case 'words':
      return {value: texts}
    case 'pairs':
      return pairs(flag, items)
    case 'json':
      return json(flag, first)
  }
}

function pairs(flag: string, items: readonly string[]): Reading {
  const entries = items.map((item) => /^([^=]*)=(.*)$/.exec(item))
  const wrong = entries.indexOf(null)
  if (wrong >= 0) {
    return {
      problem: `${flag} must be pairs such as a=b,c=d; found "${printableUpTo(60, items[wrong] ?? '')}"`,
    }
  }
  const keys = entries.map((entry) => entry?.[1] ?? '')
  const twice = keys.find((key, index) => keys.indexOf(key) < index)
  if (twice !== undefined) return {problem: `${flag} names "${printableUpTo(40, twice)}" twice`}
  return {value: Object.fromEntries(keys.map((key, index) => [key, entries[index]?.[2] ?? '']))}
}

function json(flag: string, text: string): Reading {
  try {
    return {value: JSON.parse(text)}
  } catch {
    return {problem: `${flag} must be JSON; found "${printableUpTo(60, text)}"`}
  }
}
