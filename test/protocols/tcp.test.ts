import {describe, expect, test} from 'vitest'
import type {Check} from '../../src/model/plan.ts'
import type {Reason, Status} from '../../src/model/result.ts'
import {tcp} from '../../src/protocols/tcp.ts'

const endpoint = {node: 1, address: '10.0.0.2', port: 8889}

interface Said {
  exit?: string
  http?: string
  connected?: string
  total?: string
  message?: string
  body?: string[]
  trace?: string
}

function judge(said: Said, check: Check = 'reply', expected: string | undefined = 'OK') {
  const {
    exit = '0',
    http = '200',
    connected = '0.000400',
    total = '0.000900',
    message = '',
    body = ['OK'],
  } = said
  return tcp.judge(
    {fields: [exit, http, connected, total, message, ...body], trace: said.trace},
    {endpoint, check, expected},
  )
}

test.each([
  [{node: 0, address: '10.0.0.2', port: 80}, '10.0.0.2:80'],
  [{node: 0, address: 'fd00::2', port: 8889}, '[fd00::2]:8889'],
])('%j is asked as %s', (target, word) => {
  expect(tcp.encode(target)).toBe(word)
})

describe('an answer', () => {
  test('of the floater is a success, timed by its connection', () => {
    expect(judge({})).toEqual({
      status: 'SUCCEEDED',
      reason: 'answered',
      timeUs: 400,
      raw: '',
      unstable: false,
    })
  })

  test.each<[Said, string]>([
    [{body: ['ok']}, 'HTTP 200: ok'],
    [{body: ['OKAY']}, 'HTTP 200: OKAY'],
    [{body: ['OK', 'more']}, 'HTTP 200: OK\tmore'],
    [{body: ['']}, 'HTTP 200: '],
    [{body: []}, 'HTTP 200: '],
    [{http: '404', body: ['OK']}, 'HTTP 404: OK'],
    [{http: '301', body: ['']}, 'HTTP 301: '],
    [{http: '000', body: ['OK']}, 'HTTP 000: OK'],
    [{body: ['x'.repeat(4096)]}, `HTTP 200: ${'x'.repeat(200)}`],
  ])('of somebody else is a wrong peer: %j', (said, raw) => {
    expect(judge(said)).toEqual({status: 'FAILED', reason: 'wrong-peer', timeUs: 400, raw, unstable: false})
  })

  test('may end in a carriage return', () => {
    expect(judge({body: ['OK\r']})?.reason).toBe('answered')
  })
})

describe('a connection', () => {
  test.each([
    ['0.899999', false],
    ['0.900000', true],
    ['1.013000', true],
  ])('that stood after %s s: unstable is %j', (connected, unstable) => {
    expect(judge({connected})).toMatchObject({status: 'SUCCEEDED', unstable})
  })

  test('that had a name to resolve first is not timed', () => {
    const answer = {fields: ['0', '200', '1.013000', '1.014000', '', 'OK'], trace: undefined}
    const question = {
      endpoint: {...endpoint, address: 'db.example.com'},
      check: 'reply',
      expected: 'OK',
    } as const
    expect(tcp.judge(answer, question)).toMatchObject({status: 'SUCCEEDED', unstable: false})
  })
})

test.each<[string, Status, Reason]>([
  ['1', 'FAILED', 'wrong-peer'],
  ['2', 'EXCEPTION', 'probe-error'],
  ['3', 'EXCEPTION', 'probe-error'],
  ['6', 'FAILED', 'name-unresolved'],
  ['8', 'FAILED', 'wrong-peer'],
  ['18', 'FAILED', 'reset'],
  ['23', 'EXCEPTION', 'probe-error'],
  ['26', 'EXCEPTION', 'probe-error'],
  ['27', 'EXCEPTION', 'probe-error'],
  ['28', 'FAILED', 'timeout'],
  ['52', 'FAILED', 'reset'],
  ['55', 'FAILED', 'reset'],
  ['56', 'FAILED', 'reset'],
  ['126', 'EXCEPTION', 'probe-error'],
  ['127', 'EXCEPTION', 'probe-error'],
  ['137', 'EXCEPTION', 'probe-error'],
])('curl’s exit code %s is %s, %s', (exit, status, reason) => {
  const verdict = judge({exit, http: '000', message: 'its words', body: []})
  expect(verdict).toMatchObject({status, reason, raw: `its words (curl exit code ${exit})`, unstable: false})
})

