import {describe, expect, test} from 'vitest'
import type {Endpoint} from '../../src/model/plan.ts'
import type {Reason} from '../../src/model/result.ts'
import {dns} from '../../src/protocols/dns.ts'

const endpoint: Endpoint = {
  node: undefined,
  address: '10.96.0.10',
  port: 53,
  lookup: 'kubernetes.default.svc.cluster.local',
}

/** What a program printed, as the script hands it on: without empty lines. */
function judge(exit: number, output: string, start = '100.00', end = '100.02') {
  const lines = output.split('\n').filter((line) => line !== '')
  return dns.judge(
    {fields: [String(exit), start, end, ...lines.join('\u001e').split('\t')], trace: undefined},
    {endpoint, check: 'reply', expected: undefined},
  )
}

test.each<[Partial<Endpoint>, string]>([
  [{lookup: 'www.example.com', address: '10.96.0.10', port: 53}, 'www.example.com@10.96.0.10#53'],
  [{lookup: 'www.example.com.', address: '10.96.0.10', port: 0}, 'www.example.com.@10.96.0.10#53'],
  [{lookup: 'www.example.com', address: 'fd00::a', port: 5353}, 'www.example.com@fd00::a#5353'],
  [{lookup: 'www.example.com', address: undefined, port: 0}, 'www.example.com@'],
  [{lookup: 'kubernetes', address: undefined, port: 0}, 'kubernetes@'],
])('%j is asked as %s', (target, word) => {
  expect(dns.encode({...endpoint, ...target})).toBe(word)
})

const BIND = 'Server:\t\t10.96.0.10\nAddress:\t10.96.0.10#53\n\n'
const BUSYBOX = 'Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\n'

describe('an address of the name is a success', () => {
  test.each([
    ['bind', `${BIND}Name:\tgood.svc.test\nAddress: 10.96.0.1\nName:\tgood.svc.test\nAddress: fd00::a\n\n`],
    ['bind, IPv6 alone', `${BIND}Name:\tsix.svc.test\nAddress: fd00::a\n\n`],
    [
      'bind, an alias',
      `${BIND}a.test\tcanonical name = good.svc.test.\nName:\tgood.svc.test\nAddress: 10.96.0.1\n`,
    ],
    ['bind, not authoritative', `${BIND}Non-authoritative answer:\nName:\tx.test\nAddress: 192.0.2.1\n`],
    [
      'busybox',
      `${BUSYBOX}Name:\tgood.svc.test\nAddress: 10.96.0.1\n\nName:\tgood.svc.test\nAddress: fd00::a\n\n`,
    ],
    [
      'busybox, two of a kind',
      `${BUSYBOX}Name:\ttwo.test\nAddress: 10.96.0.1\nName:\ttwo.test\nAddress: 10.96.0.2\n\n\n`,
    ],
    [
      'busybox, no IPv6',
      `${BUSYBOX}Name:\tgood.test\nAddress: 10.96.0.1\n\n*** Can't find good.test: No answer\n\n`,
    ],
    [
      'busybox on musl before 2019',
      'Server:    10.96.0.10\nAddress 1: 10.96.0.10 kube-dns\n\nName:      kubernetes\nAddress 1: 10.96.0.1 kubernetes.default\n',
    ],
    ['an old style of bind', `${BIND}Name:\ttwo.test\nAddresses:  10.96.0.1, 10.96.0.2\n`],
    [
      'the tenth of many, on musl',
      'Server:    10.96.0.10\nAddress 1: 10.96.0.10 kube-dns\n\nName:      many\nAddress 10: 10.96.0.1 many.test\n',
    ],
    ['a text that names a server', `${BIND}Name:\tx.test\nx.test\ttext = "Server: y"\nAddress: 192.0.2.1\n`],
    ['dig, in wide columns', 'x.test.\t\t604800\t\tIN\t\tA\t\t192.0.2.1\n'],
    [
      'dig',
      ';; Got answer:\n;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 8873\n;; ANSWER SECTION:\ngood.svc.test.\t\t5\tIN\tA\t10.96.0.1\n',
    ],
    [
      'dig, IPv6 alone',
      ';; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 1\n;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 2\nsix.test.\t\t5\tIN\tAAAA\tfd00::a\n',
    ],
  ])('%s', (_, output) => {
    expect(judge(0, output)).toEqual({
      status: 'SUCCEEDED',
      reason: 'answered',
      timeUs: 0,
      raw: '',
      unstable: false,
    })
  })

  test('unstable, where a name server had to be passed over', () => {
    const output = `;; communications error to 10.96.0.10#53: timed out\n${BIND}Name:\tx.test\nAddress: 10.96.0.1\n`
    expect(judge(0, output)).toMatchObject({status: 'SUCCEEDED', unstable: true})
  })
})

