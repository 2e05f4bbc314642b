import {apiServerOf, makeServices, type ServiceWish} from '../floater/services.ts'
import type {Floater, NodeUnderTest} from '../model/cluster.ts'
import type {Config} from '../model/config.ts'
import type {ApiServer, ServiceUnderTest} from '../plan/full.ts'
import type {Effects} from './effects.ts'
import type {ClearedSite} from './site.ts'

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
  behind: (cluster: string, candidates: readonly string[]) => readonly string[],
  config: Config,
  runId: string,
  {say}: Effects,
): Promise<Targets> {
  const {cluster, kubectl, clearance} = site
  const wantsServices = config.modes.includes('service')
  const wantsNodePort = config.modes.includes('nodeport')
  const floaters = new Map(
    nodes.flatMap(({name, floaters: {pod}}) => (pod?.floater ? [[name, pod.floater] as const] : [])),
  )
  const chosen = behind(cluster.name, [...floaters.keys()])
  const wishes = serviceWishes(chosen, floaters, wantsServices, wantsNodePort)
  const made =
    wishes.length === 0
      ? []
      : await makeServices(kubectl, wishes, config, runId, hasSlices(clearance.facts.version))
  const madeFor = (node: string, type: ServiceWish['type']) => {
    const wish = wishes.find((one) => one.behind.node === node && one.type === type)
    return made.find(({name}) => name === wish?.name)
  }
  const services = [
    ...(wantsServices ? chosen.map((node) => ({node, type: 'ClusterIP' as const})) : []),
    ...(wantsNodePort ? chosen.slice(0, 1).map((node) => ({node, type: 'NodePort' as const})) : []),
  ].map(({node, type}): ServiceUnderTest => {
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

function serviceWishes(
  chosen: readonly string[],
  floaters: ReadonlyMap<string, Floater>,
  services: boolean,
  nodePort: boolean,
): ServiceWish[] {
  const known = chosen.flatMap((name) => floaters.get(name) ?? [])
  const first = floaters.get(chosen[0] ?? '')
  return [
    ...(services
      ? known.map((behind, index): ServiceWish => ({
          name: `netdoctor-service-${index + 1}`,
          type: 'ClusterIP',
          behind,
        }))
      : []),
    ...(nodePort && first ? [{name: 'netdoctor-nodeport', type: 'NodePort' as const, behind: first}] : []),
  ]
}

/** discovery.k8s.io/v1 came with Kubernetes 1.21. */
function hasSlices(version: string): boolean {
  return Number(/^v?1\.(\d+)/.exec(version)?.[1] ?? 99) >= 21
}