describe('curl’s exit code 7', () => {
  test.each<[string, Reason]>([
    ['Connection refused', 'refused'],
    ['No route to host', 'no-route'],
    ['Host is unreachable', 'no-route'],
    ['Network is unreachable', 'no-route'],
    ['Network unreachable', 'no-route'],
    ['Connection timed out', 'timeout'],
    ['Operation timed out', 'timeout'],
    ['Connection reset by peer', 'reset'],
    ['Operation not permitted', 'connect-failed'],
    ['', 'connect-failed'],
  ])('with %j is %s', (trace, reason) => {
    const verdict = judge({exit: '7', http: '000', total: '0.002000', message: 'Failed to connect', trace})
    expect(verdict).toEqual({status: 'FAILED', reason, timeUs: 2000, raw: trace, unstable: false})
  })

  test('with nothing more known quotes curl', () => {
    const verdict = judge({exit: '7', http: '000', message: "Couldn't connect to server"})
    expect(verdict).toMatchObject({reason: 'connect-failed', raw: "Couldn't connect to server"})
  })
})

test('a timeout lasts as long as it took', () => {
  expect(judge({exit: '28', http: '000', connected: '0.000000', total: '3.001200'})?.timeUs).toBe(3_001_200)
})

test.each([
  [[]],
  [['0']],
  [['0', '200', '0.1', '0.2']],
  [['', '200', '0.1', '0.2', '', 'OK']],
  [['zero', '200', '0.1', '0.2', '', 'OK']],
  [['0000', '200', '0.1', '0.2', '', 'OK']],
  [['0', '', '0.1', '0.2', '', 'OK']],
  [['0', '20', '0.1', '0.2', '', 'OK']],
  [['0', 'x200', '0.1', '0.2', '', 'OK']],
  [['0', '200x', '0.1', '0.2', '', 'OK']],
  [['0', '200', '0.1x', '0.2', '', 'OK']],
  [['0', '200', '', '0.2', '', 'OK']],
  [['0', '200', '0.1', '', '', 'OK']],
  [['0', '200', '0,1', '0.2', '', 'OK']],
  [['0', '200', '-0.1', '0.2', '', 'OK']],
  [['0', '200', '1e3', '0.2', '', 'OK']],
])('%j makes no sense, and counts as lost', (fields) => {
  expect(tcp.judge({fields, trace: undefined}, {endpoint, check: 'reply', expected: 'OK'})).toBeUndefined()
})

const connecting = (ms: number) => ({
  exit: '28',
  http: '000',
  connected: '0.000000',
  total: `${ms / 1000}00`,
  message: `Connection timed out after ${ms} milliseconds`,
  body: [''],
})
const waiting = (ms: number) => ({
  ...connecting(ms),
  connected: '0.000400',
  message: `Operation timed out after ${ms} milliseconds with 0 bytes received`,
})

test.each<[string, Said, Check, string | undefined, Reason]>([
  ['a connection, in its time', connecting(3001.5), 'reply', '10.0.0.2', 'timeout'],
  ['a connection, a second late', connecting(4000.5), 'reply', '10.0.0.2', 'timeout'],
  ['a connection, later', connecting(4002.5), 'reply', '10.0.0.2', 'overloaded'],
  ['a connection, later, with a name to resolve', connecting(9000.5), 'connect', 'db.example.com', 'timeout'],
  ['an answer, in its time', waiting(10_001.5), 'reply', '10.0.0.2', 'timeout'],
  ['an answer, late', waiting(11_001.5), 'reply', '10.0.0.2', 'overloaded'],
  ['an answer to large packets, in its time', waiting(10_001.5), 'mtu', '10.0.0.2', 'mtu'],
  ['an answer to large packets, late', waiting(11_001.5), 'mtu', '10.0.0.2', 'overloaded'],
])(
  'curl gave up %s',
  (_, {exit = '', http = '', connected = '', total = '', message = ''}, check, address, reason) => {
    const answer = {fields: [exit, http, connected, total, message.replace('.5', ''), ''], trace: undefined}
    const question = {endpoint: {...endpoint, address: address ?? ''}, check, expected: 'OK'}
    expect(tcp.judge(answer, {...question, patience: {connect: 3, whole: 10}})).toMatchObject({
      status: reason === 'overloaded' ? 'EXCEPTION' : 'FAILED',
      reason,
    })
    // Without a word on how long it was to wait, there is nothing to compare with.
    expect(tcp.judge(answer, question)).toMatchObject({
      status: 'FAILED',
      reason: check === 'mtu' ? 'mtu' : 'timeout',
    })
  },
)

test('an answer too large for a floater is somebody else’s; nothing written at all is our own disk', () => {
  const big = judge({exit: '23', http: '200', message: 'write error', body: ['x'.repeat(512)]})
  expect(big).toMatchObject({status: 'FAILED', reason: 'wrong-peer', raw: `HTTP 200: ${'x'.repeat(200)}`})
  expect(judge({exit: '23', http: '200', message: 'write error', body: ['']})).toMatchObject({
    reason: 'probe-error',
  })
})

