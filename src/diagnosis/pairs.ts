import type {Direction} from '../model/finding.ts'
import {probesOf} from '../plan/plan.ts'
import {reach} from '../plan/modes.ts'
import {isSteady} from '../results/store.ts'
import {printable} from '../text/printable.ts'
import {count} from '../text/wording.ts'
import {consequencesOf} from './consequences.ts'
import {evidenceOf} from './evidence.ts'
import {namesOf, percent} from './names.ts'
import {close, troubleAt, type Observations, type Trouble} from './observations.ts'
import {kindByTrouble, sentenceOf, silenceBetween} from './phrases.ts'
import type {Scope} from './scopes.ts'
import type {Suspicion} from './suspicion.ts'

/** More pairs than this are no list to read. */
const MOST_PAIRS = 20

/** What is left of one trouble once nodes and groups are explained: pair by pair, or all at once where these are many. */
export function pairsLeft(
  observations: Observations,
  scopes: readonly Scope[],
  trouble: Trouble,
): Suspicion[] {
  const pairs = openPairs(observations, trouble)
  if (pairs.size === 0) return []
  if (pairs.size > MOST_PAIRS)
    return [scattered(observations, [...pairs.values()].flat(), pairs.size, trouble)]
  const measured = measuredOf(observations, new Set(pairs.keys()), trouble)
  return [...pairs].flatMap(([key, issues]) => {
    const found: Suspicion[] = []
    let left: readonly number[] = issues
    while (left.length > 0) {
      const guess = bestGuess(
        observations,
        scopes,
        key,
        left,
        measured.get(key) ?? new Map<number, Answers>(),
      )
      if (guess === undefined) break
      left = left.filter((index) => !guess.issues.includes(index))
      found.push(pairSuspicion(observations, guess, trouble))
    }
    return found
  })
}

/** Issues by the two nodes that they are between, the smaller number first. */
function openPairs({issues, lanes, nodes}: Observations, trouble: Trouble): Map<number, number[]> {
  const pairs = new Map<number, number[]>()
  for (let i = 0; i < issues.size; i++) {
    if (issues.open[i] !== 1 || troubleAt(issues, i) !== trouble) continue
    if (lanes[issues.lane[i] ?? 0]?.leads !== 'between') continue
    const key = keyOf(issues.source[i] ?? 0, issues.destination[i] ?? 0, nodes)
    const members = pairs.get(key)
    if (members === undefined) pairs.set(key, [i])
    else members.push(i)
  }
  return pairs
}

function keyOf(a: number, b: number, nodes: number): number {
  return Math.min(a, b) * nodes + Math.max(a, b)
}

/** How many probes were measured, and how many of them were well as far as the trouble is concerned. */
interface Answers {
  readonly measured: number
  readonly well: number
}

/** For each pair what was measured, by lane, and whether from its smaller node. */
function measuredOf(
  {run, lanes, nodes}: Observations,
  wanted: ReadonlySet<number>,
  trouble: Trouble,
): Map<number, Map<number, Answers>> {
  const measured = new Map<number, Map<number, Answers>>()
  const laneOf = new Map(lanes.map(({block}, index) => [block, index]))
  for (const probe of probesOf(run.plan)) {
    const {id, block, source, endpoint} = probe
    if (endpoint.node === undefined || run.results.status[id] === 0) continue
    const key = keyOf(source, endpoint.node, nodes)
    if (!wanted.has(key) || reach(probe) !== 'network') continue
    const cells = measured.get(key) ?? new Map<number, Answers>()
    const cell = (laneOf.get(block) ?? 0) * 2 + Number(source < endpoint.node)
    const known = cells.get(cell) ?? NO_ANSWERS
    const isWell = trouble === 'lossy' ? isSteady(run.results, id) : run.results.status[id] === 1
    cells.set(cell, {measured: known.measured + 1, well: known.well + Number(isWell)})
    measured.set(key, cells)
  }
  return measured
}

const NO_ANSWERS: Answers = {measured: 0, well: 0}

interface Guess {
  readonly scope: Scope
  readonly source: number
  readonly destination: number
  /** Undefined where the other way was not measured. */
  readonly direction: Direction | undefined
  /** All that was measured the other way was well. */
  readonly isOneWay: boolean
  readonly issues: readonly number[]
  readonly against: number
}

