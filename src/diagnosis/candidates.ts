import type {Direction} from '../model/finding.ts'
import type {Observations, Tally} from './observations.ts'
import type {Partition} from './partitions.ts'
import type {Scope} from './scopes.ts'

/** A guess at what is broken, and what speaks for it and against it. */
export interface Candidate {
  readonly scope: Scope
  readonly about:
    | {readonly what: 'whole'}
    | {readonly what: 'node'; readonly node: number}
    | {readonly what: 'group'; readonly partition: Partition; readonly value: number; readonly other?: number}
  readonly direction: Direction
  readonly explains: number
  readonly against: number
  /** Whether it would break what leads from one node to another. */
  readonly holds: (source: number, destination: number) => boolean
}

/** Which share of what a guess is about must have failed. */
export interface Shares {
  readonly node: number
  readonly group: number
  readonly whole: number
  /** How much a probe that speaks against a guess weighs, in probes that speak for it. */
  readonly weight: number
}

/** What is to be looked at: what is still to be explained, of all that was measured. */
interface Counts {
  readonly failed: Tally
  readonly measured: Tally
  readonly observations: Observations
}

interface Cell {
  readonly failed: number
  readonly measured: number
}

/** Every guess within a scope that enough speaks for. */
export function candidatesIn(scope: Scope, counts: Counts, shares: Shares): Candidate[] {
  const out = nodeCells(scope.lanes, counts, 'out')
  const into = nodeCells(scope.lanes, counts, 'into')
  if (out.failed.every((failed) => failed === 0)) return []
  const root = scope.root && {
    out: nodeCells(scope.root, counts, 'out'),
    into: nodeCells(scope.root, counts, 'into'),
  }
  return [
    ...(isOfTwo(scope, counts.observations) ? [] : whole(scope, out, into, root, shares.whole)),
    ...nodes(scope, out, into, root, shares.node),
    ...counts.observations.partitions.flatMap((partition, index) =>
      groups(scope, counts, partition, index, shares.group, {out, into}),
    ),
  ]
}

/** Of two clusters that do not reach each other, the one against the other says as much. */
function isOfTwo({side}: Scope, {lanes}: Observations): boolean {
  return side === 'across' && new Set(lanes.map(({from}) => from)).size === 2
}

interface Cells {
  readonly failed: Uint32Array
  readonly measured: Uint32Array
  /** In how many lanes anything was measured. */
  readonly lanes: Uint16Array
}

function nodeCells(
  lanes: readonly number[],
  {failed, measured, observations: {nodes}}: Counts,
  way: 'out' | 'into',
): Cells {
  const cells = {
    failed: new Uint32Array(nodes),
    measured: new Uint32Array(nodes),
    lanes: new Uint16Array(nodes),
  }
  for (const lane of lanes) {
    for (let node = 0; node < nodes; node++) {
      const at = lane * nodes + node
      cells.failed[node] = (cells.failed[node] ?? 0) + (failed[way][at] ?? 0)
      cells.measured[node] = (cells.measured[node] ?? 0) + (measured[way][at] ?? 0)
      if ((measured[way][at] ?? 0) > 0) cells.lanes[node] = (cells.lanes[node] ?? 0) + 1
    }
  }
  return cells
}

const cellAt = ({failed, measured}: Cells, node: number): Cell => ({
  failed: failed[node] ?? 0,
  measured: measured[node] ?? 0,
})

const isBroken = ({failed, measured}: Cell, share: number): boolean =>
  measured > 0 && failed >= share * measured

interface Both {
  readonly out: Cells
  readonly into: Cells
}

/** Nearly everything fails, whichever node one looks at; of two nodes, a pair says as much. */
function whole(scope: Scope, out: Cells, into: Cells, root: Both | undefined, share: number): Candidate[] {
  const all = {failed: 0, measured: 0}
  let [sources, targets] = [0, 0]
  for (let node = 0; node < out.measured.length; node++) {
    const [from, to] = [cellAt(out, node), cellAt(into, node)]
    all.failed += from.failed
    all.measured += from.measured
    if (from.measured > 0) sources++
    if (to.measured > 0) targets++
    const broken = [from, to].every((cell) => cell.measured === 0 || isBroken(cell, share - 0.07))
    const rooted =
      root === undefined ||
      [cellAt(root.out, node), cellAt(root.into, node)].every(
        (cell) => cell.measured === 0 || isBroken(cell, share - 0.07),
      )
    if (!broken || !rooted) return []
  }
  if (sources < 2 || targets < 3 || !isBroken(all, share)) return []
  return [candidate(scope, {what: 'whole'}, 'both', all, () => true)]
}

