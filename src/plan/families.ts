import {familyOf} from '../address/address.ts'
import type {FloaterKind, NodeUnderTest} from '../model/cluster.ts'
import type {IpFamily} from '../model/plan.ts'
import type {PlanWish, Side} from './wish.ts'

/**
 * The families in which both sides have floaters with addresses. Where no family is common, those of either side: the plan
 * still accounts for every pair.
 */
export function familiesOfFloaters(
  {nodes, sources, targets}: Side,
  from: FloaterKind,
  to: FloaterKind,
  wish: PlanWish,
): readonly IpFamily[] {
  const familiesAt = (indexes: readonly number[], kind: FloaterKind) =>
    new Set(indexes.flatMap((index) => nodes[index]?.floaters[kind]?.floater?.addresses.map(familyOf) ?? []))
  const [here, there] = [familiesAt(sources, from), familiesAt(targets, to)]
  const known = (['ipv4', 'ipv6'] as const).filter((family) => here.has(family) || there.has(family))
  const common = known.filter((family) => here.has(family) && there.has(family))
  return wanted(common.length > 0 ? common : known.length > 0 ? known : familiesOfNodes(nodes, targets), wish)
}

/** The one that the user asks for, or the usual ones and those that are wanted in any case. */
function wanted(usual: readonly IpFamily[], {ipFamily, families = []}: PlanWish): readonly IpFamily[] {
  return ipFamily === 'auto' ? [...new Set([...usual, ...families])].sort() : [ipFamily]
}

/** Before there are floaters, the families of the nodes' own addresses are the best guess. */
function familiesOfNodes(nodes: readonly NodeUnderTest[], indexes: readonly number[]): readonly IpFamily[] {
  const own = new Set(indexes.flatMap((index) => nodes[index]?.addresses.map(familyOf) ?? []))
  return own.size > 0 ? [...own] : ['ipv4']
}

/** Of a service. Where none came to be, its rows are still accounted for, in IPv4. */
export function familiesOfAddresses(addresses: readonly string[], wish: PlanWish): readonly IpFamily[] {
  const own = [...new Set(addresses.map(familyOf))]
  return wanted(own.length > 0 ? own : ['ipv4'], wish)
}

/** Of a service on the nodes' own addresses: a family that no node has an address of is nobody's fault. */
export function familiesOfNodePorts(
  addresses: readonly string[],
  {nodes, targets}: Side,
  wish: PlanWish,
): readonly IpFamily[] {
  const families = familiesOfAddresses(addresses, wish)
  const ofNodes = familiesOfNodes(nodes, targets)
  const reachable = families.filter((family) => ofNodes.includes(family) || wish.families?.includes(family))
  return reachable.length > 0 ? reachable : families
}