describe('no address of the name is never a success', () => {
  test.each<[string, number, string, Reason]>([
    ['bind, no such name', 1, `${BIND}** server can't find nx.test: NXDOMAIN\n\n`, 'name-unresolved'],
    ['busybox, no such name', 1, `${BUSYBOX}** server can't find nx.test.: NXDOMAIN\n\n`, 'name-unresolved'],
    [
      'dig, no such name',
      0,
      ';; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 43475\n',
      'name-unresolved',
    ],
    ['bind, no address', 0, `${BIND}*** Can't find empty.test: No answer\n\n`, 'name-unresolved'],
    ['busybox, no address', 0, `${BUSYBOX}\n\n`, 'name-unresolved'],
    [
      'dig, no address',
      0,
      ';; Got answer:\n;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 37067\n',
      'name-unresolved',
    ],
    ['an alias of nothing', 0, `${BIND}a.test\tcanonical name = b.test.\n`, 'name-unresolved'],
    [
      'busybox on musl, no such name',
      1,
      "nslookup: can't resolve 'nx.test': Name does not resolve\n",
      'name-unresolved',
    ],
    [
      'bind, SERVFAIL',
      1,
      `;; Got SERVFAIL reply from 10.96.0.10\n${BIND}** server can't find x.test: SERVFAIL\n`,
      'dns-error',
    ],
    ['busybox, SERVFAIL', 1, `${BUSYBOX}** server can't find x.test.: SERVFAIL\n`, 'dns-error'],
    ['dig, SERVFAIL', 0, ';; ->>HEADER<<- opcode: QUERY, status: SERVFAIL, id: 30662\n', 'dns-error'],
    ['bind, REFUSED', 1, `${BIND}** server can't find x.test: REFUSED\n`, 'refused'],
    ['dig, REFUSED', 0, ';; ->>HEADER<<- opcode: QUERY, status: REFUSED, id: 41050\n', 'refused'],
    [
      'bind, port closed',
      1,
      ';; communications error to 10.96.0.10#53: connection refused\n;; no servers could be reached\n',
      'refused',
    ],
    [
      'busybox, port closed',
      1,
      "nslookup: write to '10.96.0.10': Connection refused\n;; connection timed out; no servers could be reached\n",
      'refused',
    ],
    [
      'bind, no route',
      1,
      ';; communications error to 10.96.0.10#53: host unreachable\n;; no servers could be reached\n',
      'no-route',
    ],
    [
      'bind, silence',
      1,
      ';; communications error to 10.96.0.10#53: timed out\n;; no servers could be reached\n',
      'timeout',
    ],
    ['busybox, silence', 1, ';; connection timed out; no servers could be reached\n\n', 'timeout'],
    [
      'dig, silence',
      9,
      ';; communications error to 10.96.0.10#53: timed out\n;; no servers could be reached\n',
      'timeout',
    ],
    ['busybox on musl, silence', 1, "nslookup: can't resolve 'x.test': Try again\n", 'timeout'],
    ['what had to be ended', 124, '', 'timeout'],
    ['the address of the name server alone', 0, BIND, 'name-unresolved'],
    [
      'the address of the name server alone, on musl',
      0,
      'Server:    10.96.0.10\nAddress 1: 10.96.0.10 kube-dns\n',
      'name-unresolved',
    ],
    [
      'a name server after the name',
      0,
      'Name:\tx.test\nServer:\t\t10.96.0.10\nAddress:\t10.96.0.10\n',
      'name-unresolved',
    ],
    ['an address of nobody', 0, 'Address 1: 10.96.0.10 kube-dns\n', 'name-unresolved'],
    [
      'a text that says "Name:"',
      0,
      'Server:\t\t10.96.0.10\nx.test\ttext = "Name: y"\nAddress: 10.96.0.10\n',
      'name-unresolved',
    ],
    [
      'a text that says "Address:"',
      0,
      `${BIND}Name:\tx.test\nx.test\ttext = "Address: 192.0.2.1"\nx.test\tmail Address: 192.0.2.1\n`,
      'name-unresolved',
    ],
    ['a record in a comment', 0, '; x.test.\t5\tIN\tA\t192.0.2.1\n', 'name-unresolved'],
    [
      'a sinkhole',
      0,
      `${BIND}Name:\tx.test\nAddress: 0.0.0.0\nName:\tx.test\nAddress: ::\n`,
      'name-unresolved',
    ],
    ['an address that is none', 0, `${BIND}Name:\tx.test\nAddress: 10.96.0.300\n`, 'name-unresolved'],
    ['another record that looks like one', 0, 'x.test.\t5\tIN\tTXT\t"x IN A 10.0.0.1"\n', 'name-unresolved'],
    ['a record with something behind it', 0, 'x.test.\t5\tIN\tA\t192.0.2.1 x\n', 'name-unresolved'],
  ])('%s', (_, exit, output, reason) => {
    expect(judge(exit, output)).toMatchObject({status: 'FAILED', reason, unstable: false})
  })
})

