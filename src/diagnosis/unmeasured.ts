import type {Probe} from '../model/plan.ts'
import type {Run} from '../model/run.ts'
import {probesOf} from '../plan/plan.ts'
import {reasonAt, verdictAt} from '../results/store.ts'
import {printable, printableUpTo} from '../text/printable.ts'
import type {Suspicion} from './suspicion.ts'

/** What could not be measured because of one node: it has no floater, or its floater cannot probe. */
export function unmeasured(run: Run): Suspicion[] {
  return [...withoutFloater(run), ...unusable(run)]
}

function withoutFloater({plan, results}: Run): Suspicion[] {
  const absent = (node: number | undefined) =>
    node !== undefined &&
    Object.values(plan.nodes[node]?.floaters ?? {}).some(({floater}) => floater === undefined)
  const probes = new Map<number, Probe[]>()
  for (const probe of probesOf(plan)) {
    if (!['no-floater', 'node-gone'].includes(reasonAt(results, probe.id))) continue
    const node = [probe.source, probe.endpoint.node, probe.endpoint.behind].find(absent)
    if (node !== undefined) add(probes, node, probe)
  }
  return [...probes].map(([node, members]): Suspicion => {
    const {name, floaters} = plan.nodes[node] ?? {name: '', floaters: {}}
    const causes = Object.values(floaters).flatMap((state) =>
      state.floater === undefined ? [printable(state.cause)] : [],
    )
    return suspicion('no-floater', node, members, {
      sentence: `node ${printable(name)} could not be measured: it has no floater`,
      evidence: [...new Set(causes)],
    })
  })
}

function unusable({plan, results}: Run): Suspicion[] {
  const probes = new Map<number, Probe[]>()
  for (const probe of probesOf(plan))
    if (reasonAt(results, probe.id) === 'exec-failed') add(probes, probe.source, probe)
  return [...probes].map(([node, members]): Suspicion => {
    const said = members.map(({id, endpoint}) => verdictAt(results, id, endpoint.address).raw)
    return suspicion('source-unusable', node, members, {
      sentence: `nothing could be probed from node ${printable(plan.nodes[node]?.name ?? '')}: exec into its floater failed`,
      evidence: [...new Set(said)].slice(0, 1).map((text) => printableUpTo(300, text)),
    })
  })
}

function suspicion(
  kind: 'no-floater' | 'source-unusable',
  node: number,
  members: readonly Probe[],
  words: {readonly sentence: string; readonly evidence: readonly string[]},
): Suspicion {
  return {
    finding: {kind, subjects: [{kind: 'node', node}], layer: 'floater', against: 0, ...words},
    probes: members.map(({id}) => id),
  }
}

function add(probes: Map<number, Probe[]>, node: number, probe: Probe): void {
  const members = probes.get(node) ?? []
  members.push(probe)
  probes.set(node, members)
}
