import type {Block, Endpoint, Probe} from '../model/plan.ts'
import type {Run} from '../model/run.ts'
import {pathName, reach} from '../plan/modes.ts'
import {probesOf} from '../plan/plan.ts'
import {isPlain, statusAt} from '../results/store.ts'
import {naturally} from '../text/order.ts'
import {destinationName, nodeName} from './names.ts'
import {nodeGroups} from './node-groups.ts'

/** What a cell can hold, from the least to the worst: of several results the last one stands there. */
export const CELLS = ['none', 'self', 'well', 'noted', 'EXCEPTION', 'FAILED'] as const
export type Cell = (typeof CELLS)[number]

/** A source or a destination, with the number that it has in every grid of the run. */
export interface Place {
  /** From 1. */
  readonly number: number
  readonly name: string
  /** What it stands with: cluster and zone, as far as they are known. */
  readonly group: string
}

/** Sources against destinations, over one path or several. */
export interface Grid {
  readonly paths: readonly string[]
  readonly rows: readonly Place[]
  readonly columns: readonly Place[]
  readonly at: (row: Place, column: Place) => Cell
  /** Some cell stands for more than one probe. */
  readonly isWorst: boolean
}

/** Up to so many paths have a grid each; more are laid over one another. */
const MOST_GRIDS = 4

/** The places of a run in the order in which they are shown: nodes by cluster and zone, then what is no node. */
export interface Places {
  readonly sources: readonly Place[]
  readonly destinations: readonly Place[]
  readonly node: (index: number) => Place | undefined
  readonly target: (block: Block, endpoint: Endpoint) => Place | undefined
}

export function placesOf(run: Run): Places {
  const {nodes, blocks} = run.plan
  const groups = nodeGroups(run)
  const clusters = [...new Set(nodes.map(({cluster}) => cluster))]
  const used = new Set(
    blocks.flatMap(({sources, endpoints}) => [...sources, ...endpoints.flatMap(({node}) => node ?? [])]),
  )
  const order = [...used].sort((a, b) => {
    const [one, other] = [nodes[a], nodes[b]]
    const byCluster = clusters.indexOf(one?.cluster ?? '') - clusters.indexOf(other?.cluster ?? '')
    return byCluster || naturally(groups[a] ?? '', groups[b] ?? '') || a - b
  })
  const places = new Map<number | string, Place>()
  const put = (key: number | string, name: string, group: string) => {
    if (!places.has(key)) places.set(key, {number: places.size + 1, name, group})
  }
  for (const index of order) put(index, nodeName(run, index), groups[index] ?? '')
  const keyOf = (block: Block, endpoint: Endpoint) =>
    endpoint.node ?? destinationName(run, {id: 0, block, source: -1, endpoint})
  for (const block of blocks)
    for (const endpoint of block.endpoints)
      if (endpoint.node === undefined) put(keyOf(block, endpoint), String(keyOf(block, endpoint)), TARGETS)
  const inOrder = (keys: Iterable<number | string>) =>
    [...new Set(keys)].flatMap((key) => places.get(key) ?? []).sort((a, b) => a.number - b.number)
  return {
    sources: inOrder(blocks.flatMap(({sources}) => sources)),
    destinations: inOrder(
      blocks.flatMap((block) => block.endpoints.map((endpoint) => keyOf(block, endpoint))),
    ),
    node: (index) => places.get(index),
    target: (block, endpoint) => places.get(keyOf(block, endpoint)),
  }
}

/** What is no node stands together. */
const TARGETS = 'no node'

/** The run as a grid a path, or as one of the worst results where there are many paths. */
export function gridsOf(run: Run, places: Places): readonly Grid[] {
  const paths = [...new Set(run.plan.blocks.map(pathName))]
  return paths.length <= MOST_GRIDS
    ? paths.map((path) => gridOf(run, places, [path]))
    : [gridOf(run, places, paths)]
}

function gridOf(run: Run, {sources, destinations, node, target}: Places, paths: readonly string[]): Grid {
  const worst = new Map<string, number>()
  const [rows, columns] = [new Set<Place>(), new Set<Place>()]
  let isWorst = false
  const blocks = run.plan.blocks.filter((block) => paths.includes(pathName(block)))
  for (const probe of probesOf({...run.plan, blocks})) {
    const [row, column] = [node(probe.source), target(probe.block, probe.endpoint)]
    if (row === undefined || column === undefined) continue
    rows.add(row)
    columns.add(column)
    const key = keyOf(row, column)
    const before = worst.get(key)
    isWorst ||= before !== undefined
    worst.set(key, Math.max(before ?? 0, CELLS.indexOf(cellOf(run, probe))))
  }
  return {
    paths,
    rows: sources.filter((place) => rows.has(place)),
    columns: destinations.filter((place) => columns.has(place)),
    at: (row, column) => CELLS[worst.get(keyOf(row, column)) ?? 0] ?? 'none',
    isWorst,
  }
}

function keyOf(row: Place, column: Place): string {
  return `${row.number} ${column.number}`
}

function cellOf({results}: Run, probe: Probe): Cell {
  const status = statusAt(results, probe.id)
  if (status !== 'SUCCEEDED') return status
  if (!isPlain(results, probe)) return 'noted'
  return reach(probe) === 'self' ? 'self' : 'well'
}
