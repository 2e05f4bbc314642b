import {expect, test} from 'vitest'
import {outcomeOf, unknown, type Outcome, type Report} from '../../scripts/sabotage/outcome.ts'
import {patternOf} from './mistake.ts'

const TITLE = '%s: it says so'
/** A file with one test of the title, and another one. */
const reportOf = (status: string, message = '', fullName = 'a clean 503: it says so'): Report => ({
  testResults: [
    {
      message: '',
      assertionResults: [
        {fullName: 'a clean that works', status: 'failed', failureMessages: ['AssertionError: no']},
        {fullName, status, failureMessages: message === '' ? [] : [message]},
      ],
    },
  ],
})
const torn: Report = {testResults: [{message: 'Transform failed with 1 error:\nno', assertionResults: []}]}

const failed = (why: string): Outcome => ({came: 'failed', why})

test.each<[string, Report, Outcome]>([
  [
    'fails',
    reportOf('failed', 'AssertionError: expected 3 to be 0\n at x'),
    failed('AssertionError: expected 3 to be 0'),
  ],
  [
    'comes to its limit',
    reportOf('failed', 'Error: Test timed out in 60000ms.'),
    failed('Error: Test timed out in 60000ms.'),
  ],
  ['passes', reportOf('passed'), {came: 'passed', why: ''}],
  ['is skipped', reportOf('skipped'), unknown('it did not run here')],
  ['is not there', reportOf('failed', 'Error: no', 'another'), unknown('there is no such test')],
  ['does not load', torn, unknown('it did not run: Transform failed with 1 error: no')],
  [
    'finds code that is none',
    reportOf('failed', 'ReferenceError: holds is not defined\n at x'),
    unknown('the code is broken as such: ReferenceError: holds is not defined'),
  ],
])('a test that %s is told from others', (_, report, outcome) => {
  expect(outcomeOf(report, patternOf({title: TITLE}))).toEqual(outcome)
})

test('a pattern means its own test, whatever a title has in it, and no longer one', () => {
  const means = (title: string, row?: string) => {
    const pattern = new RegExp(patternOf(row === undefined ? {title} : {title, row}))
    return (name: string) => pattern.test(name)
  }
  const one = means('$what: $code (all)')
  expect(
    ["a check 'exec': 403 (all)", "a check 'exec': 403 (all) and more", 'exec 403 (all)'].map(one),
  ).toEqual([true, false, false])
  const row = means('kubectl %s', 'kubectl 1.33')
  expect(['check kubectl 1.33', 'check kubectl 1.35', 'check with kubectl 1133'].map(row)).toEqual([
    true,
    false,
    false,
  ])
})
