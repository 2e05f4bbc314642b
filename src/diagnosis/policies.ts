import type {Finding} from '../model/finding.ts'
import {printable} from '../text/printable.ts'
import {reasonsOf} from './evidence.ts'
import {isDropped, type Limit} from './limits.ts'
import {joined, percent} from './names.ts'
import {close, type Observations} from './observations.ts'
import {placeOf} from './phrases.ts'
import type {Suspicion} from './suspicion.ts'

const DIRECTIONS = {ingress: 'inbound', egress: 'outbound', both: 'both'} as const
const WORDS = {ingress: 'ingress', egress: 'egress', both: 'ingress and egress'} as const

/**
 * What NetworkPolicies forbid and nothing of which gets through: by cluster. Nothing where the nodes do not reach each other
 * either, or floaters do not even answer themselves: no policy does that.
 */
export function policyFaults(observations: Observations, limits: readonly Limit[]): Suspicion[] {
  const held = limits.filter(({isHeeded}) => isHeeded)
  return [...new Set(held.map(({cluster}) => cluster))]
    .filter(
      (cluster) => (hostsFailing(observations, cluster) ?? 0) < 0.5 && answersAtHome(observations, cluster),
    )
    .flatMap((cluster) =>
      faultIn(
        observations,
        cluster,
        held.filter((one) => one.cluster === cluster),
      ),
    )
}

/** Which share of what its nodes ask each other at their own addresses fails; undefined where nothing was asked. */
function hostsFailing({lanes, nodes, first}: Observations, cluster: string): number | undefined {
  let [failed, measured] = [0, 0]
  for (const [index, {block, from, to}] of lanes.entries()) {
    if (block.mode !== 'node' || block.to === undefined || from !== cluster || to !== cluster) continue
    for (let at = index * nodes; at < (index + 1) * nodes; at++) {
      failed += first.failed.out[at] ?? 0
      measured += first.measured.out[at] ?? 0
    }
  }
  return measured === 0 ? undefined : failed / measured
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
  const isForbidden = lanes.map((_, lane) =>
    limits.some(({bars}) => bars[lane] === 'shut' || bars[lane] === 'barred'),
  )
  if (isBrokenBeside(observations, isForbidden)) return []
  const probes: number[] = []
  const taken = new Set<number>()
  for (let i = 0; i < issues.size; i++) {
    const lane = issues.lane[i] ?? 0
    if (isForbidden[lane] !== true || !isDropped(observations, i)) continue
    taken.add(lane)
    probes.push(close(observations, i))
  }
  if (probes.length === 0) return []
  const several = (run.clusters ?? []).length > 1
  const way = limits.length > 1 ? 'both' : (limits[0]?.way ?? 'ingress')
  const [failed, measured] = [sum(limits, 'failed'), sum(limits, 'measured')]
  const names = [...new Set(limits.flatMap(({policies}) => policies))]
  const beside = (hostsFailing(observations, cluster) ?? 1) <= 0.2 ? '; the host network works' : ''
  const what = whatFails(observations, taken, several ? ` of cluster ${printable(cluster)}` : '')
  const finding: Omit<Finding, 'explains'> = {
    kind: 'network-policy',
    subjects: several ? [{kind: 'cluster', cluster}] : [],
    direction: DIRECTIONS[way],
    layer: 'pod network',
    against: measured - failed,
    sentence: `${what}: ${policiesCalled(run.namespace, names)} ${names.length > 1 ? 'forbid' : 'forbids'} it (${WORDS[way]})${beside}`,
    evidence: [
      ...reasonsOf(run, probes),
      failed === measured
        ? 'nothing gets through that is forbidden'
        : `${percent(failed, measured)} of what is forbidden fails`,
      'a pod network that is broken besides would look the same',
    ],
  }
  return [{finding, probes}]
}

/** What is forbidden fails, and so does the rest between pods: then it is not for being forbidden. */
function isBrokenBeside({lanes, nodes, first}: Observations, isForbidden: readonly boolean[]): boolean {
  let [failed, measured] = [0, 0]
  for (const [index, {block, leads}] of lanes.entries()) {
    if (isForbidden[index] === true || leads !== 'between' || block.mode === 'node') continue
    for (let at = index * nodes; at < (index + 1) * nodes; at++) {
      failed += first.failed.out[at] ?? 0
      measured += first.measured.out[at] ?? 0
    }
  }
  return failed > measured * 0.8
}

function sum(limits: readonly Limit[], what: 'failed' | 'measured'): number {
  return limits.reduce((total, {proof}) => total + proof[what], 0)
}

/** `nothing gets through between floaters in the pod network (overlay)`, `UDP from nodes to pods gets lost`. */
function whatFails({lanes}: Observations, taken: ReadonlySet<number>, within: string): string {
  const blocks = lanes.filter((_, lane) => taken.has(lane))
  const between = blocks.filter(({leads}) => leads === 'between').map(({block}) => block)
  const modes = new Set(between.map(({mode}) => mode))
  if (modes.size === 0) return `what floaters${within} ask of others gets no answer`
  const [only = 'pod'] = modes
  const path =
    modes.size > 1 || only === 'pod'
      ? `between floaters${within} ${placeOf({layer: 'pod network'})}`
      : `${placeOf({layer: 'pod network', mode: only})}${within}`
  const asked = lanes.filter(({block, leads}) => leads === 'between' && modes.has(block.mode))
  const protocols = new Set(between.map(({protocol}) => protocol))
  return asked.every(({block}) => protocols.has(block.protocol))
    ? `nothing gets through ${path}`
    : `${joined([...protocols].map((one) => one.toUpperCase()))} ${path} gets lost, the rest arrives`
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
