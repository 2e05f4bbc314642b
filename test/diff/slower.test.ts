import {describe, expect, test} from 'vitest'
import {compare} from '../../src/diff/compare.ts'
import type {Probe} from '../../src/model/plan.ts'
import type {Verdict} from '../../src/model/result.ts'
import type {Run} from '../../src/model/run.ts'
import type {PlanWish} from '../../src/plan/wish.ts'
import {diagnose} from '../../src/diagnosis/diagnose.ts'
import {answered, nodeWith, sampleRun} from '../report/sample.ts'

/** The nodes n0, n1 and so on, and how many microseconds each probe between them takes. */
function timed(
  nodes: number,
  timeOf: (source: number, destination: number, id: number) => number,
  wish: Partial<PlanWish> = {},
): Run {
  return sampleRun(
    Array.from({length: nodes}, (_, n) => nodeWith(`n${n}`, `10.0.${n >> 8}.${n & 255}`)),
    ({id, source, endpoint}: Probe): Verdict => ({
      ...answered,
      timeUs: timeOf(source, endpoint.node ?? -1, id),
    }),
    {},
    wish,
  )
}

/** What is said to be slower: `everywhere`, `n1`, `n1-n2`. */
function slower(old: Run, now: Run): string[] {
  return compare(old, now, diagnose(now)).slower.map(({kind, nodes}) =>
    kind === 'path' ? 'everywhere' : nodes.map((node) => `n${node}`).join('-'),
  )
}

/** The same from run to run, and about right for a network: 0.3 to 0.9 ms. */
function usual(_: number, __: number, id: number): number {
  return 300 + ((id * 7919) % 600)
}

type Slow = (source: number, destination: number, id: number) => boolean
const withDelay = (nodes: number, delay: number, isSlow: Slow) =>
  timed(
    nodes,
    (source, destination, id) =>
      usual(source, destination, id) + (isSlow(source, destination, id) ? delay : 0),
  )
const touching =
  (node: number): Slow =>
  (source, destination) =>
    source !== destination && (source === node || destination === node)
const between =
  (a: number, b: number): Slow =>
  (source, destination) =>
    (source === a && destination === b) || (source === b && destination === a)

test.each<[what: string, nodes: number, delayMs: number, isSlow: Slow, told: readonly string[]]>([
  ['all of many probes by 3 ms', 10, 3, () => true, ['everywhere']],
  ['all of many probes by 1 ms: within the margin', 10, 1, () => true, []],
  ['all of a few probes by 10 ms', 4, 10, () => true, ['everywhere']],
  ['all of a few probes by 3 ms: within the margin', 4, 3, () => true, []],
  ['two thirds of all: not nearly everywhere', 10, 3, (_, __, id) => id % 3 !== 0, []],
  ['one node of many', 20, 5, touching(7), ['n7']],
  ['two nodes', 20, 5, (...of) => touching(7)(...of) || touching(3)(...of), ['n3', 'n7']],
  ['one node of three', 3, 40, touching(1), ['n1']],
  ['one node one way only: half of its probes', 20, 50, (source) => source === 7, []],
  ['one pair of two probes: they may meet by chance', 10, 500, between(2, 5), []],
  ['two nodes are all there is', 2, 40, between(0, 1), ['everywhere']],
  [
    'late probes strewn everywhere, of which some meet: chance',
    40,
    40,
    (source, destination) => (source * 31 + destination * 17 + source * destination) % 9 === 0,
    [],
  ],
])('%s', (_, nodes, delayMs, isSlow, told) => {
  expect(slower(timed(nodes, usual), withDelay(nodes, delayMs * 1000, isSlow)).sort()).toEqual(told)
})

