import {isIP} from 'node:net'
import {familyOf} from '../address/address.ts'
import {translate} from '../address/cidr.ts'
import type {NodeUnderTest} from '../model/cluster.ts'
import type {Config, CustomTarget} from '../model/config.ts'
import type {Endpoint, IpFamily, Plan, ProtocolName} from '../model/plan.ts'
import {naturally} from '../text/order.ts'
import {numbered, type Draft} from './plan.ts'

/** What of the Config decides the plan. */
export interface PlanWish extends Pick<
  Config,
  'clusters' | 'intra' | 'modes' | 'protocols' | 'ipFamily' | 'customTargets' | 'port'
> {
  /** Wanted whether any floater has such an address or not. */
  readonly families?: readonly IpFamily[]
}

/**
 * Everything that can be asked: every node to every node inside one cluster, its own included; between several clusters
 * every node of each to every node of each other; every node to every custom target.
 */
export function fullPlan(nodes: readonly NodeUnderTest[], wish: PlanWish): Plan {
  const order = new Map(wish.clusters.map(({name}, index) => [name, index]))
  const rank = ({cluster}: NodeUnderTest) => order.get(cluster) ?? order.size
  const sorted = [...nodes].sort((a, b) => rank(a) - rank(b) || naturally(a.name, b.name))
  const members = wish.clusters.map(({name}) =>
    sorted.flatMap(({cluster}, index) => (cluster === name ? [index] : [])),
  )
  const drafts = wish.modes.flatMap(() =>
    wish.protocols.flatMap((protocol) =>
      wish.clusters.flatMap((from, i) =>
        wish.clusters.flatMap((to, j) => {
          if (i === j && wish.clusters.length > 1 && !wish.intra) return []
          const [sources, targets] = [members[i] ?? [], members[j] ?? []]
          const seen = from.name === to.name ? [] : to.cidrMap
          return families(sorted, sources, targets, wish).map((ipFamily): Draft => ({
            mode: 'pod',
            protocol,
            ipFamily,
            check: 'reply',
            sources,
            endpoints: targets.map((node) => podEndpoint(sorted, node, ipFamily, wish.port, seen)),
          }))
        }),
      ),
    ),
  )
  const custom = members.flatMap((sources) =>
    wish.protocols.flatMap((protocol) => customBlocks(sources, protocol, wish)),
  )
  return numbered(sorted, [...drafts, ...custom])
}

/**
 * The families in which both sides have floaters with addresses. Where no family is common, those of either side: the plan
 * still accounts for every pair.
 */
function families(
  nodes: readonly NodeUnderTest[],
  sources: readonly number[],
  targets: readonly number[],
  wish: PlanWish,
): readonly IpFamily[] {
  if (wish.ipFamily !== 'auto') return [wish.ipFamily]
  const familiesAt = (indexes: readonly number[]) =>
    new Set(indexes.flatMap((index) => nodes[index]?.floater?.addresses.map(familyOf) ?? []))
  const [here, there] = [familiesAt(sources), familiesAt(targets)]
  const known = (['ipv4', 'ipv6'] as const).filter((family) => here.has(family) || there.has(family))
  const common = known.filter((family) => here.has(family) && there.has(family))
  const usual = common.length > 0 ? common : known.length > 0 ? known : (['ipv4'] as const)
  return [...new Set([...usual, ...(wish.families ?? [])])].sort()
}

function podEndpoint(
  nodes: readonly NodeUnderTest[],
  node: number,
  family: IpFamily,
  port: number,
  seen: PlanWish['clusters'][number]['cidrMap'],
): Endpoint {
  const floater = nodes[node]?.floater
  const own = floater?.addresses.find((one) => familyOf(one) === family)
  return {
    node,
    address: own === undefined ? undefined : translate(own, seen),
    port: floater?.port ?? port,
  }
}

/** Names and addresses of each family apart: a block is of one kind. */
function customBlocks(sources: readonly number[], protocol: ProtocolName, wish: PlanWish): Draft[] {
  const kindOf = ({host}: CustomTarget) => (isIP(host) === 0 ? 'name' : familyOf(host))
  return (['ipv4', 'ipv6', 'name'] as const).flatMap((ipFamily): Draft[] => {
    if (wish.ipFamily !== 'auto' && ipFamily !== 'name' && ipFamily !== wish.ipFamily) return []
    const endpoints = wish.customTargets
      .filter((target) => kindOf(target) === ipFamily)
      .map(({host, port}) => ({node: undefined, address: host, port}))
    return endpoints.length === 0
      ? []
      : [{mode: 'custom', protocol, ipFamily, check: 'connect', sources, endpoints}]
  })
}
