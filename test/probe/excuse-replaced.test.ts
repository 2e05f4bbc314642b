import {expect, test} from 'vitest'
import type {Plan} from '../../src/model/plan.ts'
import type {Verdict} from '../../src/model/result.ts'
import {probesOf} from '../../src/plan/plan.ts'
import type {ProbeContext} from '../../src/probe/context.ts'
import {excuseReplaced, FAILED_LATER} from '../../src/probe/excuse.ts'
import {exception} from '../../src/probe/exec.ts'
import {recorder, verdictAt} from '../../src/results/store.ts'
import {planOf} from '../plan/wish.ts'
import {answered, nodeWith, nodeWithout} from '../report/sample.ts'

/* Two nodes, so the probes are: a to a, a to b, b to a, b to b. Every floater went away, and it is known why. */

const PLAN = planOf([nodeWith('a', '10.0.0.1'), nodeWith('b', '10.0.0.2')])
const causes = new Map([
  ['uid-a', 'evicted'],
  ['uid-b', 'evicted'],
])
const failed: Verdict = {...answered, status: 'FAILED', reason: 'timeout'}
const execFailed = exception('exec-failed', 'container not found')

interface Changes {
  readonly plan?: Plan
  readonly marks?: Uint8Array
  readonly signal?: AbortSignal
  readonly present?: Awaited<ReturnType<ProbeContext['presentFloaters']>>
}

/** What becomes of these verdicts, and whether it was asked which floaters are there. */
async function excused(verdicts: readonly Verdict[], changes: Changes = {}) {
  const {plan = PLAN, marks, signal = new AbortController().signal} = changes
  const present = 'present' in changes ? changes.present : {incarnations: new Set<string>(), causes}
  const store = recorder(plan.size)
  verdicts.forEach((verdict, id) => store.record(id, verdict, undefined))
  let asked = false
  const presentFloaters: ProbeContext['presentFloaters'] = () => {
    asked = true
    return Promise.resolve(present)
  }
  await excuseReplaced(plan, store, {signal, presentFloaters} as unknown as ProbeContext, marks)
  const found = [...probesOf(plan)].map(({id}) => verdictAt(store.results, id, undefined))
  return {asked, found, reasons: found.map(({reason}) => reason)}
}

test('what SUCCEEDED stays so, whoever went away', async () => {
  const {found} = await excused([answered, failed, answered, answered])
  expect(found.map(({reason}) => reason)).toEqual(['answered', 'floater-replaced', 'answered', 'answered'])
  expect(found[0]).toEqual(answered)
})

test.each<[string, Verdict[], boolean]>([
  ['all SUCCEEDED', [answered, answered, answered, answered], false],
  ['something could not be measured', [answered, exception('lost-output', 'x'), answered, answered], false],
  ['one FAILED', [answered, answered, answered, failed], true],
  ['one could not be executed', [execFailed, answered, answered, answered], true],
])('where %s, the present floaters are asked for: %j', async (_, verdicts, asked) => {
  expect((await excused(verdicts)).asked).toBe(asked)
})

test.each<[string, Changes]>([
  ['the check is being ended', {signal: AbortSignal.abort()}],
  ['nobody can say which floaters are there', {present: undefined}],
])('where %s, nothing is excused', async (_, changes) => {
  const verdicts = [execFailed, failed, failed, failed]
  expect((await excused(verdicts, changes)).found).toEqual(verdicts)
})

test('what FAILED only when it was asked once more is as it was before', async () => {
  const unstable = {...answered, unstable: true}
  const marks = Uint8Array.of(0, FAILED_LATER, 1, 0)
  const {found} = await excused([answered, unstable, unstable, answered], {marks})
  expect(found).toEqual([answered, answered, unstable, answered])
})

test('what FAILED at a node without a floater is not excused: there is none that went away', async () => {
  const plan = planOf([nodeWith('a', '10.0.0.1'), nodeWithout('b', 'unschedulable')])
  expect((await excused([failed, failed, failed, failed], {plan})).reasons).toEqual([
    'floater-replaced',
    'timeout',
    'floater-replaced',
    'timeout',
  ])
})
