import {familyOf} from '../address/address.ts'
import {translate} from '../address/cidr.ts'
import type {Floater} from '../model/cluster.ts'
import type {Endpoint, ProtocolName} from '../model/plan.ts'
import {familiesOfAddresses, familiesOfNodePorts} from './families.ts'
import type {Draft} from './plan.ts'
import type {PlanWish, ServiceUnderTest, Side} from './wish.ts'

function behind({nodes}: Side, service: ServiceUnderTest): {index: number; floater: Floater | undefined} {
  const index = nodes.findIndex(({cluster, name}) => cluster === service.cluster && name === service.behind)
  return {index, floater: nodes[index]?.floaters.pod?.floater}
}

/**
 * Every node to each of the cluster's services of ours. The node of the floater behind it is left out, where a packet
 * comes back to the node it left (a hairpin), unless same-node rows are wanted or it is the only node.
 */
export function serviceBlocks(protocol: ProtocolName, side: Side, wish: PlanWish): Draft[] {
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
export function nodePortBlocks(protocol: ProtocolName, side: Side, wish: PlanWish): Draft[] {
  const service = wish.services.find(({cluster, type}) => cluster === side.cluster && type === 'NodePort')
  const {index, floater} = service ? behind(side, service) : {}
  const identity = floater && wish.identity(floater, protocol, 'pod')
  return familiesOfNodePorts(service?.addresses ?? [], side, wish).map((ipFamily): Draft => ({
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
export function apiServerBlocks(protocol: ProtocolName, side: Side, wish: PlanWish): Draft[] {
  const {addresses = [], port = 443} = wish.apiServers.find(({cluster}) => cluster === side.cluster) ?? {}
  const families = wish.apiServerFamilies ?? []
  return familiesOfAddresses(addresses, {...wish, families}).map((ipFamily): Draft => ({
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
