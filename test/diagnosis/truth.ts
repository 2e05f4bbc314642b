import type {Diagnosis, Finding, FindingKind, Subject} from '../../src/model/finding.ts'
import {nodesOf} from '../../src/diagnosis/mark.ts'
import type {Reason} from '../../src/model/result.ts'
import type {Run} from '../../src/model/run.ts'
import {probesOf} from '../../src/plan/plan.ts'
import {reasonAt, statusAt} from '../../src/results/store.ts'
import type {MadeUpFault} from './made-up-faults.ts'

/** A made-up cluster, what is broken in it, and what was measured. */
export interface Case {
  readonly run: Run
  readonly faults: readonly MadeUpFault[]
}

/** A finding is true where it is about the nodes of a fault, and calls it by its name. */
export function isTrue({kind, subjects}: Finding, {faults}: Case): boolean {
  const named = subjects.flatMap(nodesOf)
  const isNamed = (what: FindingKind) =>
    faults.some(({nodes, kinds}) => kinds.includes(what) && named.every((node) => nodes.has(node)))
  // Deaf and mute at once.
  if (kind === 'node-cut-off' && isNamed('node-deaf') && isNamed('node-mute')) return true
  return isNamed(kind)
}

/**
 * Whether any finding names what is not broken: a node alone that no fault is about, and of which not all is broken that the
 * finding says; a group without one; a pair that does not fail as the finding says, in each direction that it says.
 */
export function blamesHealthy({findings}: Diagnosis, one: Case): boolean {
  const isCulprit = (node: number) => one.faults.some(({nodes}) => nodes.has(node))
  return findings.some((finding) =>
    finding.subjects.some((subject) => {
      switch (subject.kind) {
        case 'node':
          return !isCulprit(subject.node) && !isLiteral(finding, subject.node, one)
        case 'group':
          return !subject.nodes.some(isCulprit)
        case 'pair':
          return !isBroken(finding, subject, one)
        case 'cluster':
        case 'target':
          return false
      }
    }),
  )
}

/** What a finding of a pair says of each probe that it speaks of. */
const REASONS: Readonly<Partial<Record<FindingKind, readonly Reason[]>>> = {
  refused: ['refused'],
  'wrong-peer': ['wrong-peer'],
  mtu: ['mtu'],
  loss: ['loss', 'answered'],
}

function isBroken(
  finding: Finding,
  {source, destination}: Extract<Subject, {kind: 'pair'}>,
  {run}: Case,
): boolean {
  const fails = (from: number, to: number) =>
    probesBetween(run, finding.layer, from, to).some((id) => {
      const [status, reason] = [statusAt(run.results, id), reasonAt(run.results, id)]
      if (status === 'SUCCEEDED' && run.results.unstable[id] !== 1) return false
      return (REASONS[finding.kind] ?? ['timeout']).includes(reason)
    })
  if (!fails(source, destination)) return false
  if (finding.direction === 'both') return fails(destination, source)
  return !(
    finding.kind === 'pair' &&
    finding.sentence.includes('other way works') &&
    fails(destination, source)
  )
}

/** Faults of others add up to it: all that the finding says of the node fails. */
function isLiteral({layer, direction, kind}: Finding, node: number, {run}: Case): boolean {
  if (direction === undefined || kind === 'loss') return false
  const others = [...run.plan.nodes.keys()].filter((other) => other !== node)
  const ways = others.flatMap((other) => [
    ...(direction === 'outbound' ? [] : probesBetween(run, layer, other, node)),
    ...(direction === 'inbound' ? [] : probesBetween(run, layer, node, other)),
  ])
  return ways.length > 1 && ways.every((id) => statusAt(run.results, id) !== 'SUCCEEDED')
}

function probesBetween({plan}: Run, layer: Finding['layer'], from: number, to: number): number[] {
  const mode = layer === 'host network' ? 'node' : 'pod'
  return [...probesOf(plan)].flatMap(({id, block, source, endpoint}) =>
    block.mode === mode && block.to !== undefined && source === from && endpoint.node === to ? [id] : [],
  )
}
