import fc from 'fast-check'
import {expect, test} from 'vitest'
import {naturally} from '../../src/text/order.ts'

test.each([
  [
    ['node-10', 'node-2', 'node-1'],
    ['node-1', 'node-2', 'node-10'],
  ],
  [
    ['ip-10-0-10-1', 'ip-10-0-9-200', 'ip-10-0-9-30'],
    ['ip-10-0-9-30', 'ip-10-0-9-200', 'ip-10-0-10-1'],
  ],
  [
    ['n', 'n1a', 'n1', 'n01'],
    ['n', 'n01', 'n1', 'n1a'],
  ],
])('%j is ordered as %j', (names, ordered) => {
  expect([...names].sort(naturally)).toEqual(ordered)
})

test('the order does not depend on where one starts', () => {
  const names = fc.array(fc.string({unit: fc.constantFrom('n', 'N', '-', '.', '0', '1', '10')}))
  fc.assert(
    fc.property(names, (list) => {
      expect([...list].reverse().sort(naturally)).toEqual([...list].sort(naturally))
    }),
  )
})

test('only equal texts are equal', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      expect(naturally(a, b) === 0).toBe(a === b)
    }),
  )
})
