import type {Finding} from '../model/finding.ts'
import {printable} from '../text/printable.ts'
import {reasonsOf} from './evidence.ts'
import type {Lane} from './lanes.ts'
import {isDropped, isForbidden, isHeeded, type Limit} from './limits.ts'
import {joined, percent} from './names.ts'
import {close, type Observations} from './observations.ts'
import {placeOf} from './phrases.ts'
import {added, works, type Counts} from './shares.ts'
import type {Suspicion} from './suspicion.ts'

const DIRECTIONS = {ingress: 'inbound', egress: 'outbound', both: 'both'} as const
const WORDS = {ingress: 'ingress', egress: 'egress', both: 'ingress and egress'} as const

/**
 * What NetworkPolicies forbid and nothing of which gets through: by cluster. Nothing where the nodes do not reach each other
 * either, or floaters do not even answer themselves: no policy does that.
 */
export function policyFaults(observations: Observations, limits: readonly Limit[]): Suspicion[] {
  const held = limits.filter(isHeeded)
  return [...new Set(held.map(({cluster}) => cluster))]
    .filter((cluster) => {
      const {failed, measured} = hostsOf(observations, cluster)
      return (measured === 0 || failed * 2 < measured) && answersAtHome(observations, cluster)
    })
    .flatMap((cluster) =>
      faultIn(
        observations,
        cluster,
        held.filter((one) => one.cluster === cluster),
      ),
    )
}

/** What the nodes of a cluster ask each other at their own addresses. */
function hostsOf(observations: Observations, cluster: string): Counts {
  return counted(observations, (lane) => lane.block.mode === 'node' && isInside(lane, cluster))
}

function isInside({leads, from, to}: Lane, cluster: string): boolean {
  return leads === 'between' && from === cluster && to === cluster
}

/** What crosses the network on some lanes. */
function counted(
  {lanes, nodes, first}: Observations,
  counts: (lane: Lane, index: number) => boolean,
): Counts {
  let [failed, measured] = [0, 0]
  for (const [index, lane] of lanes.entries()) {
    if (!counts(lane, index)) continue
    for (let at = index * nodes; at < (index + 1) * nodes; at++) {
      failed += first.failed.out[at] ?? 0
      measured += first.measured.out[at] ?? 0
    }
  }
  return {failed, measured}
}

/** Whether most floaters reach themselves, as far as that was asked. */
function answersAtHome({issues, lanes, run}: Observations, cluster: string): boolean {
  const deaf = new Set<number>()
  for (let i = 0; i < issues.size; i++) {
    const {block, from, leads} = lanes[issues.lane[i] ?? 0] ?? {}
    if (issues.open[i] !== 2 || from !== cluster || leads !== 'between' || block?.to === 'neighbour') continue
    if (run.results.status[issues.probe[i] ?? 0] === 2) deaf.add(issues.source[i] ?? 0)
  }
  return deaf.size * 2 <= run.plan.nodes.filter((node) => node.cluster === cluster).length
}

function faultIn(observations: Observations, cluster: string, limits: readonly Limit[]): Suspicion[] {
  const {issues, lanes, run} = observations
  const forbidden = new Set([...lanes.keys()].filter((lane) => limits.some((one) => isForbidden(one, lane))))
  // Where the rest between pods gets lost as well, it is not for being forbidden.
  const drops = limits[0]?.drops ?? []
  const rest = drops.filter((_, index) => {
    const lane = lanes[index]
    if (lane === undefined || forbidden.has(index) || !isInside(lane, cluster)) return false
    return lane.block.mode !== 'node' && lane.block.to !== 'neighbour'
  })
  if (added(rest).measured > 0 && !works(added(rest))) return []
  const probes: number[] = []
  const taken = new Set<number>()
  for (let i = 0; i < issues.size; i++) {
    const lane = issues.lane[i] ?? 0
    if (!forbidden.has(lane) || !isDropped(observations, i)) continue
    taken.add(lane)
    probes.push(close(observations, i))
  }
  if (probes.length === 0) return []
  const several = (run.clusters ?? []).length > 1
  const way = limits.length > 1 ? 'both' : (limits[0]?.way ?? 'ingress')
  const {failed, measured} = added(
    [...forbidden].map((lane) => limits.find((one) => isForbidden(one, lane))?.drops[lane]),
  )
  const names = [...new Set(limits.flatMap(({policies}) => policies))]
  const verb = names.length > 1 ? 'forbid' : 'forbids'
  const whoForbids = `${names.length > 1 ? 'they' : 'it'} ${verb}`
  const beside = works(hostsOf(observations, cluster)) ? '; the host network works' : ''
  const what = whatFails(observations, cluster, taken, several ? ` of cluster ${printable(cluster)}` : '')
  const finding: Omit<Finding, 'explains'> = {
    kind: 'network-policy',
    subjects: several ? [{kind: 'cluster', cluster}] : [],
    direction: DIRECTIONS[way],
    layer: 'pod network',
    against: measured - failed,
    sentence: `${what}: ${policiesCalled(run.namespace, names)} ${verb} it (${WORDS[way]})${beside}`,
    evidence: [
      ...reasonsOf(run, probes),
      failed === measured
        ? `nothing that ${whoForbids} gets through`
        : `${percent(failed, measured)} of what ${whoForbids} fails`,
      'a pod network that is broken besides, or another rule, would look the same',
    ],
  }
  return [{finding, probes}]
}

/** `nothing gets through between floaters in the pod network (overlay)`, `UDP from nodes to pods does not get through`: lost or refused. */
function whatFails(
  observations: Observations,
  cluster: string,
  taken: ReadonlySet<number>,
  within: string,
): string {
  const {lanes} = observations
  const between = lanes.filter(({leads}, lane) => taken.has(lane) && leads === 'between')
  const modes = new Set(between.map(({block}) => block.mode))
  if (modes.size === 0) return `what floaters${within} ask of others gets no answer`
  const [only = 'pod'] = modes
  const path =
    modes.size > 1 || only === 'pod'
      ? `between floaters${within} ${placeOf({layer: 'pod network'})}`
      : `${placeOf({layer: 'pod network', mode: only})}${within}`
  const protocols = new Set(between.map(({block}) => block.protocol))
  const isOther = (lane: Lane) =>
    isInside(lane, cluster) && modes.has(lane.block.mode) && !protocols.has(lane.block.protocol)
  if (!lanes.some(isOther)) return `nothing gets through ${path}`
  const rest = works(counted(observations, isOther)) ? ', the rest arrives' : ''
  const named = joined([...protocols].map((one) => one.toUpperCase()))
  return `${named} ${path} ${protocols.size > 1 ? 'do' : 'does'} not get through${rest}`
}

/** More than these are no list to read. */
const MOST_NAMES = 3

/** `NetworkPolicy netcheck/deny-all`. */
export function policiesCalled(namespace: string | undefined, names: readonly string[]): string {
  const full = names.map((name) => printable(namespace === undefined ? name : `${namespace}/${name}`))
  const shown =
    full.length > MOST_NAMES
      ? `${full.slice(0, MOST_NAMES - 1).join(', ')} and ${full.length - MOST_NAMES + 1} more`
      : joined(full)
  return `NetworkPolic${full.length > 1 ? 'ies' : 'y'} ${shown}`
}