test.each([
  ['nothing said, and no error', 0, '', 'the lookup said nothing (exit code 0)'],
  [
    'a program that is not there',
    127,
    'sh: nslookup: not found\n',
    'sh: nslookup: not found (exit code 127)',
  ],
  ['a program that was ended from outside', 137, '', 'the lookup said nothing (exit code 137)'],
  [
    'a program that does not know its options',
    1,
    'BusyBox v1.35.0\nUsage: nslookup HOST [DNS_SERVER]\n',
    'BusyBox v1.35.0 Usage: nslookup HOST [DNS_SERVER] (exit code 1)',
  ],
])('%s was not measured', (_, exit, output, raw) => {
  expect(judge(exit, output)).toMatchObject({status: 'EXCEPTION', reason: 'probe-error', raw})
})

test.each([
  [124, '', 'the lookup did not end in time'],
  [0, BUSYBOX, 'the answer holds no address'],
  [1, `${BIND}** server can't find nx.test: NXDOMAIN\n\n`, "** server can't find nx.test: NXDOMAIN"],
])('exit code %i after %j is told as %j', (exit, output, raw) => {
  expect(judge(exit, output)?.raw).toBe(raw)
})

test.each([
  ['', ''],
  ['x', 'y'],
  ['100.05', '100.01'],
  ['100', '101'],
])('a clock that says %j, %j times nothing', (start, end) => {
  expect(judge(1, ';; connection timed out; no servers could be reached\n', start, end)?.timeUs).toBe(0)
})

test.each([[[]], [['0']], [['0', '1.00', '1.00']], [['', '1.00', '1.00', 'x']]])(
  '%j makes no sense, and counts as lost',
  (fields) => {
    const question = {endpoint, check: 'reply', expected: undefined} as const
    expect(dns.judge({fields, trace: undefined}, question)).toBeUndefined()
  },
)
