import type {FaultName} from '../cluster/faults.ts'
import type {Reason} from '../../../src/model/result.ts'
import type {Hop, Place} from './route.ts'
import type {SeenProbe} from './seen.ts'

/** A fault and its arguments, as `cluster.fault` takes them. */
export type Broken = readonly [fault: FaultName, ...args: string[]]

/** Reasons with which a probe FAILED whose packet came to this hop; undefined where it goes on. */
type Effect = (hop: Hop, probe: SeenProbe) => readonly Reason[] | undefined

const LOST: readonly Reason[] = ['timeout']
/** What the kernel of the very node drops it says to its own programs: TCP asks on, UDP gives up, ping may do either. */
const LOST_AT_HOME: readonly Reason[] = ['timeout', 'refused']
const REFUSED: readonly Reason[] = ['refused']
/** Where a service led to the pod, the refusal comes from an address that nobody asked. */
const refusedBy = ({mode}: SeenProbe): readonly Reason[] =>
  mode === 'service' || mode === 'nodeport' ? ['refused', 'timeout'] : REFUSED
/** What the programs make of an ICMP error: busybox's nc ends without a word, name lookups try on. */
const UNREACHABLE: readonly Reason[] = ['no-route', 'refused', 'connect-failed', 'timeout']

const pods = (node = ''): Place => `pods of ${node}`
const isOf = (place: Place, node: string) => place === pods(node) || place === `host ${node}`
const isLargeInTunnel = (hop: Hop, {check}: SeenProbe, node = '') =>
  check === 'mtu' && hop.at === 'tunnel' && hop.node === node
const isPing6FromPod = (hop: Hop, {protocol, family}: SeenProbe) =>
  protocol === 'icmp' && family === 'ipv6' && hop.from === pods(hop.node)
const isNew = ({isReply}: Hop) => !isReply
const over = (family: 'ipv4' | 'ipv6', probe: SeenProbe) =>
  // The clusters' name server has an IPv4 address.
  probe.family === family || (probe.family === 'name' && family === 'ipv4')
const transport = ({protocol}: SeenProbe) => (protocol === 'dns' ? 'udp' : protocol)
const filters = new Set<Hop['at']>(['FORWARD', 'INPUT', 'OUTPUT'])
const dropped = ({at}: Hop) => (at === 'OUTPUT' ? LOST_AT_HOME : LOST)

/** New connections from the pods of one node to those of another, at the first. */
function between(
  family: 'ipv4' | 'ipv6',
  protocols: readonly string[],
  reasons: (probe: SeenProbe) => readonly Reason[],
) {
  return (from = '', to = ''): Effect =>
    (hop, probe) =>
      isNew(hop) &&
      over(family, probe) &&
      protocols.includes(transport(probe)) &&
      from.split(',').some((node) => hop.at === 'FORWARD' && hop.node === node && hop.from === pods(node)) &&
      to.split(',').some((node) => hop.to === pods(node))
        ? reasons(probe)
        : undefined
}

const inward =
  (node = ''): Effect =>
  (hop, probe) =>
    isNew(hop) &&
    over('ipv4', probe) &&
    forwarded(hop, node) &&
    hop.from !== pods(node) &&
    hop.to === pods(node)
      ? LOST
      : undefined
const outward =
  (node = ''): Effect =>
  (hop, probe) =>
    isNew(hop) &&
    over('ipv4', probe) &&
    forwarded(hop, node) &&
    hop.from === pods(node) &&
    hop.to !== pods(node)
      ? LOST
      : undefined
const forwarded = (hop: Hop, node: string) => hop.at === 'FORWARD' && hop.node === node

/** From a node's own address to another's; the rule is on the first, so its own programs are told. */
function ofHosts(reasons: readonly Reason[], reaches: (probe: SeenProbe) => boolean) {
  return (from = '', to = ''): Effect =>
    (hop, probe) =>
      isNew(hop) &&
      hop.at === 'OUTPUT' &&
      hop.from === `host ${from}` &&
      hop.to === `host ${to}` &&
      reaches(probe)
        ? reasons
        : undefined
}

const ALL = ['tcp', 'udp', 'icmp']

