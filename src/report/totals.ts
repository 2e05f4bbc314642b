import type {Diagnosis} from '../model/finding.ts'
import type {ProtocolName} from '../model/plan.ts'
import type {Run} from '../model/run.ts'
import {latencyOf} from '../results/latency.ts'
import {tally} from '../results/store.ts'
import {fitted} from '../text/lines.ts'
import {printable} from '../text/printable.ts'
import {count, duration, latency} from '../text/wording.ts'
import type {ReportOptions} from './format.ts'
import {painted} from './paint.ts'
import {wordLines} from './words.ts'

const TIMES: Readonly<Partial<Record<ProtocolName, string>>> = {
  tcp: 'Connect time',
  icmp: 'Round trip (icmp)',
}

/** What stands under the tables: the counts, the times, where to read on, and everything that keeps them from being the whole truth. */
export function* totals(run: Run, diagnosis: Diagnosis, {color, width}: ReportOptions): Generator<string> {
  const {plan, results, interrupted, partial, notCovered, caveats} = run
  const counts = tally(results)
  const parts = (['SUCCEEDED', 'FAILED', 'EXCEPTION'] as const).map((status) => {
    const text = `${counts[status].toLocaleString('en')} ${status}`
    return painted(status, text, color && counts[status] > 0)
  })
  const took = duration(durationMs(run))
  yield `${count(plan.size, 'probe')} between ${count(plan.nodes.length, 'node')}: ${parts.join(', ')} (${took})\n`
  for (const [protocol, {p50, p95, max}] of latencyOf(run))
    yield `${TIMES[protocol] ?? protocol}: p50 ${latency(p50)}, p95 ${latency(p95)}, max ${latency(max)}\n`
  const sentence = (text: string) => `${fitted(text, width)}\n`
  if (interrupted !== undefined)
    yield sentence(
      `The run was interrupted by ${printable(interrupted)}: what has no result counts as EXCEPTION, "not tested".`,
    )
  if (counts.unstable > 0)
    yield sentence(
      `${count(counts.unstable, 'probe')} succeeded only sometimes or after a lost packet (unstable).`,
    )
  // As they are: lines to be copied.
  yield* wordLines(run, diagnosis)
  if (partial.length > 0) yield sentence(`Partial: ${printable(partial.join(', '))}.`)
  for (const {cluster, node, cause, leftOut} of notCovered) {
    const name = run.clusters.length > 1 ? `${cluster}/${node}` : node
    yield sentence(`${leftOut ? 'Left out' : 'Not covered'}: ${printable(name)}: ${printable(cause)}.`)
  }
  for (const caveat of caveats) yield sentence(`Not verified: ${printable(caveat)}.`)
}

/** How long the run took; a clock that was set back meanwhile makes it nothing. */
export function durationMs({startedAt, finishedAt}: Run): number {
  return Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt))
}
