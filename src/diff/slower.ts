import type {Slower} from '../model/diff.ts'
import {isLater, marginFor, median, PAIR, SHARE, type Margin} from './margins.ts'
import {slowPairs, type Rest} from './slow-pairs.ts'
import type {Samples} from './samples.ts'

/** More nodes than these are not told one by one. */
const MOST_NODES = 20

/**
 * Where probes take longer than before: on a path everywhere, from and to a node, or between two nodes. What is slower
 * everywhere is said once, and nodes and pairs are held against it; what a node explains is no pair's.
 */
export function slowerIn(paths: readonly Samples[]): readonly Slower[] {
  const found: Slower[] = []
  const rests = paths.map((samples): Rest => {
    const all = [...samples.before.keys()]
    const isEverywhere = shareLater(samples, all, marginFor(all.length), 1) >= SHARE
    if (isEverywhere) found.push(told('path', [], [{samples, left: all}]))
    const ratios = isEverywhere ? all.map((at) => (samples.after[at] ?? 0) / (samples.before[at] ?? 1)) : []
    const shift = isEverywhere ? Math.max(1, median(ratios)) : 1
    const {nodes, left} = slowNodes(samples, shift)
    found.push(...nodes)
    return {samples, left, shift}
  })
  const pairs = slowPairs(rests, PAIR)
  return [...found, ...pairs.map(({nodes, parts}) => told('pair', nodes, parts))]
}

function told(
  kind: Slower['kind'],
  nodes: readonly number[],
  parts: readonly Pick<Rest, 'samples' | 'left'>[],
): Slower {
  const times = (column: 'before' | 'after') =>
    median(parts.flatMap(({samples, left}) => left.map((at) => samples[column][at] ?? 0)))
  return {
    kind,
    paths: parts.map(({samples}) => samples.path),
    nodes,
    probes: parts.reduce((sum, {left}) => sum + left.length, 0),
    before: times('before'),
    after: times('after'),
  }
}

/** The share of these that are later by the margin; 0 where they are too few for one. */
function shareLater(
  {before, after}: Samples,
  own: readonly number[],
  margin: Margin | undefined,
  shift: number,
): number {
  if (margin === undefined) return 0
  let later = 0
  for (const at of own) if (isLater(before[at] ?? 0, after[at] ?? 0, margin, shift)) later++
  return later / own.length
}

/** The nodes that are slow, the slowest first, and the probes between the others. */
function slowNodes(samples: Samples, shift: number): {nodes: Slower[]; left: readonly number[]} {
  const {source, destination} = samples
  const nodes: Slower[] = []
  let left = [...source.keys()].filter((at) => destination[at] !== -1)
  while (nodes.length < MOST_NODES) {
    const node = slowestNode(samples, left, shift)
    if (node === undefined) break
    const touches = (at: number) => source[at] === node || destination[at] === node
    nodes.push(told('node', [node], [{samples, left: left.filter(touches)}]))
    left = left.filter((at) => !touches(at))
  }
  return {nodes, left}
}

/** A node is slow where nearly all that starts or ends there is later, with two others at least: else it may be the other. */
function slowestNode(samples: Samples, left: readonly number[], shift: number): number | undefined {
  const {source, destination, before, after} = samples
  const ends = (at: number) => [source[at] ?? 0, destination[at] ?? 0] as const
  const probes: number[] = []
  const later: number[] = []
  for (const at of left) for (const node of ends(at)) probes[node] = (probes[node] ?? 0) + 1
  for (const at of left)
    for (const node of ends(at)) {
      const margin = marginFor(probes[node] ?? 0)
      if (margin !== undefined && isLater(before[at] ?? 0, after[at] ?? 0, margin, shift))
        later[node] = (later[node] ?? 0) + 1
    }
  const shareOf = (node: number) => (later[node] ?? 0) / (probes[node] ?? 1)
  return Object.keys(later)
    .map(Number)
    .filter((node) => shareOf(node) >= SHARE && othersOf(samples, left, node) > 1)
    .sort((a, b) => shareOf(b) - shareOf(a) || a - b)[0]
}

function othersOf({source, destination}: Samples, left: readonly number[], node: number): number {
  const others = new Set<number | undefined>()
  for (const at of left) {
    if (source[at] === node) others.add(destination[at])
    else if (destination[at] === node) others.add(source[at])
  }
  return others.size
}
