import type {FloaterKind} from '../model/cluster.ts'
import type {Config} from '../model/config.ts'
import type {Block, Mode, Probe, ProtocolName} from '../model/plan.ts'

/** Where a mode's probes start and end. */
export interface Path {
  readonly from: FloaterKind
  /** The floater whose own address is probed; undefined where it is another address that leads to one. */
  readonly to: FloaterKind | undefined
  readonly protocols: readonly ProtocolName[]
  /** Its addresses mean nothing outside of their cluster, so it is asked for inside each. */
  readonly local?: true
}

const FLOATER_PROTOCOLS = ['tcp', 'udp', 'icmp'] as const

/** Every mode: a new one is a line here, and its endpoints in full.ts. No ClusterIP answers pings. */
export const PATHS: Readonly<Record<Mode, Path>> = {
  pod: {from: 'pod', to: 'pod', protocols: FLOATER_PROTOCOLS},
  node: {from: 'host', to: 'host', protocols: FLOATER_PROTOCOLS},
  'node-to-pod': {from: 'host', to: 'pod', protocols: FLOATER_PROTOCOLS},
  'pod-to-node': {from: 'pod', to: 'host', protocols: FLOATER_PROTOCOLS},
  service: {from: 'pod', to: undefined, protocols: ['tcp', 'udp'], local: true},
  nodeport: {from: 'pod', to: undefined, protocols: ['tcp', 'udp']},
  apiserver: {from: 'pod', to: undefined, protocols: ['tcp'], local: true},
}

/** The kinds of floater that the config needs; custom targets are asked from pods, whatever the modes. */
export function kindsFor({
  modes,
  sameNode,
  customTargets,
}: Pick<Config, 'modes' | 'sameNode' | 'customTargets'>): readonly FloaterKind[] {
  const kinds = modes.flatMap((mode): FloaterKind[] => [PATHS[mode].from, PATHS[mode].to ?? 'pod'])
  const pod = modes.length === 0 || customTargets.length > 0 ? (['pod'] as const) : []
  const neighbour = sameNode && modes.includes('pod') ? (['neighbour'] as const) : []
  return [...new Set([...kinds, ...pod, ...neighbour])]
}

/** Why one of these modes would ask for nothing, in silence; names are looked up where a mode's floaters are. */
export function idleness({modes, protocols}: Pick<Config, 'modes' | 'protocols'>): string | undefined {
  const idle = modes.find((mode) => {
    const {to, protocols: taken} = PATHS[mode]
    return !protocols.some((one) => taken.includes(one) || (one === 'dns' && to !== undefined))
  })
  if (idle === undefined) return undefined
  return `mode ${idle} is asked over ${PATHS[idle].protocols.join(' or ')}, and protocol is ${protocols.join(', ')}: it would probe nothing. Add one of them, or leave the mode out.`
}

/** What stands for a target that is no node: its own name. */
export function foreignName({block, endpoint}: Probe): string {
  return endpoint.lookup ?? (block.mode === 'apiserver' ? 'kubernetes.default' : (endpoint.address ?? ''))
}

/**
 * How far a probe goes: `self` is a floater's own address, which proves nothing but the floater; `same-node` never leaves
 * the node; everything else crosses the network.
 */
export function reach({block, source, endpoint}: Omit<Probe, 'id'>): 'self' | 'same-node' | 'network' {
  const {node, behind = node} = endpoint
  if (source !== node || source !== behind) return 'network'
  return block.to === block.from ? 'self' : 'same-node'
}

/** What tells a probe from another one between the same nodes: `pod tcp ipv4`, `custom tcp`, `node icmp ipv6 mtu`. */
export function pathName({mode, protocol, ipFamily, check}: Block): string {
  return [
    mode,
    protocol,
    ...(ipFamily === 'name' ? [] : [ipFamily]),
    ...(check === 'mtu' ? ['mtu'] : []),
  ].join(' ')
}
