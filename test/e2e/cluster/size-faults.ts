import {all, between, onOne, type Fault} from './fault.ts'
import type {FaultSteps} from './fault-steps.ts'
import type {NodeLayout} from './layout.ts'
import {OVERLAY_MTU} from './network.ts'
import {DROP, onNode, PING, PING6, rule, rule6} from './packet-filter.ts'

/** Bytes, IP header included, that still pass. */
const PASSES = OVERLAY_MTU - 50

/** What breaks large packets alone. Of a pair's two directions only the one that is named: replies may be large. */
export const SIZE_FAULTS = {
  mtu: onOne(
    'packets from the pods of NODE are too large for its overlay, and nobody tells them: large ones vanish',
    (node) => all(untold(node), smallOverlay(node)),
  ),
  'mtu-told': onOne(
    'packets from the pods of NODE are too large for its overlay, and they are told so',
    smallOverlay,
  ),
  'too-large': between(
    `pings and TCP of more than ${PASSES} bytes vanish that FROM and its pods send to TO and its pods`,
    (from, to) => all(...['FORWARD', 'OUTPUT'].flatMap((chain) => tooLarge(from, to, chain))),
  ),
} as const satisfies Readonly<Record<string, Fault>>

function smallOverlay(node: NodeLayout): FaultSteps {
  const overlayMtu = (mtu: number) => ['ip', 'link', 'set', 'vxlan0', 'mtu', String(mtu)]
  return onNode(node, {apply: overlayMtu(PASSES), undo: overlayMtu(OVERLAY_MTU)})
}

function untold(node: NodeLayout): FaultSteps {
  const four = ['-p', 'icmp', '--icmp-type', 'fragmentation-needed', ...DROP]
  const six = ['-p', 'icmpv6', '--icmpv6-type', 'packet-too-big', ...DROP]
  return all(rule(node, 'OUTPUT', four), ...(node.v6 === undefined ? [] : [rule6(node, 'OUTPUT', six)]))
}

function tooLarge(from: NodeLayout, to: NodeLayout, chain: string): FaultSteps[] {
  const large = ['-m', 'length', '--length', `${PASSES + 1}:65535`, '-m', 'conntrack', '--ctdir', 'ORIGINAL']
  const sent = (a: Addresses, b: Addresses) => ['-s', `${a.podCidr},${a.ip}`, '-d', `${b.podCidr},${b.ip}`]
  const four = [['-p', 'tcp'], PING].map((what) =>
    rule(from, chain, [...what, ...sent(from, to), ...large, ...DROP]),
  )
  const [source, target] = [from.v6, to.v6]
  if (source === undefined || target === undefined) return four
  const six = [['-p', 'tcp'], PING6].map((what) =>
    rule6(from, chain, [...what, ...sent(source, target), ...large, ...DROP]),
  )
  return [...four, ...six]
}

type Addresses = Pick<NodeLayout, 'podCidr' | 'ip'>
