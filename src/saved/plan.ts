import {isIP} from 'node:net'
import {familyOf, isHost} from '../address/address.ts'
import type {FloaterKind, FloaterState, NodeUnderTest} from '../model/cluster.ts'
import type {Block, Endpoint, Plan} from '../model/plan.ts'
import {numbered, type Draft} from '../plan/plan.ts'
import type {ReportFile} from '../schema/report.ts'
import {Inconsistent} from './columns.ts'

/** The plan of a checked file. Throws Inconsistent where one part of it contradicts another. */
export function planOf({clusters, nodes: saved, blocks, notCovered}: ReportFile): Plan {
  unique(
    'clusters',
    clusters.map(({name}) => name),
  )
  const known = new Set(clusters.map(({name}) => name))
  for (const [place, list] of Object.entries({nodes: saved, notCovered})) {
    for (const [index, {cluster}] of list.entries())
      if (!known.has(cluster)) throw new Inconsistent(`${place}.${index}: there is no cluster "${cluster}"`)
  }
  unique(
    'nodes',
    saved.map(({cluster, name}) => `${cluster}/${name}`),
  )
  const nodes = saved.map(nodeOf)
  const plan = numbered(
    nodes,
    blocks.map((block, index) => draftOf(block, nodes, `blocks.${index}`)),
  )
  for (const [index, {first, size}] of blocks.entries()) {
    const counted = plan.blocks[index]
    if (counted?.first !== first || counted.size !== size)
      throw new Inconsistent(`blocks.${index}: first and size do not fit its sources and endpoints`)
  }
  return plan
}

function nodeOf({
  cluster,
  name,
  addresses,
  traits,
  floaters: saved,
}: ReportFile['nodes'][number]): NodeUnderTest {
  const floaters: Partial<Record<FloaterKind, FloaterState>> = {}
  for (const kind of ['pod', 'host', 'neighbour'] as const) {
    const state = saved[kind]
    if (state) floaters[kind] = 'floater' in state ? state : {...state, floater: undefined}
  }
  return {
    cluster,
    name,
    addresses,
    ...(traits === undefined ? {} : {traits}),
    floaters,
  }
}

type SavedBlock = ReportFile['blocks'][number]

function draftOf(block: SavedBlock, nodes: readonly NodeUnderTest[], place: string): Draft {
  const {mode, protocol, ipFamily, check, from, to, sources, picks} = block
  const kind = {mode, protocol, ipFamily, check, from, to}
  const endpoints = block.endpoints.map(({node, address, port, behind, identity, lookup}): Endpoint => ({
    node,
    address,
    port,
    ...(behind === undefined ? {} : {behind}),
    ...(identity === undefined ? {} : {identity}),
    ...(lookup === undefined ? {} : {lookup}),
  }))
  unique(`${place}.sources`, sources)
  ofOneCluster(sources, nodes, `${place}.sources`)
  const targets = endpoints.flatMap(({node}) => (node === undefined ? [] : [node]))
  if (targets.length > 0 && targets.length < endpoints.length)
    throw new Inconsistent(`${place}.endpoints: some have a node and some have none`)
  ofOneCluster(targets, nodes, `${place}.endpoints`)
  ofOneCluster(
    endpoints.flatMap(({behind}) => behind ?? []),
    nodes,
    `${place}.endpoints`,
  )
  for (const [index, endpoint] of endpoints.entries())
    assertEndpoint(endpoint, block, `${place}.endpoints.${index}`)
  if (picks === undefined) return {...kind, sources, endpoints}
  if (picks.length !== sources.length)
    throw new Inconsistent(`${place}.picks: has ${picks.length} rows for ${sources.length} sources`)
  for (const [row, columns] of picks.entries()) {
    const rising = columns.every((column, at) => at === 0 || column > (columns[at - 1] ?? 0))
    if (!rising || (columns.at(-1) ?? 0) >= endpoints.length)
      throw new Inconsistent(`${place}.picks.${row}: must be rising indexes below ${endpoints.length}`)
  }
  return {...kind, sources, endpoints, picks}
}

function assertEndpoint(
  {node, address, lookup}: Endpoint,
  {mode, protocol, ipFamily}: Pick<Block, 'mode' | 'protocol' | 'ipFamily'>,
  place: string,
) {
  if (mode === 'custom' && (node !== undefined || address === undefined))
    throw new Inconsistent(`${place}: a custom target has an address, and no node`)
  if (protocol === 'dns' && !isHost(lookup ?? ''))
    throw new Inconsistent(`${place}.lookup: must be a host name`)
  // A name server may be of any family; its name is what the block is about.
  if (address === undefined || (protocol === 'dns' && isHost(address))) return
  const family = isIP(address) === 0 ? 'name' : familyOf(address)
  if (!isHost(address) || family !== ipFamily)
    throw new Inconsistent(
      `${place}.address: must be ${ipFamily === 'name' ? 'a host name' : `an ${ipFamily} address`}`,
    )
}

function ofOneCluster(indexes: readonly number[], nodes: readonly NodeUnderTest[], place: string): void {
  const clusters = new Set<string>()
  for (const index of indexes) {
    const node = nodes[index]
    if (node === undefined) throw new Inconsistent(`${place}: there is no node ${index}`)
    clusters.add(node.cluster)
  }
  if (clusters.size > 1) throw new Inconsistent(`${place}: are of several clusters`)
}

function unique(place: string, values: readonly (string | number)[]): void {
  if (new Set(values).size < values.length) throw new Inconsistent(`${place}: has one of them twice`)
}
