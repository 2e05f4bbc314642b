import {isPlainOutcome, type Outcome} from '../packed.ts'
import {naturally} from '../../../text/order.ts'
import {outcomeOf, type Data} from './data.ts'

/** What a cell shows: the worst of its probes. The order is that of badness. */
export const SEVERITIES = ['none', 'succeeded', 'noted', 'exception', 'failed'] as const
export type Severity = (typeof SEVERITIES)[number]
/** From here on a cell is worth a look. */
export const NOTED = 2

export type Order = 'group' | 'name' | 'worst'

/** Sources by targets, as far as some probe between them is wanted. */
export interface Cells {
  /** Indexes into nodes, and into targets, in the order of display. */
  readonly rows: readonly number[]
  readonly columns: readonly number[]
  /** Indexes into SEVERITIES, row by row. */
  readonly severity: Uint8Array
  /** Numbers of the probes that are wanted. */
  readonly wanted: Uint32Array
}

function severityOf(outcome: Outcome): number {
  const name: Severity =
    outcome.status === 'FAILED'
      ? 'failed'
      : outcome.status === 'EXCEPTION'
        ? 'exception'
        : isPlainOutcome(outcome)
          ? 'succeeded'
          : 'noted'
  return SEVERITIES.indexOf(name)
}

export function cellsOf(data: Data, isWanted: (id: number) => boolean, order: Order): Cells {
  const {told, source, target} = data
  const severities = Uint8Array.from(told.outcomes, severityOf)
  const wanted = new Uint32Array(told.size)
  const rowWeights = new Map<number, number>()
  const columnWeights = new Map<number, number>()
  let count = 0
  for (let id = 0; id < told.size; id++) {
    if (!isWanted(id)) continue
    wanted[count++] = id
    const weight = (severities[data.outcome[id] ?? 0] ?? 0) > NOTED ? 1 : 0
    add(rowWeights, source[id] ?? 0, weight)
    add(columnWeights, target[id] ?? 0, weight)
  }
  const rows = ordered(data, rowWeights, order)
  const columns = ordered(data, columnWeights, order)
  const [rowAt, columnAt] = [inverse(rows), inverse(columns)]
  const severity = new Uint8Array(rows.length * columns.length)
  for (const id of wanted.subarray(0, count)) {
    const at = (rowAt[source[id] ?? 0] ?? 0) * columns.length + (columnAt[target[id] ?? 0] ?? 0)
    const one = severities[data.outcome[id] ?? 0] ?? 0
    if (one > (severity[at] ?? 0)) severity[at] = one
  }
  return {rows, columns, severity, wanted: wanted.subarray(0, count)}
}

function add(weights: Map<number, number>, key: number, weight: number): void {
  weights.set(key, (weights.get(key) ?? 0) + weight)
}

/** Nodes are targets by the same number; what is no node stands behind them. */
function ordered({told}: Data, weights: ReadonlyMap<number, number>, order: Order): readonly number[] {
  const name = (index: number) => told.targets[index] ?? ''
  const isForeign = (index: number) => Number(index >= told.nodes.length)
  const weight = (index: number) => weights.get(index) ?? 0
  const groups = [...new Set(told.nodes.map(({group}) => group))]
  const groupRank = (index: number) => groups.indexOf(groupOf(told, index))
  return [...weights.keys()].sort(
    (a, b) =>
      (order === 'worst' ? weight(b) - weight(a) : 0) ||
      isForeign(a) - isForeign(b) ||
      (order === 'group' ? groupRank(a) - groupRank(b) : 0) ||
      naturally(name(a), name(b)),
  )
}

export function groupOf(told: Data['told'], index: number): string {
  return index < told.nodes.length ? (told.nodes[index]?.group ?? '') : 'outside'
}

function inverse(order: readonly number[]): readonly number[] {
  const at: number[] = []
  for (const [index, one] of order.entries()) at[one] = index
  return at
}

/** The probes of a cell, the worst first. */
export function probesAt(data: Data, {rows, columns, wanted}: Cells, row: number, column: number): number[] {
  const [from, to] = [rows[row], columns[column]]
  const found = [...wanted.filter((id) => data.source[id] === from && data.target[id] === to)]
  const rank = (id: number) => severityOf(outcomeOf(data, id))
  return found.sort((a, b) => rank(b) - rank(a) || a - b)
}
