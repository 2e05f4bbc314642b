import type {NodeUnderTest} from '../model/cluster.ts'
import type {Mode, Plan, ProtocolName} from '../model/plan.ts'
import {naturally} from '../text/order.ts'
import {floaterBlocks} from './floater-blocks.ts'
import {PATHS} from './modes.ts'
import {customBlocks, lookupBlocks} from './other-blocks.ts'
import {numbered, type Draft} from './plan.ts'
import {apiServerBlocks, nodePortBlocks, serviceBlocks} from './service-blocks.ts'
import type {PlanWish, Side} from './wish.ts'

/**
 * Everything that can be asked: every node to every node inside one cluster, its own included; between several clusters
 * every node of each to every node of each other; every node to what is none of the nodes.
 */
export function fullPlan(nodes: readonly NodeUnderTest[], wish: PlanWish): Plan {
  const order = new Map(wish.clusters.map(({name}, index) => [name, index]))
  const rank = ({cluster}: NodeUnderTest) => order.get(cluster) ?? order.size
  const sorted = [...nodes].sort((a, b) => rank(a) - rank(b) || naturally(a.name, b.name))
  const members = wish.clusters.map(({name}) =>
    sorted.flatMap(({cluster}, index) => (cluster === name ? [index] : [])),
  )
  const sides = wish.clusters.flatMap((_, from) =>
    wish.clusters.map((target, to): Side => {
      const inside = from === to
      return {
        nodes: sorted,
        sources: members[from] ?? [],
        targets: members[to] ?? [],
        inside,
        seen: inside ? [] : target.cidrMap,
        cluster: target.name,
      }
    }),
  )
  const intra = wish.intra || wish.clusters.length === 1
  const sidesOf = (mode: Mode) => sides.filter(({inside}) => (PATHS[mode].local ? inside : intra || !inside))
  const between = wish.modes.flatMap((mode) =>
    wish.protocols
      .filter((protocol) => PATHS[mode].protocols.includes(protocol))
      .flatMap((protocol) => sidesOf(mode).flatMap((side) => modeBlocks(mode, protocol, side, wish))),
  )
  const others = members.flatMap((sources) => [
    ...wish.protocols.flatMap((protocol) => customBlocks(sources, protocol, wish)),
    ...lookupBlocks(sources, wish),
  ])
  return numbered(sorted, [...between, ...others])
}

function modeBlocks(mode: Mode, protocol: ProtocolName, side: Side, wish: PlanWish): Draft[] {
  switch (mode) {
    case 'service':
      return serviceBlocks(protocol, side, wish)
    case 'nodeport':
      return nodePortBlocks(protocol, side, wish)
    case 'apiserver':
      return apiServerBlocks(protocol, side, wish)
    case 'pod':
    case 'node':
    case 'node-to-pod':
    case 'pod-to-node':
      return floaterBlocks(mode, protocol, side, wish)
  }
}
