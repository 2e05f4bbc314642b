import {afterEach, beforeEach, expect, test, vi} from 'vitest'
import type {Mode} from '../../src/model/plan.ts'
import type {ServiceUnderTest} from '../../src/plan/wish.ts'
import {probesOf} from '../../src/plan/plan.ts'
import {runPlan} from '../../src/probe/run.ts'
import {recorder, verdictAt} from '../../src/results/store.ts'
import {fakeKubectl, type Behaviour} from '../kubectl/fake.ts'
import {nodeWith, withHost} from '../report/sample.ts'
import {pairOf, planOf} from '../plan/wish.ts'
import {askedBy, OK, REFUSED, script, type Asked} from './asked.ts'

// Time passes only where a test says so.
beforeEach(() => void vi.useFakeTimers({now: 0}))
afterEach(() => void vi.useRealTimers())

const nodes = ['a', 'b'].map((name, n) => withHost(nodeWith(name, `10.0.0.${n + 1}`), `192.168.0.${n + 1}`))
const service = (type: ServiceUnderTest['type']): ServiceUnderTest => ({
  cluster: 'src',
  type,
  behind: 'a',
  addresses: ['10.96.0.1'],
  port: 8889,
  nodePort: 30_123,
})
const TO_SERVICE = /^10\.96\.|:30123$/

interface Settling {
  readonly settledAt: number
  readonly retries?: number
  readonly modes?: readonly Mode[]
  /** What each floater says, at the time that it is. */
  readonly behave: (asked: Asked, second: number) => Behaviour | Promise<Behaviour>
}

/** Runs a plan of services; gives what came of it, and when, in seconds, services were asked. */
function settle({settledAt, retries = 0, modes = ['pod', 'service'], behave}: Settling) {
  const plan = planOf(nodes, {modes, services: [service('ClusterIP'), service('NodePort')]})
  const store = recorder(plan.size)
  const interruption = new AbortController()
  const askedAt: number[] = []
  const kubectl = fakeKubectl((call) => {
    const asked = askedBy(call)
    const second = Math.round(Date.now() / 1000)
    if (asked.pod === 'floater-b' && asked.targets.some((target) => TO_SERVICE.test(target)))
      askedAt.push(second)
    return behave(asked, second)
  })
  const failed = {sum: 0}
  const run = runPlan(plan, store, {
    kubectlOf: () => kubectl,
    namespace: 'netcheck',
    answer: 'OK',
    limits: {parallel: 64, probeTimeout: 10},
    maxNum: 2,
    retries,
    settledAt,
    bystanders: [],
    signal: interruption.signal,
    on: {probed: () => undefined, failed: (_, more) => (failed.sum += more), pass: () => undefined},
    presentFloaters: () => Promise.resolve(undefined),
  })
  const results = async () => {
    await run
    const lines = [...probesOf(plan)].map((probe) => {
      const {status, unstable} = verdictAt(store.results, probe.id, undefined)
      return `${pairOf(plan, probe)} ${probe.block.mode} ${status}${unstable ? ' unstable' : ''}`
    })
    expect(failed.sum).toBe(lines.filter((line) => !line.includes('SUCCEEDED')).length)
    return lines.filter((line) => !line.endsWith(' pod SUCCEEDED'))
  }
  return {results, askedAt, interruption, done: run}
}

/** Everything answers, but what leads through a service not before this time. */
const from = (when: number) => (asked: Asked, second: number) =>
  script(asked, (target) => (TO_SERVICE.test(target) && second < when ? REFUSED : OK))

test.each([1, 2])(
  'services are asked every second until the proxies follow, and then plainly SUCCEEDED',
  async (retries) => {
    const {results, askedAt} = settle({settledAt: 15_000, retries, behave: from(4)})
    await vi.advanceTimersByTimeAsync(20_000)
    expect(await results()).toEqual(['b -> a service SUCCEEDED'])
    expect(askedAt).toEqual([0, 0, 1, 2, 3, 4, 5])
  },
)

test('a service that works only now and then is FAILED: what turned well is asked once more', async () => {
  const {results} = settle({
    settledAt: 15_000,
    retries: 0,
    behave: (asked, second) =>
      script(asked, (target) => (TO_SERVICE.test(target) && second !== 2 ? REFUSED : OK)),
  })
  await vi.advanceTimersByTimeAsync(20_000)
  expect(await results()).toEqual(['b -> a service FAILED'])
})

