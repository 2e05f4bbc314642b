import {describe, expect, test} from 'vitest'
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

function judge(said: Said) {
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
    {endpoint, check: 'reply', expected: 'OK'},
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
  [['0', '200', '', '0.2', '', 'OK']],
  [['0', '200', '0.1', '', '', 'OK']],
  [['0', '200', '0,1', '0.2', '', 'OK']],
  [['0', '200', '-0.1', '0.2', '', 'OK']],
  [['0', '200', '1e3', '0.2', '', 'OK']],
])('%j makes no sense, and counts as lost', (fields) => {
  expect(tcp.judge({fields, trace: undefined}, {endpoint, check: 'reply', expected: 'OK'})).toBeUndefined()
})

test('an answer too large for a floater is somebody else’s; nothing written at all is our own disk', () => {
  const big = judge({exit: '23', http: '200', message: 'write error', body: ['<html>']})
  expect(big).toMatchObject({status: 'FAILED', reason: 'wrong-peer'})
  expect(judge({exit: '23', http: '200', message: 'write error', body: ['']})).toMatchObject({
    reason: 'probe-error',
  })
})
