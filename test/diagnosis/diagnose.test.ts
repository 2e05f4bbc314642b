import {expect, test} from 'vitest'
import {diagnose} from '../../src/diagnosis/diagnose.ts'
import type {Verdict} from '../../src/model/result.ts'
import {answered, nodeWith, nodeWithout, sampleRun} from '../report/sample.ts'

const nodes = [nodeWith('a', '10.0.0.1'), nodeWith('b', '10.0.0.2')]
const exception = (reason: Verdict['reason'], raw: string): Verdict => ({
  ...answered,
  status: 'EXCEPTION',
  reason,
  timeUs: 0,
  raw,
})

test('there is nothing to find where everything is well', () => {
  const {findings, findingOf, unexplained} = diagnose(sampleRun(nodes, () => answered))
  expect(findings).toEqual([])
  expect(findingOf).toEqual(new Uint32Array(4))
  expect(unexplained).toBe(0)
})

test('a node without a floater explains what leads to it and what should have started there', () => {
  const run = sampleRun([...nodes, nodeWithout('c', 'unschedulable')], ({source, endpoint}) =>
    source === 2 || endpoint.node === 2 ? exception('no-floater', 'none') : answered,
  )
  const {findings, findingOf, unexplained} = diagnose(run)
  expect(findings).toEqual([
    {
      kind: 'no-floater',
      subjects: [{kind: 'node', node: 2}],
      layer: 'floater',
      explains: 5,
      against: 0,
      sentence: 'node c could not be measured: it has no floater',
      evidence: ['unschedulable'],
    },
  ])
  expect([...findingOf]).toEqual([0, 0, 1, 0, 0, 1, 1, 1, 1])
  expect(unexplained).toBe(0)
})

test('a floater that takes no exec is named once, with what kubectl said; nothing else is made up', () => {
  const run = sampleRun(nodes, ({source, id}) =>
    source === 0 ? exception('exec-failed', 'Forbidden\u001b[2J') : id === 2 ? undefined : answered,
  )
  const {findings, unexplained} = diagnose(run)
  expect(findings).toMatchObject([
    {
      kind: 'source-unusable',
      sentence: 'nothing could be probed from node a: exec into its floater failed',
      explains: 2,
    },
    {kind: 'not-tested', explains: 1},
  ])
  expect(findings[0]?.evidence.join()).not.toContain('\u001b')
  expect(unexplained).toBe(0)
})
