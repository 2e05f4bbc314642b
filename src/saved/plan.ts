import {isIP} from 'node:net'
import {familyOf, isHost} from '../address/address.ts'
import type {NodeUnderTest} from '../model/cluster.ts'
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
  const nodes = saved.map((node): NodeUnderTest => ('floater' in node ? node : {...node, floater: undefined}))
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

type SavedBlock = ReportFile['blocks'][number]

function draftOf(block: SavedBlock, nodes: readonly NodeUnderTest[], place: string): Draft {
  const {mode, protocol, ipFamily, check, sources, picks} = block
  const endpoints = block.endpoints.map(({node, address, port}): Endpoint => ({node, address, port}))
  unique(`${place}.sources`, sources)
  ofOneCluster(sources, nodes, `${place}.sources`)
  const targets = endpoints.flatMap(({node}) => (node === undefined ? [] : [node]))
  if (targets.length > 0 && targets.length < endpoints.length)
    throw new Inconsistent(`${place}.endpoints: some have a node and some have none`)
  ofOneCluster(targets, nodes, `${place}.endpoints`)
  for (const [index, endpoint] of endpoints.entries())
    assertEndpoint(endpoint, block, `${place}.endpoints.${index}`)
  if (picks === undefined) return {mode, protocol, ipFamily, check, sources, endpoints}
  if (picks.length !== sources.length)
    throw new Inconsistent(`${place}.picks: has ${picks.length} rows for ${sources.length} sources`)
  for (const [row, columns] of picks.entries()) {
    const rising = columns.every((column, at) => at === 0 || column > (columns[at - 1] ?? 0))
    if (!rising || (columns.at(-1) ?? 0) >= endpoints.length)
      throw new Inconsistent(`${place}.picks.${row}: must be rising indexes below ${endpoints.length}`)
  }
  return {mode, protocol, ipFamily, check, sources, endpoints, picks}
}

function assertEndpoint(
  {node, address}: Endpoint,
  {mode, ipFamily}: Pick<Block, 'mode' | 'ipFamily'>,
  place: string,
) {
  if (mode === 'custom' && (node !== undefined || address === undefined))
    throw new Inconsistent(`${place}: a custom target has an address, and no node`)
  if (address === undefined) return
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
