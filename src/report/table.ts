import {styleText} from 'node:util'
import {getBorderCharacters, table} from 'table'
import {hostAndPort} from '../address/address.ts'
import type {Probe} from '../model/plan.ts'
import type {Status} from '../model/result.ts'
import type {Run} from '../model/run.ts'
import type {ReportOptions} from './format.ts'
import {reach} from '../plan/modes.ts'
import {probesOf} from '../plan/plan.ts'
import {explain} from '../results/explain.ts'
import {statusAt, tally} from '../results/store.ts'
import {printable} from '../text/printable.ts'
import {count, duration} from '../text/wording.ts'

/** A plan of up to this many probes is shown whole. */
const WHOLE_UP_TO = 200
/** Of what is not SUCCEEDED, at most this many rows are shown; report.json has all. */
const MOST_ROWS = 200

const COLORS = {SUCCEEDED: 'green', FAILED: 'red', EXCEPTION: 'yellow'} as const satisfies Record<
  Status,
  string
>

/** The run for a terminal: the seed's two tables, then the totals. */
export function* tableReport(run: Run, options: ReportOptions): Generator<string> {
  const {plan, results} = run
  const succeeded: Probe[] = []
  const others: Probe[] = []
  let left = 0
  for (const probe of probesOf(plan)) {
    const plainly = statusAt(results, probe.id) === 'SUCCEEDED' && results.unstable[probe.id] !== 1
    if (plainly && plan.size <= WHOLE_UP_TO) succeeded.push(probe)
    else if (!plainly && others.length < MOST_ROWS) others.push(probe)
    else if (!plainly) left++
  }
  if (succeeded.length > 0) yield* rows(run, succeeded, false, options)
  if (others.length > 0) yield* rows(run, others, true, options)
  if (left > 0) yield `${count(left, 'more row')} like these are not shown; report.json has all of them.\n\n`
  yield* totals(run, options)
}

const COLUMNS = ['S/N', 'SRC NODE NAME', 'DST NODE NAME', 'TARGET IP', 'RESULT']

function* rows(
  run: Run,
  probes: readonly Probe[],
  log: boolean,
  {color, width}: ReportOptions,
): Generator<string> {
  const {plan, results} = run
  const cells = probes.map((probe, index) => {
    const status = statusAt(results, probe.id)
    const result = results.unstable[probe.id] === 1 ? `${status} (unstable)` : status
    return [
      String(index + 1),
      nodeName(run, probe.source),
      destinationName(run, probe) + REACH_WORDS[reach(probe)],
      probe.endpoint.address ?? '-',
      color ? styleText(COLORS[status], result, {validateStream: false}) : result,
      ...(log ? [explain(plan, results, probe)] : []),
    ]
  })
  const data = [log ? [...COLUMNS, 'LOG'] : COLUMNS, ...cells]
  yield table(data, {
    border: BORDER,
    drawHorizontalLine: (line, lines) => line <= 1 || line === lines,
    columns:
      log && width !== undefined
        ? [{}, {}, {}, {}, {}, {width: roomForLog(width, data), wrapWord: true}]
        : [],
  })
  yield '\n'
}

const LEAST_LOG_WIDTH = 20

/** The seed's: a plus at every crossing. */
const BORDER = {...getBorderCharacters('ramac'), joinLeft: '+', joinRight: '+', joinJoin: '+'}

/** What the other columns leave of the line: each has a border and a space on both sides of its widest cell. */
function roomForLog(width: number, data: readonly (readonly string[])[]): number {
  const others = COLUMNS.map(
    (_, column) => Math.max(...data.map((row) => printable(row[column] ?? '').length)) + 3,
  )
  return Math.max(LEAST_LOG_WIDTH, width - others.reduce((sum, one) => sum + one, 0) - 4)
}

const REACH_WORDS = {self: ' (self)', 'same-node': ' (same node)', network: ''} as const

/** A custom target is its own name. */
function destinationName(run: Run, {block, endpoint}: Probe): string {
  if (endpoint.node !== undefined) return nodeName(run, endpoint.node)
  return block.mode === 'custom' ? hostAndPort(endpoint.address ?? '', endpoint.port) : ''
}

/** `cluster/node` where there are several clusters. */
function nodeName({plan, clusters}: Run, index: number): string {
  const node = plan.nodes[index]
  if (node === undefined) return ''
  return printable(clusters.length > 1 ? `${node.cluster}/${node.name}` : node.name)
}

function* totals(run: Run, {color}: ReportOptions): Generator<string> {
  const {plan, results, notCovered, caveats, interrupted} = run
  const {SUCCEEDED, FAILED, EXCEPTION, unstable} = tally(results)
  const painted = (status: Status, n: number) => {
    const text = `${n.toLocaleString('en')} ${status}`
    return color && n > 0 ? styleText(COLORS[status], text, {validateStream: false}) : text
  }
  const took = duration(Date.parse(run.finishedAt) - Date.parse(run.startedAt))
  const parts = [painted('SUCCEEDED', SUCCEEDED), painted('FAILED', FAILED), painted('EXCEPTION', EXCEPTION)]
  yield `${count(plan.size, 'probe')} between ${count(plan.nodes.length, 'node')}: ${parts.join(', ')} (${took})\n`
  if (interrupted !== undefined)
    yield `The run was interrupted by ${interrupted}: what has no result counts as EXCEPTION, "not tested".\n`
  if (unstable > 0)
    yield `${count(unstable, 'probe')} succeeded only when repeated or after a lost packet (unstable).\n`
  for (const {node, cause} of notCovered) yield `Not covered: ${printable(node)}: ${printable(cause)}.\n`
  for (const caveat of caveats) yield `Not verified: ${caveat}.\n`
}
