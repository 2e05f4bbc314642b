import type {FloaterKind, NetworkPolicy, Opening} from '../model/cluster.ts'
import type {Block} from '../model/plan.ts'
import type {Lane} from './lanes.ts'

/** Which way a policy limits what its pods do. */
export type Way = 'ingress' | 'egress'

/**
 * What policies make of a lane. `shut`: none lets it through, and who heeds policies cannot but drop it. `barred`: the
 * same, but networks differ in it, or a node's own pods are excepted. `perhaps`: only namespaces or the network would tell, of all
 * floaters alike. `addressed`: only addresses would, and each node has others.
 */
export type Bar = 'open' | 'perhaps' | 'addressed' | 'barred' | 'shut'

type Peer = 'floater' | 'host' | 'abroad' | 'outside'

/** What the policies of the floaters at one end of a lane make of it. */
export function barOf(policies: readonly NetworkPolicy[], way: Way, lane: Lane): Bar {
  const {block} = lane
  const own = way === 'ingress' ? ingressOf(block) : block.from
  if (own === undefined || own === 'host') return 'open'
  const openings = policies.flatMap((policy) => (policy.floaters.includes(own) ? [policy[way]] : []))
  const limiting = openings.filter((one) => one !== undefined)
  if (limiting.length === 0) return 'open'
  const peer = peerOf(lane, way)
  const answers = limiting.flat().map((opening) => ({opening, answer: lets(opening, peer, block.protocol)}))
  if (answers.some(({answer}) => answer === 'yes')) return 'open'
  const unsure = answers.filter(({answer}) => answer === 'maybe')
  if (unsure.some(({opening}) => opening.peers === 'addresses')) return 'addressed'
  if (unsure.length > 0) return 'perhaps'
  return isFirm(block) ? 'shut' : 'barred'
}

/** The floaters behind the address that is asked; undefined for what is no floater. */
function ingressOf({mode, to, protocol}: Block): FloaterKind | undefined {
  if (to !== undefined) return to
  return protocol !== 'dns' && (mode === 'service' || mode === 'nodeport') ? 'pod' : undefined
}

/* Kubernetes leaves ICMP to the network, and excepts a node's packets to its own pods. */
function isFirm({mode, protocol}: Block): boolean {
  return (mode === 'pod' || mode === 'service') && (protocol === 'tcp' || protocol === 'udp')
}

/** Who is at the other end. A node's port may make it look like the node. */
function peerOf({block, from, to}: Lane, way: Way): Peer {
  const other = way === 'ingress' ? block.from : ingressOf(block)
  if (other === undefined) return 'outside'
  if (other === 'host' || block.mode === 'nodeport') return 'host'
  return from === to ? 'floater' : 'abroad'
}

type Answer = 'yes' | 'maybe' | 'no'

const LETS: Readonly<Record<Opening['peers'], Readonly<Record<Peer, Answer>>>> = {
  all: {floater: 'yes', host: 'yes', abroad: 'yes', outside: 'yes'},
  floaters: {floater: 'yes', host: 'maybe', abroad: 'maybe', outside: 'maybe'},
  others: {floater: 'no', host: 'no', abroad: 'no', outside: 'maybe'},
  addresses: {floater: 'maybe', host: 'maybe', abroad: 'maybe', outside: 'maybe'},
  unknown: {floater: 'maybe', host: 'maybe', abroad: 'maybe', outside: 'maybe'},
}

function lets({peers, protocols}: Opening, peer: Peer, protocol: Block['protocol']): Answer {
  const who = LETS[peers][peer]
  if (protocols === undefined || who === 'no') return who
  // Nobody but floaters is asked at the floaters' port; and whether rules about ports let pings pass, networks decide.
  if (protocol === 'icmp' || (peer === 'outside' && protocol !== 'dns')) return 'maybe'
  return protocols.includes(protocol) ? who : 'no'
}
