import type {Probe} from '../model/plan.ts'
import type {Measured} from '../model/run.ts'
import {probesOf} from '../plan/plan.ts'
import {hasReason, reasonAt, statusAt} from '../results/store.ts'

/**
 * Tells the probes of busy sources whose silence may be their target's: several such sources reach others and not this one, and nobody
 * on another node does.
 */
export function maybeSilent({plan, results}: Measured): (probe: Probe) => boolean {
  if (!hasReason(results, 'overloaded')) return () => false
  const reaches = new Uint8Array(plan.nodes.length)
  const isReached = new Uint8Array(plan.nodes.length)
  for (const probe of probesOf(plan)) {
    const target = targetOf(probe)
    if (target === undefined || statusAt(results, probe.id) !== 'SUCCEEDED') continue
    reaches[probe.source] = 1
    isReached[target] = 1
  }
  const isUnsure = (probe: Probe) =>
    reaches[probe.source] === 1 && reasonAt(results, probe.id) === 'overloaded'
  const firstSource = new Map<number, number>()
  const several = new Set<number>()
  for (const probe of probesOf(plan)) {
    const target = targetOf(probe)
    if (target === undefined || isReached[target] === 1 || !isUnsure(probe)) continue
    const first = firstSource.get(target) ?? probe.source
    firstSource.set(target, first)
    if (first !== probe.source) several.add(target)
  }
  return (probe) => several.has(targetOf(probe) ?? -1) && isUnsure(probe)
}

/** The node that has to answer, where that is another one. */
function targetOf({source, endpoint}: Probe): number | undefined {
  const target = endpoint.behind ?? endpoint.node
  return target === source ? undefined : target
}
