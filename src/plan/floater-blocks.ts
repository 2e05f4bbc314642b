import {familyOf} from '../address/address.ts'
import {translate} from '../address/cidr.ts'
import type {FloaterKind} from '../model/cluster.ts'
import type {Endpoint, IpFamily, Mode, ProtocolName} from '../model/plan.ts'
import {familiesOfFloaters} from './families.ts'
import {PATHS} from './modes.ts'
import type {Draft} from './plan.ts'
import type {PlanWish, Side} from './wish.ts'

/** Every source to the address of every floater of a kind. */
export function floaterBlocks(mode: Mode, protocol: ProtocolName, side: Side, wish: PlanWish): Draft[] {
  const {from, to = 'pod'} = PATHS[mode]
  const {sources, targets} = side
  return familiesOfFloaters(side, from, to, wish).flatMap((ipFamily): Draft[] => {
    const endpointsOf = (kind: FloaterKind) =>
      targets.map((node) => floaterEndpoint(side, node, kind, protocol, ipFamily, wish))
    const block = {mode, protocol, ipFamily, from, sources}
    const all: Draft = {...block, to, check: 'reply', endpoints: endpointsOf(to)}
    const own = side.inside && from === to
    const others = own ? sources.map((source) => indexesWithout(targets, source)) : undefined
    const neighbours: Draft[] =
      own && mode === 'pod' && wish.sameNode
        ? [
            {
              ...block,
              to: 'neighbour',
              check: 'reply',
              endpoints: endpointsOf('neighbour'),
              picks: sources.map((source) => [targets.indexOf(source)]),
            },
          ]
        : []
    const first = neighbours.length > 0 && others ? {...all, picks: others} : all
    const large: Draft[] =
      wish.mtu && (protocol === 'tcp' || (protocol === 'icmp' && canSize(side, wish)))
        ? [{...all, check: 'mtu', ...(others ? {picks: others} : {})}]
        : []
    return [first, ...neighbours, ...large]
  })
}

function canSize({nodes, sources}: Side, {sizing}: PlanWish): boolean {
  return sizing.includes(nodes[sources[0] ?? -1]?.cluster ?? '')
}

function indexesWithout(targets: readonly number[], source: number): number[] {
  return targets.flatMap((target, column) => (target === source ? [] : [column]))
}

function floaterEndpoint(
  {nodes, seen}: Side,
  node: number,
  kind: FloaterKind,
  protocol: ProtocolName,
  family: IpFamily,
  wish: PlanWish,
): Endpoint {
  const floater = nodes[node]?.floaters[kind]?.floater
  const own = floater?.addresses.find((one) => familyOf(one) === family)
  const identity = floater && wish.identity(floater, protocol, kind)
  return {
    node,
    address: own === undefined ? undefined : translate(own, seen),
    port: protocol === 'icmp' ? 0 : (floater?.port ?? wish.port),
    ...(identity === undefined ? {} : {identity}),
  }
}
