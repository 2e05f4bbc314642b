import {diagnose} from '../../src/diagnosis/diagnose.ts'
import type {Finding, FindingKind, Subject} from '../../src/model/finding.ts'
import type {Probe, ProtocolName} from '../../src/model/plan.ts'
import type {Verdict} from '../../src/model/result.ts'
import type {Run} from '../../src/model/run.ts'
import {subsetOf} from '../../src/plan/cut.ts'
import {answered, nodeWith, resultsOf, sampleRun, withHost} from '../report/sample.ts'

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

/** Something broken in a made-up cluster, and what a finding may call it. */
interface Fault {
  readonly nodes: ReadonlySet<number>
  readonly kinds: readonly FindingKind[]
  readonly breaks: (probe: Probe, source: number, target: number) => boolean
  readonly verdict: Verdict
}

const timeout: Verdict = {...answered, status: 'FAILED', reason: 'timeout', timeUs: 0}
const refused: Verdict = {...timeout, reason: 'refused', raw: 'Connection refused'}
const impostor: Verdict = {...timeout, reason: 'wrong-peer', raw: 'HTTP 200: hello'}

const inPods = ({block}: Probe): boolean => block.mode === 'pod'

function faultOf(random: () => number, size: number, protocols: readonly ProtocolName[]): Fault {
  const pick = () => Math.floor(random() * size)
  const node = pick()
  const other = (node + 1 + Math.floor(random() * (size - 1))) % size
  const one = new Set([node])
  const two = new Set([node, other])
  const into = (verdict: Verdict, kind: FindingKind): Fault => ({
    nodes: one,
    kinds: [kind],
    breaks: (probe, _, target) => inPods(probe) && target === node,
    verdict,
  })
  const makers: readonly (() => Fault)[] = [
    () => into(timeout, 'node-deaf'),
    () => into(refused, 'refused'),
    () => into(impostor, 'wrong-peer'),
    () => ({
      nodes: one,
      kinds: ['node-mute'],
      breaks: (probe, source) => inPods(probe) && source === node,
      verdict: timeout,
    }),
    () => ({
      nodes: one,
      kinds: ['node-cut-off'],
      breaks: (_, source, target) => source === node || target === node,
      verdict: timeout,
    }),
    () => ({
      nodes: two,
      kinds: ['pair'],
      breaks: (_, source, target) => source === node && target === other,
      verdict: timeout,
    }),
    () => ({
      nodes: two,
      kinds: ['pair'],
      breaks: (probe, source, target) => inPods(probe) && two.has(source) && two.has(target),
      verdict: timeout,
    }),
    () => ({
      nodes: new Set(Array.from({length: size}, (_, n) => n)),
      kinds: ['groups', 'node-cut-off'],
      breaks: (_, source, target) => zoneOf(source) !== zoneOf(target),
      verdict: timeout,
    }),
    () => ({
      nodes: one,
      kinds: protocols.length > 1 ? ['protocol'] : ['node-deaf'],
      breaks: ({block}, _, target) => target === node && block.protocol === protocols.at(-1),
      verdict: timeout,
    }),
  ]
  return (makers[Math.floor(random() * makers.length)] ?? makers[0])?.() ?? into(timeout, 'node-deaf')
}

function zoneOf(node: number): number {
  return node % 2
}

/** A made-up cluster with one to three faults, and what was found. */
interface Case {
  readonly run: Run
  readonly faults: readonly Fault[]
}

function madeUp(random: () => number, largest: number): Case {
  const choose = <Value>(...values: readonly Value[]) => values[Math.floor(random() * values.length)] as Value
  const size = Math.min(largest, choose(3, 4, 5, 6, 7, 8, 10, 12, 20, 60, 200, random() < 0.1 ? 1000 : 9))
  const protocols = choose<readonly ProtocolName[]>(['tcp'], ['tcp', 'udp'], ['tcp', 'udp', 'icmp'])
  const nodes = Array.from({length: size}, (_, n) => ({
    ...withHost(nodeWith(`n${n}`, `10.${n >> 8}.${n & 255}.1`), `172.16.${n >> 8}.${n & 255}`),
    traits: {zone: `z${zoneOf(n)}`},
  }))
  const modes = random() < 0.5 ? (['pod'] as const) : (['pod', 'node'] as const)
  const few = size < 5 ? 1 : size < 8 ? 2 : 3
  const faults = Array.from({length: 1 + Math.floor(random() * few)}, () => faultOf(random, size, protocols))
  const [missing, flaky] = [choose(0, 0, 0.02), choose(0, 0, 0.01)]
  const verdictOf = (probe: Probe): Verdict | undefined => {
    const {source, endpoint} = probe
    const target = endpoint.node ?? -1
    if (random() < missing) return undefined
    const fault = source === target ? undefined : faults.find(({breaks}) => breaks(probe, source, target))
    return fault?.verdict ?? {...answered, unstable: random() < flaky}
  }
  const whole = sampleRun(nodes, () => undefined, {}, {modes, protocols: [...protocols], ipFamily: 'ipv4'})
  const plan =
    size > 8 && random() < 0.2
      ? subsetOf(whole.plan, {from: undefined, to: undefined, bothWays: false, sample: 6})
      : whole.plan
  return {run: {...whole, plan, results: resultsOf(plan, verdictOf)}, faults}
}

function nodesOf(subject: Subject): readonly number[] {
  switch (subject.kind) {
    case 'node':
      return [subject.node]
    case 'pair':
      return [subject.source, subject.destination]
    case 'group':
      return subject.nodes
    case 'cluster':
    case 'target':
      return []
  }
}

/** A finding is true where it is about the nodes of a fault, and calls it by its name. */
function isTrue({kind, subjects}: Finding, faults: readonly Fault[]): boolean {
  const named = subjects.flatMap(nodesOf)
  return faults.some(({nodes, kinds}) => kinds.includes(kind) && named.every((node) => nodes.has(node)))
}

/** A node is blamed where it is named alone, a pair where neither of its nodes is broken. */
function blamesHealthy(
  {findings}: {readonly findings: readonly Finding[]},
  faults: readonly Fault[],
): boolean {
  const isBroken = (node: number) => faults.some(({nodes}) => nodes.has(node))
  return findings
    .filter(({kind}) => kind !== 'loss')
    .some(({subjects}) =>
      subjects.some((subject) =>
        subject.kind === 'group'
          ? !subject.nodes.some(isBroken)
          : nodesOf(subject).length > 0 && !nodesOf(subject).some(isBroken),
      ),
    )
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
    const {run, faults} = madeUp(random, largest)
    // A fault that no probe met is none.
    if (!run.results.status.includes(2)) continue
    counted++
    const diagnosis = diagnose(run)
    const [first] = diagnosis.findings
    const isRight = first !== undefined && isTrue(first, faults)
    const isFair = !blamesHealthy(diagnosis, faults)
    right += Number(isRight)
    fair += Number(isFair)
    unexplained += Number(diagnosis.unexplained > 0)
    const broken = faults.map(
      ({kinds, nodes}) =>
        `${kinds.join('/')} ${nodes.size > 2 ? 'zones' : [...nodes].map((n) => `n${n}`).join(' ')}`,
    )
    if (!isRight || !isFair)
      misses.push(
        `${run.plan.nodes.length} nodes; ${broken.join(', ')}; found: ${diagnosis.findings
          .map(({kind, sentence}) => `${kind}: ${sentence}`)
          .slice(0, 3)
          .join(' | ')}`,
      )
  }
  return {cases, right: (100 * right) / cases, fair: (100 * fair) / cases, unexplained, misses}
}
