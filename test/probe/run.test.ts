import {describe, expect, test} from 'vitest'
import type {NodeUnderTest} from '../../src/model/cluster.ts'
import type {PlanWish} from '../../src/plan/wish.ts'
import {probesOf} from '../../src/plan/plan.ts'
import type {ProbeContext} from '../../src/probe/context.ts'
import {runPlan} from '../../src/probe/run.ts'
import {recorder, verdictAt} from '../../src/results/store.ts'
import {pairOf, planOf} from '../plan/wish.ts'
import {failure, fakeKubectl, type Behaviour, type Call, type FakeKubectl} from '../kubectl/fake.ts'
import {nodeWith, nodeWithout} from '../report/sample.ts'
import {askedBy, OK, REFUSED, script, TIMEOUT, type Asked} from './asked.ts'

const nodes = [nodeWith('a', '10.0.0.1'), nodeWith('b', '10.0.0.2'), nodeWith('c', '10.0.0.3')]

async function probe(
  kubectl: FakeKubectl,
  changes: Partial<ProbeContext> & {nodes?: readonly NodeUnderTest[]; wish?: Partial<PlanWish>} = {},
) {
  const plan = planOf(changes.nodes ?? nodes, changes.wish)
  const store = recorder(plan.size)
  const seen = {probed: 0, failed: 0, passes: [] as string[]}
  await runPlan(plan, store, {
    kubectlOf: () => kubectl,
    namespace: 'kosmos-system',
    answer: 'OK',
    settledAt: 0,
    bystanders: [],
    limits: {parallel: 64, probeTimeout: 10},
    maxNum: 3,
    retries: 0,
    presentFloaters: () => Promise.resolve(undefined),
    signal: new AbortController().signal,
    on: {
      probed: (_, more) => (seen.probed += more),
      failed: (_, more) => (seen.failed += more),
      pass: (pass) => seen.passes.push(pass),
    },
    ...changes,
  })
  const verdicts = [...probesOf(plan)].map((one) => {
    const {status, reason, raw, unstable} = verdictAt(store.results, one.id, one.endpoint.address)
    return [pairOf(plan, one), status, reason, ...(raw ? [raw] : []), ...(unstable ? ['unstable'] : [])].join(
      ', ',
    )
  })
  const times = Object.fromEntries(
    [...probesOf(plan)].map((one) => [pairOf(plan, one), store.results.timeUs[one.id]]),
  )
  return {verdicts, times, seen, asked: kubectl.calls.map(askedBy)}
}

describe('a healthy cluster', () => {
  test('takes one exec a source, and every probe succeeds', async () => {
    const kubectl = fakeKubectl((call) => script(askedBy(call), () => OK))
    const {verdicts, seen, asked} = await probe(kubectl, {retries: 1})
    expect(verdicts).toHaveLength(9)
    expect(new Set(verdicts.map((one) => one.split(', ').slice(1).join()))).toEqual(
      new Set(['SUCCEEDED,answered']),
    )
    expect(asked.map(({pod}) => pod)).toEqual(['floater-a', 'floater-b', 'floater-c'])
    expect(asked.map(({targets}) => targets)).toEqual([
      ['10.0.0.1:8889', '10.0.0.2:8889', '10.0.0.3:8889'],
      ['10.0.0.2:8889', '10.0.0.3:8889', '10.0.0.1:8889'],
      ['10.0.0.3:8889', '10.0.0.1:8889', '10.0.0.2:8889'],
    ])
    expect(seen).toEqual({probed: 9, failed: 0, passes: ['first', 'done']})
  })

  test('is asked with the script on standard input, never with targets on a command line', async () => {
    const kubectl = fakeKubectl((call) => script(askedBy(call), () => OK))
    await probe(kubectl)
    expect(kubectl.calls[0]?.args).toEqual([
      'exec',
      '-i',
      '--namespace=kosmos-system',
      'floater-a',
      '--container=floater',
      '--',
      'sh',
      '-s',
    ])
    expect(new Set(kubectl.calls.map((call) => askedBy(call).nonce)).size).toBe(3)
  })
})

