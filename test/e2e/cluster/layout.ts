import {join} from 'node:path'
import {directoryOf, type ClusterRecord, type FakeNodes} from './record.ts'

/** Every name and address of a cluster; all follow from its record. */
export interface Layout {
  name: string
  slot: number
  directory: string
  /** The control plane's end of the cable to the cluster's switch, in the root namespace. */
  link: string
  controlPlaneIp: string
  /** The one address that the API server listens at: of the control plane, and of the cluster's first family. */
  apiServerIp: string
  server: string
  /** Network namespace that holds the bridge all nodes are plugged into. */
  switchNetns: string
  /** Whole range that the cluster uses, for the check that it is free. */
  range: string
  nodeRange: string
  podRange: string
  serviceRange: string
  /** The same once more, where the cluster is dual stack. */
  v6?: {controlPlaneIp: string; nodeRange: string; podRange: string; serviceRange: string}
  /** Of a dual-stack cluster, IPv6 is the family of the API server, of DNS, and of services that ask for none. */
  ipv6First: boolean
  /** First address of the service range: the API server's own service. */
  apiServiceIp: string
  dnsIp: string
  nodes: readonly NodeLayout[]
  fake: FakeNodes | undefined
}

export interface NodeLayout {
  name: string
  index: number
  netns: string
  ip: string
  podCidr: string
  /** Where the cluster is dual stack. */
  v6?: NodeAddresses6
  /** Address and MAC of the node's end of the overlay, as flannel does it: the pod range's address 0. */
  overlayIp: string
  overlayMac: string
  directory: string
}

export interface NodeAddresses6 {
  ip: string
  podCidr: string
  /** What the other nodes' routes to its pods lead to; no other interface knows it. */
  overlayIp: string
}

/** As many address ranges, and so clusters, as there are. */
export const SLOTS = 144
/** Node addresses start at .11, pod ranges of 512 addresses fill a /17: the upper half of the /16 unless told. */
export const MAX_NODES = 60
/** As many as Kubernetes itself is made for. */
export const MAX_FAKE_NODES = 5000

/** 10.64.0.0/16 to 10.191.0.0/16, then 172.16.0.0/16 to 172.31.0.0/16 for machines whose routes fill 10.0.0.0/8. */
function prefixOf(slot: number): string {
  return slot < 128 ? `10.${64 + slot}` : `172.${16 + slot - 128}`
}

export function layoutOf(record: ClusterRecord): Layout {
  const {slot, name, ports, dualStack = false, ipv6First = false} = record
  const prefix = prefixOf(slot)
  const directory = directoryOf(name)
  const controlPlaneIp = `${prefix}.0.1`
  const v6 = ranges6(slot)
  const apiServerIp = ipv6First ? v6.controlPlaneIp : controlPlaneIp
  return {
    name,
    slot,
    directory,
    link: linkOf(slot),
    controlPlaneIp,
    apiServerIp,
    server: `https://${ipv6First ? `[${apiServerIp}]` : apiServerIp}:${ports.apiServer}`,
    switchNetns: `${linkOf(slot)}-switch`,
    range: rangeOf(slot),
    nodeRange: `${prefix}.0.0/24`,
    podRange: podRangeOf(record),
    serviceRange: `${prefix}.8.0/21`,
    ...(dualStack ? {v6} : {}),
    ipv6First,
    apiServiceIp: ipv6First ? `${prefix6Of(slot)}:8::1` : `${prefix}.8.1`,
    dnsIp: ipv6First ? `${prefix6Of(slot)}:8::a` : `${prefix}.8.10`,
    fake: record.fake,
    nodes: Array.from({length: record.nodes}, (_, index) => nodeLayout(record, index)),
  }
}

