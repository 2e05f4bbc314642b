import {familyOf} from '../address/address.ts'
import {formatCidr, networkOf, parseCidr} from '../address/cidr.ts'
import type {NodeUnderTest} from '../model/cluster.ts'

/** Nodes grouped by what they have in common. */
export interface Partition {
  readonly trait: string
  readonly values: readonly string[]
  /** For each node the index of its value, -1 where it has none. */
  readonly of: Int32Array
  /** How many nodes have each value. */
  readonly sizes: readonly number[]
}

/** More groups than this are no groups. */
const MOST_VALUES = 64

const TRAITS = ['zone', 'kernel', 'os', 'kubelet', 'architecture', 'role'] as const

/** Every way to group the nodes that makes two groups or more, with one of several nodes among them. */
export function partitionsOf(nodes: readonly NodeUnderTest[]): readonly Partition[] {
  return [
    partition('cluster', nodes, ({cluster}) => cluster),
    partition('zone', nodes, ({traits}) => traits?.zone),
    partition('subnet', nodes, ({addresses}) => subnetOf(addresses[0])),
    ...TRAITS.slice(1).map((trait) => partition(trait, nodes, ({traits}) => traits?.[trait])),
  ].filter(
    ({values, sizes}) => values.length > 1 && values.length <= MOST_VALUES && sizes.some((size) => size > 1),
  )
}

function partition(
  trait: string,
  nodes: readonly NodeUnderTest[],
  valueOf: (node: NodeUnderTest) => string | undefined,
): Partition {
  const values: string[] = []
  const known = new Map<string, number>()
  const sizes: number[] = []
  const of = new Int32Array(nodes.length).fill(-1)
  for (const [node, one] of nodes.entries()) {
    const value = valueOf(one)
    if (value === undefined) continue
    const index = known.get(value) ?? values.push(value) - 1
    known.set(value, index)
    sizes[index] = (sizes[index] ?? 0) + 1
    of[node] = index
  }
  return {trait, values, of, sizes}
}

/** The usual sizes of a subnet; nothing says the real one. */
function subnetOf(address: string | undefined): string | undefined {
  if (address === undefined) return undefined
  const range = parseCidr(`${address}/${familyOf(address) === 'ipv4' ? 24 : 64}`)
  return range && formatCidr(networkOf(range))
}
