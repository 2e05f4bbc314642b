import {describe, expect, test} from 'vitest'
import type {Reason, Status} from '../../src/model/result.ts'
import type {Question} from '../../src/protocols/protocol.ts'
import {udp} from '../../src/protocols/udp.ts'

const NAME = 'netdoctor-floater-x7k2p'
const endpoint = {node: 1, address: '10.0.0.2', port: 8889}

interface Said {
  exit?: string
  start?: string
  end?: string
  wait?: string
  seen?: string
  error?: string
  reply?: string[]
}

function judge(said: Said, question: Partial<Question> = {}) {
  const {
    exit = '0',
    start = '100.00',
    end = '100.01',
    wait = '',
    seen = '',
    error = '',
    reply = [NAME],
  } = said
  return udp.judge(
    {fields: [exit, start, end, wait, seen, error, ...reply], trace: undefined},
    {endpoint, check: 'reply', expected: NAME, ...question},
  )
}

test.each([
  [endpoint, '10.0.0.2:8889'],
  [{node: 0, address: 'fd00::2', port: 53}, '[fd00::2]:53'],
])('%j is asked as %s', (target, word) => {
  expect(udp.encode(target)).toBe(word)
})

describe('a reply', () => {
  test('of the floater is a success, and is not timed: that would be the time of the programs', () => {
    expect(judge({})).toEqual({
      status: 'SUCCEEDED',
      reason: 'answered',
      timeUs: 0,
      raw: '',
      unstable: false,
    })
  })

  test.each([[`${NAME}2`], ['netdoctor-floater-aaaaa'], ['X'], [`${NAME}\t`.repeat(2)]])(
    'of somebody else is a wrong peer: %j',
    (reply) => {
      expect(judge({reply: reply.split('\t')})).toMatchObject({
        status: 'FAILED',
        reason: 'wrong-peer',
        raw: reply.trim(),
      })
    },
  )

  test('is cut to a length that fits in a report', () => {
    expect(judge({reply: ['x'.repeat(2000)]})?.raw).toBe('x'.repeat(200))
  })

  test('counts whoever it is from, where nobody knows the right one', () => {
    expect(judge({reply: ['anything']}, {expected: undefined})?.status).toBe('SUCCEEDED')
  })

  test.each([[''], [' '], ['\r']])('of nothing (%j) never counts', (reply) => {
    expect(judge({reply: [reply]})?.status).toBe('FAILED')
    expect(judge({reply: [reply]}, {expected: undefined})?.status).toBe('FAILED')
    expect(judge({reply: [reply], wait: '3'}, {expected: undefined})?.status).toBe('FAILED')
  })
})

describe('the address under which the peer sees the source', () => {
  test.each<[string, string[] | undefined, string]>([
    ['10.0.0.1:4711', ['10.0.0.1'], ''],
    ['10.0.0.1:4711', ['fd00::1', '10.0.0.1'], ''],
    ['203.0.113.7:4711', ['10.0.0.1'], 'seen as 203.0.113.7'],
    ['10.0.0.10:4711', ['10.0.0.1'], 'seen as 10.0.0.10'],
    ['[fd00::1]:4711', ['FD00:0::1'], ''],
    ['[fd00::7]:4711', ['fd00::1'], 'seen as fd00::7'],
    ['203.0.113.7:4711', [], 'seen as 203.0.113.7'],
    ['203.0.113.7:4711', undefined, ''],
    ['', ['10.0.0.1'], ''],
    ['rubbish', ['10.0.0.1'], ''],
    ['203.0.113.7', ['10.0.0.1'], ''],
    ['x]203.0.113.7:80', ['10.0.0.1'], ''],
    ['evil\u001b[2J:80', ['10.0.0.1'], ''],
  ])('%j of %j: %j', (seen, sourceAddresses, raw) => {
    expect(judge({seen}, sourceAddresses && {sourceAddresses})).toMatchObject({status: 'SUCCEEDED', raw})
  })
})

