import type {Run} from '../model/run.ts'
import {REASONS, STATUSES} from '../results/store.ts'

/** Version of the format of report.json: raised when a reader of the old one would misread the new one. */
const VERSION = 1

/**
 * report.json: the whole run in columns, so that a million probes stay small. `status`, `reason`, `unstable` and `text`
 * are lists of [value, how many probes in a row have it]; their values are indexes into `statuses`, `reasons` and
 * `texts`. `timeUs` has a number of microseconds a probe. Probes are in the order of the blocks, sources, endpoints.
 */
export function* reportJson(run: Run): Generator<string> {
  const {plan, results} = run
  const {interrupted, ...head} = {
    format: 'kubectl-netdoctor/report',
    version: VERSION,
    run: run.id,
    tool: run.tool,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    interrupted: run.interrupted,
    namespace: run.namespace,
    clusters: run.clusters,
    notCovered: run.notCovered,
    partial: run.partial,
    caveats: run.caveats,
    nodes: plan.nodes,
    blocks: plan.blocks,
    statuses: STATUSES,
    reasons: REASONS,
    texts: results.texts,
  }
  yield JSON.stringify(interrupted === undefined ? head : {...head, interrupted}).slice(0, -1)
  yield ',\n"columns":{'
  yield* column('status', lengthsOfRuns(results.status))
  yield ',\n'
  yield* column('reason', lengthsOfRuns(results.reason))
  yield ',\n'
  yield* column('unstable', lengthsOfRuns(results.unstable))
  yield ',\n'
  yield* column('text', lengthsOfRuns(results.raw))
  yield ',\n'
  yield* column('timeUs', numbers(results.timeUs))
  yield '}}\n'
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
    if (i < values.length && values[i] === values[start]) continue
    parts.push(`[${values[start] ?? 0},${i - start}]`)
    start = i
    if (parts.length < CHUNK) continue
    yield parts.join(',')
    parts = []
  }
  if (parts.length > 0) yield parts.join(',')
}
