import {printableUpTo} from '../text/printable.ts'
import {inShell} from '../text/wording.ts'
import {parseDocument, type Document, type Remark} from './document.ts'
import {FIELD_NAMES, FIELDS, isField, type ConfigFields, type Field, type FieldName} from './fields.ts'
import {readFlag, type Typed} from './flags.ts'
import {inspect} from './inspect.ts'
import {breaches} from './rules.ts'
import {shown, steps, type Path} from './slip.ts'
import {meantName, suggestion, unknownField} from './suggestion.ts'

/** The fields, or every mistake that was found, a sentence each. */
export type Validated =
  | {readonly fields: ConfigFields; readonly problems?: undefined}
  | {readonly fields?: undefined; readonly problems: readonly string[]}

/** Where fields come from; flags beat the file. */
export interface Sources {
  readonly file?: {readonly name: string; readonly text: string}
  readonly flags?: Typed
  /** The fields that matter to the command; absent: all. What does not go together elsewhere is none of its business. */
  readonly only?: readonly FieldName[]
}

/** Names that a config file may hold beside the fields, for editors. */
const PASSED_OVER = ['$schema']

/**
 * Checks each field and what does not go together. Each problem says where: file, line and column, or the flag; what was
 * found and what is allowed. The fields that come back are those that are set: an empty text or list says nothing.
 */
export function validate({file, flags = {}, only}: Sources): Validated {
  const inFile = file === undefined ? NOTHING : readFile(file.name, file.text)
  const typed = readFlags(flags)
  const fields = whatIsSet({...inFile.fields, ...typed.fields})
  const wrong = new Set([...inFile.wrong, ...typed.wrong])
  const problems = [...typed.problems]
  const remarks = [...inFile.remarks]
  // In a file that is no JSON, what goes with a field may be there and not be seen.
  for (const {path, say, at, about = []} of inFile.broken ? [] : breaches(fields)) {
    const [name] = path
    if (only?.some((one) => one === name) === false) continue
    if (about.some((other) => wrong.has(other))) continue
    if (name in typed.fields) problems.push(say((place) => calledAsFlag(place)))
    else {
      const call = (place: Path) => (place[0] in typed.fields ? calledAsFlag(place) : calledInFile(place))
      remarks.push({offset: inFile.document?.offsetOf(path, at) ?? 0, text: say(call)})
    }
  }
  const ofFile = remarks
    .sort((a, b) => a.offset - b.offset)
    .map(({offset, text}) => `${file?.name ?? ''}:${inFile.document?.positionOf(offset) ?? '1:1'}: ${text}`)
  return ofFile.length + problems.length > 0 ? {problems: [...ofFile, ...problems]} : {fields}
}

/** What one source has: the fields that are right, and those that are not. */
interface Read {
  readonly fields: ConfigFields
  readonly wrong: readonly FieldName[]
}

interface ReadFile extends Read {
  readonly remarks: readonly Remark[]
  readonly broken: boolean
  readonly document: Document | undefined
}

const NOTHING: ReadFile = {fields: {}, wrong: [], remarks: [], broken: false, document: undefined}

function readFile(name: string, content: string): ReadFile {
  // A byte order mark is no mistake of the user's, but of an editor.
  const text = content.replace(/^\uFEFF/, '')
  if (text.trim() === '') {
    const where = name === 'config.json' ? '' : ` --config=${inShell(name)}`
    const remark = `the file is empty. Write one with \`kubectl netdoctor init${where} --force\`.`
    return {...NOTHING, broken: true, remarks: [{offset: 0, text: remark}]}
  }
  const document = parseDocument(text)
  const remarks = [...document.remarks]
  const fields: Record<string, unknown> = {}
  const wrong: FieldName[] = []
  for (const [field, value] of Object.entries(document.value ?? {})) {
    const mark = (text: string, at: 'key' | 'value', path: readonly (string | number)[] = [field]) =>
      remarks.push({offset: document.offsetOf(path, at), text})
    if (isField(field)) {
      const slips = inspect(FIELDS[field], value, [field])
      for (const {path, at, say} of slips) mark(say(calledInFile), at, path)
      if (slips.length > 0) wrong.push(field)
      else fields[field] = value
    } else if (!PASSED_OVER.includes(field)) {
      mark(unknownField(field, FIELD_NAMES), 'key')
      const meant = suggestion(field, FIELD_NAMES)
      if (meant !== undefined) wrong.push(meant)
    } else if (typeof value !== 'string') {
      mark(`${field} must be the address of a JSON Schema; found ${shown(value)}`, 'value')
    }
  }
  return {fields, wrong, remarks, broken: document.broken, document}
}

function readFlags(flags: Typed): Read & {problems: string[]} {
  const fields: Record<string, unknown> = {}
  const wrong: FieldName[] = []
  const problems: string[] = []
  for (const name of FIELD_NAMES) {
    const typed = flags[name]
    if (typed === undefined) continue
    const {value, problem} = readFlag(name, typed)
    const field: Field = FIELDS[name]
    const slips = problem === undefined ? inspect(field, value, [name]) : []
    // A flag as a whole is quoted as it was typed, not as it was read.
    const sentences = slips.map(({path, say}) =>
      path.length > 1
        ? say(calledAsFlag)
        : `--${field.flag} must be ${field.allowed}; found "${printableUpTo(60, typed.join(','))}"` +
          meantName(value, field.names),
    )
    if (problem !== undefined) sentences.push(problem)
    if (sentences.length > 0) wrong.push(name)
    else fields[name] = value
    problems.push(...sentences)
  }
  return {fields, wrong, problems}
}

function calledInFile([name, ...rest]: Path): string {
  return `${name}${steps(rest)}`
}

function calledAsFlag([name, ...rest]: Path): string {
  return `--${FIELDS[name].flag}${steps(rest)}`
}

function whatIsSet(fields: ConfigFields): ConfigFields {
  const isEmpty = (value: unknown) => value === '' || (Array.isArray(value) && value.length === 0)
  // To tolerate nothing is something to say: where nothing is said, every taint is tolerated.
  const isSet = ([name, value]: [string, unknown]) => name === 'tolerations' || !isEmpty(value)
  return Object.fromEntries(Object.entries(fields).filter(isSet))
}
