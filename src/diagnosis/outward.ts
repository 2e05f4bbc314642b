import type {Subject} from '../model/finding.ts'
import type {Plan, Probe} from '../model/plan.ts'
import {foreignName} from '../plan/modes.ts'
import {probesOf} from '../plan/plan.ts'
import {hostAndPort} from '../address/address.ts'
import {printable} from '../text/printable.ts'
import {reasonsOf} from './evidence.ts'
import {elsewhere, facilityOf, nowhere, type Facility} from './facilities.ts'
import {namesOf, percent} from './names.ts'
import {close, troubleAt, type Observations} from './observations.ts'
import {failsOutside} from './shares.ts'
import type {Suspicion} from './suspicion.ts'

/** Probes of one target, of one source, or of all; what failed as indexes of issues. */
interface Asked {
  readonly failed: number[]
  measured: number
}

/** What is left of probes to services, name servers, the API server and targets: everywhere, of one target, from one node. */
export function outwardFaults(observations: Observations): Suspicion[] {
  const {issues, lanes, run} = observations
  const facilities = lanes.map(({block, leads}) => (leads === 'outward' ? facilityOf(block) : undefined))
  const failing = new Map<number, number>()
  for (let i = 0; i < issues.size; i++)
    if (issues.open[i] !== 0 && troubleAt(issues, i) !== 'lossy' && facilities[issues.lane[i] ?? 0])
      failing.set(issues.probe[i] ?? 0, i)
  if (failing.size === 0) return []
  const laneOf = new Map(lanes.map(({block}, index) => [block, index]))
  const seen = new Map<Facility, Seen>()
  for (const probe of probesOf(run.plan)) {
    const facility = facilities[laneOf.get(probe.block) ?? -1]
    if (facility === undefined || run.results.status[probe.id] === 0) continue
    const issue = failing.get(probe.id)
    // What a break between nodes explains says neither that it works nor that it does not.
    if (issue === undefined && run.results.status[probe.id] === 2) continue
    const known = seen.get(facility) ?? {all: asked(), sources: new Map(), targets: new Map()}
    seen.set(facility, known)
    const source = at(known.sources, probe.source)
    const network = at(source.networks, probe.block.from === 'host' ? 'host network' : 'pods')
    for (const one of [known.all, source, network, at(known.targets, keyOf(probe))]) {
      one.measured++
      one.probe ??= probe
      if (issue !== undefined) one.failed.push(issue)
    }
  }
  return [...seen].flatMap(([facility, what]) => faultsOf(observations, facility, what))
}

interface Seen {
  readonly all: Sample
  readonly sources: Map<number, Sample>
  readonly targets: Map<string, Sample>
}

interface Sample extends Asked {
  /** One of them. */
  probe?: Probe
  /** What one source asked from either network. */
  readonly networks: Map<'pods' | 'host network', Sample>
}

function faultsOf(
  observations: Observations,
  facility: Facility,
  {all, sources, targets}: Seen,
): Suspicion[] {
  const {issues, run} = observations
  const nameOf = namesOf(run.plan)
  const several = (run.clusters ?? []).length > 1
  const take = ({failed, measured}: Asked, subjects: readonly Subject[], sentence: string): Suspicion[] => {
    const left = failed.filter((index) => issues.open[index] !== 0)
    if (left.length === 0) return []
    const probes = left.map((index) => close(observations, index))
    const against = measured - failed.length
    const {kind, layer} = facility
    return [{finding: {kind, subjects, layer, against, sentence, evidence: reasonsOf(run, probes)}, probes}]
  }
  if (isNearlyAll(all) && sources.size > 1 && (targets.size > 1 || facility.kind !== 'target'))
    return take(all, [], nowhere(facility))
  const ofClusters = [...byCluster(run.plan, sources)].flatMap(([cluster, own]) => {
    const within = several ? ` of cluster ${printable(cluster)}` : ''
    const subjects: Subject[] = several ? [{kind: 'cluster', cluster}] : []
    const asked = together([...own.values()])
    if (several && facility.kind !== 'target' && own.size > 1 && isNearlyAll(asked))
      return take(asked, subjects, nowhere(facility, within))
    const but = facility.kind === 'dns' ? allButOne(own) : undefined
    if (but === undefined) return []
    const from = but.networks > 1 ? `the pods of any node${within}` : `any node${within}`
    return take(but.asked, subjects, `DNS does not work from ${from} but ${nameOf(but.node)}`)
  })
  const ofTargets = [...targets.values()].flatMap((sample) => {
    const {probe} = sample
    if (probe === undefined || !isNearlyAll(sample) || sample.measured < 2) return []
    const {node} = probe.endpoint
    if (node === undefined) {
      const target = targetName(probe)
      return take(sample, [{kind: 'target', target}], `${unreached(probe, target)} from any node`)
    }
    const what =
      facility.kind === 'nodeport'
        ? `the NodePort of ${nameOf(node)}`
        : `the service in front of ${nameOf(node)}`
    return take(sample, [{kind: 'node', node}], `${what} cannot be reached from any node`)
  })
  const ofSources = [...sources].flatMap(([node, sample]) => {
    const left = sample.failed.filter((index) => issues.open[index] !== 0)
    const [part, ...others] = [...sample.networks].filter(([, {failed}]) => failed.length > 0)
    if (part !== undefined && others.length === 0 && sample.networks.size > 1 && isNearlyAll(part[1]))
      return take(part[1], [{kind: 'node', node}], elsewhere(facility, `the ${part[0]} of ${nameOf(node)}`))
    const sentence =
      failsOutside({failed: left.length, measured: sample.measured}) && sources.size > 1
        ? elsewhere(facility, nameOf(node))
        : `${left.length === sample.measured ? 'all' : percent(left.length, sample.measured)} of what ${nameOf(node)} asks of ${facility.called} fails`
    return take(sample, [{kind: 'node', node}], sentence)
  })
  return [...ofClusters, ...ofTargets, ...ofSources]
}

