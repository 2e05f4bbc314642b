import {isIP} from 'node:net'
import {familyOf} from '../address/address.ts'
import {translate} from '../address/cidr.ts'
import type {Floater, FloaterKind, NodeUnderTest} from '../model/cluster.ts'
import type {Config, CustomTarget} from '../model/config.ts'
import type {Endpoint, IpFamily, Mode, Plan, ProtocolName} from '../model/plan.ts'
import {naturally} from '../text/order.ts'
import {PATHS} from './modes.ts'
import {numbered, type Draft} from './plan.ts'

/** A service of ours: the one floater behind it is known, so the outcome of a probe is exact. */
export interface ServiceUnderTest {
  readonly cluster: string
  readonly type: 'ClusterIP' | 'NodePort'
  /** The node of the floater behind it. */
  readonly behind: string
  /** ClusterIPs, one a family. */
  readonly addresses: readonly string[]
  readonly port: number
  /** Of a NodePort, where the server gave it one. */
  readonly nodePort: number | undefined
}

/** The service kubernetes.default of a cluster. */
export interface ApiServer {
  readonly cluster: string
  readonly addresses: readonly string[]
  readonly port: number
}

/** What of the Config decides the plan, and what of the clusters is no node. */
export interface PlanWish extends Pick<
  Config,
  | 'clusters'
  | 'intra'
  | 'modes'
  | 'protocols'
  | 'ipFamily'
  | 'customTargets'
  | 'lookups'
  | 'port'
  | 'sameNode'
  | 'mtu'
> {
  /** Wanted whether any floater has such an address or not. */
  readonly families?: readonly IpFamily[]
  /** Probe services from the node of the floater behind them, too. */
  readonly hairpins?: boolean
  /** What the floater answers, where floaters tell who they are. */
  readonly identity: (floater: Floater, protocol: ProtocolName, kind: FloaterKind) => string | undefined
  readonly services: readonly ServiceUnderTest[]
  readonly apiServers: readonly ApiServer[]
}

/** Sources and targets of one pair of clusters, or of one cluster with itself; indexes into the nodes. */
interface Side {
  readonly nodes: readonly NodeUnderTest[]
  readonly sources: readonly number[]
  readonly targets: readonly number[]
  readonly inside: boolean
  /** How the sources see addresses of the targets' cluster. */
  readonly seen: Config['clusters'][number]['cidrMap']
  readonly cluster: string
}

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