describe('a node without a floater', () => {
  const cause = 'node b has no floater: unschedulable'

  test('is not asked, and its probes both ways have its cause', async () => {
    const kubectl = fakeKubectl((call) => script(askedBy(call), () => OK))
    const some = [nodeWith('a', '10.0.0.1'), nodeWithout('b', cause)]
    const {verdicts, seen, asked} = await probe(kubectl, {nodes: some})
    expect(verdicts).toEqual([
      'a -> a, SUCCEEDED, answered',
      `a -> b, EXCEPTION, no-floater, ${cause}`,
      `b -> a, EXCEPTION, no-floater, ${cause}`,
      `b -> b, EXCEPTION, no-floater, ${cause}`,
    ])
    expect(asked.map(({targets}) => targets)).toEqual([['10.0.0.1:8889']])
    expect(seen).toMatchObject({probed: 4, failed: 3})
  })

  test('of a family that others have says so', async () => {
    const kubectl = fakeKubectl((call) => script(askedBy(call), () => OK))
    const {verdicts} = await probe(kubectl, {
      nodes: [nodeWith('a', '10.0.0.1', 'fd00::1'), nodeWith('b', '10.0.0.2')],
    })
    expect(verdicts.slice(4)).toEqual([
      'a -> a, SUCCEEDED, answered',
      'a -> b, EXCEPTION, no-address, the floater of node b has no ipv6 address',
      'b -> a, EXCEPTION, no-address, the floater of node b has no ipv6 address',
      'b -> b, EXCEPTION, no-address, the floater of node b has no ipv6 address',
    ])
  })
})

describe('what is missing', () => {
  const fromA = (call: Call) => askedBy(call).pod === 'floater-a'

  test('is asked once more, and only that', async () => {
    const kubectl = fakeKubectl((call) => {
      const asked = askedBy(call)
      const first = asked.targets.length === 3
      return script(asked, (target) => (fromA(call) && first && target !== '10.0.0.1:8889' ? undefined : OK))
    })
    const {verdicts, asked} = await probe(kubectl, {maxNum: 1})
    expect(asked.filter(({pod}) => pod === 'floater-a').map(({targets}) => targets)).toEqual([
      ['10.0.0.1:8889', '10.0.0.2:8889', '10.0.0.3:8889'],
      ['10.0.0.2:8889', '10.0.0.3:8889'],
    ])
    expect(asked).toHaveLength(4)
    expect(verdicts.every((one) => one.includes('SUCCEEDED'))).toBe(true)
  })

  const LOST = 'the script ended, but the answer to this probe did not arrive'
  const END_LOST = 'kubectl exec ended without an error, but its output is not complete'

  test.each<[string, (asked: Asked) => Behaviour, string]>([
    [
      'lost again',
      (asked) => script(asked, (target) => (target.startsWith('10.0.0.2') ? undefined : OK)),
      LOST,
    ],
    ['nonsense', (asked) => script(asked, (target) => (target.startsWith('10.0.0.2') ? '0\t200' : OK)), LOST],
    [
      'cut off without an error',
      (asked) => ({
        lines:
          script(asked, (target) => (target.startsWith('10.0.0.2') ? undefined : OK)).lines?.slice(0, -1) ??
          [],
      }),
      END_LOST,
    ],
  ])('and %s is an EXCEPTION', async (_, behave, raw) => {
    const kubectl = fakeKubectl((call) =>
      fromA(call) ? behave(askedBy(call)) : script(askedBy(call), () => OK),
    )
    const {verdicts, asked} = await probe(kubectl)
    expect(verdicts.slice(0, 3)).toEqual([
      'a -> a, SUCCEEDED, answered',
      `a -> b, EXCEPTION, lost-output, ${raw}`,
      'a -> c, SUCCEEDED, answered',
    ])
    expect(asked).toHaveLength(4)
  })

  test.each<[string, Behaviour, string]>([
    [
      'kubectl says why',
      failure('Warning: x\nerror: unable to upgrade connection: container not found ("floater")\n'),
      'exec-failed, unable to upgrade connection: container not found ("floater")',
    ],
    ['kubectl says nothing', failure('', 137), 'exec-failed, kubectl exec ended with exit code 137'],
    [
      'kubectl was killed',
      {ok: false, exitCode: undefined},
      'exec-failed, kubectl exec was ended by a signal',
    ],
    ['the time is over', {ok: false, timedOut: true}, 'lost-output, kubectl exec did not end in time'],
    ['it says nothing at all', {}, `lost-output, ${END_LOST}`],
  ])('because exec fails is an EXCEPTION: %s', async (_, behaviour, raw) => {
    const kubectl = fakeKubectl((call) => (fromA(call) ? behaviour : script(askedBy(call), () => OK)))
    const {verdicts, asked} = await probe(kubectl)
    expect(verdicts.slice(0, 3)).toEqual(['a', 'b', 'c'].map((to) => `a -> ${to}, EXCEPTION, ${raw}`))
    expect(verdicts.slice(3).every((one) => one.includes('SUCCEEDED'))).toBe(true)
    expect(asked.filter(({pod}) => pod === 'floater-a')).toHaveLength(2)
  })

  test('because the image lacks a program is not asked again', async () => {
    const kubectl = fakeKubectl((call) => {
      const {nonce, targets} = askedBy(call)
      return {lines: [`${nonce} M 0\tcurl\t${nonce} 0`, `${nonce} E ${targets.length}\t${nonce}`]}
    })
    const {verdicts, asked} = await probe(kubectl, {retries: 1})
    expect(new Set(verdicts.map((one) => one.split(', ').slice(1).join(', ')))).toEqual(
      new Set(['EXCEPTION, tool-missing, the image has no curl']),
    )
    expect(asked).toHaveLength(3)
  })
})