describe('no reply', () => {
  test.each<[string, Said, Status, Reason, string]>([
    [
      'bash, port closed',
      {exit: '1', error: "dd: error reading 'standard input': Connection refused"},
      'FAILED',
      'refused',
      'Connection refused',
    ],
    [
      'busybox dd, port closed',
      {exit: '1', error: 'dd: read error: Connection refused'},
      'FAILED',
      'refused',
      'Connection refused',
    ],
    [
      'bash, no route',
      {exit: '1', error: 'one: connect: Network is unreachable'},
      'FAILED',
      'no-route',
      'Network is unreachable',
    ],
    [
      'bash, host unreachable',
      {exit: '1', error: "dd: error reading 'standard input': No route to host"},
      'FAILED',
      'no-route',
      'No route to host',
    ],
    [
      'bash, local policy',
      {exit: '1', error: 'one: line 5: printf: write error: Operation not permitted'},
      'FAILED',
      'refused',
      'Operation not permitted',
    ],
    [
      'bash, no such name',
      {exit: '1', error: 'one: no-such.invalid: Name or service not known'},
      'FAILED',
      'name-unresolved',
      'Name or service not known',
    ],
    ['bash, silence', {exit: '124', end: '103.00'}, 'FAILED', 'timeout', ''],
    ['bash, empty datagram', {exit: '0'}, 'FAILED', 'wrong-peer', 'an empty reply'],
    ['nc, silence', {exit: '0', wait: '3', end: '103.01'}, 'FAILED', 'timeout', ''],
    ['nc, silence with exit code 1', {exit: '1', wait: '3', end: '103.01'}, 'FAILED', 'timeout', ''],
    [
      'nc, port closed',
      {exit: '0', wait: '3', end: '100.01'},
      'FAILED',
      'refused',
      'nc ended before its time',
    ],
    [
      'nc, no route',
      {exit: '1', wait: '3', end: '100.01'},
      'FAILED',
      'connect-failed',
      'nc ended before its time',
    ],
    ['nc, port closed, at once', {wait: '3', end: '100.00'}, 'FAILED', 'refused', 'nc ended before its time'],
    ['nc, nearly at the end', {wait: '3', end: '102.69'}, 'FAILED', 'refused', 'nc ended before its time'],
    ['nc, a little early', {wait: '3', end: '102.70'}, 'FAILED', 'timeout', ''],
    ['nc, no clock', {exit: '0', wait: '3', start: '', end: ''}, 'FAILED', 'timeout', ''],
    ['a program that is not there', {exit: '127', wait: '3'}, 'EXCEPTION', 'probe-error', '(exit code 127)'],
    [
      'words that nobody knows',
      {exit: '1', error: 'out of memory'},
      'EXCEPTION',
      'probe-error',
      'out of memory (exit code 1)',
    ],
    ['ended from outside', {exit: '137', wait: '3'}, 'EXCEPTION', 'probe-error', '(exit code 137)'],
  ])('%s', (_, said, status, reason, raw) => {
    expect(judge({...said, reply: ['']})).toMatchObject({status, reason, raw})
    expect(judge({...said, reply: ['']}, {expected: undefined})).toMatchObject({status, reason})
  })
})

const PATIENCE = {connect: 3, whole: 10}
const NAMED = {...endpoint, address: 'db.example.com'}

test.each<[string, Said, Partial<Question>, Reason]>([
  ['as long as it was to be', {exit: '124', end: '103.02'}, {}, 'timeout'],
  ['a second more', {exit: '124', end: '104.00'}, {}, 'timeout'],
  ['longer', {exit: '124', end: '104.01'}, {}, 'overloaded'],
  ['twice as long as nc was told and a second more', {wait: '3', end: '107.00'}, {}, 'timeout'],
  ['longer than that', {wait: '3', end: '107.01'}, {}, 'overloaded'],
  ['longer than that, with a name to resolve', {wait: '3', end: '150.00'}, {endpoint: NAMED}, 'timeout'],
])('the wait for a reply took %s', (_, said, question, reason) => {
  const status = reason === 'timeout' ? 'FAILED' : 'EXCEPTION'
  expect(judge({...said, reply: ['']}, {patience: PATIENCE, ...question})).toMatchObject({status, reason})
  // Without a word on how long bash was to wait, there is nothing to compare with; nc says it itself.
  if (said.exit === '124') expect(judge({...said, reply: ['']})?.reason).toBe('timeout')
})

test('what was overloaded says how long it took, and what came in spite of it counts', () => {
  const late = {exit: '124', end: '109.96'}
  expect(judge({...late, reply: ['']}, {patience: PATIENCE})).toEqual({
    ...{status: 'EXCEPTION', reason: 'overloaded', timeUs: 0, unstable: false},
    raw: 'waiting for 3 s took 10.0 s: the node, or the floater, is overloaded',
  })
  // An nc may wait twice as long as it was told; it was told this.
  expect(judge({wait: '1', end: '109.96', reply: ['']})?.raw).toMatch(/^waiting for 1 s took 10\.0 s:/)
  expect(judge({end: '109.96'}, {patience: PATIENCE})).toMatchObject({status: 'SUCCEEDED'})
  expect(
    judge(
      {exit: '1', end: '109.96', error: 'dd: read error: Connection refused', reply: ['']},
      {patience: PATIENCE},
    ),
  ).toMatchObject({status: 'FAILED', reason: 'refused'})
})

test.each([
  [[]],
  [['0', '1.00', '1.01', '', '']],
  [['', '1.00', '1.01', '', '', '', NAME]],
  [['zero', '1.00', '1.01', '', '', '', NAME]],
  [['0', '1.00', '1.01', 'three', '', '', NAME]],
])('%j makes no sense, and counts as lost', (fields) => {
  expect(udp.judge({fields, trace: undefined}, {endpoint, check: 'reply', expected: NAME})).toBeUndefined()
})