describe('noise', () => {
  /** A generator of numbers from 0 to 1 that always begins the same. */
  function random(seed: number): () => number {
    let state = seed
    return () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return state / 2 ** 32
    }
  }

  test.each([
    [3, 1],
    [5, 1],
    [10, 1],
    [10, 2],
    [30, 2],
    [100, 1],
  ])('never reaches the margins: two runs of %i nodes over %i protocols, many times', (nodes, protocols) => {
    const wish = {protocols: (['tcp', 'icmp'] as const).slice(0, protocols)}
    for (let seed = 1; seed <= (nodes > 30 ? 20 : 100); seed++) {
      const next = random(seed * 7919 + nodes)
      // Of a busy machine: log-normal about 0.5 ms, and one in fifty is 5 to 105 ms late.
      const noisy = () =>
        Math.round(
          500 * Math.exp(next() + next() + next() - 1.5) + (next() < 0.02 ? 5000 + next() * 100_000 : 0),
        )
      const [old, now] = [timed(nodes, noisy, wish), timed(nodes, noisy, wish)]
      expect([seed, slower(old, now)]).toEqual([seed, []])
    }
  })
})

describe('a pair, over two protocols', () => {
  const wish = {protocols: ['tcp', 'icmp']} as const
  const told = (delay: number, isSlow: Slow) =>
    slower(
      timed(10, usual, wish),
      timed(
        10,
        (source, destination, id) =>
          usual(source, destination, id) + (isSlow(source, destination, id) ? delay * 1000 : 0),
        wish,
      ),
    )

  test.each<[what: string, delayMs: number, isSlow: Slow, told: readonly string[]]>([
    ['both ways', 40, between(2, 5), ['n2-n5']],
    ['both ways by 10 ms: within the margin', 10, between(2, 5), []],
    ['one way: half of its probes', 500, (source, destination) => source === 2 && destination === 5, []],
    ['two of them', 40, (...of) => between(2, 5)(...of) || between(1, 7)(...of), ['n1-n7', 'n2-n5']],
    ['with a node that is slow anyway', 40, touching(2), ['n2', 'n2']],
  ])('%s', (_, delayMs, isSlow, expected) => {
    expect(told(delayMs, isSlow).sort()).toEqual(expected)
  })
})

test('what everything does is said once, and nodes are held against it', () => {
  const now = timed(20, (source, destination, id) => 5 * usual(source, destination, id) + 1000)
  expect(slower(timed(20, usual), now)).toEqual(['everywhere'])
  const worse = timed(
    20,
    (source, destination, id) =>
      (5 * usual(source, destination, id) + 1000) * (touching(7)(source, destination, id) ? 10 : 1),
  )
  expect(slower(timed(20, usual), worse)).toEqual(['everywhere', 'n7'])
})

test('medians of what was compared, and of how many', () => {
  const {slower: told} = compare(
    timed(10, () => 500),
    timed(10, () => 5000),
    diagnose(timed(10, () => 5000)),
  )
  expect(told).toEqual([
    {kind: 'path', paths: ['pod tcp ipv4'], nodes: [], probes: 90, before: 500, after: 5000},
  ])
})

test.each<[what: string, change: Partial<Verdict>]>([
  ['failed', {status: 'FAILED', reason: 'timeout'}],
  ['was unstable', {unstable: true}],
  ['was not timed', {timeUs: 0}],
])('what %s in either run is not compared', (_, change) => {
  const fast = timed(10, () => 500)
  const odd = sampleRun(fast.plan.nodes, () => ({...answered, timeUs: 50_000, ...change}))
  expect(slower(fast, odd)).toEqual([])
  const oddBefore = sampleRun(fast.plan.nodes, () => ({...answered, timeUs: 50, ...change}))
  expect(
    slower(
      oddBefore,
      timed(10, () => 500_000),
    ),
  ).toEqual([])
})

test('a million probes are compared', () => {
  const [old, now] = [timed(1000, usual), withDelay(1000, 5000, touching(7))]
  const diagnosis = diagnose(now)
  const {compared, slower: told} = compare(old, now, diagnosis)
  expect([compared, told.map(({nodes}) => nodes)]).toEqual([1_000_000, [[7]]])
})
