import {expect, test} from 'vitest'
import {simulate} from './simulate.ts'

test('of made-up clusters, the first finding is right about 95 of 100, and no healthy node is named in 99', () => {
  const {right, fair, unexplained, misses} = simulate(7, 300, 20)
  expect(right, misses.join('\n')).toBeGreaterThanOrEqual(95)
  expect(fair, misses.join('\n')).toBeGreaterThanOrEqual(99)
  expect(unexplained).toBe(0)
})