function bestGuess(
  {issues, nodes}: Observations,
  scopes: readonly Scope[],
  key: number,
  left: readonly number[],
  measured: ReadonlyMap<number, Answers>,
): Guess | undefined {
  const [low, high] = [Math.floor(key / nodes), key % nodes]
  let best: Guess | undefined
  const score = ({issues, against}: Guess) => issues.length - 2 * against
  for (const scope of scopes) {
    const inScope = left.filter((index) => scope.holds[issues.lane[index] ?? 0] === 1)
    const ways = [true, false].map((isUp) => {
      const failed = inScope.filter((index) => issues.source[index] === (isUp ? low : high))
      const answers = scope.lanes.map((lane) => measured.get(lane * 2 + Number(isUp)) ?? NO_ANSWERS)
      const all = answers.reduce((sum, one) => sum + one.measured, 0)
      const well = answers.reduce((sum, one) => sum + one.well, 0)
      return {failed, all, well, source: isUp ? low : high, destination: isUp ? high : low}
    })
    const rooted =
      scope.root === undefined || inScope.some((index) => scope.root?.includes(issues.lane[index] ?? 0))
    if (!rooted) continue
    const guesses = ways
      .filter(({failed}) => failed.length > 0)
      .map(({failed, well, source, destination}, _, those): Guess => {
        const back = ways.find((one) => one.source === destination)
        const isMeasured = those.length === 1 && (back?.all ?? 0) > 0
        return {
          scope,
          source,
          destination,
          direction: isMeasured ? 'outbound' : undefined,
          isOneWay: isMeasured && back?.well === back?.all,
          issues: failed,
          against: well,
        }
      })
    const [there, back] = guesses
    if (there && back)
      guesses.push({
        ...there,
        direction: 'both',
        isOneWay: false,
        issues: [...there.issues, ...back.issues],
        against: there.against + back.against,
      })
    for (const guess of guesses) if (best === undefined || score(guess) > score(best)) best = guess
  }
  return best
}

function pairSuspicion(observations: Observations, guess: Guess, trouble: Trouble): Suspicion {
  const {scope, source, destination, direction, isOneWay, issues, against} = guess
  const nameOf = namesOf(observations.run.plan)
  const [a, b] = [nameOf(source), nameOf(destination)]
  const own = issues.map((index) => close(observations, index))
  const holds = (from: number, to: number) =>
    (from === source && to === destination) || (direction === 'both' && from === destination && to === source)
  const silences = () => false
  const probes = [
    ...own,
    ...consequencesOf(observations, {trouble, scope, holds, silences, hidden: undefined}),
  ]
  const path = direction === 'both' ? `between ${a} and ${b}` : `from ${a} to ${b}`
  const silence = silenceBetween(a, b, direction ?? 'outbound')
  const kind = kindByTrouble(trouble, scope) ?? 'pair'
  const aside = isOneWay && kind === 'pair' ? '; the other way works' : ''
  return {
    finding: {
      kind,
      subjects: [{kind: 'pair', source, destination}],
      ...(direction === undefined ? {} : {direction}),
      layer: scope.layer,
      against,
      sentence: sentenceOf(trouble, scope, path, silence) + aside,
      evidence: evidenceOf(observations, {
        candidate: {
          scope,
          about: {what: 'whole'},
          direction: direction ?? 'outbound',
          explains: issues.length,
          against,
          holds,
        },
        trouble,
        probes,
      }),
    },
    probes,
  }
}

const SCATTERED = {
  silent: 'get no answer',
  refused: 'are refused',
  large: 'lose large packets',
  impostor: 'are answered by something else than the floater',
  lossy: 'lose packets now and then',
} as const satisfies Record<Trouble, string>

function scattered(
  observations: Observations,
  members: readonly number[],
  pairs: number,
  trouble: Trouble,
): Suspicion {
  const {measured} = observations.first
  const all = measured.out.reduce((sum, one) => sum + one, 0)
  const probes = members.map((index) => close(observations, index))
  const share = percent(probes.length, all)
  return {
    finding: {
      kind: trouble === 'lossy' ? 'loss' : 'scattered',
      subjects: [],
      layer: 'pod network',
      against: 0,
      sentence: printable(
        `${count(pairs, 'pair')} of nodes, in no pattern, ${SCATTERED[trouble]}: ${share} of what crosses the network`,
      ),
      evidence: [count(probes.length, 'probe')],
    },
    probes,
  }
}
