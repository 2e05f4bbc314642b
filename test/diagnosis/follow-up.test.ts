import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {diagnose} from '../../src/diagnosis/diagnose.ts'
import type {
  Arrivals,
  FindingMark,
  FollowUp,
  FollowUpAnswer,
  FollowUpQuestion,
} from '../../src/model/follow-up.ts'
import type {Reason, Status} from '../../src/model/result.ts'
import {followUps as anyFollowUp} from '../report/samples.ts'
import {nodesCalled, pictured, runOf} from './matrix.ts'

const NAMES = 'abc'
/** In the matrix of `a`, `b` and `c` the number of the probe from `a` to `b`. */
const A_TO_B = 1
/** What is found there. */
const PAIR: FindingMark = {kind: 'pair', nodes: [0, 1]}

/** What `question` came to, asked by `a` unless told. */
function heard(question: FollowUpQuestion, reason: Reason = 'answered', raw = '', asker = 0): FollowUpAnswer {
  const status: Status =
    reason === 'answered'
      ? 'SUCCEEDED'
      : reason.startsWith('tool-') || reason === 'exec-failed'
        ? 'EXCEPTION'
        : 'FAILED'
  return {question, asker, status, reason, raw}
}
const again = (reason: Reason, raw = '') => [0, 1, 2].map(() => heard('again', reason, raw))
const counted = (received: number, sent = 0, refused = 0, before = 0): Arrivals => ({
  idle: {received: before, sent: 0, refused: 0},
  asked: {received, sent, refused},
})

function evidence(
  followUp: Omit<FollowUp, 'probe' | 'finding'>,
  wish: Parameters<typeof runOf>[2] = {},
): readonly string[] {
  const run = runOf(nodesCalled(NAMES), [pictured(NAMES, {pod: '.x. ... ...'})], wish)
  const plain = diagnose(run).findings[0]
  const asked = diagnose({...run, followUps: [{finding: PAIR, probe: A_TO_B, ...followUp}]}).findings[0]
  expect({...asked, evidence: plain?.evidence}).toEqual(plain)
  const [before, after] = [plain?.evidence ?? [], asked?.evidence ?? []]
  expect(after.slice(0, before.length)).toEqual(before)
  return after.slice(before.length).map((one) => {
    expect(one).toMatch(/^follow-up: /)
    return one.replace('follow-up: ', '')
  })
}

describe('what the pod of the target counted', () => {
  test.each<[string, FollowUpAnswer[], Arrivals, string[]]>([
    ['nothing', again('timeout'), counted(0), ["requests of a do not arrive at b's pod"]],
    [
      'requests and answers',
      again('timeout'),
      counted(6, 9),
      ["requests of a arrive at b's pod, answers do not come back"],
    ],
    [
      'requests alone',
      again('timeout'),
      counted(6),
      ["requests of a arrive at b's pod, which sends nothing back"],
    ],
    ['some: who knows whose', again('timeout'), counted(2, 2), []],
    ['something while nothing was asked', again('timeout'), counted(6, 6, 0, 1), []],
    [
      'nothing, but it was answered',
      [heard('again'), ...again('timeout')],
      counted(0),
      ["asked again from a's pod, what failed is answered 1 of 4 times"],
    ],
    [
      'nothing, and it was not asked',
      [heard('again', 'exec-failed', 'gone')],
      counted(0),
      ['not measured: the same again (gone)'],
    ],
    [
      'connected, and then silence',
      again('timeout', 'Operation timed out after 3001 milliseconds with 0 bytes received'),
      counted(9, 9),
      [],
    ],
    ['reset', again('reset'), counted(9, 9), []],
    [
      'refusals of others',
      again('refused'),
      counted(0),
      ["requests of a do not arrive at b's pod: something on the way refuses them"],
    ],
    [
      'its own refusals',
      again('refused'),
      counted(3, 3, 3),
      ["requests of a arrive at b's pod, which refuses them"],
    ],
    [
      'no refusal',
      again('refused'),
      counted(3, 3),
      ["requests of a arrive at b's pod, which does not refuse them"],
    ],
    [
      'requests, and too few answers to be theirs',
      again('timeout'),
      counted(3, 2),
      ["requests of a arrive at b's pod"],
    ],
    [
      'nothing, and an answer',
      again('wrong-peer'),
      counted(0),
      ["requests of a do not arrive at b's pod: something else answers in its place"],
    ],
    [
      "requests of somebody else's answers",
      again('wrong-peer'),
      counted(4, 4),
      ["requests of a arrive at b's pod"],
    ],
    [
      'who knows',
      again('timeout'),
      {cause: 'no /proc'},
      ["the packet counters of b's pod tell nothing: no /proc"],
    ],
  ])('%s', (_, answers, arrivals, expected) => {
    expect(evidence({answers, arrivals})).toEqual(expected)
  })
})

