import type {Finding, Subject} from '../model/finding.ts'
import type {FindingMark} from '../model/follow-up.ts'

/** By what a saved follow-up knows the finding that it was asked about. */
export function markOf({kind, subjects}: Finding): FindingMark {
  return {kind, nodes: subjects.flatMap(nodesOf)}
}

export function isMarked(finding: Finding, mark: FindingMark): boolean {
  const {kind, nodes} = markOf(finding)
  return (
    kind === mark.kind &&
    nodes.length === mark.nodes.length &&
    nodes.every((node, at) => node === mark.nodes[at])
  )
}

/** The nodes that a subject names. */
export function nodesOf(subject: Subject): readonly number[] {
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
