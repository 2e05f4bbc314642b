import {between, onOne, type Fault} from './fault.ts'
import type {NodeAddresses6, NodeLayout} from './layout.ts'
import {DROP, NEW, PING6, reject, rule6} from './packet-filter.ts'

const newFromTo = (from: NodeLayout, to: NodeLayout) =>
  ['-s', of(from).podCidr, '-d', of(to).podCidr, ...NEW] as const

/** What breaks IPv6 alone, on clusters that have both families. */
export const IPV6_FAULTS = {
  drop6: between('new connections over IPv6 from the pods of FROM to those of TO vanish', (from, to) =>
    rule6(from, 'FORWARD', [...newFromTo(from, to), ...DROP]),
  ),
  reset6: between(
    'new TCP connections over IPv6 from the pods of FROM to those of TO are refused',
    (from, to) => rule6(from, 'FORWARD', ['-p', 'tcp', ...newFromTo(from, to), ...reject('tcp-reset')]),
  ),
  'no-route6': between('the pods of FROM are told that those of TO cannot be reached over IPv6', (from, to) =>
    rule6(from, 'FORWARD', [...newFromTo(from, to), ...reject('icmp6-addr-unreachable')]),
  ),
  cut6: onOne('everything over IPv6 to and from the pods of NODE vanishes', (node) =>
    rule6(node, 'FORWARD', DROP),
  ),
  'drop-icmp6': between('pings over IPv6 from the pods of FROM to those of TO vanish', (from, to) =>
    rule6(from, 'FORWARD', [...PING6, ...newFromTo(from, to), ...DROP]),
  ),
} as const satisfies Readonly<Record<string, Fault>>

function of({name, v6}: NodeLayout): NodeAddresses6 {
  if (v6 === undefined) throw new Error(`${name} has no IPv6: its cluster is not dual stack`)
  return v6
}
