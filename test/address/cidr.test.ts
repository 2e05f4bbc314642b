import {isIPv6} from 'node:net'
import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {
  canonicalAddress,
  contains,
  formatCidr,
  networkOf,
  overlap,
  parseCidr,
  translate,
  type Cidr,
} from '../../src/address/cidr.ts'

const cidr = (text: string): Cidr => {
  const parsed = parseCidr(text)
  if (parsed === undefined) throw new Error(`${text} is no range`)
  return parsed
}
const network = (address: string, prefix: number) => formatCidr(networkOf(cidr(`${address}/${prefix}`)))

test.each([
  ['10.0.0.1', '10.0.0.1'],
  ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
  ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['::', '::'],
  ['::FFFF:192.0.2.1', '::ffff:192.0.2.1'],
  ['::ffff:c000:201', '::ffff:192.0.2.1'],
  ['10.1', undefined],
  ['010.0.0.1', undefined],
  ['0x0a000001', undefined],
  ['167772161', undefined],
  ['fe80::1%eth0', undefined],
  ['[::1]', undefined],
  ['example.com', undefined],
  ['', undefined],
])('%s is written %s', (text, canonical) => {
  expect(canonicalAddress(text)).toBe(canonical)
})

test.each([
  '',
  '10.0.0.0',
  '10.0.0.0/',
  '10.0.0.0/33',
  '10.0.0.0/08',
  '10.0.0.0/-1',
  '10.0.0.0/8/8',
  '10/8',
  '::/129',
  'fe80::%eth0/64',
  ' ::/0',
  '::/0 ',
  'a/8',
])('%j is no range', (text) => {
  expect(parseCidr(text)).toBeUndefined()
})

test.each([
  ['10.244.3.7/16', '10.244.0.0/16'],
  ['10.244.0.0/16', '10.244.0.0/16'],
  ['192.0.2.255/31', '192.0.2.254/31'],
  ['192.0.2.1/0', '0.0.0.0/0'],
  ['192.0.2.1/32', '192.0.2.1/32'],
  ['2001:DB8:FFFF::1/33', '2001:db8:8000::/33'],
])('%s lies in the network %s', (text, expected) => {
  expect(formatCidr(networkOf(cidr(text)))).toBe(expected)
})

test.each([
  ['10.244.0.0/16', '10.244.255.255', true],
  ['10.244.0.0/16', '10.245.0.0', false],
  ['0.0.0.0/0', '255.255.255.255', true],
  ['0.0.0.0/0', '::1', false],
  ['::/0', '10.0.0.1', false],
  ['2001:db8::/48', '2001:db8:0:ffff::1', true],
  ['2001:db8::/48', '2001:db8:1::1', false],
  ['10.0.0.0/8', 'example.com', false],
])('%s contains %s: %j', (range, address, expected) => {
  expect(contains(cidr(range), address)).toBe(expected)
})

test.each([
  ['10.0.0.0/8', '10.244.0.0/16', true],
  ['10.244.0.0/16', '10.244.0.0/16', true],
  ['10.244.0.0/16', '10.245.0.0/16', false],
  ['0.0.0.0/0', '::/0', false],
  ['2001:db8::/32', '2001:db8:1::/48', true],
  ['2001:db8::/48', '2001:db8:1::/48', false],
])('%s and %s overlap: %j', (a, b, expected) => {
  expect([overlap(cidr(a), cidr(b)), overlap(cidr(b), cidr(a))]).toEqual([expected, expected])
})

describe('an address as other clusters see it', () => {
  const mappings = [
    {from: '10.244.1.0/24', to: '192.0.2.0/24'},
    {from: '10.244.0.0/16', to: '10.10.0.0/16'},
    {from: '10.96.0.0/13', to: '172.16.0.0/13'},
    {from: '2001:db8:1::/48', to: 'fd00:0:1::/48'},
  ]
  test.each([
    ['10.244.3.7', '10.10.3.7'],
    ['10.244.1.7', '192.0.2.7'],
    ['10.103.255.254', '172.23.255.254'],
    ['10.245.0.1', '10.245.0.1'],
    ['2001:DB8:1:0::7', 'fd00:0:1::7'],
    ['2001:DB8:2:0::7', '2001:db8:2::7'],
    ['db.example.com', 'db.example.com'],
  ])('%s is %s', (address, seen) => {
    expect(translate(address, mappings)).toBe(seen)
  })

  test('cannot be told from half a mapping', () => {
    expect(() => translate('10.0.0.1', [{from: '10.0.0.0/8', to: 'there'}])).toThrow(RangeError)
  })
})

/** Two addresses of a family, and a prefix length that fits. */
const pairs = fc
  .tuple(fc.ipV4(), fc.ipV4(), fc.integer({min: 0, max: 32}))
  .map((three) => ({addresses: three.slice(0, 2) as [string, string], prefix: three[2]}))
const pairs6 = fc
  .tuple(fc.ipV6(), fc.ipV6(), fc.integer({min: 0, max: 128}))
  .map((three) => ({addresses: three.slice(0, 2) as [string, string], prefix: three[2]}))
const anyPair = fc.oneof(pairs, pairs6)

test('an address moves into the range, keeps its host bits, and finds back', () => {
  fc.assert(
    fc.property(anyPair, ({addresses: [address, other], prefix}) => {
      const from = network(address, prefix)
      const to = network(other, prefix)
      const seen = translate(address, [{from, to}])
      expect(contains(cidr(to), seen)).toBe(true)
      expect(isIPv6(seen)).toBe(isIPv6(address))
      expect(translate(seen, [{from: to, to: from}])).toBe(canonicalAddress(address))
      // Host bits alone: both moved to the range at zero.
      const zero = network(isIPv6(address) ? '::' : '0.0.0.0', prefix)
      expect(translate(seen, [{from: to, to: zero}])).toBe(translate(address, [{from, to: zero}]))
    }),
    {numRuns: 2000},
  )
})

test('a canonical address is written as itself, and a network is its own', () => {
  fc.assert(
    fc.property(anyPair, ({addresses: [address], prefix}) => {
      const canonical = canonicalAddress(address) ?? ''
      expect(canonicalAddress(canonical)).toBe(canonical)
      const range = network(address, prefix)
      expect(formatCidr(networkOf(cidr(range)))).toBe(range)
      expect(contains(cidr(range), address)).toBe(true)
    }),
    {numRuns: 2000},
  )
})

test('two ranges overlap where one contains the other’s first address', () => {
  fc.assert(
    fc.property(
      anyPair,
      fc.integer({min: 0, max: 32}),
      ({addresses: [address, other], prefix}, otherPrefix) => {
        const [a, b] = [networkOf(cidr(`${address}/${prefix}`)), networkOf(cidr(`${other}/${otherPrefix}`))]
        const first = (range: Cidr) => formatCidr(range).split('/')[0] ?? ''
        expect(overlap(a, b)).toBe(contains(a, first(b)) || contains(b, first(a)))
      },
    ),
    {numRuns: 2000},
  )
})
