import {describe, expect, test} from 'vitest'
import {heldBack, probingSeconds, sourcesAtOnce} from '../../src/run/estimate.ts'
import {nodeWith} from '../report/sample.ts'
import {planOf} from '../plan/wish.ts'

const all = (count: number) =>
  planOf(Array.from({length: count}, (_, n) => nodeWith(`n${n}`, `10.0.${n >> 8}.${(n & 255) + 1}`)))

test.each([
  [1, 8],
  [2, 16],
  [8, 64],
  [64, 64],
])('%i cores let %i sources probe at once', (cores, sources) => {
  expect(sourcesAtOnce(cores)).toBe(sources)
})

describe('the time that probing takes', () => {
  test('is nothing where nothing is probed', () => {
    expect(probingSeconds(all(0), 3, 2)).toBe(0)
  })

  test('grows with the rounds that maxNum makes of the sources', () => {
    const plan = all(100)
    const [one, ten, hundred] = [1, 10, 100].map((maxNum) => probingSeconds(plan, maxNum, 64))
    expect(one).toBeCloseTo(100 * 0.3)
    expect(ten).toBeCloseTo(10 * 0.3)
    expect(hundred).toBeCloseTo(0.3)
  })

  test('is never less than what the kubectls cost this machine', () => {
    expect(probingSeconds(all(100), 100, 1)).toBeCloseTo(8)
    expect(probingSeconds(all(100), 100, 2)).toBeCloseTo(4)
  })
})

describe('maxNum', () => {
  test('that holds a long run back is said, with what it costs', () => {
    expect(heldBack(all(500), 3, 2)).toBe(
      'maxNum lets 3 of 500 nodes probe at once: without it, probing takes about 29 s instead of 151 s.',
    )
  })

  test.each([
    ['a short run', 20, 3],
    ['a long run, but not by much', 500, 12],
    ['nothing, as it is the same', 500, 16],
    ['nothing, as there is nothing', 0, 1],
  ])('that holds back %s is not worth a word', (_, nodes, maxNum) => {
    expect(heldBack(all(nodes), maxNum, 2)).toBeUndefined()
  })
})
