import {expect, test} from 'vitest'
import {CHANGES, changeOf, changeOfNew, type Outcome} from '../../src/diff/change.ts'
import {exitCodeOfDiff} from '../../src/diff/outcome.ts'
import type {Change} from '../../src/model/diff.ts'

const well: Outcome = {status: 'SUCCEEDED', reason: 'answered', unstable: false}
const shaky: Outcome = {...well, unstable: true}
const timeout: Outcome = {status: 'FAILED', reason: 'timeout', unstable: false}
const refused: Outcome = {...timeout, reason: 'refused'}
const noFloater: Outcome = {status: 'EXCEPTION', reason: 'no-floater', unstable: false}
const untested: Outcome = {...noFloater, reason: 'not-tested'}

const none = Object.fromEntries(CHANGES.map((one) => [one, 0])) as Record<Change, number>

test.each<[before: Outcome, after: Outcome, change: Change, exitCode: number]>([
  [well, timeout, 'broken', 1],
  [shaky, timeout, 'broken', 1],
  [noFloater, timeout, 'failing', 1],
  [well, noFloater, 'unmeasured', 3],
  [timeout, noFloater, 'unmeasured', 3],
  [well, shaky, 'unstable', 0],
  [refused, timeout, 'reason', 0],
  [noFloater, untested, 'reason', 0],
  [timeout, well, 'healed', 0],
  [timeout, shaky, 'healed', 0],
  [untested, well, 'measured', 0],
  [timeout, timeout, 'failed', 0],
  [untested, untested, 'missing', 0],
  [well, well, 'well', 0],
  [shaky, shaky, 'well', 0],
  [shaky, well, 'well', 0],
])('%j, now %j: %s', (before, after, change, exitCode) => {
  expect(changeOf(before, after)).toBe(change)
  expect(exitCodeOfDiff({counts: {...none, [change]: 1}})).toBe(exitCode)
})

test.each<[after: Outcome, change: Change | undefined, exitCode: number]>([
  [timeout, 'new-failed', 1],
  [noFloater, 'new-unmeasured', 3],
  [well, undefined, 0],
  [shaky, undefined, 0],
])('%j, which the older run does not have: %s', (after, change, exitCode) => {
  expect(changeOfNew(after)).toBe(change)
  expect(exitCodeOfDiff({counts: {...none, ...(change === undefined ? {} : {[change]: 1})}})).toBe(exitCode)
})

test('what broke counts before what could not be measured', () => {
  expect(exitCodeOfDiff({counts: {...none, broken: 1, unmeasured: 5}})).toBe(1)
})
