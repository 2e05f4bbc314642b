import {FIELD_NAMES, FIELDS, type Field, type FieldName} from '../config/fields.ts'

/** A flag of a command: what the parser, the help and the completion know of it. */
export interface Flag {
  /** Without the dashes. */
  readonly name: string
  readonly alias?: string
  /** Heading in the help. */
  readonly group: string
  readonly describe: string
  /** `switch`: nothing, and there is --no-NAME; `list`: may stand there more than once. */
  readonly takes: 'nothing' | 'switch' | 'text' | 'list'
  /** What stands for the value in the help. */
  readonly placeholder?: string
  readonly default?: string
  readonly choices?: readonly string[]
  readonly completes?: Completes
  /** The field of config.json that it sets; its value is judged there. */
  readonly field?: FieldName
}

/** Where values come from that only the machine or a cluster knows. */
export type Completes = 'files' | 'folders' | 'contexts' | 'namespaces'

const LISTS: readonly Field['typed'][] = ['choices', 'list', 'words', 'pairs']

const PLACEHOLDERS: Readonly<Partial<Record<Field['typed'], string>>> = {
  text: 'TEXT',
  number: 'N',
  choices: 'NAME,...',
  list: 'ITEM,...',
  words: 'WORD',
  pairs: 'KEY=VALUE,...',
  json: 'JSON',
}

const COMPLETES: Readonly<Partial<Record<FieldName, Completes>>> = {
  srcKubeConfig: 'files',
  dstKubeConfig: 'files',
  srcContext: 'contexts',
  dstContext: 'contexts',
  namespace: 'namespaces',
}

/** What stands in the help for a value of which more is known than that it is a text. */
const OF_KIND: Readonly<Record<Completes, string>> = {
  files: 'FILE',
  folders: 'FOLDER',
  contexts: 'NAME',
  namespaces: 'NAME',
}

/** A flag for each of these fields of config.json. */
export function fieldFlags(names: readonly FieldName[] = FIELD_NAMES): readonly Flag[] {
  return names.map((name): Flag => {
    const {flag, alias, group, describe, typed, names: choices = []}: Field = FIELDS[name]
    const completes = COMPLETES[name]
    const placeholder =
      completes === undefined
        ? choices.length > 0 && typed === 'text'
          ? 'NAME'
          : PLACEHOLDERS[typed]
        : OF_KIND[completes]
    return {
      ...{name: flag, group, describe, field: name},
      takes: typed === 'switch' ? 'switch' : LISTS.includes(typed) ? 'list' : 'text',
      ...(alias === undefined ? {} : {alias}),
      ...(placeholder === undefined ? {} : {placeholder}),
      ...(choices.length > 0 ? {choices} : {}),
      ...(completes === undefined ? {} : {completes}),
    }
  })
}

/** A flag that no field of config.json stands for. */
export function flag(
  name: string,
  describe: string,
  more: Partial<Omit<Flag, 'name' | 'describe' | 'field'>> = {},
): Flag {
  const placeholder = more.completes === undefined ? {} : {placeholder: OF_KIND[more.completes]}
  return {...{name, describe, group: 'Options:', takes: 'nothing'}, ...placeholder, ...more}
}
