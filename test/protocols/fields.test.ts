import {describe, expect, test} from 'vitest'
import {elapsedUs} from '../../src/protocols/fields.ts'
import {protocols} from '../../src/protocols/index.ts'

/** What each protocol takes for a good answer, behind its exit code. */
const REST = {
  tcp: ['200', '0.000400', '0.000900', '', 'OK'],
  udp: ['100.00', '100.01', '', '', '', 'OK'],
  icmp: ['5 packets transmitted, 5 received, 0% packet loss'],
  dns: ['100.00', '100.01', 'Name:\tx.test\u001eAddress: 192.0.2.1'],
}

describe.each(Object.values(protocols))('$name', ({name, judge}) => {
  const judged = (exit: string) =>
    judge(
      {fields: [exit, ...REST[name]], trace: undefined},
      {endpoint: {node: 1, address: '10.0.0.2', port: 80}, check: 'reply', expected: 'OK'},
    )

  test('takes an exit code', () => {
    expect(judged('0')?.status).toBe('SUCCEEDED')
  })

  test.each(['', 'x', '0x', 'x0', ' 0', '-1', '0000'])('takes %j for none: the answer is lost', (exit) => {
    expect(judged(exit)).toBeUndefined()
  })
})

test.each<[string | undefined, string | undefined, number | undefined]>([
  ['100.00', '100.02', 20_000],
  ['9.99', '10.00', 10_000],
  ['100.00', '100.00', 0],
  ['100.01', '100.00', undefined],
  ['', '100.00', undefined],
  ['100.00', '', undefined],
  [undefined, '100.00', undefined],
  ['100.00', undefined, undefined],
  ['100', '101', undefined],
  ['x100.00', '101.00', undefined],
  ['100.000', '101.00', undefined],
  ['100.00', '101.000', undefined],
  ['100.00', '101.00x', undefined],
])('from %j to %j on /proc/uptime: %j µs', (start, end, us) => {
  expect(elapsedUs(start, end)).toBe(us)
})
