import type {Change, Diff, OneSidedProbes} from '../model/diff.ts'
import type {Diagnosis} from '../model/finding.ts'
import type {Results} from '../model/result.ts'
import type {Run} from '../model/run.ts'
import {statusAt} from '../results/store.ts'
import {caveatsOf} from './caveats.ts'
import {CHANGES, changeOf, changeOfNew, FAILURES, outcomeAt} from './change.ts'
import {matched} from './match.ts'
import {nodesOnlyIn} from './nodes.ts'
import {samplesOf} from './samples.ts'
import {slowerIn} from './slower.ts'

/** Compares two runs, probe by probe. `diagnosis` is that of the newer one. */
export function compare(old: Run, now: Run, diagnosis: Diagnosis): Diff {
  const before = matched(old.plan, now.plan)
  const changes = new Uint8Array(now.plan.size).fill(CHANGES.length)
  const counts = Object.fromEntries(CHANGES.map((change) => [change, 0])) as Record<Change, number>
  const met = new Uint8Array(old.plan.size)
  let [compared, unstable] = [0, 0]
  for (let id = 0; id < before.length; id++) {
    const partner = (before[id] ?? 0) - 1
    const outcome = outcomeAt(now.results, id)
    if (partner >= 0) {
      compared++
      met[partner] = 1
      if (outcome.status === 'SUCCEEDED' && outcome.unstable) unstable++
    }
    const change = partner < 0 ? changeOfNew(outcome) : changeOf(outcomeAt(old.results, partner), outcome)
    if (change === undefined) continue
    changes[id] = CHANGES.indexOf(change)
    counts[change]++
  }
  return {
    ...{old, now, before, changes, counts, compared, unstable},
    onlyOld: countOf(old.results, (id) => met[id] === 0),
    onlyNew: countOf(now.results, (id) => before[id] === 0),
    slower: slowerIn(samplesOf(old, now, before)),
    gone: nodesOnlyIn(old, now),
    arrived: nodesOnlyIn(now, old),
    ...findingsFor(changes, diagnosis),
    caveats: [...caveatsOf(old, now)],
  }
}

function countOf(results: Results, isMeant: (id: number) => boolean): OneSidedProbes {
  let [probes, failed, exception] = [0, 0, 0]
  for (let id = 0; id < results.size; id++) {
    if (!isMeant(id)) continue
    probes++
    const status = statusAt(results, id)
    if (status === 'FAILED') failed++
    else if (status === 'EXCEPTION') exception++
  }
  return {probes, failed, exception}
}

/** The findings that explain what is FAILED and was not seen so before, numbered anew, and for each such probe which one. */
function findingsFor(
  changes: Uint8Array,
  {findings, findingOf}: Diagnosis,
): Pick<Diff, 'findings' | 'findingOf'> {
  const explains = new Uint32Array(findings.length + 1)
  const own = new Uint32Array(findingOf.length)
  for (const [id, number] of changes.entries()) {
    const change = CHANGES[number]
    if (change === undefined || !FAILURES.includes(change)) continue
    const finding = findingOf[id] ?? 0
    explains[finding] = (explains[finding] ?? 0) + 1
    own[id] = finding
  }
  const taken = findings.flatMap((finding, index) => {
    const probes = explains[index + 1] ?? 0
    return probes === 0 ? [] : [{finding, explains: probes, number: index + 1}]
  })
  const numbers = new Map(taken.map(({number}, index) => [number, index + 1]))
  return {
    findings: taken.map(({finding, explains: probes}) => ({finding, explains: probes})),
    findingOf: own.map((number) => numbers.get(number) ?? 0),
  }
}
