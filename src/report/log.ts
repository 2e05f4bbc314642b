import type {Probe} from '../model/plan.ts'
import type {Run} from '../model/run.ts'
import {explain} from '../results/explain.ts'
import {wrapped} from '../text/lines.ts'
import {printable} from '../text/printable.ts'
import {latency} from '../text/wording.ts'

/** Columns of text that a column of sentences must have to be read. */
const LEAST_WIDTH = 20

/** What is to be said of a probe that a finding is about: of one that is plainly SUCCEEDED, how long it took. */
export function logOf({plan, results}: Run, probe: Probe): string {
  const time = results.timeUs[probe.id] ?? 0
  const said = explain(plan, results, probe)
  return said === '' && time > 0 ? `took ${latency(time)}` : said
}

/** What the columns of the data leave of the line for another one; undefined where that is too little for sentences. */
export function roomForLog(width: number, data: readonly (readonly string[])[]): number | undefined {
  let room = width - 4
  // Each has a border and a space on both sides of its widest cell.
  for (const column of data[0]?.keys() ?? [])
    room -= Math.max(...data.map((row) => printable(row[column] ?? '').length)) + 3
  return room < LEAST_WIDTH ? undefined : room
}

/** A sentence of several lines stands there once; further rows, which are counted from 1, name the one that has it. */
export function withoutRepetition(sentences: readonly string[], room: number): readonly string[] {
  return sentences.map((sentence, index) => {
    const first = sentences.indexOf(sentence)
    return first === index || sentence.length <= room ? sentence : `as in row ${first + 1}`
  })
}

/** The sentences below a table that has no room for them: each once, behind the rows that it is about. */
export function* logBelow(sentences: readonly string[], width: number): Generator<string> {
  const rowsOf = new Map<string, number[]>()
  for (const [index, sentence] of sentences.entries())
    rowsOf.set(sentence, [...(rowsOf.get(sentence) ?? []), index + 1])
  for (const [sentence, rows] of rowsOf) {
    if (sentence === '') continue
    const text = `${rows.length === 1 ? 'Row' : 'Rows'} ${ranges(rows)}: ${sentence}`
    yield `${wrapped(text, Math.max(LEAST_WIDTH, width - 2)).join('\n  ')}\n`
  }
}

/** `1-5, 7` of rising numbers. */
function ranges(numbers: readonly number[]): string {
  const spans: [first: number, last: number][] = []
  for (const number of numbers) {
    const span = spans.at(-1)
    if (span?.[1] === number - 1) span[1] = number
    else spans.push([number, number])
  }
  return spans.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(', ')
}
