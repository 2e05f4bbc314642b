import {all, between, type Fault} from './fault.ts'
import type {NodeLayout} from './layout.ts'
import {OVERLAY_PORT} from './network.ts'
import {DROP, NEW, PING, PING6, reject, rule, rule6} from './packet-filter.ts'

/** Between two nodes only the overlay keeps a cluster alive: kubelets and API server meet at the control plane. */
const NOT_OVERLAY = ['-p', 'udp', '!', '--dport', String(OVERLAY_PORT)] as const
const TCP = ['-p', 'tcp'] as const
const UDP = ['-p', 'udp'] as const

const newFromTo = (from: NodeLayout, to: NodeLayout) => ['-s', from.ip, '-d', to.ip, ...NEW] as const

/** What breaks between the nodes' own addresses, as pods in the network of their node have them. */
export const HOST_FAULTS = {
  'host-drop': between(
    "new connections from FROM's own address to TO's own vanish, over IPv4 and IPv6; the overlay works",
    (from, to) =>
      all(...[TCP, NOT_OVERLAY, PING].map((what) => dropped(from, to, what)), ...dropped6(from, to)),
  ),
  'host-reset': between("new TCP connections from FROM's own address to TO's own are refused", (from, to) =>
    rule(from, 'OUTPUT', [...TCP, ...newFromTo(from, to), ...reject('tcp-reset')]),
  ),
} as const satisfies Readonly<Record<string, Fault>>

function dropped(from: NodeLayout, to: NodeLayout, what: readonly string[]) {
  return rule(from, 'OUTPUT', [...what, ...newFromTo(from, to), ...DROP])
}

function dropped6(from: NodeLayout, to: NodeLayout) {
  const [source, target] = [from.v6, to.v6]
  if (source === undefined || target === undefined) return []
  return [TCP, UDP, PING6].map((what) =>
    rule6(from, 'OUTPUT', [...what, '-s', source.ip, '-d', target.ip, ...NEW, ...DROP]),
  )
}
