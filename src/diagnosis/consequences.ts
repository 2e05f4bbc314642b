import type {Candidate} from './candidates.ts'
import {close, troubleAt, type Observations, type Trouble} from './observations.ts'
import type {Scope} from './scopes.ts'

/** A break between nodes that something may follow from. */
export interface Break {
  readonly trouble: Trouble
  readonly scope: Scope
  /** Whether it breaks what leads from one node to another. */
  readonly holds: (source: number, destination: number) => boolean
  /** Whether it keeps a node from what is none; `isOutside` where that is no pod of the cluster. */
  readonly silences: (source: number, isOutside: boolean) => boolean
}

/**
 * What must fail where the network between nodes is broken, though it leads to no floater's own address: services, ports of
 * nodes, name servers. It follows, so it neither speaks for a guess nor against it. Gives the probes, and closes them.
 */
export function consequencesOf(
  observations: Observations,
  {trouble, scope, holds, silences}: Break,
): number[] {
  const {issues, lanes} = observations
  if (trouble === 'large' || trouble === 'lossy' || scope.only?.by === 'check') return []
  const probes: number[] = []
  for (let i = 0; i < issues.size; i++) {
    const lane = lanes[issues.lane[i] ?? 0]
    if (issues.open[i] !== 1 || lane?.leads !== 'outward' || troubleAt(issues, i) !== trouble) continue
    const {protocol, mode} = lane.block
    if (scope.only?.by === 'protocol' && scope.only.value !== protocol) continue
    const [source, target, behind] = [
      issues.source[i] ?? 0,
      issues.destination[i] ?? -1,
      issues.behind[i] ?? -1,
    ]
    const follows =
      target < 0
        ? trouble === 'silent' && silences(source, mode === 'apiserver' || mode === 'custom')
        : holds(source, target) || (behind >= 0 && (holds(source, behind) || holds(target, behind)))
    if (follows) probes.push(close(observations, i))
  }
  return probes
}

/** Nobody knows which node is behind what is none. */
export function silencedBy({about, direction, holds}: Candidate): Break['silences'] {
  switch (about.what) {
    case 'whole':
      return (_, isOutside) => !isOutside
    case 'node':
      return (source) => about.node === source && direction !== 'inbound'
    case 'group':
      return (source, isOutside) => !isOutside && about.partition.of.some((_, node) => holds(source, node))
  }
}
