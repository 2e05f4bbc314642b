import type {Bystander, FloaterKind, NodeUnderTest} from '../model/cluster.ts'
import type {Block, Endpoint, Plan, Probe} from '../model/plan.ts'

/** A block before its probes are numbered. */
export type Draft = Omit<Block, 'first' | 'size'>

/** Numbers the probes; blocks without any are left out. */
export function numbered(nodes: readonly NodeUnderTest[], drafts: readonly Draft[]): Plan {
  const blocks: Block[] = []
  let first = 0
  for (const draft of drafts) {
    const size = sizeOf(draft)
    if (size > 0) blocks.push({...draft, first, size})
    first += size
  }
  return {nodes, blocks, size: first}
}

function sizeOf({sources, endpoints, picks}: Draft): number {
  return picks === undefined
    ? sources.length * endpoints.length
    : picks.reduce((sum, row) => sum + row.length, 0)
}

/** The endpoints of one source of the block, in order. */
function endpointsOf(block: Draft, row: number): readonly Endpoint[] {
  if (block.picks === undefined) return block.endpoints
  return (block.picks[row] ?? []).flatMap((column) => block.endpoints[column] ?? [])
}

/** Every probe of the plan in order, one after the other. */
export function* probesOf(plan: Plan): Generator<Probe> {
  for (const block of plan.blocks) {
    let id = block.first
    for (const [row, source] of block.sources.entries()) {
      for (const endpoint of endpointsOf(block, row)) yield {id: id++, block, source, endpoint}
    }
  }
}

/** One probe by its number; undefined where the plan has none of that number. */
export function probeAt({blocks}: Plan, id: number): Probe | undefined {
  const block = blocks.find(({first, size}) => first <= id && id < first + size)
  if (block === undefined) return undefined
  let column = id - block.first
  for (const [row, source] of block.sources.entries()) {
    const endpoints = endpointsOf(block, row)
    const endpoint = endpoints[column]
    if (endpoint !== undefined) return {id, block, source, endpoint}
    column -= endpoints.length
  }
  return undefined
}

/** A floater that probes. */
export interface Source {
  /** Index into `Plan.nodes`. */
  readonly node: number
  readonly kind: FloaterKind
}

/** The floaters that probe, each once; those of several clusters take turns, so that all clusters probe at once. */
export function sourcesOf({nodes, blocks}: Plan): readonly Source[] {
  const seen = new Map<FloaterKind, Set<number>>()
  for (const {from, sources} of blocks) {
    const known = seen.get(from) ?? new Set()
    seen.set(from, known)
    for (const source of sources) known.add(source)
  }
  const turns = new Map<string, number>()
  return [...seen]
    .flatMap(([kind, members]) => [...members].map((node): Source => ({node, kind})))
    .map((source) => {
      const {cluster = ''} = nodes[source.node] ?? {}
      const turn = turns.get(cluster) ?? 0
      turns.set(cluster, turn + 1)
      return {source, turn}
    })
    .sort((a, b) => a.turn - b.turn)
    .map(({source}) => source)
}

/**
 * All probes of one source. Each source starts at another place of the list, so that they do not all knock on the same
 * floater at once.
 */
export function batchOf({blocks}: Plan, {node: source, kind}: Source): readonly Probe[] {
  return blocks.flatMap((block) => {
    const row = block.from === kind ? block.sources.indexOf(source) : -1
    if (row < 0) return []
    const first = block.first + probesBefore(block, row)
    const probes = endpointsOf(block, row).map((endpoint, index) => ({
      id: first + index,
      block,
      source,
      endpoint,
    }))
    const start = Math.floor((row * probes.length) / block.sources.length)
    return [...probes.slice(start), ...probes.slice(0, start)]
  })
}

function probesBefore({picks, endpoints}: Block, row: number): number {
  if (picks === undefined) return row * endpoints.length
  return picks.slice(0, row).reduce((sum, one) => sum + one.length, 0)
}

/**
 * The addresses behind which several nodes are, as the sources of a cluster see it, each with those nodes, which are
 * named with their clusters where these are several. Nobody can say who answers there: each of them may well be answering
 * itself, and a bystander, whom the plan does not speak of, may be answering for it.
 */
export function sharedAddresses(
  {nodes, blocks}: Plan,
  bystanders: readonly Bystander[],
): (cluster: string, address: string) => string[] {
  type Named = Pick<NodeUnderTest, 'cluster' | 'name'>
  const holders = new Map<string, Map<string, Map<string, Named>>>()
  const hold = (seenIn: string, address: string, node: Named) => {
    const inCluster = holders.get(seenIn) ?? new Map<string, Map<string, Named>>()
    const atAddress = inCluster.get(address) ?? new Map<string, Named>()
    holders.set(seenIn, inCluster.set(address, atAddress.set(`${node.cluster}/${node.name}`, node)))
  }
  for (const node of nodes) {
    for (const state of Object.values(node.floaters)) {
      for (const address of state.floater?.addresses ?? []) hold(node.cluster, address, node)
    }
  }
  for (const one of bystanders) for (const address of one.addresses) hold(one.cluster, address, one)
  for (const {sources, endpoints} of blocks) {
    const cluster = nodes[sources[0] ?? -1]?.cluster
    if (cluster === undefined) continue
    for (const {node, address} of endpoints) {
      const behind = node === undefined ? undefined : nodes[node]
      if (behind !== undefined && address !== undefined) hold(cluster, address, behind)
    }
  }
  const order = new Map<Named, number>(nodes.map((node, index) => [node, index]))
  return (cluster, address) => {
    const found = [...(holders.get(cluster)?.get(address)?.values() ?? [])]
    if (found.length < 2) return []
    found.sort((a, b) => (order.get(a) ?? order.size) - (order.get(b) ?? order.size))
    const isOneCluster = found.every((node) => node.cluster === found[0]?.cluster)
    return found.map((node) => (isOneCluster ? node.name : `${node.cluster}/${node.name}`))
  }
}
