import {expect, test} from 'vitest'
import {
  CLAIM_LASTS,
  claimAnnotations,
  claimIn,
  claimPatch,
  describeClaim,
  holds,
  isLater,
  refuseFor,
} from '../../src/floater/claim.ts'

const SINCE = Date.parse('2030-01-02T03:04:05Z')
const claim = {
  run: 'a1b2c3',
  since: SINCE,
  until: SINCE + CLAIM_LASTS,
  names: ['netdoctor-floater', 'netdoctor-floater-host'],
}

test('what is written is what is read', () => {
  expect(claimAnnotations(claim)).toEqual({
    'kubectl-netdoctor/run-id': 'a1b2c3',
    'kubectl-netdoctor/began-at': '2030-01-02T03:04:05Z',
    'kubectl-netdoctor/claimed-until': '2030-01-02T03:05:35Z',
    'kubectl-netdoctor/claims': 'netdoctor-floater netdoctor-floater-host',
  })
  expect(claimIn(claimAnnotations(claim))).toEqual(claim)
})

test.each<[string, string, number]>([
  ['later', '2030-01-02T03:06:05Z', claim.until + 30_000],
  ['earlier, of a run before it', '2030-01-02T03:04:30Z', claim.until],
  ['no time', 'tomorrow', claim.until],
])('one that was renewed ends then: %s', (_, renewed, until) => {
  const annotations = {...claimAnnotations(claim), 'kubectl-netdoctor/renewed-until': renewed}
  expect(claimIn(annotations)).toEqual({...claim, until})
  expect(claimIn({...annotations, 'kubectl-netdoctor/claimed-until': ''})).toBeUndefined()
})

test.each<[string, Record<string, string>]>([
  ['nothing', {}],
  ['a run that gave the floaters back', {'kubectl-netdoctor/claimed-until': ''}],
  ['no time', {'kubectl-netdoctor/claimed-until': 'tomorrow'}],
  ['no beginning', {'kubectl-netdoctor/began-at': 'x'}],
  ['no id', {'kubectl-netdoctor/run-id': '\u001b[31m'}],
])('%s is no claim', (_, changes) => {
  const annotations = Object.keys(changes).length === 0 ? {} : {...claimAnnotations(claim), ...changes}
  expect(claimIn(annotations)).toBeUndefined()
})

test.each<[string, number, boolean]>([
  ['now', SINCE, true],
  ['in its last second', claim.until - 1, true],
  ['at its end', claim.until, false],
  ['seen by a clock that is a little behind', SINCE - 20_000, true],
  ['made by a clock that is far ahead', SINCE - 3_600_000, false],
])('%s, it holds: %i %s', (_, now, expected) => {
  expect(holds(claim, now)).toBe(expected)
})

test('the end moves, or goes, only where the run is the same', () => {
  const owner = {op: 'test', path: '/metadata/annotations/kubectl-netdoctor~1run-id', value: 'a1b2c3'}
  const [end, renewed] = ['claimed', 'renewed'].map(
    (word) => `/metadata/annotations/kubectl-netdoctor~1${word}-until`,
  )
  expect(claimPatch('a1b2c3', SINCE)).toEqual([
    owner,
    {op: 'add', path: renewed, value: '2030-01-02T03:04:05Z'},
  ])
  expect(claimPatch('a1b2c3', undefined)).toEqual([
    owner,
    // Of the first time, only the answer may have been lost.
    {op: 'add', path: end, value: ''},
    {op: 'remove', path: end},
    {op: 'add', path: renewed, value: ''},
    {op: 'remove', path: renewed},
  ])
})

test.each<[string, object, boolean]>([
  ['began later', {since: SINCE + 1000}, true],
  ['began earlier', {since: SINCE - 1000, run: 'b'}, false],
  ['began in the same second, with a greater id', {run: 'b'}, true],
  ['began in the same second, with a smaller id', {run: 'a'}, false],
])('one that %s is the later: %o %s', (_, changes, expected) => {
  expect(isLater({...claim, ...changes}, claim)).toBe(expected)
  expect(isLater(claim, {...claim, ...changes})).toBe(!expected)
})

test('people are told who, since when, until when, and what to do', () => {
  expect(describeClaim(claim, 'netcheck')).toBe(
    'Run a1b2c3 has been using the floaters in namespace netcheck since 2030-01-02T03:04:05Z',
  )
  expect(refuseFor(claim, 'netcheck')).toBe(
    `${describeClaim(claim, 'netcheck')}. Wait until it is done (if it has ended without giving them back: until 2030-01-02T03:05:35Z), or go on all the same with --force.`,
  )
})