describe('the second pass', () => {
  test('repeats what FAILED and nothing else; what it mends is unstable', async () => {
    const kubectl = fakeKubectl((call) => {
      const asked = askedBy(call)
      const second = asked.targets.length < 3
      return script(asked, (target) => {
        if (asked.pod === 'floater-a' && target.startsWith('10.0.0.2')) return second ? OK : REFUSED
        if (asked.pod === 'floater-a' && target.startsWith('10.0.0.3')) return TIMEOUT
        return OK
      })
    })
    const {verdicts, seen, asked} = await probe(kubectl, {retries: 1})
    expect(verdicts.slice(0, 3)).toEqual([
      'a -> a, SUCCEEDED, answered',
      'a -> b, SUCCEEDED, answered, unstable',
      'a -> c, FAILED, timeout, Connection timed out after 3001 milliseconds (curl exit code 28)',
    ])
    expect(asked.slice(3)).toMatchObject([{pod: 'floater-a', targets: ['10.0.0.2:8889', '10.0.0.3:8889']}])
    expect(seen).toEqual({probed: 9, failed: 1, passes: ['first', 'second', 'done']})
  })

  test('starts when every source has ended the first', async () => {
    const kubectl = fakeKubectl((call) => script(askedBy(call), () => REFUSED))
    const {asked} = await probe(kubectl, {retries: 2, maxNum: 1})
    const pods = ['floater-a', 'floater-b', 'floater-c']
    expect(asked.map(({pod}) => pod)).toEqual([...pods, ...pods, ...pods])
  })

  test('that could not be made leaves what the first one found', async () => {
    let execs = 0
    const kubectl = fakeKubectl((call) =>
      ++execs <= 3 ? script(askedBy(call), () => TIMEOUT) : failure('error: the server is gone'),
    )
    const {verdicts} = await probe(kubectl, {retries: 1})
    expect(verdicts.every((one) => one.includes('FAILED, timeout'))).toBe(true)
  })

  const LATE = TIMEOUT.replaceAll('3.001', '5.002').replaceAll('3001', '5002')
  test.each<[string, readonly string[], number, string]>([
    ['answers then', [LATE, OK], 1, 'SUCCEEDED, answered'],
    [
      'is silent then',
      [LATE, TIMEOUT],
      1,
      'FAILED, timeout, Connection timed out after 3001 milliseconds (curl exit code 28)',
    ],
    [
      'is late again',
      [LATE, LATE],
      1,
      'EXCEPTION, overloaded, waiting for 3 s took 5.0 s: the node, or the floater, is overloaded',
    ],
    [
      'is not repeated',
      [LATE],
      0,
      'EXCEPTION, overloaded, waiting for 3 s took 5.0 s: the node, or the floater, is overloaded',
    ],
    [
      'was FAILED before',
      [TIMEOUT, LATE],
      1,
      'FAILED, timeout, Connection timed out after 3001 milliseconds (curl exit code 28)',
    ],
  ])('is made of what a busy source did not measure: %s', async (_, answers, retries, verdict) => {
    const left = [...answers]
    const kubectl = fakeKubectl((call) => {
      const asked = askedBy(call)
      return script(asked, (target) =>
        asked.pod === 'floater-a' && target.startsWith('10.0.0.2') ? left.shift() : OK,
      )
    })
    const {verdicts, seen, asked} = await probe(kubectl, {retries})
    expect(verdicts[1]).toBe(`a -> b, ${verdict}`)
    expect(asked.slice(3).map(({targets}) => targets)).toEqual(retries === 0 ? [] : [['10.0.0.2:8889']])
    expect(seen.failed).toBe(verdict.startsWith('SUCCEEDED') ? 0 : 1)
  })

  test.each([
    [OK, 3, 64, []],
    [TIMEOUT, 3, 64, ['64']],
    [LATE, 3, 64, ['4']],
    [LATE, 3, 2, ['2']],
    // Gently, but not for ever.
    [LATE, 100, 64, ['7']],
  ])(
    'is gentle with a source that was busy: %s, %i targets, %i at once',
    async (answer, count, parallel, again) => {
      const many = Array.from({length: count}, (_, n) => nodeWith(`n${n}`, `10.0.0.${n + 1}`))
      const kubectl = fakeKubectl((call) => {
        const asked = askedBy(call)
        return script(asked, () => (asked.pod === 'floater-n0' ? answer : OK))
      })
      await probe(kubectl, {nodes: many, retries: 1, limits: {parallel, probeTimeout: 10}})
      const atOnce = kubectl.calls.map(({input}) => /^parallel=(\d+)/m.exec(input)?.[1])
      expect(new Set(atOnce.slice(0, count))).toEqual(new Set([String(parallel)]))
      expect(atOnce.slice(count)).toEqual(again)
    },
  )

  test('is not made when nothing is to be repeated', async () => {
    const kubectl = fakeKubectl((call) => script(askedBy(call), () => TIMEOUT))
    const {seen} = await probe(kubectl, {retries: 0})
    expect(seen.passes).toEqual(['first', 'done'])
    expect(kubectl.calls).toHaveLength(3)
  })
})

