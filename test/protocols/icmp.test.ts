import {describe, expect, test} from 'vitest'
import type {Reason, Status} from '../../src/model/result.ts'
import {icmp} from '../../src/protocols/icmp.ts'

const endpoint = {node: 1, address: '10.0.0.2', port: 0}

/** As the script hands on what ping printed. */
function judge(exit: number | string, ...lines: string[]) {
  return icmp.judge(
    {fields: [String(exit), lines.join('\u001e')], trace: undefined},
    {endpoint, check: 'reply', expected: undefined},
  )
}

const HEADER = 'PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.'
const RULE = '--- 10.0.0.2 ping statistics ---'
const NOTHING_BACK = '5 packets transmitted, 0 received, 100% packet loss, time 818ms'

test.each([
  [{node: 0, address: '10.0.0.2', port: 0}, '10.0.0.2'],
  [{node: 0, address: 'fd00::2', port: 0}, 'fd00::2'],
])('%j is asked as %s', (target, word) => {
  expect(icmp.encode(target)).toBe(word)
})

describe('all replies', () => {
  test.each([
    [
      'iputils 20221126',
      '5 packets transmitted, 5 received, 0% packet loss, time 41ms',
      'rtt min/avg/max/mdev = 0.003/0.006/0.019/0.006 ms, ipg/ewma 0.023/0.012 ms',
      6,
    ],
    [
      'busybox 1.35',
      '5 packets transmitted, 5 packets received, 0% packet loss',
      'round-trip min/avg/max = 0.008/0.051/0.225 ms',
      51,
    ],
    [
      'one twice',
      '5 packets transmitted, 5 received, +1 duplicates, 0% packet loss, time 41ms',
      'rtt min/avg/max/mdev = 12.003/123.456/200.019/0.006 ms',
      123_456,
    ],
  ])('of %s are a success with the mean round trip', (_, summary, times, timeUs) => {
    expect(judge(0, HEADER, RULE, summary, times)).toEqual({
      status: 'SUCCEEDED',
      reason: 'answered',
      timeUs,
      raw: '',
      unstable: false,
    })
  })
})

test.each([
  ['5 packets transmitted, 3 received, 40% packet loss, time 41ms', '2 of 5 lost'],
  ['5 packets transmitted, 4 packets received, 20% packet loss', '1 of 5 lost'],
  ['5 packets transmitted, 1 received, +2 errors, 80% packet loss, time 41ms', '4 of 5 lost'],
])('%j is loss', (summary, raw) => {
  const verdict = judge(0, HEADER, 'From 10.0.0.1 icmp_seq=2 Destination Host Unreachable', RULE, summary)
  expect(verdict).toEqual({status: 'FAILED', reason: 'loss', timeUs: 0, raw, unstable: false})
})

describe('the largest packet', () => {
  const sized = (...fields: string[]) =>
    icmp.judge({fields, trace: undefined}, {endpoint, check: 'mtu', expected: undefined})

  test.each<[string, string, string, Status, string]>([
    ['1450', '1450', '', 'SUCCEEDED', '1450'],
    ['1400', '1404', '', 'SUCCEEDED', '1404'],
    ['65535', '65535', '', 'SUCCEEDED', '65535'],
    ['1450', '1449', '', 'FAILED', '1449 of 1450 bytes pass, larger ones vanish'],
    ['1450', '104', '', 'FAILED', '104 of 1450 bytes pass, larger ones vanish'],
    [
      '1450',
      '1400',
      'learnt',
      'EXCEPTION',
      'at most 10 minutes ago a router turned back more than 1400 bytes, and until the kernel has forgotten that, it sends nothing larger. Ask again then',
    ],
    ['1450', '1400', 'told', 'FAILED', '1400 of 1450 bytes pass, larger ones are turned back by a router'],
  ])('%s may set out, %s pass %s: %s, %s', (own, largest, told, status, raw) => {
    const reason = {FAILED: 'mtu', SUCCEEDED: 'answered', EXCEPTION: 'probe-error'}[status]
    expect(sized('0', own, largest, told, '')).toEqual({status, reason, timeUs: 0, raw, unstable: false})
  })

  test.each<[string, string, Reason]>([
    ['1450', '1 packets transmitted, 0 received, 100% packet loss, time 0ms', 'timeout'],
    ['', 'ping: connect: Network is unreachable', 'no-route'],
    ['', 'ping: connect: Cannot assign requested address', 'probe-error'],
    // No size, no success, whatever else is said.
    ['', '1 packets transmitted, 1 received, 0% packet loss, time 0ms', 'probe-error'],
    ['1450', '1 packets transmitted, 1 received, 0% packet loss, time 0ms', 'probe-error'],
  ])('%s may set out, and none passes: %j is %s', (own, line, reason) => {
    const verdict = sized('1', own, '', '', line)
    expect(verdict?.reason).toBe(reason)
    if (line.includes('1 received')) expect(verdict?.raw).toBe('no size was found')
  })

  test.each([
    ['0', '1450', '1450x', ''],
    ['0', '-1', '1', ''],
    ['0', '1450', '0', ''],
    ['0', '', '1450', ''],
    ['0', '1450x', '1400', 'told'],
  ])('sizes that make no sense are neither a success nor a failure: %j', (...fields) => {
    expect(sized(...fields, '')?.status).toBe('EXCEPTION')
  })

  test('less than that is lost', () => {
    expect(sized('0', '1450', '1450')).toBeUndefined()
  })
})

