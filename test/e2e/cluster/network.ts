import type {Layout, NodeLayout} from './layout.ts'
import {markOf} from './processes.ts'
import type {ClusterRecord} from './record.ts'
import {run} from './run.ts'

/** Ethernet's 1500 less 50 bytes of VXLAN, UDP, IPv4 and Ethernet headers: RFC 7348, section 5. */
export const OVERLAY_MTU = 1450
/** The port that flannel and cilium use; Linux's own default. */
export const OVERLAY_PORT = 8472

type Environment = Record<string, string>

/** Plugs every node's namespace into the switch and the overlay, and the control plane into the switch. */
export async function buildNetwork({token}: ClusterRecord, layout: Layout): Promise<void> {
  const {switchNetns, link, nodes} = layout
  const env = markOf(token, 'network')
  await ip(env, undefined, [
    ...[switchNetns, ...nodes.map(({netns}) => netns)].map((netns) => `netns add ${netns}`),
    `link add ${link} type veth peer name up0 netns ${switchNetns}`,
    ...nodes.map(
      (node) => `link add ${node.name} netns ${switchNetns} type veth peer name eth0 netns ${node.netns}`,
    ),
    `address add ${layout.controlPlaneIp}/24 dev ${link}`,
    `link set ${link} up`,
    // The API server answers pods, which come with their own addresses where a ClusterIP leads to it.
    ...nodes.map((node) => `route add ${node.podCidr} via ${node.ip}`),
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
  ])
  const entries = others.map(({overlayMac, ip}) => `fdb append ${overlayMac} dev vxlan0 dst ${ip}`)
  if (entries.length > 0) await run(['bridge', '-n', node.netns, '-batch', '-'], {env, input: lines(entries)})
  const settings = [
    'net.ipv4.ip_forward=1',
    'net.ipv4.conf.all.rp_filter=0',
    'net.ipv4.conf.default.rp_filter=0',
  ]
  await run(['nsenter', `--net=/run/netns/${node.netns}`, 'sysctl', '-qw', ...settings], {env})
}

async function ip(env: Environment, netns: string | undefined, commands: readonly string[]): Promise<void> {
  const where = netns === undefined ? [] : ['-n', netns]
  await run(['ip', ...where, '-batch', '-'], {env, input: lines(commands)})
}

function lines(commands: readonly string[]): string {
  return commands.map((command) => `${command}\n`).join('')
}
