import {outcomeAt, type Outcome} from '../../diff/change.ts'
import type {Change, Diff, OneSided, OneSidedProbes} from '../../model/diff.ts'
import type {Probe} from '../../model/plan.ts'
import type {Run} from '../../model/run.ts'
import {explain} from '../../results/explain.ts'
import {DIFF_FORMAT, DIFF_VERSION, type DiffLine, type ProbeChangeLine} from '../../schema/diff.ts'
import {jsonLine} from '../../text/json.ts'
import {findingFields, placeIn, probeFields} from '../json.ts'
import {outcomeBefore, toldIn} from './changes.ts'
import {asDiagnosis} from './findings.ts'
import {diffVerdict} from './verdict.ts'

/** One JSON object a line: what did not plainly SUCCEED in both, or in the newer run where that alone has it, and then the whole. */
export function* jsonDiff(diff: Diff): Generator<string> {
  for (const [change, probe] of toldIn(diff))
    if (change !== 'well') yield `${jsonLine(changeLine(diff, change, probe))}\n`
  yield `${jsonLine(diffLine(diff))}\n`
}

function changeLine(diff: Diff, change: Change, probe: Probe): ProbeChangeLine {
  const {old, now, before, findingOf} = diff
  const {id} = probe
  const finding = findingOf[id] ?? 0
  const earlier = outcomeBefore(diff, probe)
  return {
    kind: 'probe',
    change,
    ...probeFields(now.plan, probe),
    ...(earlier === undefined
      ? {}
      : {before: outcomeFields(earlier, old.results.timeUs[(before[id] ?? 0) - 1])}),
    after: outcomeFields(outcomeAt(now.results, id), now.results.timeUs[id]),
    ...(finding === 0 ? {} : {finding}),
    message: explain(now.plan, now.results, probe),
  }
}

function outcomeFields({status, reason, unstable}: Outcome, timeUs = 0): ProbeChangeLine['after'] {
  return {status, reason, unstable, ...(timeUs === 0 ? {} : {latencyMs: timeUs / 1000})}
}

function diffLine(diff: Diff): DiffLine {
  const {old, now, counts, compared, onlyOld, onlyNew, slower, gone, arrived, caveats} = diff
  const place = placeIn(now.plan)
  return {
    kind: 'diff',
    format: DIFF_FORMAT,
    version: DIFF_VERSION,
    verdict: diffVerdict(diff).text,
    old: sideFields(old),
    new: sideFields(now),
    totals: {
      compared,
      changes: {...counts},
      onlyOld: oneSidedFields(onlyOld),
      onlyNew: oneSidedFields(onlyNew),
    },
    slower: slower.map(({nodes, paths, before, after, ...rest}) => ({
      ...rest,
      paths: [...paths],
      nodes: nodes.map(place),
      beforeMs: before / 1000,
      afterMs: after / 1000,
    })),
    gone: gone.map(nodeFields),
    arrived: arrived.map(nodeFields),
    findings: asDiagnosis(diff).findings.map((finding) => findingFields(now, finding)),
    caveats: [...caveats],
  }
}

function sideFields({id, tool, startedAt, plan}: Run): DiffLine['old'] {
  return {run: id, tool, startedAt, probes: plan.size, nodes: plan.nodes.length}
}

function oneSidedFields({probes, failed, exception}: OneSidedProbes): DiffLine['totals']['onlyOld'] {
  return {probes, FAILED: failed, EXCEPTION: exception}
}

function nodeFields({cluster, name, cause}: OneSided): DiffLine['gone'][number] {
  return {cluster, node: name, cause}
}