describe('no reply', () => {
  test.each<[string, Reason]>([
    ['From 10.0.0.1 icmp_seq=1 Destination Host Unreachable', 'no-route'],
    ['From 10.0.0.1 icmp_seq=1 Destination Net Unreachable', 'no-route'],
    ['From 10.0.0.1 icmp_seq=1 Time to live exceeded', 'no-route'],
    ['From fd00::1 icmp_seq=1 Destination unreachable: No route', 'no-route'],
    ['From fd00::1: icmp_seq=1 Destination unreachable: Address unreachable', 'no-route'],
    ['From fd00::1 icmp_seq=1 Time exceeded: Hop limit', 'no-route'],
    ['From 10.0.0.1 icmp_seq=1 Destination Port Unreachable', 'refused'],
    ['From 10.0.0.1 icmp_seq=1 Destination Host Prohibited', 'refused'],
    ['From 10.0.0.1 icmp_seq=1 Packet filtered', 'refused'],
    ['From fd00::1 icmp_seq=1 Destination unreachable: Administratively prohibited', 'refused'],
    ['From fd00::1 icmp_seq=1 Destination unreachable: Port unreachable', 'refused'],
    ['ping: sendmsg: Operation not permitted', 'refused'],
  ])('with %j is %s', (line, reason) => {
    const verdict = judge(1, HEADER, line, RULE, NOTHING_BACK)
    expect(verdict).toEqual({status: 'FAILED', reason, timeUs: 0, raw: line, unstable: false})
  })

  test.each([
    [HEADER, NOTHING_BACK],
    [
      'PING 10.0.0.2 (10.0.0.2): 56 data bytes',
      '5 packets transmitted, 0 packets received, 100% packet loss',
    ],
    ['PING unreachable.example.com (10.0.0.2): 56 data bytes', NOTHING_BACK],
  ])('and no word is a timeout: %j', (header, summary) => {
    expect(judge(1, header, RULE, summary)).toMatchObject({
      status: 'FAILED',
      reason: 'timeout',
      raw: '5 of 5 lost',
    })
  })
})

describe('what ping says instead of a summary', () => {
  test.each<[number, string, Status, Reason]>([
    [2, 'ping: connect: Network is unreachable', 'FAILED', 'no-route'],
    [1, 'ping: sendto: Network unreachable', 'FAILED', 'no-route'],
    [1, 'ping: sendto: Operation not permitted', 'FAILED', 'refused'],
    [2, 'ping: no-such.invalid: Name or service not known', 'FAILED', 'name-unresolved'],
    [2, 'ping: no-such.invalid: Temporary failure in name resolution', 'FAILED', 'name-unresolved'],
    [1, "ping: bad address 'unreachable.invalid'", 'FAILED', 'name-unresolved'],
    [124, '', 'FAILED', 'name-unresolved'],
    [2, 'ping: connect: Cannot assign requested address', 'EXCEPTION', 'probe-error'],
    [1, 'ping: permission denied (are you root?)', 'EXCEPTION', 'probe-error'],
    [2, 'ping: socket: Operation not permitted', 'EXCEPTION', 'probe-error'],
    [126, 'sh: ping: Operation not permitted', 'EXCEPTION', 'probe-error'],
    [127, 'sh: ping: not found', 'EXCEPTION', 'probe-error'],
    [137, '', 'EXCEPTION', 'probe-error'],
    [0, '', 'EXCEPTION', 'probe-error'],
  ])('exit code %i, %j is %s, %s', (exit, line, status, reason) => {
    expect(judge(exit, line)).toMatchObject({status, reason})
  })
})

test.each([
  [124, [''], 'the resolver did not answer in time'],
  [2, ['ping: bad option', 'Usage: ping HOST'], 'ping: bad option Usage: ping HOST (ping exit code 2)'],
])('exit code %i, %j is told as %j', (exit, lines, raw) => {
  expect(judge(exit, ...lines)?.raw).toBe(raw)
})

test.each([
  ['0 packets transmitted, 0 received'],
  ['5 packets transmitted, 5'],
  ['said: 5 packets transmitted, 5 received'],
  ['5 packets transmitted, -5 received'],
])('exit code 0 without a whole summary is no success: %j', (line) => {
  expect(judge(0, line)?.status).not.toBe('SUCCEEDED')
})

test.each([[[]], [['']], [['zero', 'x']], [['0000', 'x']]])(
  '%j makes no sense, and counts as lost',
  (fields) => {
    const question = {endpoint, check: 'reply', expected: undefined} as const
    expect(icmp.judge({fields, trace: undefined}, question)).toBeUndefined()
  },
)
