import {printable} from '../../src/text/printable.ts'

/** What vitest's JSON report says of one file of tests; the part that is read here. */
export interface Report {
  readonly testResults: readonly {
    readonly message: string
    readonly assertionResults: readonly {
      readonly fullName: string
      readonly status: string
      readonly failureMessages?: readonly string[] | null
    }[]
  }[]
}

/** What became of a test. `unknown`: it neither failed by itself nor passed. `why`: in a line, where there is anything to say. */
export interface Outcome {
  readonly came: 'failed' | 'passed' | 'unknown'
  readonly why: string
}

/** A failure that says nothing of what the test holds: the code makes no sense to Node, or cannot be found. */
const NO_CODE =
  /^(?:SyntaxError|ReferenceError)\b|Transform failed with|Failed to (?:resolve import|load url)|Cannot find module/

/** What became of the tests that `pattern` names; of many one that failed is enough. */
export function outcomeOf({testResults}: Report, pattern: string): Outcome {
  const isMeant = new RegExp(pattern)
  const meant = testResults
    .flatMap(({assertionResults}) => assertionResults)
    .filter(({fullName}) => isMeant.test(fullName))
  const failures = meant.flatMap(({status, failureMessages}) =>
    status === 'failed' ? [(failureMessages ?? []).join('\n')] : [],
  )
  const own = failures.find((message) => !NO_CODE.test(message))
  if (own !== undefined) return {came: 'failed', why: inShort(own)}
  if (failures[0] !== undefined) return unknown(`the code is broken as such: ${inShort(failures[0])}`)
  if (meant.some(({status}) => status === 'passed')) return {came: 'passed', why: ''}
  const why = testResults.map(({message}) => inShort(message)).find((line) => line !== '')
  if (why !== undefined) return unknown(`it did not run: ${why}`)
  return unknown(meant.length > 0 ? 'it did not run here' : 'there is no such test')
}

export function unknown(why: string): Outcome {
  return {came: 'unknown', why}
}

/** Of a text that is longer, so many characters from its start and from its end are shown: what was found, and what should have been. */
const SHOWN = 100

/** The message without its places, on one line. */
function inShort(message: string): string {
  const lines = message.split('\n')
  const places = lines.findIndex((line) => /^ +at /.test(line))
  const text = printable(lines.slice(0, places < 0 ? undefined : places).join(' '))
  return text.length > 2 * SHOWN ? `${text.slice(0, SHOWN)} ... ${text.slice(-SHOWN)}` : text
}
