import script from './arrivals.sh?raw'
import type {Arrivals, PacketCounts} from '../model/follow-up.ts'
import type {IpFamily, ProtocolName} from '../model/plan.ts'
import type {Answer} from '../protocols/protocol.ts'
import type {Reply} from './exec.ts'
import type {Section} from './script.ts'

/** The counters at once, a second later, and at the end. */
export const ARRIVALS: Section = {
  protocol: {name: 'arrivals', needs: [], script},
  check: 'reply',
  targets: ['first', 'idle', 'end'],
}

/** What is counted, and where the kernel has it; nothing counts names. */
export interface Counted {
  readonly protocol: Exclude<ProtocolName, 'dns'>
  readonly family: IpFamily
}

type Names = Readonly<Record<'received' | 'sent' | 'refused', readonly string[]>>

/**
 * Names in /proc/net/snmp and snmp6 (RFC 4022, 4113, 5097, 2011); TCP counts both families as one. A datagram whose checksum is
 * wrong, or for which there is no room, has arrived; one that no program has read yet is in none of them.
 */
const TCP: Names = {received: ['Tcp:InSegs'], sent: ['Tcp:OutSegs'], refused: ['Tcp:OutRsts']}
const NAMES: Readonly<Record<Counted['protocol'], Readonly<Record<IpFamily, Names>>>> = {
  tcp: {ipv4: TCP, ipv6: TCP},
  udp: {
    ipv4: {
      received: ['Udp:InDatagrams', 'Udp:NoPorts', 'Udp:InErrors'],
      sent: ['Udp:OutDatagrams'],
      refused: ['Udp:NoPorts'],
    },
    ipv6: {
      received: ['Udp6InDatagrams', 'Udp6NoPorts', 'Udp6InErrors'],
      sent: ['Udp6OutDatagrams'],
      refused: ['Udp6NoPorts'],
    },
  },
  icmp: {
    ipv4: {received: ['Icmp:InEchos'], sent: ['Icmp:OutEchoReps'], refused: []},
    ipv6: {received: ['Icmp6InEchos'], sent: ['Icmp6OutEchoReplies'], refused: []},
  },
}

/** Bytes of datagrams that wait in sockets, as arrivals.sh adds them up. */
const UNREAD = 'UdpUnread'

/** What the pod counted, from what the script read there; a cause where that does not say it. */
export function arrivalsIn({answer, obstacle, trouble}: Reply, counted: Counted): Arrivals {
  const heard = [0, 1, 2].map((job) => answer(0, job))
  const samples = heard.map((one) => one && countsIn(one, counted))
  const [first, start, end] = samples
  if (first && start && end) {
    const [idle, asked] = [difference(first, start), difference(start, end)]
    if (areCounts(idle) && areCounts(asked)) {
      if (isEmptied(idle) || isEmptied(asked))
        return {cause: 'what had waited there unread was read meanwhile: nobody can say when it came'}
      return {idle, asked}
    }
  }
  const isWhole = heard.every((one) => one !== undefined)
  return {
    cause: isWhole
      ? 'what the pod counts makes no sense'
      : (obstacle(0, 0)?.raw ?? (heard[0] === undefined ? trouble.raw : 'the counts were cut short')),
  }
}

function countsIn({fields}: Answer, {protocol, family}: Counted): PacketCounts | undefined {
  const values = new Map<string, number>()
  for (const [index, field] of fields.entries()) {
    const [key = '', ...words] = field.trim().split(/\s+/)
    const above = fields[index - 1]?.trim().split(/\s+/) ?? []
    if (!key.endsWith(':')) setCount(values, key, words[0])
    else if (above[0] === key)
      for (const [at, word] of words.entries()) setCount(values, key + (above[at + 1] ?? ''), word)
  }
  const names = NAMES[protocol][family]
  const sum = (wanted: readonly string[]): number =>
    wanted.reduce((total, name) => total + (values.get(name) ?? Number.NaN), 0)
  const counts = {received: sum(names.received), sent: sum(names.sent), refused: sum(names.refused)}
  if (Object.values(counts).some(Number.isNaN)) return undefined
  const unread = protocol === 'udp' ? values.get(UNREAD) : undefined
  return unread === undefined ? counts : {...counts, unread}
}

function setCount(values: Map<string, number>, name: string, word = ''): void {
  if (/^\d{1,15}$/.test(word)) values.set(name, Number(word))
}

function difference(from: PacketCounts, to: PacketCounts): PacketCounts {
  return {
    received: to.received - from.received,
    sent: to.sent - from.sent,
    refused: to.refused - from.refused,
    ...(from.unread === undefined || to.unread === undefined ? {} : {unread: to.unread - from.unread}),
  }
}

/** No counter went back, as those of a pod do that is made anew. */
function areCounts({received, sent, refused}: PacketCounts): boolean {
  return [received, sent, refused].every((count) => count >= 0)
}

/** More that had waited was read than came to wait. */
function isEmptied({unread = 0}: PacketCounts): boolean {
  return unread < 0
}
