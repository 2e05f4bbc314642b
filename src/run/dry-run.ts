import {NODE_PORT_NAME, SERVICE_PREFIX} from '../floater/labels.ts'
import type {Config} from '../model/config.ts'
import {UserError} from '../model/error.ts'
import {idleness} from '../plan/modes.ts'
import {describePermission} from '../preflight/permissions.ts'
import {examine, type Examination} from '../preflight/preflight.ts'
import {sourcesOf} from '../plan/plan.ts'
import {count, duration} from '../text/wording.ts'
import type {Effects} from './effects.ts'
import {heldBack, probingSeconds, sourcesAtOnce} from './estimate.ts'
import {checkScope} from './scope.ts'
import {all, locate, nodesToCome, preflightInput, refuseTwins, type Site} from './site.ts'
import {targetsToCome} from './targets.ts'

export interface DryRun {
  readonly lines: readonly string[]
  /** A check would come to probe. */
  readonly possible: boolean
}

/** What a check would do, and whether it could. Creates nothing. */
export async function dryRun(config: Config, effects: Effects): Promise<DryRun> {
  const idle = idleness(config)
  if (idle !== undefined) throw new UserError(2, idle)
  const sites = await locate(config, effects)
  const examined = all(
    await Promise.allSettled(
      sites.map(async (site) => {
        const clearance = await examine(site.kubectl, preflightInput(site, config, effects))
        return {...site, clearance}
      }),
    ),
  )
  refuseTwins(examined)
  const scope = await checkScope(config, examined)
  const nodes = nodesToCome(examined)
  const plan = scope.plan(nodes, targetsToCome(nodes, scope.behind, config))
  const maxNum = config.maxNum ?? sourcesAtOnce(effects.cores)
  const seconds = probingSeconds(plan, maxNum, effects.cores)
  const held = config.maxNum === undefined ? undefined : heldBack(plan, maxNum, effects.cores)
  const isClear = examined.every(
    ({clearance: {problems, nodes}}) => problems.length === 0 && nodes.length > 0,
  )
  const possible = isClear && plan.size > 0
  return {
    possible,
    lines: [
      ...examined.flatMap((site) => describeSite(site, config)),
      `Probes: ${count(plan.size, 'probe')} from ${count(new Set(sourcesOf(plan).map(({node}) => node)).size, 'node')}${config.ipFamily === 'auto' ? ', for the IP families of the nodes; where the pods have others, as many more or less' : ''}${config.mtu && config.protocols.includes('icmp') ? '; where the image’s ping is that of iputils, as many more as there are pings between nodes' : ''}.`,
      ...scope.partial.map((part) => `Partial: ${part}.`),
      `Probing takes about ${duration(Math.max(1, seconds) * 1000)} where everything answers; a node that does not answer adds some seconds. Floaters may take up to ${config.podWaitTime} s to be ready.`,
      ...(held === undefined ? [] : [held]),
      possible
        ? 'Nothing was created. A check would go ahead.'
        : 'Nothing was created. A check would stop before it creates anything.',
    ],
  }
}

function describeSite(
  {cluster, destination, image, manifests, clearance}: Site & {readonly clearance: Examination},
  {namespace, clusters, modes}: Config,
): string[] {
  const {facts, nodes, namespaceExists, permissions, problems, warnings, notCovered} = clearance
  const name = clusters.length > 1 ? `Cluster ${cluster.name}: ` : ''
  return [
    `${name}context ${destination.context}, server ${destination.server}, Kubernetes ${facts.version}, ${count(nodes.length, 'node')}`,
    '  would create:',
    ...(namespaceExists ? [] : [`    namespace/${namespace}`]),
    ...manifests.map(
      ({daemonSet}) =>
        `    daemonset.apps/${daemonSet.metadata.name} in namespace ${namespace}: ${count(nodes.length, 'pod')} of ${image}`,
    ),
    ...(modes.includes('service')
      ? [
          `    ${count(Math.min(nodes.length, 2), 'service')} service/${SERVICE_PREFIX}…, each with an EndpointSlice`,
        ]
      : []),
    ...(modes.includes('nodeport') ? [`    service/${NODE_PORT_NAME}, with an EndpointSlice`] : []),
    '  needs these permissions:',
    ...permissions.map(
      ({permission, granted}) =>
        `    ${granted ? 'yes' : permission.optional ? 'no ' : 'NO '}  ${describePermission(permission)}${permission.optional ? ' (optional)' : ''}`,
    ),
    ...notCovered.map(({node, cause}) => `  not covered: ${node}: ${cause}`),
    ...warnings.map((warning) => `  warning: ${warning}`),
    ...problems.map((problem) => `  problem: ${problem}`),
    '',
  ]
}