test('an interruption keeps what was answered, and leaves the rest not tested', async () => {
  const interruption = new AbortController()
  const kubectl = fakeKubectl((call) => {
    const asked = askedBy(call)
    if (asked.pod !== 'floater-b') return script(asked, () => OK)
    interruption.abort('SIGINT')
    return {...script(asked, (target) => (target.startsWith('10.0.0.2') ? TIMEOUT : undefined)), ok: false}
  })
  const {verdicts, asked} = await probe(kubectl, {maxNum: 1, retries: 1, signal: interruption.signal})
  expect(verdicts).toEqual([
    'a -> a, SUCCEEDED, answered',
    'a -> b, SUCCEEDED, answered',
    'a -> c, SUCCEEDED, answered',
    'b -> a, EXCEPTION, not-tested',
    'b -> b, FAILED, timeout, Connection timed out after 3001 milliseconds (curl exit code 28)',
    'b -> c, EXCEPTION, not-tested',
    'c -> a, EXCEPTION, not-tested',
    'c -> b, EXCEPTION, not-tested',
    'c -> c, EXCEPTION, not-tested',
  ])
  expect(asked.map(({pod}) => pod)).toEqual(['floater-a', 'floater-b'])
})

test.each([1, 2, 5])('at most %i sources probe at once', async (maxNum) => {
  const many = Array.from({length: 12}, (_, n) => nodeWith(`n${n}`, `10.0.0.${n + 1}`))
  let [running, most] = [0, 0]
  const kubectl = fakeKubectl(async (call) => {
    most = Math.max(most, ++running)
    // Lets every other source that may run begin.
    await new Promise((resolve) => setImmediate(resolve))
    running--
    return script(askedBy(call), () => OK)
  })
  await probe(kubectl, {nodes: many, maxNum})
  expect(most).toBe(maxNum)
})

