import type {Plan, Probe} from '../model/plan.ts'
import type {Diagnosis, Finding, Subject} from '../model/finding.ts'
import type {Run} from '../model/run.ts'
import {findingPage} from '../diagnosis/page.ts'
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
export function* jsonReport(run: Run, diagnosis: Diagnosis): Generator<string> {
  for (const probe of probesOf(run.plan)) yield `${jsonLine(probeLine(run, diagnosis, probe))}\n`
  yield `${jsonLine(runLine(run, diagnosis))}\n`
}

function probeLine({plan, results}: Run, {findingOf}: Diagnosis, probe: Probe): ProbeLine {
  const {endpoint} = probe
  const {status, reason, timeUs, raw, unstable} = verdictAt(results, probe.id, endpoint.address)
  return {
    kind: 'probe',
    ...probeFields(plan, probe),
    status,
    reason,
    unstable,
    reach: reach(probe),
    ...(timeUs === 0 ? {} : {latencyMs: timeUs / 1000}),
    ...(findingOf[probe.id] ? {finding: findingOf[probe.id]} : {}),
    message: explain(plan, results, probe),
    raw,
  }
}

/** What tells one probe from another. */
export function probeFields(
  plan: Plan,
  probe: Probe,
): Pick<ProbeLine, 'source' | 'destination' | 'mode' | 'protocol' | 'ipFamily' | 'check' | 'target'> {
  const {block, endpoint, source} = probe
  const {mode, protocol, ipFamily, check} = block
  const place = placeIn(plan)
  return {
    source: place(source),
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
  }
}

function runLine(run: Run, {findings, unexplained}: Diagnosis): RunLine {
  const {SUCCEEDED, FAILED, EXCEPTION, unstable} = tally(run.results)
  const times = latencyOf(run)
  return {
    kind: 'run',
    format: PROBE_FORMAT,
    version: PROBE_VERSION,
    ...runFieldsOf(run),
    durationMs: durationMs(run),
    findings: findings.map((finding) => findingFields(run, finding)),
    unexplained,
    totals: {probes: run.plan.size, SUCCEEDED, FAILED, EXCEPTION, unstable},
    latencyMs: Object.fromEntries(
      [...times].map(([protocol, {p50, p95, max}]) => [
        protocol,
        {p50: p50 / 1000, p95: p95 / 1000, max: max / 1000},
      ]),
    ),
  }
}

/** A finding, with its subjects by their names. */
export function findingFields({plan}: Run, finding: Finding): RunLine['findings'][number] {
  const {subjects, evidence, ...rest} = finding
  const named = placeIn(plan)
  const fields = (subject: Subject): RunLine['findings'][number]['subjects'][number] => {
    switch (subject.kind) {
      case 'node':
        return {kind: 'node', ...named(subject.node)}
      case 'pair':
        return {kind: 'pair', source: named(subject.source), destination: named(subject.destination)}
      case 'group':
        return {...subject, nodes: subject.nodes.map(named)}
      case 'cluster':
      case 'target':
        return subject
    }
  }
  return {...rest, subjects: subjects.map(fields), evidence: [...evidence], page: findingPage(finding.kind)}
}

/** A node of the plan by its names. */
export function placeIn({nodes}: Plan): (index: number) => {cluster: string; node: string} {
  return (index) => ({cluster: nodes[index]?.cluster ?? '', node: nodes[index]?.name ?? ''})
}
