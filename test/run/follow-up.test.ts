import {expect, test} from 'vitest'
import type {Run} from '../../src/model/run.ts'
import {checkNetwork} from '../../src/run/check.ts'
import {checkScope} from '../../src/run/scope.ts'
import {probeCounter} from '../../src/run/words.ts'
import {OK, TIMEOUT} from '../probe/asked.ts'
import {worldOf, type ClusterParts} from './world.ts'

async function check(parts: Partial<ClusterParts>, followUp: boolean): Promise<{run: Run; execs: number}> {
  const {config, effects, steps} = worldOf(
    {src: {nodes: ['a', 'b', 'c'], ...parts}},
    {retries: 0, intra: true},
  )
  const run = await checkNetwork(config, {...effects, followUp}, (sites) => checkScope(config, sites), {
    deploying: () => undefined,
    stuck: () => undefined,
  })
  return {run, execs: steps.filter((step) => step.endsWith(' exec')).length}
}

/** The pod of `c` gets no packets. */
const deaf = {answer: (_: unknown, target: string) => (target === '10.0.0.3:8889' ? TIMEOUT : OK)}

test('a check asks further where something FAILED, and no result changes', async () => {
  const [plain, asked] = [await check(deaf, false), await check(deaf, true)]
  expect(asked.run.results).toEqual(plain.run.results)
  expect([plain.execs, asked.execs]).toEqual([3, 5])
  expect(plain.run.followUps).toEqual([])
  expect(asked.run.followUps).toHaveLength(1)
  expect(asked.run.followUps[0]?.answers.filter(({question}) => question === 'again')).toHaveLength(3)
})

test('what breaks while questions are asked costs no result', async () => {
  const plain = await check(deaf, false)
  let execs = 0
  const {run} = await check(
    {
      ...deaf,
      behave: (step) => {
        if (step === 'exec' && ++execs > 3) throw new Error('kubectl has gone')
        return undefined
      },
    },
    true,
  )
  expect(run.results).toEqual(plain.run.results)
  expect(run.followUps).toEqual([])
  expect(execs).toBeGreaterThan(3)
})

test('where all SUCCEEDED nothing more is asked', async () => {
  const {run, execs} = await check({}, true)
  expect([run.followUps, execs]).toEqual([[], 3])
})

test('the row says that questions are asked, and for how long at most', () => {
  let text = ''
  const counter = probeCounter(
    9,
    () => new Date(0),
    (told) => (text = told),
  )
  counter.pass('follow-up')
  expect(text).toMatch(/, asking why, for at most 30 s$/)
  counter.pass('done')
  expect(text).not.toContain('asking')
})