function nodeLayout(record: ClusterRecord, index: number): NodeLayout {
  const {slot, name, dualStack = false} = record
  const prefix = prefixOf(slot)
  const [a, b, c] = podRangeOf(record).split('.')
  const pods = `${a}.${b}.${Number(c) + 2 * index}.0`
  const node = `n${index + 1}`
  const hex = (value: number) => value.toString(16).padStart(2, '0')
  return {
    name: node,
    index,
    netns: `${linkOf(slot)}-${node}`,
    ip: `${prefix}.0.${11 + index}`,
    podCidr: `${pods}/23`,
    ...(dualStack ? {v6: addresses6(slot, index)} : {}),
    overlayIp: pods,
    overlayMac: `02:4e:44:${hex(slot)}:00:${hex(index + 1)}`,
    directory: join(directoryOf(name), node),
  }
}

/** A range as Kubernetes takes it: with a comma between the families of a dual-stack cluster. */
export function bothFamilies(layout: Layout, range: 'podRange' | 'serviceRange'): string {
  return inOrder(layout, layout[range], layout.v6?.[range])
}

/** Addresses of each family, the cluster's first family first. */
export function inOrder({ipv6First}: Layout, v4: string, v6: string | undefined): string {
  if (v6 === undefined) return v4
  return (ipv6First ? [v6, v4] : [v4, v6]).join(',')
}

/** The nodes of a list such as `n1,n2`. */
export function nodesNamed(layout: Layout, names: string): NodeLayout[] {
  return names.split(',').map((name) => nodeNamed(layout, name))
}

export function nodeNamed({nodes}: Layout, name: string): NodeLayout {
  const node = nodes.find((candidate) => candidate.name === name)
  if (node === undefined)
    throw new Error(`there is no node "${name}", but ${nodes.map((n) => n.name).join(', ') || 'none'}`)
  return node
}

function podRangeOf({slot, podRange}: ClusterRecord): string {
  return podRange ?? `${prefixOf(slot)}.128.0/17`
}

/** Unique local addresses (RFC 4193); the slot counts from 1, so that no group is written away as "::". */
function prefix6Of(slot: number): string {
  return `fd00:6e64:${(slot + 1).toString(16)}`
}

function ranges6(slot: number): NonNullable<Layout['v6']> {
  const prefix = prefix6Of(slot)
  return {
    controlPlaneIp: `${prefix}::1`,
    nodeRange: `${prefix}::/64`,
    podRange: `${prefix}:1000::/52`,
    serviceRange: `${prefix}:8::/112`,
  }
}

function addresses6(slot: number, index: number): NodeAddresses6 {
  const prefix = prefix6Of(slot)
  const hex = (value: number) => value.toString(16)
  return {
    ip: `${prefix}::${hex(11 + index)}`,
    podCidr: `${prefix}:${hex(0x1000 + index)}::/64`,
    overlayIp: `fe80::4e44:${hex(index + 1)}`,
  }
}

function linkOf(slot: number): string {
  return `netdoc${slot}`
}

/** True for the names of links and namespaces that go with the cluster, those between it and another included. */
export function isOfSlot(slot: number, name: string): boolean {
  const own = linkOf(slot)
  return name === own || name.startsWith(`${own}-`) || name.endsWith(`-${own}`)
}

/** The network namespace between two linked clusters. */
export function routerOf(a: number, b: number): string {
  return `${linkOf(Math.min(a, b))}-to-${linkOf(Math.max(a, b))}`
}

/** Where a cluster's nodes find the router to the cluster of another slot: above all nodes' addresses. */
export function routerIpOf(slot: number, other: number): {v4: string; v6: string} {
  return {
    v4: `${prefixOf(slot)}.0.${100 + other}`,
    v6: `${prefix6Of(slot)}::${(0x100 + other).toString(16)}`,
  }
}

/** Under which range another cluster reaches the pods of this one, where the link translates: RFC 6598's, 100.64.0.0/10. */
export function translatedRangeOf(slot: number): string {
  return `100.${64 + (Math.floor(slot / 2) % 64)}.${(slot % 2) * 128}.0/17`
}

export function rangeOf(slot: number): string {
  return `${prefixOf(slot)}.0.0/16`
}