test('an address that two floaters have proves nothing: nobody can say who answers', async () => {
  const kubectl = fakeKubectl((call) => script(askedBy(call), () => OK))
  const {verdicts} = await probe(kubectl, {
    nodes: [nodeWith('a', '10.0.0.1'), nodeWith('b', '10.0.0.1'), nodeWith('c', '10.0.0.3')],
  })
  const raw =
    'nodes a, b all have 10.0.0.1: nobody can say who answers. Floater agnhost tells them apart; cidrMap gives the addresses that other clusters see'
  expect(verdicts).toEqual([
    `a -> a, EXCEPTION, shared-address, ${raw}`,
    `a -> b, EXCEPTION, shared-address, ${raw}`,
    'a -> c, SUCCEEDED, answered',
    `b -> a, EXCEPTION, shared-address, ${raw}`,
    `b -> b, EXCEPTION, shared-address, ${raw}`,
    'b -> c, SUCCEEDED, answered',
    `c -> a, EXCEPTION, shared-address, ${raw}`,
    `c -> b, EXCEPTION, shared-address, ${raw}`,
    'c -> c, SUCCEEDED, answered',
  ])
})

test('a floater that went away during the run is not a fault of the network', async () => {
  const kubectl = fakeKubectl((call) =>
    script(askedBy(call), (target) => (target.startsWith('10.0.0.3') ? TIMEOUT : OK)),
  )
  const present = new Set(['uid-a/0', 'uid-b/0', 'uid-c/1'])
  const {verdicts} = await probe(kubectl, {
    presentFloaters: () => Promise.resolve({incarnations: present, causes: new Map()}),
  })
  const text = 'the floater of node c went away, or was restarted, during the run'
  expect(verdicts.filter((verdict) => !verdict.includes('SUCCEEDED'))).toEqual(
    ['a', 'b', 'c'].map((source) => `${source} -> c, EXCEPTION, floater-replaced, ${text}`),
  )
})

describe('what was slow', () => {
  const SLOW = '0\t200\t0.250000\t0.260000\t\tOK'
  const SLOWER = '0\t200\t0.950000\t0.960000\t\tOK'
  /** c answers a so, one time after the other. */
  const timesOf = async (answers: readonly string[], changes: Partial<ProbeContext> = {}) => {
    const left = [...answers]
    const kubectl = fakeKubectl((call) => {
      const asked = askedBy(call)
      return script(asked, (target) =>
        asked.pod === 'floater-a' && target.startsWith('10.0.0.3') ? left.shift() : OK,
      )
    })
    const {times, verdicts, asked, seen} = await probe(kubectl, {retries: 1, ...changes})
    return {
      time: times['a -> c'],
      verdict: verdicts.find((one) => one.startsWith('a -> c')),
      again: asked.slice(3).map(({pod, targets}) => `${pod} ${targets.join()}`),
      passes: seen.passes,
    }
  }
  const present = (...incarnations: string[]) => ({
    presentFloaters: () => Promise.resolve({incarnations: new Set(incarnations), causes: new Map()}),
  })
  const all = present('uid-a/0', 'uid-b/0', 'uid-c/0')
  const replaced = present('uid-a/0', 'uid-b/0', 'uid-c/1')
  const ONCE = 'floater-a 10.0.0.3:8889'
  const ANSWERED = 'a -> c, SUCCEEDED, answered'

  test.each<[string, string[], Partial<ProbeContext>, number, string, string[]]>([
    ['the better time counts', [SLOW, OK], all, 400, ANSWERED, [ONCE]],
    ['it still is slow', [SLOW, SLOW], all, 250_000, ANSWERED, [ONCE]],
    ['a packet was lost then: unstable', [SLOW, SLOWER], all, 250_000, `${ANSWERED}, unstable`, [ONCE]],
    ['it does not answer then: unstable', [SLOW, TIMEOUT], all, 250_000, `${ANSWERED}, unstable`, [ONCE]],
    ['nobody knows what there is', [SLOW, TIMEOUT], {}, 250_000, `${ANSWERED}, unstable`, [ONCE]],
    ['the floater has gone', [SLOW, TIMEOUT], replaced, 250_000, ANSWERED, [ONCE]],
    ['it cannot be measured then', [SLOW], all, 250_000, ANSWERED, [ONCE, ONCE]],
    ['not where nothing is to be repeated', [SLOW, OK], {...all, retries: 0}, 250_000, ANSWERED, []],
  ])('is timed once more: %s', async (_, answers, changes, time, verdict, again) => {
    expect(await timesOf(answers, changes)).toEqual({
      ...{time, verdict, again},
      passes: again.length > 0 ? ['first', 'slow', 'done'] : ['first', 'done'],
    })
  })
})
