import {isIPv6} from 'node:net'
import type {NodeUnderTest} from '../model/cluster.ts'
import type {Block, Endpoint, IpFamily, Plan, Probe} from '../model/plan.ts'
import {naturally} from '../text/order.ts'

/**
 * Every node's pods to every node's pods, over every IP family that any floater has; its own node included. `port` is
 * the one that a missing floater would listen on.
 */
export function podToPodPlan(nodes: readonly NodeUnderTest[], port: number): Plan {
  const sorted = [...nodes].sort((a, b) => naturally(a.cluster, b.cluster) || naturally(a.name, b.name))
  const everyNode = sorted.map((_, node) => node)
  const blocks: Block[] = []
  let first = 0
  for (const ipFamily of familiesOf(sorted)) {
    const endpoints = sorted.map((_, node) => podEndpoint(sorted, node, ipFamily, port))
    blocks.push({mode: 'pod', protocol: 'tcp', ipFamily, sources: everyNode, endpoints, first})
    first += sorted.length * sorted.length
  }
  return {nodes: sorted, blocks, size: first}
}

/** The families of the floaters' addresses. Without a single floater, IPv4: the plan still accounts for every pair. */
function familiesOf(nodes: readonly NodeUnderTest[]): IpFamily[] {
  const addresses = nodes.flatMap(({floater}) => floater?.addresses ?? [])
  const families = (['ipv4', 'ipv6'] as const).filter((family) =>
    addresses.some((address) => familyOf(address) === family),
  )
  return families.length > 0 ? families : ['ipv4']
}

export function familyOf(address: string): IpFamily {
  return isIPv6(address) ? 'ipv6' : 'ipv4'
}

function podEndpoint(
  nodes: readonly NodeUnderTest[],
  node: number,
  family: IpFamily,
  port: number,
): Endpoint {
  const floater = nodes[node]?.floater
  const address = floater?.addresses.find((one) => familyOf(one) === family)
  return {node, address, port: floater?.port ?? port}
}

/** One probe by its number. Throws a RangeError for a number that the plan does not have. */
export function probeAt(plan: Plan, id: number): Probe {
  const block = plan.blocks.findLast(({first}) => first <= id)
  const source = block?.sources[Math.floor((id - block.first) / block.endpoints.length)]
  const endpoint = block?.endpoints[(id - block.first) % block.endpoints.length]
  if (block === undefined || source === undefined || endpoint === undefined) {
    throw new RangeError(`The plan has no probe ${id}`)
  }
  return {id, block, source, endpoint}
}

/** Every probe of the plan in order, one after the other. */
export function* probesOf(plan: Plan): Generator<Probe> {
  for (const block of plan.blocks) {
    let id = block.first
    for (const source of block.sources) {
      for (const endpoint of block.endpoints) yield {id: id++, block, source, endpoint}
    }
  }
}

/** All probes of one source floater. */
export interface Batch {
  /** Index into `Plan.nodes`. */
  readonly source: number
  readonly probes: readonly Probe[]
}

/** The sources of the plan, each once. */
export function sourcesOf(plan: Plan): readonly number[] {
  return [...new Set(plan.blocks.flatMap(({sources}) => sources))]
}

/**
 * The probes of one source. Each source starts at another place of the list, so that they do not all knock on the
 * same floater at once.
 */
export function batchOf(plan: Plan, source: number): Batch {
  const probes = plan.blocks.flatMap((block) => {
    const row = block.sources.indexOf(source)
    if (row < 0) return []
    const first = block.first + row * block.endpoints.length
    const probes = block.endpoints.map((endpoint, column) => ({id: first + column, block, source, endpoint}))
    const start = Math.floor((row * probes.length) / block.sources.length)
    return [...probes.slice(start), ...probes.slice(0, start)]
  })
  return {source, probes}
}

/**
 * The addresses that several floaters have, each with the nodes of those. Nobody can say who answers there: each of the
 * nodes may well be answering itself.
 */
export function sharedAddresses({nodes}: Plan): ReadonlyMap<string, readonly string[]> {
  const holders = new Map<string, string[]>()
  for (const {name, floater} of nodes) {
    for (const address of floater?.addresses ?? [])
      holders.set(address, [...(holders.get(address) ?? []), name])
  }
  return new Map([...holders].filter(([, names]) => names.length > 1))
}

/** The source is the node itself: such a probe never leaves the node and proves nothing but the floater. */
export function isSelf({source, endpoint}: Probe): boolean {
  return source === endpoint.node
}