describe('over UDP, which counts what a program reads, the pod of the target', () => {
  const udp = (received: number, unread?: number, before = 0): Arrivals => {
    const [idle, asked] = [before, unread].map((bytes) => (bytes === undefined ? {} : {unread: bytes}))
    return {
      idle: {received: 0, sent: 0, refused: 0, ...idle},
      asked: {received, sent: 0, refused: 0, ...asked},
    }
  }
  test.each<[string, Arrivals, string[]]>([
    ['got nothing, and nothing waits', udp(0, 0), ["requests of a do not arrive at b's pod"]],
    [
      'hangs: nothing is read, and something waits',
      udp(0, 2496),
      ["something arrives at b's pod that its program does not read"],
    ],
    ['may hang: nobody knows what waits, as in an older report', udp(0), []],
    ['had no peace before', udp(0, 2496, 832), []],
    ['reads, and sends nothing', udp(3, 0), ["requests of a arrive at b's pod, which sends nothing back"]],
  ])('%s', (_, arrivals, expected) => {
    expect(evidence({answers: again('timeout'), arrivals}, {protocols: ['udp']})).toEqual(expected)
  })
})

describe('what was answered', () => {
  test.each<[string, Omit<FollowUp, 'probe' | 'finding'>, string[]]>([
    ['the same fails again: no news', {answers: again('timeout')}, []],
    [
      'the node answers',
      {answers: [heard('node-ping'), heard('node-port', 'timeout')]},
      ["b's own address answers pings from a's pod: packets pass between the two nodes"],
    ],
    [
      'its kubelet does',
      {answers: [heard('node-ping', 'tool-unable', 'no socket'), heard('node-port')]},
      [
        "b's own address accepts connections from a's pod: packets pass between the two nodes",
        'not measured: pings of the node (no socket)',
      ],
    ],
    [
      'its kubelet refuses: somebody else may have',
      {answers: [heard('node-ping', 'timeout'), heard('node-port', 'refused')]},
      ["b's own address refuses connections from a's pod to the kubelet's port"],
    ],
    [
      'a part of the pings',
      {answers: [heard('node-ping', 'loss', '2 of 5 lost')]},
      ["pings from a's pod to b's own address get lost in part: 2 of 5 lost"],
    ],
    [
      'nothing of the node',
      {answers: [heard('node-ping', 'timeout'), heard('node-port', 'no-route')]},
      [
        "b's own address does not answer a's pod (pings: timeout; the kubelet's port: no-route); its answers may have to take the pod network",
      ],
    ],
    [
      'other protocols',
      {answers: [heard('ping'), heard('udp', 'timeout')]},
      [
        "from a's pod, pings of the same address are answered",
        "from a's pod, UDP to the same address fails (timeout)",
      ],
    ],
    [
      'sizes',
      {
        answers: [
          heard('small'),
          heard('large', 'mtu'),
          heard('small', 'answered', '', 2),
          heard('large', 'answered', '', 2),
        ],
      },
      [
        "from a's pod, a small body passes, a large one does not (mtu)",
        "from c's pod, a small body passes, and so does a large one",
      ],
    ],
    [
      'not even small ones',
      {answers: [heard('small', 'timeout'), heard('large', 'timeout')]},
      ["from a's pod, a small body fails (timeout)"],
    ],
    [
      'another node',
      {answers: [heard('again', 'timeout', '', 2)]},
      ["asked from c's pod, it fails as well (timeout)"],
    ],
    [
      'another node, in vain here',
      {answers: [heard('again', 'timeout'), heard('again', 'answered', '', 2)]},
      ["asked from c's pod, it is answered"],
    ],
    [
      'what is behind a service',
      {answers: [heard('floater')]},
      ["from a's pod, the floater behind it, at its own address, answers"],
    ],
    [
      'the way, to its end',
      {answers: [], route: {hops: ['10.0.0.254', '', '10.0.1.1']}},
      ["traceroute from a's pod arrives after 3 hops"],
    ],
    [
      'the way, until it is lost',
      {answers: [], route: {hops: ['10.0.0.254', '', '']}},
      ["traceroute from a's pod: hop 1, 10.0.0.254, is the last that answers"],
    ],
    ['no way', {answers: [], route: {hops: ['', '']}}, ["traceroute from a's pod: no hop answers"]],
    [
      'no traceroute in the image',
      {answers: [], route: {cause: 'the image has no traceroute or tracepath'}},
      [],
    ],
    [
      'one that may not run',
      {answers: [], route: {cause: 'traceroute: socket: Operation not permitted'}},
      ['not measured: traceroute (traceroute: socket: Operation not permitted)'],
    ],
    [
      'what could not be asked, by cause',
      {
        answers: [
          heard('ping', 'tool-unable', 'no socket (why): remedy'),
          heard('node-ping', 'tool-unable', 'no socket (why): remedy'),
          heard('udp', 'tool-missing', 'the image has no nc'),
        ],
      },
      ['not measured: pings, pings of the node (no socket)', 'not measured: UDP (the image has no nc)'],
    ],
    ['no time left', {answers: [], omitted: 'the time was over'}, ['nothing was asked: the time was over']],
    [
      'hostile words',
      {answers: [heard('ping', 'exec-failed', '\u001b[2J\n\u202eboo')]},
      ['not measured: pings (boo)'],
    ],
  ])('%s', (_, followUp, expected) => {
    expect(evidence(followUp)).toEqual(expected)
  })
})

