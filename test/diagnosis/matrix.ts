import type {NodeTraits, NodeUnderTest} from '../../src/model/cluster.ts'
import type {Diagnosis, Finding} from '../../src/model/finding.ts'
import type {Block, Probe} from '../../src/model/plan.ts'
import type {Reason, Verdict} from '../../src/model/result.ts'
import type {Run} from '../../src/model/run.ts'
import {diagnose} from '../../src/diagnosis/diagnose.ts'
import type {PlanWish} from '../../src/plan/wish.ts'
import {answered, nodeWith, sampleRun, withHost} from '../report/sample.ts'

const failed = (reason: Reason, raw = ''): Verdict => ({
  ...answered,
  status: 'FAILED',
  reason,
  raw,
  timeUs: 0,
})
const unstable: Verdict = {...answered, unstable: true}

/** Nodes called `a`, `b` and so on, each in the pod network and in that of its host; traits by name. */
export function nodesCalled(
  names: string,
  traits: Readonly<Record<string, NodeTraits>> = {},
): NodeUnderTest[] {
  return names.split('').map((name, n) => ({
    ...withHost(nodeWith(name, `10.0.${n}.1`, `2001:db8:${n}::1`), `192.0.2.${n + 1}`),
    traits: traits[name] ?? {},
  }))
}

/** What a fault answers to a probe; nothing where it does not concern it. */
export type Fault = (probe: Probe, from: string, to: string) => Verdict | undefined

/** The modes of a matrix, each a picture: a row a source, a column a destination, in the order of the names; `.` is fine. */
export type Pictures = Readonly<Partial<Record<Block['mode'], string>>>

const SIGNS: Readonly<Record<string, Verdict>> = {
  x: failed('timeout'),
  r: failed('refused', 'Connection refused'),
  w: failed('wrong-peer', 'HTTP 200: not a floater'),
  l: failed('mtu'),
  u: unstable,
  p: failed('loss', '2 of 5 lost'),
}

/** The fault that pictures show. */
export function pictured(
  names: string,
  pictures: Pictures,
  concerns: (block: Block) => boolean = () => true,
): Fault {
  const rows = Object.fromEntries(
    Object.entries(pictures).map(([mode, picture]) => [mode, picture.trim().split(/\s+/)]),
  )
  return ({block}, from, to) => {
    if (!concerns(block)) return undefined
    return SIGNS[rows[block.mode]?.[names.indexOf(from)]?.[names.indexOf(to)] ?? '.']
  }
}

/** Each of these probes FAILED. */
export function faultsOf(reason: Reason, concerns: (probe: Probe) => boolean): Fault {
  return (probe) => (concerns(probe) ? failed(reason) : undefined)
}

export function diagnosed(
  nodes: readonly NodeUnderTest[],
  faults: readonly Fault[],
  wish: Partial<PlanWish> = {},
): Diagnosis {
  return diagnose(runOf(nodes, faults, wish))
}

export function runOf(
  nodes: readonly NodeUnderTest[],
  faults: readonly Fault[],
  wish: Partial<PlanWish> = {},
): Run {
  const verdictOf = (probe: Probe): Verdict => {
    const [from, to] = [probe.source, probe.endpoint.node].map((index) => nodes[index ?? -1]?.name ?? '')
    for (const fault of faults) {
      const verdict = fault(probe, from ?? '', to ?? '')
      if (verdict !== undefined) return verdict
    }
    return answered
  }
  return sampleRun(nodes, verdictOf, {}, {ipFamily: 'ipv4', ...wish})
}

/** Kind and sentence of each, as a table has them. */
export function told({findings}: Diagnosis): string[] {
  return findings.map(({kind, sentence}: Finding) => `${kind}: ${sentence}`)
}
