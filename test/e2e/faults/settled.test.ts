import {expect, test} from 'vitest'
import type {Reason} from '../../../src/model/result.ts'
import {differences, expected, type Expectation} from './expectation.ts'
import {settled, type SeenProbe} from './seen.ts'

const probe = (source: string, status: SeenProbe['status'], reason: Reason): SeenProbe => ({
  mode: 'pod',
  protocol: 'tcp',
  family: 'ipv4',
  check: 'reply',
  from: 'pod',
  source,
  destination: 'n2',
  behind: undefined,
  status,
  reason,
  isUnstable: false,
})
const BUSY = [probe('n1', 'EXCEPTION', 'overloaded'), probe('n3', 'SUCCEEDED', 'answered')]
const wanted = (one: SeenProbe): Expectation => expected(one, [['drop', 'n1', 'n2']], 'n3')

test('what was overloaded is judged by what is found again', () => {
  expect(differences(settled(BUSY, [probe('n1', 'FAILED', 'timeout')]), wanted)).toEqual([])
})

test('an EXCEPTION for another reason is a difference, whatever is found again', () => {
  const failed = [probe('n1', 'EXCEPTION', 'exec-failed')]
  expect(differences(settled(failed, [probe('n1', 'FAILED', 'timeout')]), wanted)).toHaveLength(1)
})

test.each<[string, SeenProbe[]]>([
  ['still is', BUSY.slice(0, 1)],
  ['was not asked again', []],
  ['is said to have SUCCEEDED', [probe('n1', 'SUCCEEDED', 'answered')]],
])('what was overloaded and %s is a difference', (_, again) => {
  expect(differences(settled(BUSY, again), wanted)).toHaveLength(1)
})

test('what was measured stays, whatever is found again', () => {
  expect(settled([probe('n1', 'SUCCEEDED', 'answered')], [probe('n1', 'FAILED', 'timeout')])).toEqual([
    probe('n1', 'SUCCEEDED', 'answered'),
  ])
})
