import {expect, test} from 'vitest'
import {count, duration, latency, listed} from '../../src/text/wording.ts'

test.each([
  [0, 'probe', undefined, '0 probes'],
  [1, 'probe', undefined, '1 probe'],
  [9801, 'probe', undefined, '9,801 probes'],
  [2, 'policy', 'policies', '2 policies'],
])('%i %s(s)', (n, one, many, said) => {
  expect(count(n, one, many)).toBe(said)
})

test.each([
  [[], 5, ''],
  [['a'], 5, 'a'],
  [['a', 'b'], 2, 'a, b'],
  [['a', 'b', 'c'], 2, 'a, b and 1 more'],
])('%j up to %i', (items, limit, said) => {
  expect(listed(items, limit)).toBe(said)
})

test('a long list says how much is left out', () => {
  expect(listed(Array<string>(2003).fill('n'), 3)).toBe('n, n, n and 2,000 more')
})

test.each([
  [0, '0 ms'],
  [0.4, '0 ms'],
  [340, '340 ms'],
  [999.6, '1.0 s'],
  [1000, '1.0 s'],
  [4249, '4.2 s'],
  [59_949, '59.9 s'],
  [59_950, '1 min 0 s'],
  [119_999, '2 min 0 s'],
  [200_000, '3 min 20 s'],
  [3_600_000, '60 min 0 s'],
])('%d ms are %s', (ms, said) => {
  expect(duration(ms)).toBe(said)
})

test.each([
  [0, '-'],
  [1, '0.001 ms'],
  [44, '0.04 ms'],
  [99, '0.1 ms'],
  [412, '0.4 ms'],
  [99_940, '99.9 ms'],
  [99_960, '100 ms'],
  [3_004_000, '3.0 s'],
])('%d µs are %s', (us, said) => {
  expect(latency(us)).toBe(said)
})
