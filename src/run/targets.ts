import type {Hold} from '../floater/hold.ts'
import {NODE_PORT_NAME, serviceName} from '../floater/labels.ts'
import {removeNeedless} from '../floater/left-services.ts'
import {apiServerOf, makeServices, type MadeService, type ServiceWish} from '../floater/services.ts'
import type {NodeUnderTest} from '../model/cluster.ts'
import type {Config} from '../model/config.ts'
import {UserError} from '../model/error.ts'
import type {ApiServer, ServiceUnderTest} from '../plan/wish.ts'
import type {Effects} from './effects.ts'
import type {ClearedSite} from './site.ts'

/** Chooses the nodes whose floaters are behind services. */
export type Behind = (
  cluster: string,
  candidates: readonly string[],
  type: ServiceUnderTest['type'],
) => readonly string[]

/** Targets that are no floater's own address. */
interface OtherTargets {
  readonly services: readonly ServiceUnderTest[]
  readonly apiServers: readonly ApiServer[]
}

/** What of the plan only floaters that are there can tell. */
export interface Targets extends OtherTargets {
  /** The clusters whose floaters can find the largest packet that passes. */
  readonly sizing: readonly string[]
}

/**
 * Makes the services that the modes need, each with one known floater behind it, and looks up kubernetes.default. `behind`
 * chooses among the nodes that have a floater, or among all where none has. Services of earlier runs that it does not need again
 * go. What the server refuses is said; what was not made, after an interruption as well, has no address.
 */
export async function makeTargets(
  site: ClearedSite,
  nodes: readonly NodeUnderTest[],
  behind: Behind,
  config: Config,
  hold: Pick<Hold, 'confirm'>,
  {say, signal, runId}: Effects,
): Promise<OtherTargets> {
  const {cluster, kubectl} = site
  const floaters = new Map(
    nodes.flatMap(({name, floaters: {pod}}) => (pod?.floater ? [[name, pod.floater] as const] : [])),
  )
  const candidates = floaters.size > 0 ? [...floaters.keys()] : nodes.map(({name}) => name)
  const wanted = wantedServices(config.modes, cluster.name, behind, candidates)
  const wishes = wanted.flatMap(({node, name, type}): ServiceWish[] => {
    const floater = floaters.get(node)
    return floater === undefined || signal.aborted ? [] : [{name, type, behind: floater}]
  })
  if (wishes.length > 0) await removeLeft(wishes, site, config.namespace, hold, say)
  const made = new Map((await madeOf(wishes, site, config, runId, say)).map((one) => [one.name, one]))
  const services = wanted.map(({node, name, type}): ServiceUnderTest => ({
    cluster: cluster.name,
    type,
    behind: node,
    addresses: made.get(name)?.addresses ?? [],
    port: config.port,
    nodePort: made.get(name)?.nodePort,
  }))
  if (!config.modes.includes('apiserver') || signal.aborted) return {services, apiServers: []}
  const found = await apiServerOf(kubectl)
  if (!('cause' in found)) return {services, apiServers: [{cluster: cluster.name, ...found}]}
  say(`Where kubernetes.default is could not be read: ${found.cause}.`)
  return {services, apiServers: []}
}

/** Before others are made, as a namespace may have room for so many; not where another run has the floaters by now. */
async function removeLeft(
  wishes: readonly ServiceWish[],
  {kubectl, clearance}: ClearedSite,
  namespace: string,
  hold: Pick<Hold, 'confirm'>,
  say: Effects['say'],
): Promise<void> {
  const needed = new Set(wishes.map(({name}) => name))
  const left = clearance.leftServices.filter((name) => !needed.has(name))
  if (left.length === 0 || !(await hold.confirm())) return
  const cause = await removeNeedless(kubectl, namespace, left, clearance.facts.version)
  if (cause !== undefined) say(`Services that earlier runs have left could not be removed: ${cause}.`)
}

async function madeOf(
  wishes: readonly ServiceWish[],
  {kubectl, clearance}: ClearedSite,
  config: Config,
  runId: string,
  say: Effects['say'],
): Promise<readonly MadeService[]> {
  if (wishes.length === 0) return []
  try {
    return await makeServices(kubectl, wishes, config, runId, clearance.facts.version)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    say(error.message)
    return []
  }
}

/** What would be there after a deployment: as many, without the addresses that only making them tells. */
export function targetsToCome(
  nodes: readonly NodeUnderTest[],
  behind: Behind,
  {clusters, modes, port}: Config,
): Targets {
  const services = clusters.flatMap(({name: cluster}) => {
    const candidates = nodes.filter((node) => node.cluster === cluster).map(({name}) => name)
    return wantedServices(modes, cluster, behind, candidates).map(({node, type}): ServiceUnderTest => ({
      cluster,
      type,
      behind: node,
      addresses: [],
      port,
      nodePort: undefined,
    }))
  })
  return {services, apiServers: [], sizing: []}
}

interface WantedService {
  readonly node: string
  readonly name: string
  readonly type: ServiceUnderTest['type']
}

/** The port of a node needs one floater that is there, or the very one that a resume names. */
function wantedServices(
  modes: Config['modes'],
  cluster: string,
  behind: Behind,
  candidates: readonly string[],
): WantedService[] {
  const gates = behind(cluster, candidates, 'NodePort')
  const gate = gates.find((node) => candidates.includes(node)) ?? gates[0] ?? candidates[0]
  return [
    ...(modes.includes('service')
      ? behind(cluster, candidates, 'ClusterIP').map((node): WantedService => ({
          node,
          name: serviceName(node),
          type: 'ClusterIP',
        }))
      : []),
    ...(modes.includes('nodeport') && gate !== undefined
      ? [{node: gate, name: NODE_PORT_NAME, type: 'NodePort' as const}]
      : []),
  ]
}
