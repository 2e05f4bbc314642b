import {join} from 'node:path'
import {directoryOf, type ClusterRecord, type FakeNodes} from './record.ts'

/** Every name and address of a cluster; all follow from its record. */
export interface Layout {
  directory: string
  /** The control plane's end of the cable to the cluster's switch, in the root namespace. */
  link: string
  controlPlaneIp: string
  server: string
  /** Network namespace that holds the bridge all nodes are plugged into. */
  switchNetns: string
  /** Whole range that the cluster uses, for the check that it is free. */
  range: string
  podRange: string
  serviceRange: string
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
  /** Address and MAC of the node's end of the overlay, as flannel does it: the pod range's address 0. */
  overlayIp: string
  overlayMac: string
  directory: string
}

/** As many address ranges, and so clusters, as there are. */
export const SLOTS = 144
/** Node addresses start at .11, pod ranges of 512 addresses fill the upper half of the /16. */
export const MAX_NODES = 60
/** As many as Kubernetes itself is made for. */
export const MAX_FAKE_NODES = 5000

/** 10.64.0.0/16 to 10.191.0.0/16, then 172.16.0.0/16 to 172.31.0.0/16 for machines whose routes fill 10.0.0.0/8. */
function prefixOf(slot: number): string {
  return slot < 128 ? `10.${64 + slot}` : `172.${16 + slot - 128}`
}

export function layoutOf(record: ClusterRecord): Layout {
  const {slot, name, ports} = record
  const prefix = prefixOf(slot)
  const directory = directoryOf(name)
  const controlPlaneIp = `${prefix}.0.1`
  return {
    directory,
    link: linkOf(slot),
    controlPlaneIp,
    server: `https://${controlPlaneIp}:${ports.apiServer}`,
    switchNetns: `${linkOf(slot)}-switch`,
    range: rangeOf(slot),
    podRange: `${prefix}.128.0/17`,
    serviceRange: `${prefix}.8.0/21`,
    apiServiceIp: `${prefix}.8.1`,
    dnsIp: `${prefix}.8.10`,
    fake: record.fake,
    nodes: Array.from({length: record.nodes}, (_, index) => nodeLayout(record, index)),
  }
}

function nodeLayout({slot, name}: ClusterRecord, index: number): NodeLayout {
  const prefix = prefixOf(slot)
  const node = `n${index + 1}`
  const hex = (value: number) => value.toString(16).padStart(2, '0')
  return {
    name: node,
    index,
    netns: `${linkOf(slot)}-${node}`,
    ip: `${prefix}.0.${11 + index}`,
    podCidr: `${prefix}.${128 + 2 * index}.0/23`,
    overlayIp: `${prefix}.${128 + 2 * index}.0`,
    overlayMac: `02:4e:44:${hex(slot)}:00:${hex(index + 1)}`,
    directory: join(directoryOf(name), node),
  }
}

export function nodeNamed({nodes}: Layout, name: string): NodeLayout {
  const node = nodes.find((candidate) => candidate.name === name)
  if (node === undefined)
    throw new Error(`there is no node "${name}", but ${nodes.map((n) => n.name).join(', ') || 'none'}`)
  return node
}

export function linkOf(slot: number): string {
  return `netdoc${slot}`
}

export function rangeOf(slot: number): string {
  return `${prefixOf(slot)}.0.0/16`
}