function nodes(scope: Scope, out: Cells, into: Cells, root: Both | undefined, share: number): Candidate[] {
  const found: Candidate[] = []
  for (let node = 0; node < out.measured.length; node++) {
    const [from, to] = [cellAt(out, node), cellAt(into, node)]
    if (from.failed === 0 && to.failed === 0) continue
    const isMute = isNode(from, out.lanes[node] ?? 0, root && cellAt(root.out, node), share)
    const isDeaf = isNode(to, into.lanes[node] ?? 0, root && cellAt(root.into, node), share)
    const about = {what: 'node', node} as const
    if (isMute) found.push(candidate(scope, about, 'outbound', from, (source) => source === node))
    if (isDeaf) found.push(candidate(scope, about, 'inbound', to, (_, target) => target === node))
    if (isMute && isDeaf) {
      const both = {failed: from.failed + to.failed, measured: from.measured + to.measured}
      found.push(
        candidate(scope, about, 'both', both, (source, target) => source === node || target === node),
      )
    }
  }
  return found
}

/** Of one other node, a pair says as much. */
function isNode(cell: Cell, lanes: number, root: Cell | undefined, share: number): boolean {
  if (!isBroken(cell, share) || cell.failed < 2 || cell.measured <= lanes) return false
  return root === undefined || (root.measured > 0 && isBroken(root, share))
}

function groups(
  scope: Scope,
  {failed, measured}: Counts,
  partition: Partition,
  index: number,
  share: number,
  {out, into}: Both,
): Candidate[] {
  const {values, sizes, of} = partition
  // What one node of a group suffers is not its group's.
  const leavers = concerned(partition, out)
  const hosts = concerned(partition, into)
  const size = values.length
  const cells = (a: number, b: number, lanes = scope.lanes): Cell => {
    const sum = {failed: 0, measured: 0}
    for (const lane of lanes) {
      const at = (lane * size + a) * size + b
      sum.failed += failed.groups[index]?.[at] ?? 0
      sum.measured += measured.groups[index]?.[at] ?? 0
    }
    return sum
  }
  const isWay = (a: number, b: number) =>
    (leavers[a] ?? 0) >= Math.min(2, sizes[a] ?? 0) &&
    (hosts[b] ?? 0) >= Math.min(2, sizes[b] ?? 0) &&
    isBroken(cells(a, b), share) &&
    (scope.root === undefined || isBroken(cells(a, b, scope.root), share))
  const found: Candidate[] = []
  const several = (a: number) => (sizes[a] ?? 0) > 1
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < size; b++) {
      if (a === b || (!several(a) && !several(b)) || !isWay(a, b)) continue
      const about = {what: 'group', partition, value: a, other: b} as const
      const [there, back] = [cells(a, b), cells(b, a)]
      if (there.measured < 2) continue
      found.push(
        candidate(scope, about, 'outbound', there, (source, target) => of[source] === a && of[target] === b),
      )
      if (a < b && isWay(b, a)) {
        found.push(
          candidate(
            scope,
            about,
            'both',
            {failed: there.failed + back.failed, measured: there.measured + back.measured},
            (source, target) =>
              (of[source] === a && of[target] === b) || (of[source] === b && of[target] === a),
          ),
        )
      }
    }
    if (several(a) && size > 2) found.push(...againstAll(scope, partition, a, cells, isWay))
  }
  return found
}

/** At how many nodes of each group anything fails. */
function concerned({values, of}: Partition, {failed}: Cells): number[] {
  const nodes = values.map(() => 0)
  for (const [node, group] of of.entries())
    if (group >= 0 && (failed[node] ?? 0) > 0) nodes[group] = (nodes[group] ?? 0) + 1
  return nodes
}

/** One group and all others. */
function againstAll(
  scope: Scope,
  partition: Partition,
  a: number,
  cells: (a: number, b: number) => Cell,
  isWay: (a: number, b: number) => boolean,
): Candidate[] {
  const {of, values} = partition
  const others = [...values.keys()].filter((b) => b !== a && cells(a, b).measured + cells(b, a).measured > 0)
  if (others.length < 2) return []
  const sum = (list: readonly Cell[]): Cell => ({
    failed: list.reduce((total, {failed}) => total + failed, 0),
    measured: list.reduce((total, {measured}) => total + measured, 0),
  })
  const out = others.every((b) => isWay(a, b)) ? sum(others.map((b) => cells(a, b))) : undefined
  const into = others.every((b) => isWay(b, a)) ? sum(others.map((b) => cells(b, a))) : undefined
  const about = {what: 'group', partition, value: a} as const
  const isOther = (node: number) => of[node] !== a && (of[node] ?? -1) >= 0
  const leaves = (source: number, target: number) => of[source] === a && isOther(target)
  return [
    ...(out ? [candidate(scope, about, 'outbound', out, leaves)] : []),
    ...(into ? [candidate(scope, about, 'inbound', into, (source, target) => leaves(target, source))] : []),
    ...(out && into
      ? [
          candidate(
            scope,
            about,
            'both',
            sum([out, into]),
            (source, target) => leaves(source, target) || leaves(target, source),
          ),
        ]
      : []),
  ]
}

function candidate(
  scope: Scope,
  about: Candidate['about'],
  direction: Direction,
  {failed, measured}: Cell,
  holds: Candidate['holds'],
): Candidate {
  return {scope, about, direction, explains: failed, against: measured - failed, holds}
}
