import {diagnose} from '../../src/diagnosis/diagnose.ts'
import type {NodeUnderTest} from '../../src/model/cluster.ts'
import type {Mode, Probe, ProtocolName} from '../../src/model/plan.ts'
import type {Verdict} from '../../src/model/result.ts'
import {subsetOf} from '../../src/plan/cut.ts'
import type {PlanWish} from '../../src/plan/wish.ts'
import {clusterNamed} from '../plan/wish.ts'
import {answered, besideFloater, nodeWith, resultsOf, sampleRun, withHost} from '../report/sample.ts'
import {faultOf, type MadeUpFault, type Setting, type Way} from './made-up-faults.ts'
import {HARMLESS} from './made-up-guards.ts'
import {blamesHealthy, isTrue, type Case} from './truth.ts'

/** Numbers from 0 to below 1 that a seed decides (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A cluster, or two, with one to three faults, and what is measured there. */
function madeUp(random: () => number, largest: number): Case {
  const choose = <Value>(...values: readonly Value[]) => values[Math.floor(random() * values.length)] as Value
  const isSo = (share: number) => random() < share
  const size = Math.min(largest, choose(3, 4, 5, 6, 7, 8, 10, 12, 20, 60, 200, isSo(0.1) ? 1000 : 9))
  const isTwo = size > 5 && isSo(0.2)
  const setting: Setting = {
    size,
    protocols: choose<readonly ProtocolName[]>(['tcp'], ['tcp', 'udp'], ['tcp', 'udp', 'icmp']),
    hosts: isSo(0.5),
    services: isSo(0.3),
    nodePorts: isSo(0.2),
    names: isSo(0.3),
    mtu: isSo(0.3),
    zoneOf: (node) => node % 2,
    clusterOf: (node) => Number(isTwo && node >= size / 2),
    clusters: isTwo ? 2 : 1,
    nameServer: !isTwo && isSo(0.5) ? Math.floor(random() * size) : undefined,
  }
  const few = size < 5 ? 1 : size < 8 ? 2 : 3
  const faults = atMostOne(
    Array.from({length: 1 + Math.floor(random() * few)}, () => faultOf(random, setting)),
  ).sort((a, b) => rankOf(a) - rankOf(b))
  const policies = faults.flatMap((fault) => fault.policies ?? [])
  const decoys = policies.length === 0 && isSo(0.2) ? [choose(...HARMLESS)] : []
  // Proxies that do no harm stand everywhere.
  const meshed = faults.find((fault) => fault.meshed)?.meshed
  const isMeshed =
    meshed === undefined && isSo(0.1) ? () => true : (node: number) => meshed?.has(node) ?? false
  const nodes = nodesIn(setting, isMeshed)
  const [missing, flaky] = [choose(0, 0, 0.02), choose(0, 0, 0.01)]
  const met = new Set<MadeUpFault>()
  const verdictOf = (probe: Probe): Verdict | undefined => {
    if (isSo(missing)) return undefined
    const fault = faults.find((one) => breaks(one, probe, setting))
    if (fault !== undefined) met.add(fault)
    return fault?.verdict ?? {...answered, unstable: isSo(flaky)}
  }
  const whole = sampleRun(nodes, () => undefined, {}, wishOf(setting))
  const plan =
    size > 8 && isSo(0.2)
      ? subsetOf(whole.plan, {from: undefined, to: undefined, bothWays: false, sample: 6})
      : whole.plan
  const clusters = whole.clusters.map((cluster, index) =>
    index === 0 ? {...cluster, policies: [...policies, ...decoys]} : cluster,
  )
  return {run: {...whole, clusters, plan, results: resultsOf(plan, verdictOf)}, faults: [...met]}
}

function nodesIn({size, zoneOf, clusterOf}: Setting, isMeshed: (node: number) => boolean): NodeUnderTest[] {
  return Array.from({length: size}, (_, n) => ({
    ...withHost(nodeIn(n, isMeshed(n)), `172.16.${n >> 8}.${n & 255}`),
    cluster: CLUSTERS[clusterOf(n)] ?? '',
    traits: {zone: `z${zoneOf(n)}`},
  }))
}

function nodeIn(n: number, isMeshed: boolean): NodeUnderTest {
  const node = nodeWith(`n${n}`, `10.${n >> 8}.${n & 255}.1`)
  return isMeshed ? besideFloater(node, 'istio-proxy') : node
}

/** What one policy forbids, another may let through; and there is one mesh. */
function atMostOne(faults: readonly MadeUpFault[]): MadeUpFault[] {
  const policy = faults.find(({policies}) => policies)
  const mesh = faults.find(({meshed}) => meshed)
  return faults.filter(
    (one) => (one.policies === undefined || one === policy) && (one.meshed === undefined || one === mesh),
  )
}