/** What each fault does to a packet, told by what it is for and not by its rules. */
const EFFECTS: Partial<Record<FaultName, (...args: string[]) => Effect>> = {
  drop: between('ipv4', ALL, () => LOST),
  'drop-tcp': between('ipv4', ['tcp'], () => LOST),
  'drop-udp': between('ipv4', ['udp'], () => LOST),
  'drop-icmp': between('ipv4', ['icmp'], () => LOST),
  reset: between('ipv4', ['tcp'], refusedBy),
  'no-route': between('ipv4', ALL, () => UNREACHABLE),
  drop6: between('ipv6', ALL, () => LOST),
  'drop-icmp6': between('ipv6', ['icmp'], () => LOST),
  reset6: between('ipv6', ['tcp'], refusedBy),
  'no-route6': between('ipv6', ALL, () => UNREACHABLE),
  deaf: inward,
  mute: outward,
  cut: (node) => (hop, probe) => inward(node)(hop, probe) ?? outward(node)(hop, probe),
  cut6:
    (node = '') =>
    (hop, probe) =>
      over('ipv6', probe) && forwarded(hop, node) ? LOST : undefined,
  'overlay-down':
    (node = '') =>
    (hop) =>
      hop.at === 'tunnel' && (hop.node === node || hop.peer === node) ? LOST : undefined,
  // Certain loss takes the replies to the other direction as well.
  loss:
    (from = '', to) =>
    (hop, probe) =>
      over('ipv4', probe) && forwarded(hop, from) && hop.from === pods(from) && hop.to === pods(to)
        ? LOST
        : undefined,
  masquerade: () => () => undefined,
  // A node knows how small its own end of the overlay is. A large ping is answered by one as large, which over IPv4 may be
  // cut in two on its way.
  mtu: (node) => (hop, probe) =>
    isLargeInTunnel(hop, probe, node) && (isNew(hop) ? probe.from === 'pod' : isPing6FromPod(hop, probe))
      ? ['mtu']
      : undefined,
  'mtu-told': (node) => (hop, probe) =>
    isLargeInTunnel(hop, probe, node) && isNew(hop) && probe.from === 'pod' && probe.protocol === 'icmp'
      ? ['mtu']
      : undefined,
  'too-large':
    (from = '', to = '') =>
    (hop, probe) =>
      isNew(hop) &&
      (hop.at === 'FORWARD' || hop.at === 'OUTPUT') &&
      isOf(hop.from, from) &&
      isOf(hop.to, to) &&
      hop.node === from &&
      probe.check === 'mtu'
        ? ['mtu']
        : undefined,
  'drop-apiserver':
    (node = '') =>
    (hop, probe) =>
      isNew(hop) && forwarded(hop, node) && hop.from === pods(node) && probe.mode === 'apiserver'
        ? LOST
        : undefined,
  impostor: (from, to) => (hop, probe) =>
    hop.at === 'PREROUTING' &&
    over('ipv4', probe) &&
    probe.protocol === 'tcp' &&
    probe.mode === 'pod' &&
    hop.from === pods(from) &&
    hop.to === pods(to)
      ? ['wrong-peer']
      : undefined,
  'icmp-drop': (node) => (hop, probe) =>
    isNew(hop) &&
    over('ipv4', probe) &&
    transport(probe) === 'icmp' &&
    hop.node === node &&
    filters.has(hop.at)
      ? dropped(hop)
      : undefined,
  'udp-drop': (node) => (hop, probe) =>
    over('ipv4', probe) && transport(probe) === 'udp' && hop.node === node && filters.has(hop.at)
      ? dropped(hop)
      : undefined,
  'dns-drop':
    (node = '') =>
    (hop, probe) =>
      probe.protocol === 'dns' && isNew(hop) && forwarded(hop, node) && hop.from === pods(node)
        ? LOST
        : undefined,
  'host-drop': ofHosts(LOST_AT_HOME, () => true),
  'host-reset': ofHosts(REFUSED, (probe) => over('ipv4', probe) && probe.protocol === 'tcp'),
}

/** A fault's effect on packets; of one that leaves them alone there is none to know. */
export function effectOf([fault, ...args]: Broken): Effect {
  const effect = EFFECTS[fault]
  if (effect === undefined) throw new Error(`nobody has said yet what ${fault} does to a probe`)
  return effect(...args)
}
