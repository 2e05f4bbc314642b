import {expect, test} from 'vitest'
import type {Diagnosis, Finding} from '../../src/model/finding.ts'
import type {Verdict} from '../../src/model/result.ts'
import type {Run} from '../../src/model/run.ts'
import {verdictOf} from '../../src/report/verdict.ts'
import {answered, nodeWith, resultsOf, sampleRun} from './sample.ts'

const timeout: Verdict = {status: 'FAILED', reason: 'timeout', timeUs: 0, raw: '', unstable: false}
const nodes = ['a', 'b', 'c'].map((name, n) => nodeWith(name, `10.0.0.${n + 1}`))
const finding = (sentence: string): Finding => ({
  ...{kind: 'no-floater', subjects: [], layer: 'pod network', explains: 1, against: 0},
  ...{sentence, evidence: []},
})

const F = timeout
const S = answered
const U: Verdict = {...answered, unstable: true}
const X = undefined

test.each<
  [
    verdicts: readonly (Verdict | undefined)[],
    changes: Partial<Run>,
    findings: readonly string[],
    unexplained: number,
    text: string,
    status: string,
  ]
>([
  [[S], {}, [], 0, 'All 9 probes between 3 nodes SUCCEEDED.', 'SUCCEEDED'],
  [
    [S],
    {partial: ['only to a']},
    [],
    0,
    'All 9 probes between 3 nodes SUCCEEDED (part of the plan).',
    'SUCCEEDED',
  ],
  [
    [S],
    {notCovered: [{cluster: 'src', node: 'w', cause: 'Windows', leftOut: false}]},
    [],
    0,
    'All 9 probes between 3 nodes SUCCEEDED, but 1 node is not covered.',
    'EXCEPTION',
  ],
  [
    [S],
    {notCovered: [{cluster: 'src', node: 'w', cause: 'a label', leftOut: true}]},
    [],
    0,
    'All 9 probes between 3 nodes SUCCEEDED.',
    'SUCCEEDED',
  ],
  [
    [S, U, S],
    {},
    ['c loses packets'],
    0,
    'All 9 probes between 3 nodes SUCCEEDED, but c loses packets; 3 only sometimes or after a lost packet.',
    'EXCEPTION',
  ],
  [[S, F, S], {}, ['node b is deaf'], 0, '3 of 9 probes failed: node b is deaf.', 'FAILED'],
  [
    [X, F, S],
    {},
    ['node b is deaf', 'node a has no floater', 'x'],
    0,
    '3 of 9 probes failed, 3 could not be measured: node b is deaf (and 2 more findings).',
    'FAILED',
  ],
  [
    [S, X, S],
    {interrupted: 'SIGINT'},
    [],
    3,
    'Interrupted: 3 of 9 probes could not be measured; no finding explains them.',
    'EXCEPTION',
  ],
  [[F], {}, ['node b is deaf'], 2, '9 of 9 probes failed: node b is deaf (and 2 unexplained).', 'FAILED'],
])(
  '%#: says the worst first, and nothing better than it is',
  (verdicts, changes, sentences, unexplained, text, status) => {
    const run = sampleRun(nodes, ({id}) => verdicts[id % verdicts.length], changes)
    const diagnosis: Diagnosis = {
      findings: sentences.map(finding),
      findingOf: new Uint32Array(9),
      unexplained,
    }
    expect(verdictOf(run, diagnosis)).toEqual({status, text})
  },
)

test.each([
  [[nodeWith('a', '10.0.0.1')], 'The one probe between 1 node SUCCEEDED.', 'SUCCEEDED'],
  [[], 'Nothing was probed.', 'EXCEPTION'],
])('of %j', (some, text, status) => {
  const run = sampleRun(some, () => answered)
  const none: Diagnosis = {findings: [], findingOf: new Uint32Array(1), unexplained: 0}
  expect(verdictOf(run, none)).toEqual({status, text})
  expect(resultsOf(run.plan, () => answered).size).toBe(some.length)
})
