import type {Block, Endpoint, Plan} from '../model/plan.ts'
import {reach} from './modes.ts'
import {numbered, type Draft} from './plan.ts'

/** Tells which nodes are meant; the argument is an index into `Plan.nodes`. */
export type NodeFilter = (node: number) => boolean

export interface Subset {
  readonly from: NodeFilter | undefined
  readonly to: NodeFilter | undefined
  readonly bothWays: boolean
  /** Destinations a source. */
  readonly sample: number | undefined
}

/** The plan without what the subset leaves out. */
export function subsetOf(plan: Plan, {from, to, bothWays, sample}: Subset): Plan {
  const wanted = (source: number, {node}: Endpoint) => {
    const forth = (from?.(source) ?? true) && (to === undefined || (node !== undefined && to(node)))
    const back = bothWays && node !== undefined && (from?.(node) ?? true) && (to?.(source) ?? true)
    return forth || back
  }
  return cut(plan, (block, row, source) => {
    const columns = columnsOf(block, row).filter((column) => {
      const endpoint = block.endpoints[column]
      return endpoint !== undefined && wanted(source, endpoint)
    })
    // What the user names one by one is not a matter of chance.
    const isCounted = sample !== undefined && block.endpoints.some(({node}) => node !== undefined)
    return isCounted ? sampled(columns, block, row, source, sample) : columns
  })
}

/**
 * Destinations spread evenly over the list, beginning at another one for each source, so that every node is somebody's
 * destination. Never a floater's own address, which would prove nothing.
 */
function sampled(columns: number[], block: Block, row: number, source: number, sample: number): number[] {
  const others = columns.filter((column) => {
    const endpoint = block.endpoints[column]
    return endpoint !== undefined && reach({block, source, endpoint}) !== 'self'
  })
  if (others.length <= sample) return others
  const step = others.length / sample
  return Array.from(
    {length: sample},
    (_, index) => others[(row + Math.floor(index * step)) % others.length] ?? 0,
  ).sort((a, b) => a - b)
}

/** The endpoints of a source, as indexes into the block's. */
function columnsOf({picks, endpoints}: Block, row: number): readonly number[] {
  return picks === undefined ? [...endpoints.keys()] : (picks[row] ?? [])
}

/** The plan with only those endpoints of each source that `choose` gives: indexes into the block's endpoints, rising. */
export function cut(
  {nodes, blocks}: Plan,
  choose: (block: Block, row: number, source: number) => readonly number[],
): Plan {
  const drafts = blocks.map((block): Draft => {
    const rows = block.sources.map((source, row) => ({source, columns: choose(block, row, source)}))
    return compact(
      block,
      rows.filter(({columns}) => columns.length > 0),
    )
  })
  return numbered(nodes, drafts)
}

/** The block without endpoints that nobody probes; without picks where every source probes all that are left. */
function compact(
  {endpoints, sources: _, picks: __, first: ___, size: ____, ...kind}: Block,
  rows: readonly {readonly source: number; readonly columns: readonly number[]}[],
): Draft {
  const used = [...new Set(rows.flatMap(({columns}) => columns))].sort((a, b) => a - b)
  const place = new Map(used.map((column, index) => [column, index]))
  const left = {
    ...kind,
    sources: rows.map(({source}) => source),
    endpoints: used.flatMap((column) => endpoints[column] ?? []),
  }
  if (rows.every(({columns}) => columns.length === used.length)) return left
  return {...left, picks: rows.map(({columns}) => columns.flatMap((column) => place.get(column) ?? []))}
}