test.each<[string, FindingMark, number]>([
  ['the finding that it was asked about', PAIR, 1],
  ['one of another kind', {...PAIR, kind: 'node-deaf'}, 0],
  ['one of a kind that this version does not know', {...PAIR, kind: 'new-kind'}, 0],
  ['one about another node', {...PAIR, nodes: [0, 2]}, 0],
  ['one about fewer nodes', {...PAIR, nodes: [0]}, 0],
  ['one about more nodes', {...PAIR, nodes: [0, 1, 2]}, 0],
])('what was asked is evidence of %s: %o, so often: %i', (_, finding, clauses) => {
  const run = runOf(nodesCalled(NAMES), [pictured(NAMES, {pod: '.x. ... ...'})])
  const plain = diagnose(run)
  const asked = diagnose({...run, followUps: [{finding, probe: A_TO_B, answers: [heard('node-ping')]}]})
  const evidenceOf = ({findings}: typeof plain) => findings.flatMap((one) => one.evidence)
  expect(evidenceOf(asked)).toHaveLength(evidenceOf(plain).length + clauses)
})

test('whatever was answered, it is evidence of that one finding, in whole printable clauses, and nothing else', () => {
  const run = runOf(nodesCalled(NAMES), [pictured(NAMES, {pod: '.x. ... x..'})])
  const plain = diagnose(run)
  fc.assert(
    fc.property(anyFollowUp(run), (followUps) => {
      const told = diagnose({...run, followUps})
      expect(told.findingOf).toEqual(plain.findingOf)
      expect(told.findings.map(({evidence: _, ...rest}) => rest)).toEqual(
        plain.findings.map(({evidence: _, ...rest}) => rest),
      )
      for (const clause of told.findings.flatMap((one) => one.evidence)) {
        expect(clause).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]|undefined|NaN/u)
        expect(clause.length).toBeLessThan(500)
      }
    }),
  )
})

test('nobody is said to get requests, or not to, unless every repetition failed alike and the pod was quiet before', () => {
  const run = runOf(nodesCalled(NAMES), [pictured(NAMES, {pod: '.x. ... ...'})])
  fc.assert(
    fc.property(anyFollowUp(run), (followUps) => {
      const clauses = diagnose({...run, followUps}).findings.flatMap((one) => one.evidence)
      const claim = clauses.find((clause) => clause.includes('requests of'))
      // The last one about a probe counts.
      const about = followUps.findLast(({probe}) => probe === A_TO_B)
      if (claim === undefined || about?.arrivals === undefined || 'cause' in about.arrivals) {
        expect(claim).toBeUndefined()
        return
      }
      const asked = about.answers.filter(({question}) => question === 'again')
      expect(asked.length).toBeGreaterThan(0)
      expect(new Set(asked.map(({status, reason}) => `${status} ${reason}`)).size).toBe(1)
      expect(asked[0]?.status).toBe('FAILED')
      expect(about.arrivals.idle.received).toBe(0)
      expect(claim.includes('do not arrive')).toBe(about.arrivals.asked.received === 0)
      if (!claim.includes('do not arrive')) expect(about.arrivals.asked.received).toBeGreaterThanOrEqual(3)
    }),
    {numRuns: 500},
  )
})
