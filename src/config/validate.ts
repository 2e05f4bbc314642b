import {closest, distance} from 'fastest-levenshtein'
import {parseTree, printParseErrorCode, type Node, type ParseError} from 'jsonc-parser'
import {printableUpTo} from '../text/printable.ts'
import {FIELD_NAMES, FIELDS, type ConfigFields, type Field, type FieldName} from './fields.ts'

/** The fields, or every mistake that was found, a sentence each. */
export type Validated =
  | {readonly fields: ConfigFields; readonly problems?: undefined}
  | {readonly fields?: undefined; readonly problems: readonly string[]}

/** Checks the text of a config file. Each problem says file, line, column, what was found and what is allowed. */
export function validateFile(content: string, file: string): Validated {
  // A byte order mark is no mistake of the user's, but of an editor.
  const text = content.replace(/^\uFEFF/, '')
  const at = (offset: number) => `${file}:${position(text, offset)}`
  if (text.trim() === '')
    return {problems: [`${file}:1:1: the file is empty. Write one with \`kubectl netdoctor init --force\`.`]}
  const syntax: ParseError[] = []
  const tree = parseTree(text, syntax, {disallowComments: true, allowTrailingComma: false})
  const problems = firstOfEachLine(text, syntax).map((error) => ({
    offset: error.offset,
    text: describeSyntax(text, error),
  }))
  if (tree?.type !== 'object') {
    if (problems.length === 0) problems.push({offset: 0, text: 'must be an object: { "namespace": ... }'})
  } else {
    problems.push(...fieldProblems(tree))
  }
  if (problems.length > 0 || tree === undefined) {
    return {
      problems: problems
        .sort((a, b) => a.offset - b.offset)
        .map(({offset, text}) => `${at(offset)}: ${text}`),
    }
  }
  try {
    return {fields: JSON.parse(text) as ConfigFields}
  } catch (error) {
    return {problems: [`${file}:1:1: not valid JSON: ${(error as Error).message}`]}
  }
}

/** One slip often makes the parser complain several times on its line; the first complaint is the one that helps. */
function firstOfEachLine(text: string, errors: readonly ParseError[]): ParseError[] {
  const lineOf = ({offset}: ParseError) => text.slice(0, offset).split('\n').length
  return errors.filter(
    (error, index) => errors.findIndex((other) => lineOf(other) === lineOf(error)) === index,
  )
}

interface Problem {
  readonly offset: number
  readonly text: string
}

function fieldProblems(object: Node): Problem[] {
  const seen = new Set<string>()
  return (object.children ?? []).flatMap(({children: [key, value] = []}): Problem[] => {
    const name = String(key?.value)
    const offset = key?.offset ?? 0
    if (seen.has(name)) return [{offset, text: `"${printableUpTo(40, name)}" stands here a second time`}]
    seen.add(name)
    if (!isField(name)) return [{offset, text: unknownField(name)}]
    if (value === undefined) return []
    const problem = valueProblem(name, JSON.parse(rendered(value)))
    return problem === undefined ? [] : [{offset: value.offset, text: problem}]
  })
}

/** A parsed value as JSON again: a tree that holds errors may still be short of children. */
function rendered(node: Node): string {
  const {children = []} = node
  if (node.type === 'array') return `[${children.map(rendered).join(',')}]`
  if (node.type === 'object') return '{}'
  return JSON.stringify(node.value ?? null)
}

function isField(name: string): name is FieldName {
  return Object.hasOwn(FIELDS, name)
}

function valueProblem(name: FieldName, value: unknown): string | undefined {
  const field: Field = FIELDS[name]
  if (field.schema.safeParse(value).success) return undefined
  return `${name} must be ${field.allowed}; found ${printableUpTo(60, JSON.stringify(value))}`
}

function unknownField(name: string): string {
  const near = suggestion(name, FIELD_NAMES)
  return `unknown field "${printableUpTo(40, name)}"${near === undefined ? '' : `; did you mean "${near}"?`}`
}

/** The word that was probably meant, if any is near enough. */
function suggestion(word: string, known: readonly string[]): string | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[-_\s]/g, '')
  const near = closest(plain(word), known.map(plain))
  const found = known.find((one) => plain(one) === near)
  return distance(plain(word), near) <= Math.max(2, near.length / 4) ? found : undefined
}

function describeSyntax(text: string, {error, offset}: ParseError): string {
  const code = printParseErrorCode(error)
  if (code === 'CommaExpected') return `expected a comma ${afterWhat(text, offset)}`
  const wanted: Readonly<Record<string, string>> = {
    ColonExpected: 'expected a colon after the field name',
    PropertyNameExpected: 'expected a field name in double quotes',
    ValueExpected: 'expected a value',
    CloseBraceExpected: 'expected a closing }',
    CloseBracketExpected: 'expected a closing ]',
    EndOfFileExpected: 'expected nothing more after the closing }',
    InvalidCommentToken: 'JSON has no comments',
    UnexpectedEndOfString: 'a text has no closing quote',
    InvalidCharacter: 'a text holds a control character; a tab is written \\t',
    InvalidEscapeCharacter: 'a text holds a backslash that means nothing; a backslash is written \\\\',
    InvalidUnicode: 'a text holds a \\u without four hexadecimal digits',
    InvalidSymbol: 'this is not JSON; texts stand in double quotes',
  }
  return wanted[code] ?? `not valid JSON (${code})`
}

/** `after "srcImageRepository"`: the field whose line lacks the comma. */
function afterWhat(text: string, offset: number): string {
  const name = [...text.slice(0, offset).matchAll(/"([^"\\\n]*)"\s*:/g)].at(-1)?.[1]
  return name === undefined ? 'before this' : `after "${printableUpTo(40, name)}"`
}

/** `line:column`, both from 1. */
function position(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n')
  return `${before.length}:${(before.at(-1) ?? '').length + 1}`
}

/** Checks what flags say, with the same rules. `given` holds texts as typed, by field. */
export function validateFlags(given: Readonly<Partial<Record<FieldName, string>>>): Validated {
  const fields: Record<string, unknown> = {}
  const problems: string[] = []
  for (const [name, typed] of Object.entries(given) as [FieldName, string][]) {
    const {schema, flag, allowed}: Field = FIELDS[name]
    const value = [typed, /^\d+$/.test(typed) ? Number(typed) : undefined, typed.split(',')].find(
      (candidate) => schema.safeParse(candidate).success,
    )
    if (value === undefined)
      problems.push(`--${flag} must be ${allowed}; found "${printableUpTo(60, typed)}"`)
    else fields[name] = value
  }
  return problems.length > 0 ? {problems} : {fields: fields}
}
