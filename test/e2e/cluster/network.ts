import {bridge, inNetns, ip, type Environment} from './ip.ts'
import type {Layout, NodeLayout} from './layout.ts'
import {markOf} from './processes.ts'
import type {ClusterRecord} from './record.ts'

/** Ethernet's 1500 less 50 bytes of VXLAN, UDP, IPv4 and Ethernet headers: RFC 7348, section 5. */
export const OVERLAY_MTU = 1450
/** The port that flannel and cilium use; Linux's own default. */
export const OVERLAY_PORT = 8472

/** Plugs every node's namespace into the switch and the overlay, and the control plane into the switch. */
export async function buildNetwork({token}: ClusterRecord, layout: Layout): Promise<void> {
  const {switchNetns, link, nodes, v6} = layout
  const env = markOf(token, 'network')
  await ip(env, undefined, [
    ...[switchNetns, ...nodes.map(({netns}) => netns)].map((netns) => `netns add ${netns}`),
    `link add ${link} type veth peer name up0 netns ${switchNetns}`,
    ...nodes.map(
      (node) => `link add ${node.name} netns ${switchNetns} type veth peer name eth0 netns ${node.netns}`,
    ),
    `address add ${layout.controlPlaneIp}/24 dev ${link}`,
    ...(v6 === undefined ? [] : [`address add ${v6.controlPlaneIp}/64 dev ${link} nodad`]),
    `link set ${link} up`,
  ])
  await ip(env, switchNetns, [
    'link add br0 type bridge',
    'link set br0 up',
    ...['up0', ...nodes.map(({name}) => name)].map((port) => `link set ${port} master br0 up`),
  ])
  await Promise.all(nodes.map((node) => plugIn(env, node, layout)))
}

async function plugIn(env: Environment, node: NodeLayout, layout: Layout): Promise<void> {
  const others = layout.nodes.filter(({index}) => index !== node.index)
  await inNetns(env, node.netns, ['sysctl', '-qw', ...SETTINGS, ...(node.v6 === undefined ? [] : SETTINGS6)])
  // No default route: what the harness did not make itself is answered with "network unreachable" at once.
  await ip(env, node.netns, [
    'link set lo up',
    `address add ${node.ip}/24 dev eth0`,
    'link set eth0 up',
    `route add ${layout.serviceRange} via ${layout.controlPlaneIp}`,
    `link add vxlan0 address ${node.overlayMac} mtu ${OVERLAY_MTU} type vxlan id 1 local ${node.ip} dev eth0 dstport ${OVERLAY_PORT} nolearning`,
    `address add ${node.overlayIp}/32 dev vxlan0`,
    'link set vxlan0 up',
    ...others.flatMap(({podCidr, overlayIp, overlayMac}) => [
      `route add ${podCidr} via ${overlayIp} dev vxlan0 onlink`,
      `neighbour add ${overlayIp} lladdr ${overlayMac} dev vxlan0 nud permanent`,
    ]),
    ...(node.v6 === undefined || layout.v6 === undefined
      ? []
      : [
          `address add ${node.v6.ip}/64 dev eth0 nodad`,
          `route add ${layout.v6.serviceRange} via ${layout.v6.controlPlaneIp}`,
        ]),
    // The same tunnels carry both families.
    ...others.flatMap(({v6, overlayMac}) =>
      v6 === undefined
        ? []
        : [
            `route add ${v6.podCidr} via ${v6.overlayIp} dev vxlan0 onlink`,
            `neighbour add ${v6.overlayIp} lladdr ${overlayMac} dev vxlan0 nud permanent`,
          ],
    ),
  ])
  const entries = others.map(({overlayMac, ip}) => `fdb append ${overlayMac} dev vxlan0 dst ${ip}`)
  if (entries.length > 0) await bridge(env, node.netns, entries)
  // Pods' addresses mean nothing outside of the nodes, and other clusters may have the same: the API server is asked
  // under the address of the node.
  const [filter, pods] = layout.ipv6First ? ['ip6tables', node.v6?.podCidr] : ['iptables', node.podCidr]
  const toApiServer = ['-s', pods ?? '', '-d', layout.apiServerIp, '-j', 'MASQUERADE']
  await inNetns(env, node.netns, [filter, '-w', '-t', 'nat', '-A', 'POSTROUTING', ...toApiServer])
}

const SETTINGS = [
  'net.ipv4.ip_forward=1',
  'net.ipv4.conf.all.rp_filter=0',
  'net.ipv4.conf.default.rp_filter=0',
] as const
/** Nobody else is there to have the same address: no interface need ask around for a second before it uses one. */
const SETTINGS6 = ['net.ipv6.conf.all.forwarding=1', 'net.ipv6.conf.default.accept_dad=0'] as const
