import type {Candidate} from './candidates.ts'
import type {Taken} from './cover.ts'
import {close, troubleAt, type Observations} from './observations.ts'

/**
 * What must fail where the network between nodes is broken, though it leads to no floater's own address: services, ports of
 * nodes, name servers. It follows, so it neither speaks for a guess nor against it.
 */
export function addConsequences(observations: Observations, taken: readonly Taken[]): void {
  const {issues, lanes} = observations
  for (const {candidate, trouble, probes} of taken) {
    if (trouble !== 'silent' || candidate.scope.only?.by === 'check') continue
    for (let i = 0; i < issues.size; i++) {
      const lane = lanes[issues.lane[i] ?? 0]
      if (issues.open[i] !== 1 || lane?.leads !== 'outward' || troubleAt(issues, i) !== 'silent') continue
      const {protocol, mode} = lane.block
      if (candidate.scope.only?.by === 'protocol' && candidate.scope.only.value !== protocol) continue
      const [source, target, behind] = [
        issues.source[i] ?? 0,
        issues.destination[i] ?? -1,
        issues.behind[i] ?? -1,
      ]
      const follows =
        target < 0
          ? startsBroken(candidate, source, mode === 'apiserver' || mode === 'custom')
          : candidate.holds(source, target) ||
            (behind >= 0 && (candidate.holds(source, behind) || candidate.holds(target, behind)))
      if (follows) probes.push(close(observations, i))
    }
  }
}

/** Nobody knows which node is behind what is none. */
function startsBroken({about, direction, holds}: Candidate, source: number, isOutside: boolean): boolean {
  switch (about.what) {
    case 'whole':
      return !isOutside
    case 'node':
      return about.node === source && direction !== 'inbound'
    case 'group': {
      const {of} = about.partition
      return !isOutside && of.some((_, node) => holds(source, node))
    }
  }
}