/** Each cluster has its own name servers and services. */
function byCluster(
  {nodes}: Plan,
  sources: ReadonlyMap<number, Sample>,
): ReadonlyMap<string, ReadonlyMap<number, Sample>> {
  const clusters = new Map<string, Map<number, Sample>>()
  for (const [node, sample] of sources) {
    const cluster = nodes[node]?.cluster ?? ''
    const own = clusters.get(cluster) ?? new Map<number, Sample>()
    clusters.set(cluster, own.set(node, sample))
  }
  return clusters
}

function together(samples: readonly Asked[]): Asked {
  return {
    failed: samples.flatMap(({failed}) => failed),
    measured: samples.reduce((sum, {measured}) => sum + measured, 0),
  }
}

/** Pods of all nodes but one, where names are resolved: as of a name server that is there, and that others do not reach. */
function allButOne(
  sources: ReadonlyMap<number, Sample>,
): {readonly node: number; readonly networks: number; readonly asked: Asked} | undefined {
  const pods = [...sources].flatMap(([node, {networks}]) => {
    const sample = networks.get('pods')
    return sample === undefined ? [] : [{node, sample}]
  })
  const [well] = pods.filter(({sample}) => sample.failed.length === 0)
  const failing = pods.filter(({sample}) => isNearlyAll(sample))
  const isElsewhereToo = [...sources.values()].some(
    ({networks}) => (networks.get('host network')?.failed.length ?? 0) > 0,
  )
  if (well === undefined || failing.length < 2 || isElsewhereToo) return undefined
  if (failing.length < pods.length - 1) return undefined
  return {
    node: well.node,
    networks: new Set([...sources.values()].flatMap(({networks}) => [...networks.keys()])).size,
    asked: {
      failed: together(failing.map(({sample}) => sample)).failed,
      measured: together(pods.map(({sample}) => sample)).measured,
    },
  }
}

function isNearlyAll({failed, measured}: Asked): boolean {
  return failsOutside({failed: failed.length, measured})
}

function unreached({endpoint}: Probe, target: string): string {
  const {lookup, address} = endpoint
  if (lookup === undefined) return `${target} cannot be reached`
  const server = address === undefined ? '' : ` at ${printable(address)}`
  return `${target} cannot be looked up${server}`
}

function asked(): Sample {
  return {failed: [], measured: 0, networks: new Map()}
}

function at<Key>(map: Map<Key, Sample>, key: Key): Sample {
  const known = map.get(key) ?? asked()
  map.set(key, known)
  return known
}

function keyOf({block, endpoint}: Probe): string {
  const {address = '', port, lookup = '', node = ''} = endpoint
  return [block.protocol, address, port, lookup, node].join(' ')
}

function targetName(probe: Probe): string {
  const {block, endpoint} = probe
  const name = foreignName(probe)
  return printable(block.mode === 'custom' && endpoint.port > 0 ? hostAndPort(name, endpoint.port) : name)
}
