import {apiServerOf, makeServices, type ServiceWish} from '../floater/services.ts'
import type {Floater, NodeUnderTest} from '../model/cluster.ts'
import type {Config} from '../model/config.ts'
import type {ApiServer, ServiceUnderTest} from '../plan/full.ts'
import type {Effects} from './effects.ts'
import type {ClearedSite} from './site.ts'

/** Chooses the nodes whose floaters are behind services. */
export type Behind = (cluster: string, candidates: readonly string[]) => readonly string[]

/** Targets that are no floater's own address. */
export interface Targets {
  readonly services: readonly ServiceUnderTest[]
  readonly apiServers: readonly ApiServer[]
}

/**
 * Makes the services that the modes need, each with one known floater behind it, and looks up kubernetes.default. `behind`
 * chooses among the nodes that have a floater. What the server refuses is said, and its probes have no address.
 */
export async function makeTargets(
  site: ClearedSite,
  nodes: readonly NodeUnderTest[],
  behind: Behind,
  config: Config,
  runId: string,
  {say}: Effects,
): Promise<Targets> {
  const {cluster, kubectl, clearance} = site
  const floaters = new Map(
    nodes.flatMap(({name, floaters: {pod}}) => (pod?.floater ? [[name, pod.floater] as const] : [])),
  )
  const chosen = behind(cluster.name, [...floaters.keys()])
  const wishes = wantedServices(config.modes, chosen).flatMap(({node, type}) =>
    wishFor(type, floaters.get(node), chosen.indexOf(node)),
  )
  const made =
    wishes.length === 0
      ? []
      : await makeServices(kubectl, wishes, config, runId, hasSlices(clearance.facts.version))
  const madeFor = (node: string, type: ServiceWish['type']) => {
    const wish = wishes.find((one) => one.behind.node === node && one.type === type)
    return made.find(({name}) => name === wish?.name)
  }
  const services = wantedServices(config.modes, chosen).map(({node, type}): ServiceUnderTest => {
    const service = madeFor(node, type)
    return {
      cluster: cluster.name,
      type,
      behind: node,
      addresses: service?.addresses ?? [],
      port: config.port,
      nodePort: service?.nodePort,
    }
  })
  const apiServers: ApiServer[] = []
  if (config.modes.includes('apiserver')) {
    const found = await apiServerOf(kubectl)
    if ('cause' in found) say(`Where kubernetes.default is could not be read: ${found.cause}.`)
    else apiServers.push({cluster: cluster.name, ...found})
  }
  return {services, apiServers}
}

/** What would be there after a deployment: as many, without the addresses that only making them tells. */
export function targetsToCome(
  nodes: readonly NodeUnderTest[],
  behind: Behind,
  {clusters, modes, port}: Config,
): Targets {
  const services = clusters.flatMap(({name: cluster}) => {
    const candidates = nodes.filter((node) => node.cluster === cluster).map(({name}) => name)
    return wantedServices(modes, behind(cluster, candidates)).map(({node, type}): ServiceUnderTest => ({
      cluster,
      type,
      behind: node,
      addresses: [],
      port,
      nodePort: undefined,
    }))
  })
  return {services, apiServers: []}
}

function wantedServices(
  modes: Config['modes'],
  behind: readonly string[],
): {readonly node: string; readonly type: ServiceUnderTest['type']}[] {
  return [
    ...(modes.includes('service') ? behind.map((node) => ({node, type: 'ClusterIP' as const})) : []),
    ...(modes.includes('nodeport')
      ? behind.slice(0, 1).map((node) => ({node, type: 'NodePort' as const}))
      : []),
  ]
}

function wishFor(type: ServiceWish['type'], behind: Floater | undefined, index: number): ServiceWish[] {
  if (behind === undefined) return []
  return [{name: type === 'NodePort' ? 'netdoctor-nodeport' : `netdoctor-service-${index + 1}`, type, behind}]
}

/** discovery.k8s.io/v1 came with Kubernetes 1.21. */
function hasSlices(version: string): boolean {
  return Number(/^v?1\.(\d+)/.exec(version)?.[1] ?? 99) >= 21
}
