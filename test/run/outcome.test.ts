import {expect, test} from 'vitest'
import type {Verdict} from '../../src/model/result.ts'
import type {Run} from '../../src/model/run.ts'
import {exitCodeOf, exitCodeOfSignal} from '../../src/run/outcome.ts'
import {answered, nodeWith, sampleRun} from '../report/sample.ts'

const failed: Verdict = {status: 'FAILED', reason: 'timeout', timeUs: 0, raw: '', unstable: false}
const notCovered = [{cluster: 'src', node: 'w', cause: 'it runs windows', leftOut: false}]
const leftOut = ['x', 'y'].map((node) => ({
  cluster: 'src',
  node,
  cause: 'nodeSelector asks for a=b',
  leftOut: true,
}))

test.each<[string, (Verdict | undefined)[], Partial<Run>, number]>([
  ['all succeeded', [answered, answered, answered, answered], {}, 0],
  ['one is unstable', [{...answered, unstable: true}, answered, answered, answered], {}, 0],
  ['all failed', [failed, failed, failed, failed], {}, 1],
  ['one failed', [answered, failed, answered, answered], {}, 1],
  ['one failed, one was not measured', [answered, failed, undefined, answered], {}, 1],
  ['one failed, a node is not covered', [answered, failed, answered, answered], {notCovered}, 1],
  ['one was not measured', [answered, undefined, answered, answered], {}, 3],
  ['a node is not covered', [answered, answered, answered, answered], {notCovered}, 3],
  ['nodes are left out by the user', [answered, answered, answered, answered], {notCovered: leftOut}, 0],
  [
    'some are left out, one is not covered',
    [answered, answered, answered, answered],
    {notCovered: [...leftOut, ...notCovered]},
    3,
  ],
  ['a node is left out, one failed', [answered, failed, answered, answered], {notCovered: leftOut}, 1],
  [
    'a node is left out, one was not measured',
    [answered, undefined, answered, answered],
    {notCovered: leftOut},
    3,
  ],
  ['SIGINT ended it', [failed, undefined, undefined, undefined], {interrupted: 'SIGINT'}, 130],
  ['SIGTERM ended it', [answered, answered, answered, answered], {interrupted: 'SIGTERM'}, 143],
])('%s', (_, verdicts, changes, exitCode) => {
  const nodes = [nodeWith('a', '10.0.0.1'), nodeWith('b', '10.0.0.2')]
  expect(exitCodeOf(sampleRun(nodes, ({id}) => verdicts[id], changes))).toBe(exitCode)
})

test('a plan without a probe is a usage error, never an all-clear', () => {
  expect(exitCodeOf(sampleRun([], () => undefined))).toBe(2)
})

test.each([
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
])('%s is %i', (signal, exitCode) => {
  expect(exitCodeOfSignal(signal)).toBe(exitCode)
})
