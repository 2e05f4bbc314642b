import {CHANGES, NEW_ALONE} from '../../diff/change.ts'
import type {Change, Diff, OneSided, OneSidedProbes, Slower} from '../../model/diff.ts'
import type {Run} from '../../model/run.ts'
import {printable} from '../../text/printable.ts'
import {count, latency} from '../../text/wording.ts'
import {nodeName} from '../names.ts'

/** More than these are counted. */
const MOST_LINES = 20

/** What stands behind the number of a change. */
export const AMOUNTS: Readonly<Record<Change, string>> = {
  broken: 'broken',
  failing: 'FAILED that had not been measured',
  'new-failed': 'FAILED in NEW alone',
  unmeasured: 'not measured any more',
  'new-unmeasured': 'not measured in NEW alone',
  unstable: 'unstable now',
  reason: 'for another reason',
  healed: 'healed',
  measured: 'SUCCEEDED that had not been measured',
  failed: 'FAILED as before',
  missing: 'not measured, as before',
  well: 'SUCCEEDED in both',
}

/** What stands under the changes: the counts, what is slower, nodes that one run alone has, what was not compared; a printable line each. */
export function* summaryOf(diff: Diff): Generator<string> {
  const {old, now, counts, compared, slower, gone, arrived, onlyOld, onlyNew, findings, caveats} = diff
  yield `OLD: ${described(old)}`
  yield `NEW: ${described(now)}`
  const parts = CHANGES.filter((change) => counts[change] > 0 && !NEW_ALONE.includes(change)).map(
    (change) => `${counts[change].toLocaleString('en')} ${AMOUNTS[change]}`,
  )
  yield `${count(compared, 'probe')} in both: ${parts.join(', ')}`
  yield* upTo(slower, (one) => `Slower: ${slowerText(diff, one)}`)
  yield* upTo(gone, (node) => `In OLD alone: ${sided(diff, node)}`)
  yield* upTo(arrived, (node) => `In NEW alone: ${sided(diff, node)}`)
  if (onlyOld.probes > 0) yield `Only in OLD, not compared: ${amounts(onlyOld)}`
  if (onlyNew.probes > 0) yield `Only in NEW, not compared: ${amounts(onlyNew)}`
  for (const caveat of caveats) yield `Mind: ${printable(caveat)}`
  const kinds = new Set(findings.map(({finding}) => finding.kind))
  yield* upTo([...kinds], (kind) => `What to look at next: kubectl netdoctor explain ${kind}`)
}

function* upTo<Item>(items: readonly Item[], line: (item: Item) => string): Generator<string> {
  yield* items.slice(0, MOST_LINES).map(line)
  const left = items.length - MOST_LINES
  if (left > 0) yield `${left.toLocaleString('en')} more like these: -o json has all of them`
}

function described({id, tool, startedAt, plan}: Run): string {
  return printable(
    `run ${id} of ${startedAt} (netdoctor ${tool}), ${count(plan.size, 'probe')} between ${count(plan.nodes.length, 'node')}`,
  )
}

/** Where, and how long it takes; one line. */
export function slowerText({now}: Diff, {kind, paths, nodes, probes, before, after}: Slower): string {
  const names = nodes.map((index) => nodeName(now, index))
  const where = {path: 'everywhere', node: names[0] ?? '', pair: names.join(' <-> ')}[kind]
  return `${where} over ${paths.join(', ')}: median ${latency(after)}, before ${latency(before)} (${count(probes, 'probe')})`
}

function sided({old, now}: Diff, {cluster, name, cause}: OneSided): string {
  const isOfSeveral = Math.max(old.clusters.length, now.clusters.length) > 1
  return printable(`${isOfSeveral ? `${cluster}/` : ''}${name}${cause === '' ? '' : ` (${cause})`}`)
}

function amounts({probes, failed, exception}: OneSidedProbes): string {
  const parts = [
    ...(failed > 0 ? [`${failed.toLocaleString('en')} FAILED`] : []),
    ...(exception > 0 ? [`${exception.toLocaleString('en')} EXCEPTION`] : []),
  ]
  return [count(probes, 'probe'), ...parts].join(', ')
}