test('so are the ports of nodes', async () => {
  const {results, askedAt} = settle({settledAt: 15_000, modes: ['nodeport'], behave: from(2)})
  await vi.advanceTimersByTimeAsync(20_000)
  expect(new Set((await results()).map((line) => line.split(' ').slice(3).join(' ')))).toEqual(
    new Set(['nodeport SUCCEEDED']),
  )
  expect(askedAt).toEqual([0, 0, 1, 2, 3])
})

test('a service that answers at once is asked once', async () => {
  const {results, askedAt} = settle({settledAt: 15_000, behave: from(0)})
  expect(await results()).toEqual(['b -> a service SUCCEEDED'])
  expect([askedAt, Date.now()]).toEqual([[0], 0])
})

test('one that never answers is asked until the time is over, and has FAILED', async () => {
  const {results, askedAt} = settle({settledAt: 5000, behave: from(Infinity)})
  await vi.advanceTimersByTimeAsync(20_000)
  expect(await results()).toEqual(['b -> a service FAILED'])
  expect(askedAt).toEqual([0, 0, 1, 2, 3, 4, 5])
})

test('services that have long been there fail as everything else: what a repetition mends is unstable', async () => {
  vi.setSystemTime(60_000)
  let asked = 0
  const behave = (now: Asked) =>
    script(now, (target) => (TO_SERVICE.test(target) && asked++ === 0 ? REFUSED : OK))
  const {results} = settle({settledAt: 15_000, retries: 1, behave})
  expect(await results()).toEqual(['b -> a service SUCCEEDED unstable'])
  expect(Date.now()).toBe(60_000)
})

test('a first pass that outlasts the time does not leave the verdict to an answer of its beginning', async () => {
  let execs = 0
  const {results, askedAt} = settle({
    settledAt: 15_000,
    behave: async (asked, second) => {
      // Both sources take twenty seconds, and the service answers from the third on.
      if (++execs <= 2) await new Promise((resolve) => setTimeout(resolve, 20_000))
      return from(3)(asked, second)
    },
  })
  await vi.advanceTimersByTimeAsync(30_000)
  expect(await results()).toEqual(['b -> a service SUCCEEDED'])
  expect(askedAt).toEqual([0, 20, 20])
})

test('what fails beside services is not repeated with them, and does not keep them waiting', async () => {
  const {results, askedAt} = settle({
    settledAt: 15_000,
    behave: (asked, second) =>
      asked.pod === 'floater-a' ? script(asked, () => REFUSED) : from(0)(asked, second),
  })
  expect(await results()).toEqual(['a -> a pod FAILED', 'a -> b pod FAILED', 'b -> a service SUCCEEDED'])
  expect([askedAt, Date.now()]).toEqual([[0], 0])
})

test('a service whose repetition brings no answer stays FAILED, and the end comes', async () => {
  const {results} = settle({
    settledAt: 5000,
    behave: (asked, second) => (second < 1 ? from(1)(asked, second) : {ok: false, stderr: 'error: no\n'}),
  })
  await vi.advanceTimersByTimeAsync(20_000)
  expect(await results()).toEqual(['b -> a service FAILED'])
})

test('an interruption ends the waiting at once', async () => {
  const {results, interruption, askedAt} = settle({settledAt: 15_000, behave: from(Infinity)})
  await vi.advanceTimersByTimeAsync(2500)
  interruption.abort('SIGINT')
  expect(await results()).toEqual(['b -> a service FAILED'])
  expect([askedAt, Date.now()]).toEqual([[0, 0, 1, 2], 2500])
})

test('a plan without services does not wait', async () => {
  const {results} = settle({
    settledAt: 15_000,
    modes: ['pod'],
    behave: (asked) => script(asked, () => REFUSED),
  })
  expect(await results()).toHaveLength(4)
  expect(Date.now()).toBe(0)
})

test('a service that lost its first packet meanwhile is asked again, and is plainly SUCCEEDED', async () => {
  const SLOW = '0\t200\t1.012000\t1.013000\t\tOK'
  const {results, askedAt} = settle({
    settledAt: 15_000,
    behave: (asked, second) => script(asked, (target) => (TO_SERVICE.test(target) && second < 2 ? SLOW : OK)),
  })
  await vi.advanceTimersByTimeAsync(20_000)
  expect(await results()).toEqual(['b -> a service SUCCEEDED'])
  expect(askedAt).toEqual([0, 0, 1, 2, 3])
})
