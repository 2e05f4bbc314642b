import {printableUpTo} from '../text/printable.ts'
import type {FieldName} from './fields.ts'

/** The field, and the way to a place in its value. */
export type Path = readonly [FieldName, ...(string | number)[]]

/** A mistake in what the user gave. */
export interface Slip {
  readonly path: Path
  /** Whether the name that stands there is wrong, or what it stands for. */
  readonly at: 'key' | 'value'
  /** The sentence; `call` names a place the way it was given, in the file or as a flag. */
  readonly say: (call: (path: Path) => string) => string
}

/** `[0].name`, `["10.0.0.0/8"]`: the way to a place as it is written in JavaScript. */
export function steps(path: readonly (string | number)[]): string {
  return path
    .map((step) => {
      if (typeof step === 'number') return `[${step}]`
      return /^[A-Za-z]\w{0,40}$/.test(step) ? `.${step}` : `["${printableUpTo(40, step)}"]`
    })
    .join('')
}

/** A value as JSON that fits into a sentence. */
export function shown(value: unknown): string {
  return printableUpTo(60, JSON.stringify(value))
}
