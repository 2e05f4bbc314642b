import {normalise} from '../../src/config/normalise.ts'
import type {CidrMapping, Config} from '../../src/model/config.ts'
import type {NodeUnderTest} from '../../src/model/cluster.ts'
import type {Plan, Probe} from '../../src/model/plan.ts'
import {fullPlan} from '../../src/plan/full.ts'
import type {PlanWish} from '../../src/plan/wish.ts'

/** A config that sets nothing. */
export const DEFAULTS: Config = normalise({}, {home: '/home/ann', identity: {}})

/** Pod to pod over TCP in one cluster, "src", unless told otherwise. */
export function wishFor(changes: Partial<PlanWish> = {}): PlanWish {
  return {
    clusters: [clusterNamed('src')],
    intra: false,
    modes: ['pod'],
    protocols: ['tcp'],
    ipFamily: 'auto',
    customTargets: [],
    lookups: [],
    port: 8889,
    sameNode: false,
    mtu: false,
    identity: () => undefined,
    services: [],
    apiServers: [],
    sizing: ['src'],
    ...changes,
  }
}

export function clusterNamed(name: string, ...cidrMap: CidrMapping[]): PlanWish['clusters'][number] {
  return {name, connection: {}, imageRepository: 'registry.example', cidrMap}
}

export function planOf(nodes: readonly NodeUnderTest[], changes: Partial<PlanWish> = {}): Plan {
  return fullPlan(nodes, wishFor(changes))
}

/** `src/a -> dst/b`; a custom target is its host and port. Clusters are named where there are several. */
export function pairOf({nodes}: Plan, {source, endpoint}: Probe): string {
  const several = new Set(nodes.map(({cluster}) => cluster)).size > 1
  const nameOf = (index: number) => {
    const {cluster = '', name = ''} = nodes[index] ?? {}
    return several ? `${cluster}/${name}` : name
  }
  const target =
    endpoint.node === undefined ? `${endpoint.address ?? ''}:${endpoint.port}` : nameOf(endpoint.node)
  return `${nameOf(source)} -> ${target}`
}
