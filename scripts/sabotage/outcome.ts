import {printableUpTo} from '../../src/text/printable.ts'

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
  if (own !== undefined) return {came: 'failed', why: firstLine(own)}
  if (failures[0] !== undefined) return unknown(`the code is broken as such: ${firstLine(failures[0])}`)
  if (meant.some(({status}) => status === 'passed')) return {came: 'passed', why: ''}
  const why = testResults.map(({message}) => firstLine(message)).find((line) => line !== '')
  if (why !== undefined) return unknown(`it did not run: ${why}`)
  return unknown(meant.length > 0 ? 'it did not run here' : 'there is no such test')
}

export function unknown(why: string): Outcome {
  return {came: 'unknown', why}
}

function firstLine(text: string): string {
  const [line = ''] = text.split('\n')
  return printableUpTo(160, line)
}
