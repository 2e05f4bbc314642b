import type {Results} from '../model/result.ts'
import {REASONS, STATUSES} from '../results/store.ts'
import type {ReportFile} from '../schema/report.ts'

/** The columns of report.json, in pieces. */
export function* columnsJson(results: Results): Generator<string> {
  yield* column('status', lengthsOfRuns(results.status))
  yield ',\n'
  yield* column('reason', lengthsOfRuns(results.reason))
  yield ',\n'
  yield* column('unstable', lengthsOfRuns(results.unstable))
  yield ',\n'
  yield* column('text', lengthsOfRuns(results.raw))
  yield ',\n'
  yield* column('timeUs', numbers(results.timeUs))
}

function* column(name: string, parts: Iterable<string>): Generator<string> {
  yield `"${name}":[`
  let separator = ''
  for (const part of parts) {
    yield separator + part
    separator = ',\n'
  }
  yield ']'
}

/** Values in a row; small enough to be written one by one, large enough not to be slow. */
const CHUNK = 10_000

function* numbers(values: Uint32Array): Generator<string> {
  for (let start = 0; start < values.length; start += CHUNK) {
    yield values.subarray(start, start + CHUNK).join(',')
  }
}

function* lengthsOfRuns(values: Uint8Array | Uint32Array): Generator<string> {
  let parts: string[] = []
  let start = 0
  for (let i = 1; i <= values.length; i++) {
    // Behind the last value there is undefined, which is none.
    if (values[i] === values[start]) continue
    parts.push(`[${values[start] ?? 0},${i - start}]`)
    start = i
    if (parts.length < CHUNK) continue
    yield parts.join(',')
    parts = []
  }
  if (parts.length > 0) yield parts.join(',')
}

/** What is wrong with a file, as `PLACE: WHAT`. */
export class Inconsistent extends Error {}

/** The results that the columns of a checked file hold. Throws Inconsistent where they do not fit `size` probes. */
export function resultsOf({columns, statuses, reasons, texts}: ReportFile, size: number): Results {
  // The one column without abbreviations: whoever claims a number of probes must have brought it.
  if (columns.timeUs.length !== size)
    throw new Inconsistent(`columns.timeUs: has ${columns.timeUs.length} values for ${size} probes`)
  const status = inFull('status', columns.status, statuses.length, new Uint8Array(size))
  const reason = inFull('reason', columns.reason, reasons.length, new Uint8Array(size))
  const unstable = inFull('unstable', columns.unstable, 2, new Uint8Array(size))
  const raw = inFull('text', columns.text, texts.length, new Uint32Array(size))
  translate(status, statuses, STATUSES)
  translate(reason, reasons, REASONS)
  return {size, status, reason, timeUs: Uint32Array.from(columns.timeUs), raw, unstable, texts}
}

function inFull<Values extends Uint8Array | Uint32Array>(
  name: string,
  lengths: ReportFile['columns']['status'],
  limit: number,
  values: Values,
): Values {
  let at = 0
  for (const [value, length] of lengths) {
    if (value >= limit) throw new Inconsistent(`columns.${name}: ${value} is not below ${limit}`)
    if (length > values.length - at)
      throw new Inconsistent(`columns.${name}: has values for more than ${values.length} probes`)
    values.fill(value, at, (at += length))
  }
  if (at < values.length)
    throw new Inconsistent(`columns.${name}: has values for ${at} of ${values.length} probes`)
  return values
}

/** From the file's codes to ours: it holds the words, and their order may differ. */
function translate<Word extends string>(
  codes: Uint8Array,
  theirs: readonly Word[],
  ours: readonly Word[],
): void {
  const table = theirs.map((word) => ours.indexOf(word))
  for (let i = 0; i < codes.length; i++) codes[i] = table[codes[i] ?? 0] ?? 0
}
