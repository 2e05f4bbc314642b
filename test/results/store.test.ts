import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {Check, ProtocolName} from '../../src/model/plan.ts'
import type {Verdict} from '../../src/model/result.ts'
import {
  hasReason,
  isPlain,
  isSizing,
  isSteady,
  REASONS,
  recorder,
  STATUSES,
  tally,
  verdictAt,
} from '../../src/results/store.ts'
import {answered, nodeWith, sampleRun} from '../report/sample.ts'

const timeout: Verdict = {status: 'FAILED', reason: 'timeout', timeUs: 3_001_400, raw: '', unstable: false}

test('what was not recorded reads as not tested', () => {
  expect(verdictAt(recorder(1).results, 0, '10.0.0.1')).toEqual({
    status: 'EXCEPTION',
    reason: 'not-tested',
    timeUs: 0,
    raw: '',
    unstable: false,
  })
})

test('codes that no table has read as not tested, too', () => {
  const {results} = recorder(1)
  const damaged = {
    ...results,
    status: Uint8Array.of(3),
    reason: Uint8Array.of(REASONS.length),
    raw: Uint32Array.of(7),
  }
  expect(verdictAt(damaged, 0, '10.0.0.1')).toMatchObject({
    status: 'EXCEPTION',
    reason: 'not-tested',
    raw: '',
  })
})

test('every verdict comes back as it was recorded', () => {
  const verdicts = fc.record({
    status: fc.constantFrom(...STATUSES),
    reason: fc.constantFrom(...REASONS),
    timeUs: fc.integer({min: 0, max: 4_000_000_000}),
    raw: fc.oneof(
      fc.string({maxLength: 80}),
      fc.constantFrom('{address}', 'a {time} {brace} {', 'gave up after 500 ms', 'Timed out after 3002 ms'),
    ),
    unstable: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(verdicts), fc.ipV4(), (list, address) => {
      const {record, results} = recorder(list.length)
      list.forEach((verdict, id) => record(id, verdict, address))
      expect(list.map((_, id) => verdictAt(results, id, address))).toEqual(list)
    }),
  )
})

describe('texts', () => {
  test('that differ only in address and time are stored once, and come back whole', () => {
    const {record, results} = recorder(1000)
    const raw = (id: number) =>
      `Failed to connect to 10.0.${id >> 8}.${id & 255} port 8889 after ${3000 + id} ms: Timeout was reached (curl exit code 28)`
    for (let id = 0; id < results.size; id++) {
      const verdict = {...timeout, timeUs: (3000 + id) * 1000, raw: raw(id)}
      record(id, verdict, `10.0.${id >> 8}.${id & 255}`)
    }
    expect(results.texts).toHaveLength(2)
    expect(verdictAt(results, 999, '10.0.3.231').raw).toBe(raw(999))
  })

  test('keep an address that has the endpoint’s in it', () => {
    const {record, results} = recorder(1)
    record(0, {...timeout, raw: 'from 10.0.0.12 to 10.0.0.1'}, '10.0.0.1')
    expect(verdictAt(results, 0, '10.0.0.1').raw).toBe('from 10.0.0.12 to 10.0.0.1')
  })

  test.each<[string, string | undefined]>([
    ['gave up after 3001 ms', 'time'],
    ['a {', 'brace'],
    ['to 10.0.0.1', 'address'],
    ['undefined symbol', undefined],
  ])('%j comes back whole from %s, which is no address', (raw, address) => {
    const {record, results} = recorder(1)
    record(0, {...timeout, raw}, address)
    expect(verdictAt(results, 0, address).raw).toBe(raw)
  })

  test('have no address where the probe has none', () => {
    const {record, results} = recorder(1)
    record(0, {...timeout, raw: 'no way to 10.0.0.1'}, '10.0.0.1')
    expect(verdictAt(results, 0, undefined).raw).toBe('no way to ')
  })

  test('that are empty are known from the start', () => {
    const {record, results} = recorder(1)
    record(0, {...timeout, raw: ''}, undefined)
    expect([results.texts, results.raw[0]]).toEqual([[''], 0])
  })

  test('are kept up to 500 characters', () => {
    const {record, results} = recorder(1)
    record(0, {...timeout, raw: 'x'.repeat(100_000)}, undefined)
    expect(verdictAt(results, 0, undefined).raw).toHaveLength(500)
  })

  test('are kept up to a number, and after that it says so', () => {
    const {record, results} = recorder(150_000)
    for (let id = 0; id < results.size; id++) record(id, {...timeout, raw: `made up ${id}`}, undefined)
    // And the empty one, and the one that says so.
    expect(results.texts).toHaveLength(100_002)
    expect(verdictAt(results, 0, undefined).raw).toBe('made up 0')
    expect(verdictAt(results, 149_999, undefined).raw).toBe('(not kept: too many different answers)')
  })
})

test('a later verdict replaces an earlier one, and the tally follows', () => {
  const {record, results} = recorder(4)
  record(0, timeout, undefined)
  record(1, timeout, undefined)
  expect(tally(results)).toEqual({EXCEPTION: 2, SUCCEEDED: 0, FAILED: 2, unstable: 0})
  record(1, {...timeout, status: 'SUCCEEDED', reason: 'answered', unstable: true}, undefined)
  expect(tally(results)).toEqual({EXCEPTION: 2, SUCCEEDED: 1, FAILED: 1, unstable: 1})
})

test.each<[Partial<Verdict>, boolean, boolean]>([
  [{}, true, true],
  [{raw: 'seen as 203.0.113.7'}, true, false],
  [{unstable: true}, false, false],
  [{status: 'FAILED', reason: 'timeout'}, false, false],
  [{status: 'EXCEPTION', reason: 'lost-output'}, false, false],
  [{status: 'FAILED', unstable: true}, false, false],
])('%j over tcp SUCCEEDED at once: %j, and plainly: %j', (changes, steady, plain) => {
  const {plan, results} = sampleRun([nodeWith('a', '10.0.0.1')], () => ({...answered, ...changes}))
  const [block] = plan.blocks
  if (block === undefined) throw new Error('there is a block')
  const probe = {id: 0, block, source: 0, endpoint: {node: 0, address: '10.0.0.1', port: 8889}}
  expect([isSteady(results, 0), isPlain(results, probe)]).toEqual([steady, plain])
})

test.each<[ProtocolName, Check, boolean]>([
  ['icmp', 'mtu', true],
  ['icmp', 'reply', false],
  ['tcp', 'mtu', false],
])('%s, %s is about the largest packet: %j, which leaves its success plain', (protocol, check, sizing) => {
  const {plan, results} = sampleRun([nodeWith('a', '10.0.0.1')], () => ({...answered, raw: '1450'}))
  const [block] = plan.blocks
  if (block === undefined) throw new Error('there is a block')
  const endpoint = {node: 0, address: '10.0.0.1', port: 8889}
  const probe = {id: 0, block: {...block, protocol, check}, source: 0, endpoint}
  expect([isSizing(probe.block), isPlain(results, probe)]).toEqual([sizing, sizing])
})

test('a reason that some probe has is found, and no other', () => {
  const {record, results} = recorder(2)
  record(1, timeout, undefined)
  expect(REASONS.filter((reason) => hasReason(results, reason))).toEqual(['not-tested', 'timeout'])
})