const CLUSTERS = ['east', 'west']

function wishOf({
  size,
  protocols,
  hosts,
  services,
  nodePorts,
  names,
  mtu,
  clusterOf,
  clusters,
}: Setting): Partial<PlanWish> {
  const modes: Mode[] = ['pod']
  if (hosts) modes.push('node')
  if (services) modes.push('service')
  if (nodePorts) modes.push('nodeport')
  const serviceOf = (type: 'ClusterIP' | 'NodePort', n: number) => ({
    cluster: CLUSTERS[clusterOf(n)] ?? '',
    type,
    behind: `n${n}`,
    addresses: [`10.96.${n >> 8}.${n & 255}`],
    port: 8889,
    nodePort: type === 'NodePort' ? 30_123 : undefined,
  })
  return {
    clusters: CLUSTERS.slice(0, clusters).map((name) => clusterNamed(name)),
    modes,
    protocols: names ? [...protocols, 'dns'] : [...protocols],
    lookups: names ? [{name: 'kubernetes.default.svc'}] : [],
    ipFamily: 'ipv4',
    mtu,
    sizing: [],
    services: [
      ...Array.from({length: size}, (_, n) => serviceOf('ClusterIP', n)),
      ...Array.from({length: size}, (_, n) => n)
        .filter((n) => n === 0 || clusterOf(n) !== clusterOf(n - 1))
        .map((n) => serviceOf('NodePort', n)),
    ],
  }
}

function breaks(
  {breaksWay, breaksProbe, verdict}: MadeUpFault,
  probe: Probe,
  {nameServer}: Setting,
): boolean {
  // What refuses floaters, or answers in their place, is none of a name server's.
  const server = verdict.reason === 'timeout' ? nameServer : undefined
  return breaksProbe?.(probe) === true || waysOf(probe, server).some((way) => breaksWay?.(way) === true)
}

/** A packet that a policy drops meets nothing else; one that is lost is refused by nobody, and one that is refused is not lost now and then. */
function rankOf({verdict, policies}: MadeUpFault): number {
  if (policies !== undefined) return -1
  return ['timeout', 'reset', 'refused', 'wrong-peer', 'mtu', 'answered'].indexOf(verdict.reason)
}

/** What a probe crosses. Names are answered anywhere, by a name server on every node, unless there is one alone. */
function waysOf({block, source, endpoint}: Probe, nameServer: number | undefined): readonly Way[] {
  const {mode, check, protocol} = block
  const node = protocol === 'dns' && block.from === 'pod' ? nameServer : endpoint.node
  const {behind} = endpoint
  if (node === undefined) return []
  const way = (over: Way['mode'], from: number, to: number): Way[] =>
    from === to ? [] : [{mode: over, protocol, check, source: from, target: to}]
  if (mode === 'node') return way('node', source, node)
  if (mode !== 'nodeport') return way('pod', source, node)
  return [...way('node', source, node), ...way('pod', node, behind ?? node)]
}

export interface Simulated {
  readonly cases: number
  /** Where the first finding names a true fault, in percent. */
  readonly right: number
  /** Where no healthy node is named, in percent. */
  readonly fair: number
  /** Where something FAILED that no finding explains. */
  readonly unexplained: number
  /** What was wrong, a line each. */
  readonly misses: readonly string[]
}

/** Diagnoses made-up clusters of up to `largest` nodes. */
export function simulate(seed: number, cases: number, largest: number): Simulated {
  const random = randomFrom(seed)
  let [right, fair, unexplained, counted] = [0, 0, 0, 0]
  const misses: string[] = []
  while (counted < cases) {
    const one = madeUp(random, largest)
    const {run, faults} = one
    // A fault that no probe met is none.
    if (faults.length === 0) continue
    counted++
    const diagnosis = diagnose(run)
    const first = diagnosis.findings.find(({kind}) => kind !== 'not-tested')
    const isRight = first !== undefined && isTrue(first, one)
    const isFair = !blamesHealthy(diagnosis, one)
    right += Number(isRight)
    fair += Number(isFair)
    unexplained += Number(diagnosis.unexplained > 0)
    const broken = faults.map(
      ({kinds, nodes}) =>
        `${kinds.join('/')} ${nodes.size > 2 ? 'many' : [...nodes].map((n) => `n${n}`).join(' ')}`,
    )
    if (!isRight || !isFair)
      misses.push(
        `${isRight ? '' : 'UNTRUE '}${isFair ? '' : 'UNFAIR '}${run.plan.nodes.length} nodes; ${broken.join(', ')}; found: ${diagnosis.findings
          .map(({kind, sentence}) => `${kind}: ${sentence}`)
          .slice(0, 5)
          .join(' | ')}`,
      )
  }
  return {cases, right: (100 * right) / cases, fair: (100 * fair) / cases, unexplained, misses}
}
