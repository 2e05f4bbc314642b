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

/** What became of a test: it failed by itself, it passed, or nothing is known of it and why. */
export type Outcome = 'failed' | 'passed' | {readonly unknown: string}

/** A failure that says nothing of what the test holds: the code makes no sense to Node, or cannot be found. */
const NO_CODE =
  /^(?:SyntaxError|ReferenceError)\b|Transform failed with|Failed to (?:resolve import|load url)|Cannot find module/

/** What became of the tests that `pattern` names; of many one that failed is enough. */
export function outcomeOf({testResults}: Report, pattern: string): Outcome {
  const isMeant = new RegExp(pattern)
  const meant = testResults
    .flatMap(({assertionResults}) => assertionResults)
    .filter(({fullName}) => isMeant.test(fullName))
  const messages = meant.map(({failureMessages}) => (failureMessages ?? []).join('\n'))
  const failures = messages.filter((_, index) => meant[index]?.status === 'failed')
  if (failures.some((message) => !NO_CODE.test(message))) return 'failed'
  if (failures[0] !== undefined) return {unknown: `the code is broken as such: ${firstLine(failures[0])}`}
  if (meant.some(({status}) => status === 'passed')) return 'passed'
  const why = testResults.map(({message}) => firstLine(message)).find((line) => line !== '')
  if (why !== undefined) return {unknown: `it did not run: ${why}`}
  return {unknown: meant.length > 0 ? 'it did not run here' : 'there is no such test'}
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? ''
}