describe('a floater that says who it is', () => {
  const identity = 'node-b/9f5e6c1a-0000-4000-8000-000000000001'

  test('is the right one with its own name alone', () => {
    expect(judge({body: [identity]}, 'reply', identity)).toMatchObject({reason: 'answered', raw: ''})
  })

  test.each([['node-c/9f5e6c1a-0000-4000-8000-000000000002'], ['OK'], [`${identity}0`], ['']])(
    'is a wrong peer when it says %j',
    (body) => {
      expect(judge({body: [body]}, 'reply', identity)).toMatchObject({
        status: 'FAILED',
        reason: 'wrong-peer',
        raw: `HTTP 200: ${body}`,
      })
    },
  )

  test('is needed where an answer is asked for: no answer is right that nobody knows', () => {
    // A default parameter takes undefined for "not given".
    const answer = {fields: ['0', '200', '0.000400', '0.000900', '', ''], trace: undefined}
    expect(tcp.judge(answer, {endpoint, check: 'reply', expected: undefined})).toMatchObject({
      status: 'FAILED',
      reason: 'wrong-peer',
    })
  })
})

describe('where a connection is all that is asked', () => {
  test.each<[string, Said]>([
    ['an HTTP server', {body: ['<h1>It works!</h1>']}],
    ['one that refuses the request', {http: '400', body: ['']}],
    ['one that answers too much', {exit: '23', body: ['<html>']}],
    ['one that does not speak HTTP', {exit: '1', http: '000', message: 'Received HTTP/0.9 when not allowed'}],
    ['one whose answer is weird', {exit: '8', http: '000'}],
    ['one that says nothing', {exit: '28', http: '000', message: 'Operation timed out', total: '4.000100'}],
    ['one that closes', {exit: '52', http: '000', message: 'Empty reply from server'}],
    ['one that resets', {exit: '56', http: '000', message: 'Recv failure: Connection reset by peer'}],
  ])('%s is there', (_, said) => {
    expect(judge(said, 'connect')).toEqual({
      status: 'SUCCEEDED',
      reason: 'answered',
      timeUs: 400,
      raw: '',
      unstable: false,
    })
  })

  test('one that answers after a lost packet is unstable', () => {
    expect(judge({connected: '1.020000'}, 'connect')).toMatchObject({status: 'SUCCEEDED', unstable: true})
  })

  const unconnected = {http: '000', connected: '0.000000', body: []}
  test.each<[string, Said, Status, Reason]>([
    ['nobody listens', {exit: '7', trace: 'Connection refused'}, 'FAILED', 'refused'],
    ['there is no route', {exit: '7', trace: 'No route to host'}, 'FAILED', 'no-route'],
    ['nothing is known', {exit: '7'}, 'FAILED', 'connect-failed'],
    [
      'nothing answers',
      {exit: '28', message: 'Connection timed out after 3001 milliseconds'},
      'FAILED',
      'timeout',
    ],
    [
      'the name has no address',
      {exit: '6', message: 'Could not resolve host: db'},
      'FAILED',
      'name-unresolved',
    ],
    ['curl runs out of memory', {exit: '27'}, 'EXCEPTION', 'probe-error'],
    ['curl does not start', {exit: '127'}, 'EXCEPTION', 'probe-error'],
    // Without a connection, a success of curl's is no measurement, whoever may have answered.
    ['curl is content without one', {exit: '0'}, 'FAILED', 'wrong-peer'],
  ])('%s', (_, said, status, reason) => {
    expect(judge({...unconnected, ...said}, 'connect')).toMatchObject({status, reason, unstable: false})
  })

  test.each(['6', '7'])('curl’s exit code %s counts for more than a time that contradicts it', (exit) => {
    expect(judge({exit, http: '000', connected: '0.000400', body: []}, 'connect')?.status).toBe('FAILED')
  })
})

describe('a request of several full packets', () => {
  test('that is answered is a success', () => {
    expect(judge({}, 'mtu')?.status).toBe('SUCCEEDED')
  })

  test('that is not answered although the connection stands points at the packets', () => {
    const message = 'Operation timed out after 10001 milliseconds with 0 bytes received'
    expect(judge({exit: '28', http: '000', message}, 'mtu')).toEqual({
      status: 'FAILED',
      reason: 'mtu',
      timeUs: 10_001_000,
      raw: `${message} (curl exit code 28)`,
      unstable: false,
    })
  })

  test.each<[Said, Reason]>([
    [{exit: '28', http: '000', connected: '0.000000'}, 'timeout'],
    [{exit: '7', http: '000', trace: 'Connection refused'}, 'refused'],
    [{exit: '56', http: '000'}, 'reset'],
    [{body: ['<html>']}, 'wrong-peer'],
  ])('has the ordinary reasons for %j', (said, reason) => {
    expect(judge(said, 'mtu')?.reason).toBe(reason)
  })
})
