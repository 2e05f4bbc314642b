import type {SeenProbe} from './seen.ts'

/** Whose address a packet bears: one of the range of a node's pods, a node's own, one of neither. */
export type Place = `pods of ${string}` | `host ${string}` | 'outside'

/** Where a packet filter, or what is wrong with a tunnel, may stop a packet. */
export interface Hop {
  node: string
  /** The chain that it goes through in the node's packet filter; `tunnel` is the way to another node's pods. */
  at: 'PREROUTING' | 'FORWARD' | 'INPUT' | 'OUTPUT' | 'tunnel'
  from: Place
  to: Place
  /** The other end of a tunnel. */
  peer?: string
  isReply: boolean
}

/** What there is to know of a cluster before its packets can be followed. */
export interface Terrain {
  /** The node that CoreDNS runs on. */
  dnsOn: string
  /** Nodes that give their own address to what their pods send away. */
  masquerading: ReadonlySet<string>
}

interface End {
  kind: 'pod' | 'host' | 'outside'
  node: string
}

/**
 * The way of a probe's packets and of the replies, as the clusters of the harness have it (`cluster/network.ts`): pods
 * reach other nodes' pods through a tunnel, and the nodes themselves beside it; a node that asks a pod elsewhere does it
 * under an address of its own pods' range: the tunnel's, or over IPv6 that of their bridge (RFC 6724: the longest prefix).
 */
export function routeOf(probe: SeenProbe, terrain: Terrain): Hop[] {
  const source: End = {kind: probe.from, node: probe.source}
  const pod = (node = ''): End => ({kind: 'pod', node})
  const host = (node = ''): End => ({kind: 'host', node})
  const both = (target: End) =>
    there(source, target, probe, terrain).concat(back(source, target, probe, terrain))
  if (probe.protocol === 'dns') return both(pod(terrain.dnsOn))
  switch (probe.mode) {
    case 'pod':
    case 'node-to-pod':
      // What asks itself never leaves its own network namespace.
      return source.kind === 'pod' && probe.source === probe.destination ? [] : both(pod(probe.destination))
    case 'node':
    case 'pod-to-node':
      return both(host(probe.destination))
    case 'service':
      return both(pod(probe.destination))
    case 'apiserver':
      return both({kind: 'outside', node: ''})
    case 'nodeport':
      return portOfNode(probe, terrain)
    case 'custom':
      throw new Error('nothing is known of the way to custom targets')
  }
}

function there(source: End, target: End, {family}: SeenProbe, {masquerading}: Terrain): Hop[] {
  const overTunnel = target.kind === 'pod' && target.node !== source.node
  const from = source.kind === 'host' && !overTunnel ? ownOf(source) : podsOf(source)
  // Its filter still sees the pod's address, those after it do not.
  const isHidden = source.kind === 'pod' && masquerading.has(source.node) && family !== 'ipv6'
  const later = isHidden ? seenFrom(source, overTunnel) : from
  return leg(source, target, {from, later, to: placeOf(target), overTunnel, isReply: false})
}

function back(source: End, target: End, probe: SeenProbe, {masquerading}: Terrain): Hop[] {
  if (target.kind === 'outside') return leg(target, source, replyOf(placeOf(target), podsOf(source), false))
  const [asTunnel, isElsewhere] = [target.kind === 'pod', source.node !== target.node]
  const hidden =
    source.kind === 'pod' && isElsewhere && masquerading.has(source.node) && probe.family !== 'ipv6'
  const isToHost = source.kind === 'host' || hidden
  const overTunnel = isElsewhere && (!isToHost || asTunnel)
  const to = isToHost && !overTunnel ? ownOf(source) : podsOf(source)
  return leg(target, source, replyOf(placeOf(target), to, overTunnel))
}

function replyOf(from: Place, to: Place, overTunnel: boolean) {
  return {from, later: from, to, overTunnel, isReply: true}
}

interface Leg {
  from: Place
  /** The same after the node where it starts. */
  later: Place
  to: Place
  overTunnel: boolean
  isReply: boolean
}

function leg(source: End, target: End, {from, later, to, overTunnel, isReply}: Leg): Hop[] {
  const hops: Hop[] = []
  const isLocal = source.node === target.node
  if (source.kind === 'pod' && !isReply) hops.push({node: source.node, at: 'PREROUTING', from, to, isReply})
  if (source.kind === 'host') hops.push({node: source.node, at: 'OUTPUT', from, to, isReply})
  if (source.kind === 'pod' && !(target.kind === 'host' && isLocal))
    hops.push({node: source.node, at: 'FORWARD', from, to, isReply})
  if (overTunnel) hops.push({node: source.node, peer: target.node, at: 'tunnel', from: later, to, isReply})
  if (target.kind === 'host') hops.push({node: target.node, at: 'INPUT', from: later, to, isReply})
  if (target.kind === 'pod' && !isLocal)
    hops.push({node: target.node, at: 'FORWARD', from: later, to, isReply})
  return hops
}

/** By the port of one node to the floater of another, under the address of the node in between. */
function portOfNode(
  {source, destination: door = '', behind = '', family}: SeenProbe,
  {masquerading}: Terrain,
): Hop[] {
  const asker: Place = `pods of ${source}`
  const answerer: Place = `pods of ${behind}`
  const asDoor: Place = family === 'ipv6' ? `host ${door}` : `pods of ${door}`
  const hidden = masquerading.has(source) && family !== 'ipv6' && source !== door
  const seen: Place = hidden ? `host ${source}` : asker
  const hop = (node: string, at: Hop['at'], from: Place, to: Place, isReply: boolean): Hop => ({
    node,
    at,
    from,
    to,
    isReply,
  })
  const tunnel = (node: string, peer: string, isReply: boolean): Hop => ({
    ...hop(node, 'tunnel', 'outside', 'outside', isReply),
    peer,
  })
  return [
    ...(source === door ? [] : [hop(source, 'FORWARD', asker, `host ${door}`, false)]),
    hop(door, 'FORWARD', seen, answerer, false),
    ...(behind === door
      ? []
      : [tunnel(door, behind, false), hop(behind, 'FORWARD', asDoor, answerer, false)]),
    ...(behind === door
      ? []
      : [
          hop(behind, 'FORWARD', answerer, asDoor, true),
          ...(family === 'ipv6' ? [] : [tunnel(behind, door, true)]),
        ]),
    hop(door, 'FORWARD', answerer, seen, true),
    ...(source === door || hidden ? [] : [tunnel(door, source, true)]),
    ...(source === door ? [] : [hop(source, 'FORWARD', `host ${door}`, asker, true)]),
  ]
}

const podsOf = ({node}: End): Place => `pods of ${node}`
const ownOf = ({node}: End): Place => `host ${node}`

function placeOf(end: End): Place {
  return end.kind === 'outside' ? 'outside' : end.kind === 'pod' ? podsOf(end) : ownOf(end)
}

/** MASQUERADE takes the address of the device that a packet leaves by. */
function seenFrom(end: End, overTunnel: boolean): Place {
  return overTunnel ? podsOf(end) : ownOf(end)
}
