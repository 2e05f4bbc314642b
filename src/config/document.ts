import {
  createScanner,
  findNodeAtLocation,
  parseTree,
  printParseErrorCode,
  type Node,
  type ParseError,
} from 'jsonc-parser'
import {printableUpTo} from '../text/printable.ts'

/** A sentence about a place of the text. */
export interface Remark {
  readonly offset: number
  readonly text: string
}

/** A JSON text that knows where everything stands. */
export interface Document {
  /** What is no JSON, or stands there twice. */
  readonly remarks: readonly Remark[]
  /** Whether there is anything that is no JSON; then what can be read may not be what was meant. */
  readonly broken: boolean
  /** What can be read; undefined for anything but an object. */
  readonly value: Readonly<Record<string, unknown>> | undefined
  /** Where a value stands, or its name. */
  readonly offsetOf: (path: readonly (string | number)[], at: 'key' | 'value') => number
  /** `line:column`, both from 1. */
  readonly positionOf: (offset: number) => string
}

/** No config is as deep as this, and parsers that call themselves have an end. */
const MAX_DEPTH = 100

export function parseDocument(text: string): Document {
  const starts = lineStarts(text)
  const lineOf = (offset: number) => starts.findLastIndex((start) => start <= offset)
  const positionOf = (offset: number) => `${lineOf(offset) + 1}:${offset - (starts[lineOf(offset)] ?? 0) + 1}`
  const nowhere = {broken: true, value: undefined, offsetOf: () => 0, positionOf}
  const tooDeep = offsetOfDepth(text, MAX_DEPTH)
  if (tooDeep !== undefined) {
    return {...nowhere, remarks: [{offset: tooDeep, text: 'brackets within brackets without end'}]}
  }
  const errors: ParseError[] = []
  const tree = parseTree(text, errors, {disallowComments: true, allowTrailingComma: false})
  const syntax = firstOfEachLine(errors, lineOf).map((error) => describeSyntax(text, error))
  if (tree?.type !== 'object') {
    const text = 'must be an object: { "namespace": ... }'
    return {...nowhere, remarks: syntax.length > 0 ? syntax : [{offset: 0, text}]}
  }
  if (syntax.length === 0) syntax.push(...otherwiseInvalid(text))
  return {
    remarks: [...syntax, ...repetitions(tree)],
    broken: syntax.length > 0,
    value: valueOf(tree) as Record<string, unknown>,
    offsetOf(path, at) {
      const node = findNodeAtLocation(tree, [...path])
      const key = node?.parent?.type === 'property' ? node.parent : undefined
      return (at === 'key' ? (key ?? node) : node)?.offset ?? 0
    },
    positionOf,
  }
}

function lineStarts(text: string): number[] {
  return [0, ...[...text.matchAll(/\n/g)].map(({index}) => index + 1)]
}

/** Where the text is that deep inside brackets, if it is anywhere. */
function offsetOfDepth(text: string, limit: number): number | undefined {
  const scanner = createScanner(text, true)
  for (let depth = 0; scanner.getPosition() < text.length;) {
    scanner.scan()
    const first = text.charAt(scanner.getTokenOffset())
    if (first === '{' || first === '[') depth++
    if (first === '}' || first === ']') depth--
    if (depth >= limit) return scanner.getTokenOffset()
  }
  return undefined
}

/** One slip often makes the parser complain several times on its line; the first complaint is the one that helps. */
function firstOfEachLine(errors: readonly ParseError[], lineOf: (offset: number) => number): ParseError[] {
  const byLine = new Map<number, ParseError>()
  for (const error of errors) {
    const line = lineOf(error.offset)
    if (!byLine.has(line)) byLine.set(line, error)
  }
  return [...byLine.values()]
}

/** What the parser that knows places lets pass, and JSON does not. */
function otherwiseInvalid(text: string): Remark[] {
  try {
    JSON.parse(text)
    return []
  } catch (error) {
    return [{offset: 0, text: `not valid JSON: ${(error as Error).message}`}]
  }
}

/** Names that stand in one object more than once, in whatever depth. */
function repetitions({type, children = []}: Node): Remark[] {
  const seen = new Set<unknown>()
  const here = children.flatMap(({children: [key] = []}): Remark[] => {
    if (type !== 'object' || key === undefined) return []
    const isFirst = !seen.has(key.value)
    seen.add(key.value)
    if (isFirst) return []
    return [{offset: key.offset, text: `"${printableUpTo(40, String(key.value))}" stands here a second time`}]
  })
  return [...here, ...children.flatMap(repetitions)]
}

/** The value of a tree that may lack parts. Of a name that stands there twice, the first. */
function valueOf({type, children = [], value}: Node): unknown {
  if (type === 'array') return children.map(valueOf)
  if (type !== 'object') return value ?? null
  const values = new Map<string, unknown>()
  for (const {children: [key, one] = []} of children) {
    if (key === undefined || one === undefined || values.has(String(key.value))) continue
    values.set(String(key.value), valueOf(one))
  }
  return Object.fromEntries(values)
}

function describeSyntax(text: string, {error, offset}: ParseError): Remark {
  const code = printParseErrorCode(error)
  if (code === 'CommaExpected') return {offset, text: `expected a comma ${afterWhat(text, offset)}`}
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
  return {offset, text: wanted[code] ?? `not valid JSON (${code})`}
}

/** `after "srcImageRepository"`: the field whose line lacks the comma. */
function afterWhat(text: string, offset: number): string {
  const name = [...text.slice(0, offset).matchAll(/"([^"\\\n]*)"\s*:/g)].at(-1)?.[1]
  return name === undefined ? 'before this' : `after "${printableUpTo(40, name)}"`
}
