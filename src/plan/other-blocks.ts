import {isIP} from 'node:net'
import {familyOf} from '../address/address.ts'
import type {FloaterKind} from '../model/cluster.ts'
import type {CustomTarget} from '../model/config.ts'
import type {Endpoint, ProtocolName} from '../model/plan.ts'
import {PATHS} from './modes.ts'
import type {Draft} from './plan.ts'
import type {PlanWish} from './wish.ts'

/** Names and addresses of each family apart: a block is of one kind. A connection, or a reply to a ping, is all that is asked. */
export function customBlocks(sources: readonly number[], protocol: ProtocolName, wish: PlanWish): Draft[] {
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
    return [
      {mode: 'custom', protocol, ipFamily, from: 'pod', to: undefined, check: 'connect', sources, endpoints},
    ]
  })
}

/** Every node looks every name up, from its pod network, and from its own where a mode starts there. */
export function lookupBlocks(sources: readonly number[], wish: PlanWish): Draft[] {
  if (!wish.protocols.includes('dns')) return []
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
