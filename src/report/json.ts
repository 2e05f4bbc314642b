import type {Probe} from '../model/plan.ts'
import type {Run} from '../model/run.ts'
import {foreignName, reach} from '../plan/modes.ts'
import {probesOf} from '../plan/plan.ts'
import {explain} from '../results/explain.ts'
import {latencyOf} from '../results/latency.ts'
import {tally, verdictAt} from '../results/store.ts'
import {PROBE_FORMAT, PROBE_VERSION, type ProbeLine, type RunLine} from '../schema/probe.ts'
import {runFieldsOf} from '../schema/run.ts'
import {jsonLine} from '../text/json.ts'
import {durationMs} from './totals.ts'

/** One JSON object a line: the probes, and then the run. */
export function* jsonReport(run: Run): Generator<string> {
  for (const probe of probesOf(run.plan)) yield `${jsonLine(probeLine(run, probe))}\n`
  yield `${jsonLine(runLine(run))}\n`
}

function probeLine({plan, results}: Run, probe: Probe): ProbeLine {
  const {block, endpoint} = probe
  const {mode, protocol, ipFamily, check} = block
  const {status, reason, timeUs, raw, unstable} = verdictAt(results, probe.id, endpoint.address)
  const place = (index: number) => {
    const {cluster = '', name: node = ''} = plan.nodes[index] ?? {}
    return {cluster, node}
  }
  return {
    kind: 'probe',
    source: place(probe.source),
    ...(endpoint.node === undefined ? {} : {destination: place(endpoint.node)}),
    mode,
    protocol,
    ipFamily,
    check,
    target: {
      ...(endpoint.node === undefined ? {name: foreignName(probe)} : {}),
      ...(endpoint.address === undefined ? {} : {address: endpoint.address}),
      port: endpoint.port,
    },
    status,
    reason,
    unstable,
    reach: reach(probe),
    ...(timeUs === 0 ? {} : {latencyMs: timeUs / 1000}),
    message: explain(plan, results, probe),
    raw,
  }
}

function runLine(run: Run): RunLine {
  const {SUCCEEDED, FAILED, EXCEPTION, unstable} = tally(run.results)
  const times = latencyOf(run)
  return {
    kind: 'run',
    format: PROBE_FORMAT,
    version: PROBE_VERSION,
    ...runFieldsOf(run),
    durationMs: durationMs(run),
    totals: {probes: run.plan.size, SUCCEEDED, FAILED, EXCEPTION, unstable},
    latencyMs: Object.fromEntries(
      [...times].map(([protocol, {p50, p95, max}]) => [
        protocol,
        {p50: p50 / 1000, p95: p95 / 1000, max: max / 1000},
      ]),
    ),
  }
}
