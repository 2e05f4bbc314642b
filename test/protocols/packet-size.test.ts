import {expect, test} from 'vitest'
import {failed} from '../../src/protocols/verdict.ts'
import {packetSize, sizesIn, sizeVerdict} from '../../src/protocols/packet-size.ts'

test.each([
  {largest: 1400, taken: 1450, told: true},
  {largest: 84, taken: 65_535, told: false},
])('what is said of %j is read back as the same', (sizes) => {
  expect(sizesIn(sizeVerdict(sizes))).toEqual(sizes)
})

test.each(['', '5 of 5 lost', 'said: 1400 of 1450 bytes pass, larger ones vanish', '1400 bytes pass'])(
  'no sizes are read in %j',
  (raw) => {
    expect(sizesIn(failed('mtu', 0, raw))).toBeUndefined()
  },
)

test.each<[string | undefined, number | undefined]>([
  ['84', 84],
  ['65535', 65_535],
  ['0', undefined],
  ['9', undefined],
  ['0084', undefined],
  ['123456', undefined],
  ['1450x', undefined],
  ['x1450', undefined],
  ['', undefined],
  [undefined, undefined],
])('%j is the size %j', (text, size) => {
  expect(packetSize(text)).toBe(size)
})
