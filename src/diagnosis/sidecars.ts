import type {FloaterKind} from '../model/cluster.ts'
import type {Plan, Probe} from '../model/plan.ts'
import type {Reason} from '../model/result.ts'
import {reach} from '../plan/modes.ts'
import {naturally} from '../text/order.ts'
import {printable} from '../text/printable.ts'
import {joined} from './names.ts'

/** Proxies of meshes, by the name of their container. */
const MESHES: Readonly<Record<string, string>> = {
  'istio-proxy': 'Istio',
  ztunnel: 'Istio',
  'linkerd-proxy': 'Linkerd',
  'kuma-sidecar': 'Kuma',
  'consul-dataplane': 'Consul',
  'envoy-sidecar': 'Consul',
  'consul-connect-envoy-sidecar': 'Consul',
  envoy: 'Envoy',
}

/** What becomes of a connection that a proxy does not pass on. */
export const PROXY_REASONS: readonly Reason[] = [
  'timeout',
  'refused',
  'reset',
  'connect-failed',
  'wrong-peer',
]

function sidecarsOf({nodes}: Plan, node: number, kind: FloaterKind): readonly string[] {
  return nodes[node]?.floaters[kind]?.floater?.sidecars ?? []
}

const isProxy = (sidecar: string) => Object.hasOwn(MESHES, sidecar)

/** The proxies beside the floaters of a node. */
export function proxiesAt(plan: Plan, node: number): readonly string[] {
  return (['pod', 'neighbour'] as const).flatMap((kind) => sidecarsOf(plan, node, kind).filter(isProxy))
}

/** Whether anything that is not ours stands beside a floater. */
export function hasSidecars({nodes}: Plan): boolean {
  return nodes.some(({floaters}) =>
    Object.values(floaters).some(({floater}) => (floater?.sidecars ?? []).length > 0),
  )
}

/** The node and kind of floater that a probe comes to, however it is asked for. */
function targetOf({block, endpoint}: Probe): {readonly node: number; readonly kind: FloaterKind} {
  const {node, behind = node} = endpoint
  return {node: behind ?? -1, kind: block.to ?? 'pod'}
}

/** What stands beside the floaters at both ends of a probe. */
export type Sidecars = Readonly<Record<keyof Ends, readonly string[]>>

export function sidecarsOn(plan: Plan, probe: Probe): Sidecars {
  const {node, kind} = targetOf(probe)
  return {
    source: sidecarsOf(plan, probe.source, probe.block.from),
    target: sidecarsOf(plan, node, kind),
  }
}

/** Whether a mesh's proxy stands at the source of a probe, and at its target. */
export interface Ends {
  readonly source: boolean
  readonly target: boolean
}

/** Where proxies stand, looked up once for all probes. */
export function meshedEnds(plan: Plan): (probe: Probe) => Ends {
  const columns = new Map<FloaterKind, Uint8Array>()
  for (const kind of ['pod', 'host', 'neighbour'] as const)
    columns.set(
      kind,
      Uint8Array.from(plan.nodes.keys(), (node) => Number(sidecarsOf(plan, node, kind).some(isProxy))),
    )
  return (probe) => {
    const {node, kind} = targetOf(probe)
    return {
      source: columns.get(probe.block.from)?.[probe.source] === 1,
      target: columns.get(kind)?.[node] === 1,
    }
  }
}

/** Whether it leaves its pod for another floater: what a pod asks itself passes no proxy. */
export function leavesForFloater(probe: Probe): boolean {
  const {block, endpoint} = probe
  if (endpoint.node === undefined || block.protocol === 'dns') return false
  return block.to === 'neighbour' || reach(probe) === 'network'
}

/** `istio-proxy (Istio)`. */
export function sidecarsCalled(sidecars: Iterable<string>): string {
  return joined(
    [...new Set(sidecars)]
      .sort(naturally)
      .map((one) => (isProxy(one) ? `${printable(one)} (${MESHES[one] ?? ''})` : printable(one))),
  )
}