/** Every source to the address of every floater of a kind. */
function floaterBlocks(mode: Mode, protocol: ProtocolName, side: Side, wish: PlanWish): Draft[] {
  const {from, to = 'pod'} = PATHS[mode]
  const {sources, targets} = side
  return families(side, from, to, wish).flatMap((ipFamily): Draft[] => {
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
      wish.mtu && protocol === 'tcp' ? [{...all, check: 'mtu', ...(others ? {picks: others} : {})}] : []
    return [first, ...neighbours, ...large]
  })
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

/**
 * The families in which both sides have floaters with addresses. Where no family is common, those of either side: the plan
 * still accounts for every pair.
 */
function families(
  {nodes, sources, targets}: Side,
  from: FloaterKind,
  to: FloaterKind,
  wish: PlanWish,
): readonly IpFamily[] {
  if (wish.ipFamily !== 'auto') return [wish.ipFamily]
  const familiesAt = (indexes: readonly number[], kind: FloaterKind) =>
    new Set(indexes.flatMap((index) => nodes[index]?.floaters[kind]?.floater?.addresses.map(familyOf) ?? []))
  const [here, there] = [familiesAt(sources, from), familiesAt(targets, to)]
  const known = (['ipv4', 'ipv6'] as const).filter((family) => here.has(family) || there.has(family))
  const common = known.filter((family) => here.has(family) && there.has(family))
  const usual = common.length > 0 ? common : known.length > 0 ? known : familiesOfNodes(nodes, targets)
  return [...new Set([...usual, ...(wish.families ?? [])])].sort()
}

/** Before there are floaters, the families of the nodes' own addresses are the best guess. */
function familiesOfNodes(nodes: readonly NodeUnderTest[], indexes: readonly number[]): readonly IpFamily[] {
  const own = new Set(indexes.flatMap((index) => nodes[index]?.addresses.map(familyOf) ?? []))
  return own.size > 0 ? [...own] : ['ipv4']
}

/** Where no service came to be, its rows are still accounted for, in IPv4. */
function familiesOfAddresses(addresses: readonly string[], wish: PlanWish): readonly IpFamily[] {
  if (wish.ipFamily !== 'auto') return [wish.ipFamily]
  const own = [...new Set(addresses.map(familyOf))]
  return [...new Set([...(own.length > 0 ? own : (['ipv4'] as const)), ...(wish.families ?? [])])].sort()
}

function behind({nodes}: Side, service: ServiceUnderTest): {index: number; floater: Floater | undefined} {
  const index = nodes.findIndex(({cluster, name}) => cluster === service.cluster && name === service.behind)
  return {index, floater: nodes[index]?.floaters.pod?.floater}
}

/**
 * Every node to each of the cluster's services of ours. The node of the floater behind it is left out, where a packet
 * comes back to the node it left (a hairpin), unless same-node rows are wanted or it is the only node.
 */
function serviceBlocks(protocol: ProtocolName, side: Side, wish: PlanWish): Draft[] {
  const services = wish.services.filter(({cluster, type}) => cluster === side.cluster && type === 'ClusterIP')
  const {sources} = side
  return familiesOfAddresses(
    services.flatMap(({addresses}) => addresses),
    wish,
  ).map((ipFamily): Draft => {
    const endpoints = services.map((service): Endpoint => {
      const {index, floater} = behind(side, service)
      const identity = floater && wish.identity(floater, protocol, 'pod')
      return {
        node: index,
        address: service.addresses.find((one) => familyOf(one) === ipFamily),
        port: service.port,
        ...(identity === undefined ? {} : {identity}),
      }
    })
    const hairpins = wish.sameNode || wish.hairpins === true || sources.length === 1
    const picks = sources.map((source) =>
      endpoints.flatMap(({node}, column) => (hairpins || node !== source ? [column] : [])),
    )
    return {
      mode: 'service',
      protocol,
      ipFamily,
      from: 'pod',
      to: undefined,
      check: 'reply',
      sources,
      endpoints,
      picks,
    }
  })
}

/** Every node to the port of a service on every node's own address; the floater behind it is always the same. */
function nodePortBlocks(protocol: ProtocolName, side: Side, wish: PlanWish): Draft[] {
  const service = wish.services.find(({cluster, type}) => cluster === side.cluster && type === 'NodePort')
  const {index, floater} = service ? behind(side, service) : {}
  const identity = floater && wish.identity(floater, protocol, 'pod')
  // A family that no node has an address of is nobody's fault.
  const nodeFamilies = familiesOfNodes(side.nodes, side.targets)
  const families = familiesOfAddresses(service?.addresses ?? [], wish)
  const reachable = families.filter(
    (family) => nodeFamilies.includes(family) || wish.families?.includes(family) === true,
  )
  return (reachable.length > 0 ? reachable : families).map((ipFamily): Draft => ({
    mode: 'nodeport',
    protocol,
    ipFamily,
    from: 'pod',
    to: undefined,
    check: 'reply',
    sources: side.sources,
    endpoints: side.targets.map((node): Endpoint => {
      const own = side.nodes[node]?.addresses.find((one) => familyOf(one) === ipFamily)
      return {
        node,
        address: service?.nodePort === undefined || own === undefined ? undefined : translate(own, side.seen),
        port: service?.nodePort ?? 0,
        ...(index === undefined ? {} : {behind: index}),
        ...(identity === undefined ? {} : {identity}),
      }
    }),
  }))
}

/** Every node to kubernetes.default, in the families that it has: most often one, whatever the pods have. */
function apiServerBlocks(protocol: ProtocolName, side: Side, wish: PlanWish): Draft[] {
  const {addresses = [], port = 443} = wish.apiServers.find(({cluster}) => cluster === side.cluster) ?? {}
  return familiesOfAddresses(addresses, {...wish, families: []}).map((ipFamily): Draft => ({
    mode: 'apiserver',
    protocol,
    ipFamily,
    from: 'pod',
    to: undefined,
    check: 'connect',
    sources: side.sources,
    endpoints: [{node: undefined, address: addresses.find((one) => familyOf(one) === ipFamily), port}],
  }))
}

/** Names and addresses of each family apart: a block is of one kind. A connection, or a reply to a ping, is all that is asked. */
function customBlocks(sources: readonly number[], protocol: ProtocolName, wish: PlanWish): Draft[] {
  if (protocol !== 'tcp' && protocol !== 'icmp') return []
  const targets: readonly CustomTarget[] =
    protocol === 'tcp'
      ? wish.customTargets.filter(({port}) => port > 0)
      : [...new Set(wish.customTargets.map(({host}) => host))].map((host) => ({host, port: 0}))
  const kindOf = ({host}: CustomTarget) => (isIP(host) === 0 ? 'name' : familyOf(host))
  return (['ipv4', 'ipv6', 'name'] as const).flatMap((ipFamily): Draft[] => {
    if (wish.ipFamily !== 'auto' && ipFamily !== 'name' && ipFamily !== wish.ipFamily) return []
    const endpoints = targets
      .filter((target) => kindOf(target) === ipFamily)
      .map(({host, port}) => ({node: undefined, address: host, port}))
    if (endpoints.length === 0) return []
    return [
      {mode: 'custom', protocol, ipFamily, from: 'pod', to: undefined, check: 'connect', sources, endpoints},
    ]
  })
}

/** Every node looks every name up, from its pod network, and from its own where a mode starts there. */
function lookupBlocks(sources: readonly number[], wish: PlanWish): Draft[] {
  if (!wish.protocols.includes('dns') || wish.lookups.length === 0) return []
  const starts = new Set<FloaterKind>(wish.modes.map((mode) => PATHS[mode].from))
  if (starts.size === 0) starts.add('pod')
  const endpoints = wish.lookups.map(({name, server}): Endpoint => ({
    node: undefined,
    address: server,
    port: 53,
    lookup: name,
  }))
  return [...starts].map((from): Draft => ({
    mode: from === 'host' ? 'node' : 'pod',
    protocol: 'dns',
    ipFamily: 'name',
    from,
    to: undefined,
    check: 'reply',
    sources,
    endpoints,
  }))
}
