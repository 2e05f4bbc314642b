import {expect, test} from 'vitest'
import type {Check, Endpoint, Plan, ProtocolName} from '../../src/model/plan.ts'
import type {Reason, Verdict} from '../../src/model/result.ts'
import {explain} from '../../src/results/explain.ts'
import {sizeVerdict} from '../../src/protocols/packet-size.ts'
import {recorder} from '../../src/results/store.ts'

/** What is said of one probe from node a. */
function said(
  protocol: ProtocolName,
  verdict: Verdict,
  endpoint: Partial<Endpoint> = {},
  check: Check = 'reply',
) {
  const target = {node: 1, address: '10.0.0.2', port: 8889, ...endpoint}
  const block = {
    mode: 'pod',
    protocol,
    ipFamily: 'ipv4',
    check,
    from: 'pod',
    to: 'pod',
    sources: [0],
    endpoints: [target],
    first: 0,
    size: 1,
  } as const
  const nodes = ['a', 'b'].map((name) => ({cluster: 'c', name, addresses: [], floaters: {}}))
  const plan: Plan = {nodes, blocks: [block], size: 1}
  const {results, record} = recorder(1)
  record(0, verdict, target.address)
  return explain(plan, results, {id: 0, block, source: 0, endpoint: target})
}

function failed(reason: Reason, raw: string, timeUs = 0): Verdict {
  return {status: 'FAILED', reason, raw, timeUs, unstable: false}
}

const LOOKUP = {address: '10.96.0.10', port: 53, lookup: 'www.example.com'}

test.each<[ProtocolName, Verdict, Partial<Endpoint>, string]>([
  ['icmp', failed('timeout', '5 of 5 lost'), {}, 'no reply from 10.0.0.2 to any ping'],
  ['icmp', failed('loss', '2 of 5 lost'), {}, 'packets to 10.0.0.2 get lost, or their replies: 2 of 5 lost'],
  [
    'icmp',
    failed('refused', 'Packet filtered'),
    {},
    'ping to 10.0.0.2 is rejected, by a policy most likely: Packet filtered',
  ],
  ['udp', failed('timeout', '', 3_000_000), {}, 'no reply from 10.0.0.2:8889 within 3.0 s'],
  ['udp', failed('timeout', ''), {}, 'no reply from 10.0.0.2:8889 in time'],
  [
    'udp',
    failed('refused', 'x'),
    {},
    '10.0.0.2:8889 takes no datagrams: nothing listens there, or a policy rejects them',
  ],
  ['dns', failed('timeout', 'x', 3_000_000), LOOKUP, 'no reply from the name server 10.96.0.10 within 3.0 s'],
  ['dns', failed('refused', 'REFUSED'), LOOKUP, 'the name server 10.96.0.10 refuses to answer: REFUSED'],
  [
    'dns',
    failed('name-unresolved', 'NXDOMAIN'),
    LOOKUP,
    'the name server 10.96.0.10 has no address for www.example.com: NXDOMAIN',
  ],
  [
    'dns',
    failed('dns-error', 'SERVFAIL'),
    {...LOOKUP, address: undefined},
    "the pod's own name server could not look up www.example.com: SERVFAIL",
  ],
  [
    'tcp',
    failed('mtu', 'x'),
    {},
    '10.0.0.2:8889 answers small requests but not one of several full packets: an MTU on the way is too small for them',
  ],
])('%s, %j of %j', (protocol, verdict, endpoint, sentence) => {
  expect(said(protocol, verdict, endpoint)).toBe(sentence)
})

test.each<[Verdict, string]>([
  [{...sizeVerdict({largest: 1450, taken: 1450, told: false})}, 'packets of up to 1450 bytes pass'],
  [
    {...sizeVerdict({largest: 1450, taken: 1450, told: false}), unstable: true},
    'only when repeated, packets of up to 1450 bytes pass',
  ],
  [
    sizeVerdict({largest: 1400, taken: 1450, told: false}),
    'packets to 10.0.0.2 are held up by their size: 1400 of 1450 bytes pass, larger ones vanish. Most often an MTU leaves no room for the header of an overlay or tunnel',
  ],
  [
    sizeVerdict({largest: 1400, taken: 1450, told: true}),
    'packets to 10.0.0.2 are held up by their size: 1400 of 1450 bytes pass, larger ones are turned back by a router. Most often an MTU leaves no room for the header of an overlay or tunnel',
  ],
])('the largest packet, %j', (verdict, sentence) => {
  expect(said('icmp', verdict, {}, 'mtu')).toBe(sentence)
})

test('what the image cannot do says from which node, and what would help', () => {
  const verdict: Verdict = {
    status: 'EXCEPTION',
    reason: 'tool-unable',
    raw: 'the image cannot: set x',
    timeUs: 0,
    unstable: false,
  }
  expect(said('icmp', verdict)).toBe('not measured from node a: the image cannot: set x')
})

test.each([
  [false, '', ''],
  [
    false,
    'seen as 203.0.113.7',
    'answered, but the source address was rewritten on the way: seen as 203.0.113.7',
  ],
  [true, '', 'answered, but only sometimes or after a lost packet'],
  [
    true,
    'seen as 203.0.113.7',
    'answered, but only sometimes or after a lost packet, and the source address was rewritten on the way: seen as 203.0.113.7',
  ],
])('a success, unstable %j, %j', (unstable, raw, sentence) => {
  expect(said('udp', {status: 'SUCCEEDED', reason: 'answered', raw, timeUs: 10_000, unstable})).toBe(sentence)
})
