import {candidatesIn, type Candidate, type Shares} from './candidates.ts'
import {close, openIssues, troubleAt, type Observations, type Trouble} from './observations.ts'
import type {Scope} from './scopes.ts'

/** A guess that was taken, and the probes that it explains. */
export interface Taken {
  readonly candidate: Candidate
  readonly trouble: Trouble
  readonly probes: number[]
  /** What never left its node fails too, so that it is not the network between nodes. */
  readonly atHome: boolean
}

/** More findings about nodes than this say less than the matrix. */
const MOST_ROUNDS = 60

interface Scored {
  readonly candidate: Candidate
  /** What it explains, less what speaks against it. */
  readonly score: number
}

const RANKS = {whole: 0, node: 1, group: 2} as const

/** The better one; of equal ones the simpler: everything, a node, a group; then what was found first, of the widest scope. */
function better(a: Scored, b: Scored | undefined): Scored {
  if (b === undefined || a.score > b.score) return a
  return a.score === b.score && rankOf(a) < rankOf(b) ? a : b
}

function rankOf({candidate}: Scored): number {
  return RANKS[candidate.about.what]
}

/** Takes the guess that explains most of one trouble with least against it, again and again, until none is left. */
export function cover(
  observations: Observations,
  scopes: readonly Scope[],
  trouble: Trouble,
  shares: Shares,
): Taken[] {
  const taken: Taken[] = []
  while (taken.length < MOST_ROUNDS) {
    const {tally, total} = openIssues(observations, trouble)
    if (total === 0) break
    const counts = {failed: tally, measured: observations.measured, observations}
    let best: Scored | undefined
    for (const scope of scopes) {
      for (const candidate of candidatesIn(scope, counts, shares)) {
        const score = candidate.explains - shares.weight * candidate.against
        if (score > 0) best = better({candidate, score}, best)
      }
    }
    if (best === undefined) break
    const {candidate} = best
    const probes = explained(observations, candidate, trouble)
    const home = atHome(observations, candidate)
    probes.push(...home.map((index) => close(observations, index)))
    taken.push({candidate, trouble, probes, atHome: home.length > 0})
  }
  return taken
}

function explained(observations: Observations, {scope, holds}: Candidate, trouble: Trouble): number[] {
  const {issues} = observations
  const probes: number[] = []
  for (let i = 0; i < issues.size; i++) {
    if (issues.open[i] !== 1 || scope.holds[issues.lane[i] ?? 0] !== 1) continue
    if (!holds(issues.source[i] ?? 0, issues.destination[i] ?? -1)) continue
    if (troubleAt(issues, i) === trouble) probes.push(close(observations, i))
  }
  return probes
}

/** Issues that never left the nodes that it is about: of most nodes, where it is about all. */
function atHome({issues, lanes, nodes}: Observations, {scope, about, direction}: Candidate): number[] {
  if (about.what === 'group' || direction === 'outbound') return []
  const found: number[] = []
  for (let i = 0; i < issues.size; i++) {
    const lane = issues.lane[i] ?? 0
    if (issues.open[i] !== 2 || scope.holds[lane] !== 1 || lanes[lane]?.leads !== 'between') continue
    if (troubleAt(issues, i) === 'lossy') continue
    if (about.what === 'whole' || issues.source[i] === about.node) found.push(i)
  }
  if (about.what === 'node') return found
  return new Set(found.map((index) => issues.source[index])).size > nodes / 2 ? found : []
}
