import {familyOf} from '../address/address.ts'
import type {Plan, Probe} from '../model/plan.ts'
import {probesOf} from '../plan/plan.ts'
import {icmp} from '../protocols/icmp.ts'
import {packetSize, sizesIn, sizeVerdict} from '../protocols/packet-size.ts'
import {isSizing, reasonAt, verdictAt, type Recorder} from '../results/store.ts'
import type {ProbeContext} from './context.ts'
import {execJobs} from './exec.ts'

/**
 * What is too large for the other end alone is no fault of the way there: the floaters to which packets were held up by
 * their size are asked how large those may be that they send back. Where nothing was held up, nobody is asked.
 */
export async function allowForSmallerEnds(
  plan: Plan,
  {results, record}: Recorder,
  context: ProbeContext,
): Promise<void> {
  const heldUp = new Map<string, Probe[]>()
  for (const probe of probesOf(plan)) {
    const {block, endpoint} = probe
    if (!isSizing(block) || reasonAt(results, probe.id) !== 'mtu' || endpoint.node === undefined) continue
    const end = `${block.to} ${endpoint.node}`
    heldUp.set(end, [...(heldUp.get(end) ?? []), probe])
  }
  for (const probes of heldUp.values()) {
    if (context.signal.aborted) return
    for (const [{id, endpoint}, most] of await takenBy(plan, probes, context)) {
      const sizes = sizesIn(verdictAt(results, id, endpoint.address))
      if (sizes === undefined || most >= sizes.taken) continue
      record(id, sizeVerdict({...sizes, taken: most}), endpoint.address)
    }
  }
}

/** How large a packet the floater that these probes lead to would send to each source. */
async function takenBy(
  plan: Plan,
  probes: readonly Probe[],
  context: ProbeContext,
): Promise<ReadonlyMap<Probe, number>> {
  const [first] = probes
  const node = plan.nodes[first?.endpoint.node ?? -1]
  const floater = node?.floaters[first?.block.to ?? 'pod']?.floater
  const asked = probes.flatMap((probe) => {
    const address = wayBack(plan, probe)
    return address === undefined ? [] : [{probe, address}]
  })
  const found = new Map<Probe, number>()
  if (node === undefined || floater === undefined || asked.length === 0) return found
  const section = {protocol: icmp, check: 'own-mtu', targets: asked.map(({address}) => address)} as const
  const exec = {...context, kubectl: context.kubectlOf(node.cluster), onAnswered: () => undefined}
  const reply = await execJobs(floater, [section], exec)
  for (const [job, {probe}] of asked.entries()) {
    const most = packetSize(reply.answer(0, job)?.fields[1])
    if (most !== undefined) found.set(probe, most)
  }
  return found
}

/** The address of the probe's source, as its target sees it: in another cluster, as the plan has it. */
function wayBack({nodes, blocks}: Plan, {source, block, endpoint: {node}}: Probe): string | undefined {
  const {cluster, floaters} = nodes[source] ?? {}
  const {from, ipFamily} = block
  if (node === undefined) return undefined
  if (cluster === nodes[node]?.cluster)
    return floaters?.[from]?.floater?.addresses.find((one) => familyOf(one) === ipFamily)
  const back = blocks.find(
    (one) => one.to === from && one.ipFamily === ipFamily && one.sources.includes(node),
  )
  return back?.endpoints.find((one) => one.node === source)?.address
}
