import {all, between, onOne, type Fault} from './fault.ts'
import {nodeNamed, type NodeLayout} from './layout.ts'
import {OVERLAY_PORT} from './network.ts'
import {DROP, NEW, PING, reject, rule, rule6} from './packet-filter.ts'

const overlay = ['-p', 'udp', '--dport', String(OVERLAY_PORT)] as const

const newFromTo = (from: NodeLayout, to: NodeLayout) =>
  ['-s', from.podCidr, '-d', to.podCidr, ...NEW] as const
const inward = (node: NodeLayout) => ['!', '-s', node.podCidr, '-d', node.podCidr, ...NEW] as const
const outward = (node: NodeLayout) => ['-s', node.podCidr, '!', '-d', node.podCidr, ...NEW] as const

export const NETWORK_FAULTS = {
  drop: between('new connections from the pods of FROM to those of TO vanish', (from, to) =>
    rule(from, 'FORWARD', [...newFromTo(from, to), ...DROP]),
  ),
  'drop-tcp': between('new TCP connections from the pods of FROM to those of TO vanish', (from, to) =>
    rule(from, 'FORWARD', ['-p', 'tcp', ...newFromTo(from, to), ...DROP]),
  ),
  'drop-udp': between('new UDP from the pods of FROM to those of TO vanishes', (from, to) =>
    rule(from, 'FORWARD', ['-p', 'udp', ...newFromTo(from, to), ...DROP]),
  ),
  'drop-icmp': between('pings from the pods of FROM to those of TO vanish', (from, to) =>
    rule(from, 'FORWARD', [...PING, ...newFromTo(from, to), ...DROP]),
  ),
  reset: between('new TCP connections from the pods of FROM to those of TO are refused', (from, to) =>
    rule(from, 'FORWARD', ['-p', 'tcp', ...newFromTo(from, to), ...reject('tcp-reset')]),
  ),
  'no-route': between('the pods of FROM are told that those of TO cannot be reached', (from, to) =>
    rule(from, 'FORWARD', [...newFromTo(from, to), ...reject('icmp-host-unreachable')]),
  ),
  deaf: onOne('new connections to the pods of NODE from elsewhere vanish', (node) =>
    rule(node, 'FORWARD', [...inward(node), ...DROP]),
  ),
  mute: onOne('new connections from the pods of NODE to elsewhere vanish, DNS included', (node) =>
    rule(node, 'FORWARD', [...outward(node), ...DROP]),
  ),
  cut: onOne('new connections to and from the pods of NODE vanish', (node) =>
    all(
      rule(node, 'FORWARD', [...inward(node), ...DROP]),
      rule(node, 'FORWARD', [...outward(node), ...DROP]),
    ),
  ),
  'overlay-down': onOne(
    'VXLAN to and from NODE vanishes; the nodes themselves still reach each other',
    (node) => all(rule(node, 'INPUT', [...overlay, ...DROP]), rule(node, 'OUTPUT', [...overlay, ...DROP])),
  ),
  loss: {
    args: ['FROM', 'TO', 'PROBABILITY'],
    describe: 'a part, from 0 to 1, of the packets from the pods of FROM to those of TO is lost',
    steps: (layout, [from = '', to = '', probability = '']) => {
      if (!/^(0|1|0?\.\d{1,6})$/.test(probability))
        throw new Error(`a probability is a number from 0 to 1 such as 0.3, not "${probability}"`)
      const chance = ['-m', 'statistic', '--mode', 'random', '--probability', probability]
      const [source, target] = [nodeNamed(layout, from), nodeNamed(layout, to)]
      return rule(source, 'FORWARD', ['-s', source.podCidr, '-d', target.podCidr, ...chance, ...DROP])
    },
  },
  masquerade: onOne('the pods of NODE are seen elsewhere under the address of their node', (node) =>
    rule(node, 'POSTROUTING', ['-s', node.podCidr, '!', '-d', node.podCidr, '-j', 'MASQUERADE'], {
      table: 'nat',
    }),
  ),
  impostor: between(
    'another web server answers the pods of FROM under the addresses of those of TO',
    (from, to) => {
      // A port for each node that somebody poses as; nothing else listens there in a node's own network.
      const port = 20_000 + to.index
      const server = {node: from.name, role: `${from.name}/impostor-${to.name}`, port}
      const match = ['-s', from.podCidr, '-d', to.podCidr, '-p', 'tcp']
      return all(
        {apply: [{do: 'serve', ...server}], undo: [{do: 'stop', role: server.role, program: 'agnhost'}]},
        rule(from, 'PREROUTING', [...match, '-j', 'DNAT', '--to-destination', `${from.ip}:${port}`], {
          table: 'nat',
        }),
      )
    },
  ),
  'drop-apiserver': onOne('new connections from the pods of NODE to the API server vanish', (node, layout) =>
    layout.ipv6First
      ? rule6(node, 'FORWARD', ['-s', node.v6?.podCidr ?? '', '-d', layout.apiServerIp, ...NEW, ...DROP])
      : rule(node, 'FORWARD', ['-s', node.podCidr, '-d', layout.apiServerIp, ...NEW, ...DROP]),
  ),
  'icmp-drop': onOne('pings to and from NODE and its pods vanish', (node) =>
    all(...['FORWARD', 'INPUT', 'OUTPUT'].map((chain) => rule(node, chain, [...PING, ...DROP]))),
  ),
  'udp-drop': onOne('UDP to and from NODE and its pods vanishes, DNS included; the overlay works', (node) =>
    all(
      rule(node, 'FORWARD', ['-p', 'udp', ...DROP]),
      ...['INPUT', 'OUTPUT'].map((chain) =>
        rule(node, chain, ['-p', 'udp', '!', '--dport', String(OVERLAY_PORT), ...DROP]),
      ),
    ),
  ),
  'dns-drop': onOne('what the pods of NODE ask of any name server vanishes', (node) =>
    all(
      ...['udp', 'tcp'].flatMap((protocol) => [
        rule(node, 'FORWARD', ['-s', node.podCidr, '-p', protocol, '--dport', '53', ...DROP]),
        ...(node.v6 === undefined
          ? []
          : [rule6(node, 'FORWARD', ['-s', node.v6.podCidr, '-p', protocol, '--dport', '53', ...DROP])]),
      ]),
    ),
  ),
} as const satisfies Readonly<Record<string, Fault>>
