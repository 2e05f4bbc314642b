import type {Candidate} from './candidates.ts'
import type {Lane} from './lanes.ts'
import {close, troubleAt, type Observations, type Trouble} from './observations.ts'
import type {Scope} from './scopes.ts'
import {failsOutside} from './shares.ts'

/** A break between nodes that something may follow from. */
export interface Break {
  readonly trouble: Trouble
  readonly scope: Scope
  /** Whether it breaks what leads from one node to another. */
  readonly holds: (source: number, destination: number) => boolean
  /** Whether it keeps a node from what is none; `isOutside` where that is no pod of the cluster. */
  readonly silences: (source: number, isOutside: boolean) => boolean
  /** The node whose pods others do not reach; undefined where it is not about one. */
  readonly hidden: number | undefined
}

/**
 * What must fail where the network between nodes is broken, though it leads to no floater's own address: services, ports of
 * nodes, name servers. It follows, so it neither speaks for a guess nor against it. Gives the probes, and closes them.
 */
export function consequencesOf(
  observations: Observations,
  {trouble, scope, holds, silences, hidden}: Break,
): number[] {
  const {issues, lanes} = observations
  if (trouble === 'large' || trouble === 'lossy' || scope.only?.by === 'check') return []
  const served = lanes.map((_, lane) => hidden !== undefined && isServedFrom(observations, lane, hidden))
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
        ? trouble === 'silent' &&
          (silences(source, mode === 'apiserver' || mode === 'custom') ||
            served[issues.lane[i] ?? 0] === true)
        : holds(source, target) || (behind >= 0 && (holds(source, behind) || holds(target, behind)))
    if (follows) probes.push(close(observations, i))
  }
  return probes
}

/** Names are resolved from this node alone: the name server is on it, most likely. */
function isServedFrom({lanes, nodes, first}: Observations, lane: number, node: number): boolean {
  const block = lanes[lane]?.block
  if (block?.protocol !== 'dns' || block.from === 'host') return false
  const [own, all] = [lane * nodes + node, {failed: 0, measured: 0}]
  for (let at = lane * nodes; at < (lane + 1) * nodes; at++) {
    if (at === own) continue
    all.failed += first.failed.out[at] ?? 0
    all.measured += first.measured.out[at] ?? 0
  }
  const answersItself = (first.measured.out[own] ?? 0) > 0 && first.failed.out[own] === 0
  return answersItself && failsOutside(all)
}

/** The node that a guess takes from others, as far as pods are concerned. */
export function hiddenBy({about, direction, scope}: Candidate, lanes: readonly Lane[]): number | undefined {
  if (about.what !== 'node' || direction === 'outbound') return undefined
  return scope.lanes.some((lane) => lanes[lane]?.block.to === 'pod') ? about.node : undefined
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
