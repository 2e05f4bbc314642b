import {familyOf} from '../address/address.ts'
import type {Bystander, Floater, FloaterKind} from '../model/cluster.ts'
import type {Plan, Probe} from '../model/plan.ts'
import type {Verdict} from '../model/result.ts'
import {probesOf, sharedAddresses} from '../plan/plan.ts'
import {hasReason, reasonAt, statusAt, tally, verdictAt, type Recorder} from '../results/store.ts'
import {listed} from '../text/wording.ts'
import type {ProbeContext} from './context.ts'
import {exception} from './exec.ts'

/** Why a probe of the plan cannot be made at all, for each probe; undefined for one that can. */
export function obstacles(
  plan: Plan,
  bystanders: readonly Bystander[],
): (probe: Probe) => Verdict | undefined {
  const shared = sharedAddresses(plan, bystanders)
  /** Why the floater of a node cannot take part. */
  const trouble = (index: number | undefined, kind: FloaterKind, {block}: Probe): Verdict | undefined => {
    const node = plan.nodes[index ?? -1]
    const state = node?.floaters[kind]
    if (state === undefined || node === undefined) return undefined
    if (state.floater === undefined) return exception(state.absence, state.cause)
    if (
      block.ipFamily === 'name' ||
      state.floater.addresses.some((one) => familyOf(one) === block.ipFamily)
    ) {
      return undefined
    }
    return exception('no-address', `the floater of node ${node.name} has no ${block.ipFamily} address`)
  }
  return (probe) => {
    const {block, source, endpoint} = probe
    const atSource = trouble(source, block.from, probe)
    if (atSource) return atSource
    // What leads to a floater behind a service still needs the node to be there.
    const gone = goneNode(plan, endpoint.node)
    if (gone) return gone
    const atTarget = block.to && trouble(endpoint.node, block.to, probe)
    if (atTarget) return atTarget
    if (endpoint.address === undefined && block.protocol !== 'dns') {
      const without = trouble(endpoint.behind ?? endpoint.node, 'pod', probe)
      return without ?? exception('no-address', `there is no ${block.ipFamily} address to probe`)
    }
    if (endpoint.node === undefined || endpoint.address === undefined) return undefined
    // Which floater is behind a node's port does not say whose port it was.
    if (endpoint.identity !== undefined && block.mode !== 'nodeport') return undefined
    const holders = shared(plan.nodes[source]?.cluster ?? '', endpoint.address)
    if (holders.length === 0) return undefined
    const told =
      block.mode === 'nodeport' || block.protocol === 'icmp' ? '' : ' Floater agnhost tells them apart;'
    return exception(
      'shared-address',
      `nodes ${listed(holders)} all have ${endpoint.address}: nobody can say who answers.${told} cidrMap gives the addresses that other clusters see`,
    )
  }
}

function goneNode({nodes}: Plan, index: number | undefined): Verdict | undefined {
  const state = index === undefined ? undefined : nodes[index]?.floaters.pod
  if (state === undefined || state.floater !== undefined || state.absence !== 'node-gone') return undefined
  return exception('node-gone', state.cause)
}

/** Marks what SUCCEEDED, and FAILED when it was asked once more. */
export const FAILED_LATER = 2

/**
 * A floater that went away while others probed it is not a fault of the network: what FAILED because of that could not
 * be measured, and what did so only when it was asked once more is as it was before. Why it went is told there, and where it
 * could not probe itself. Asks for the present floaters only where something FAILED or could not be executed.
 */
export async function excuseReplaced(
  plan: Plan,
  {results, record}: Recorder,
  context: ProbeContext,
  marks: Uint8Array = new Uint8Array(),
): Promise<void> {
  if (context.signal.aborted) return
  const hasFailed = tally(results).FAILED > 0 || marks.includes(FAILED_LATER)
  if (!hasFailed && !hasReason(results, 'exec-failed')) return
  const clusters = [...new Set(plan.nodes.map(({cluster}) => cluster))]
  const present = new Map(
    await Promise.all(clusters.map(async (one) => [one, await context.presentFloaters(one)] as const)),
  )
  /** Why a floater went away, behind a colon, where that is known; undefined where it is still there, or nobody knows. */
  const goneOf = (index: number, kind: FloaterKind): string | undefined => {
    const node = plan.nodes[index]
    const floater = node?.floaters[kind]?.floater
    const now = present.get(node?.cluster ?? '')
    if (floater === undefined || now === undefined || now.incarnations.has(incarnation(floater)))
      return undefined
    const cause = now.causes.get(floater.uid)
    return cause === undefined ? '' : `: ${cause}`
  }
  for (const probe of probesOf(plan)) {
    const {id, block, source, endpoint} = probe
    if (reasonAt(results, id) === 'exec-failed') {
      const why = goneOf(source, block.from)
      const {raw} = verdictAt(results, id, endpoint.address)
      if (why) record(id, exception('exec-failed', `${raw}${why}`), undefined)
    }
    const {node, behind = node} = endpoint
    const isLater = marks[id] === FAILED_LATER
    if (behind === undefined || (statusAt(results, id) !== 'FAILED' && !isLater)) continue
    const why = goneOf(behind, block.to ?? 'pod')
    if (why === undefined) continue
    if (isLater) {
      record(id, {...verdictAt(results, id, endpoint.address), unstable: false}, endpoint.address)
      continue
    }
    const {name = ''} = plan.nodes[behind] ?? {}
    const text = `the floater of node ${name} went away, or was restarted, during the run${why}`
    record(id, exception('floater-replaced', text), undefined)
  }
}

/** Tells a floater from the one that comes in its place. */
export function incarnation({uid, restarts}: Pick<Floater, 'uid' | 'restarts'>): string {
  return `${uid}/${restarts}`
}
