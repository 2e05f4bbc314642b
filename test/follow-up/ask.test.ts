import {afterEach, beforeEach, describe, expect, test, vi} from 'vitest'
import {diagnose} from '../../src/diagnosis/diagnose.ts'
import type {FollowUp} from '../../src/model/follow-up.ts'
import type {Measured} from '../../src/model/run.ts'
import {followUp} from '../../src/schema/follow-up.ts'
import {followUps, type FollowUpContext} from '../../src/run/follow-up.ts'
import {nodesCalled, pictured, runOf, type Pictures} from '../diagnosis/matrix.ts'
import {fakeKubectl, failure, type Behaviour, type Call, type FakeKubectl} from '../kubectl/fake.ts'
import {askedBy, OK, script, TIMEOUT, type Asked, type Job} from '../probe/asked.ts'

const picture = (names: string, pictures: Pictures) => runOf(nodesCalled(names), [pictured(names, pictures)])
const ONE_PAIR = picture('abc', {pod: '.x. ... ...'})

interface World {
  readonly asked: readonly FollowUp[]
  readonly kubectl: FakeKubectl
  readonly announced: number
}

const NO_SOCKET = 'no ping socket'
/** What a floater answers where its neighbour's address is a black hole, and pings are not allowed. */
const usual = (target: string, {protocol}: Job) =>
  protocol === 'icmp' ? undefined : target.includes(':10250') ? OK : TIMEOUT

async function ask(
  run: Measured,
  behave: (asked: Asked, call: Call) => Behaviour | undefined,
  changes: Partial<FollowUpContext> = {},
): Promise<World> {
  const kubectl = fakeKubectl((call) => {
    const asked = askedBy(call)
    return behave(asked, call) ?? (isCounting(asked) ? counts(asked, 0) : script(asked, usual))
  })
  let announced = 0
  const asked = await followUps(run, {
    kubectlOf: () => kubectl,
    namespace: 'netcheck',
    answer: 'OK',
    abilities: {udp: false, identity: () => undefined},
    probeTimeout: 10,
    maxNum: 16,
    signal: new AbortController().signal,
    onAsking: () => announced++,
    ...changes,
  })
  return {asked, kubectl, announced}
}

const isCounting = ({jobs}: Asked) => jobs[0]?.protocol === 'arrivals'

/** A pod whose counters stand still until it is asked, and then count `received`. */
function counts({nonce}: Asked, received: number): Behaviour {
  const line = (job: number, n: number) =>
    `${nonce} A 0.${job}\tTcp: InSegs OutSegs OutRsts\tTcp: ${n} 0 0\t${nonce} 0.${job}`
  return {
    hold: true,
    lines: [line(0, 7), line(1, 7)],
    last: [line(2, 7 + received), `${nonce} E 3\t${nonce}`],
  }
}

describe('where something failed', () => {
  test('the floater that asked is asked further, and its target counts, with two execs', async () => {
    const {asked, kubectl, announced} = await ask(ONE_PAIR, (one) =>
      isCounting(one) ? counts(one, 9) : undefined,
    )
    expect(kubectl.calls.map(({args}) => args.find((arg) => arg.startsWith('floater-')))).toEqual([
      'floater-b',
      'floater-a',
    ])
    expect(announced).toBe(1)
    expect(asked).toMatchObject([
      {
        finding: {kind: 'pair', nodes: [0, 1]},
        probe: 1,
        arrivals: {idle: {received: 0, sent: 0, refused: 0}, asked: {received: 9, sent: 0, refused: 0}},
        route: {cause: expect.any(String) as unknown},
      },
    ])
    expect(asked[0]?.answers.map(({question, status, reason}) => `${question} ${status} ${reason}`)).toEqual([
      ...Array<string>(3).fill('again FAILED timeout'),
      'ping EXCEPTION lost-output',
      'node-ping EXCEPTION lost-output',
      'node-port SUCCEEDED answered',
    ])
  })

  test('a word why something cannot be asked is kept', async () => {
    const {asked} = await ask(ONE_PAIR, (one) => {
      if (isCounting(one)) return undefined
      const {lines = []} = script(one, usual)
      const unable = one.jobs
        .filter(({protocol}) => protocol === 'icmp')
        .map(({id}) => `${one.nonce} U ${id}\t${NO_SOCKET}\t${one.nonce} ${id}`)
      return {lines: [...unable, ...lines]}
    })
    expect(asked[0]?.answers.filter(({reason}) => reason === 'tool-unable').map(({raw}) => raw)).toEqual([
      NO_SOCKET,
      NO_SOCKET,
    ])
  })

  test('what is said at length is cut, so that it can be saved and read again', async () => {
    const {asked} = await ask(ONE_PAIR, ({nonce, jobs}) => {
      const long = 'long '.repeat(4000)
      return {lines: jobs.map(({id}) => `${nonce} U ${id}\t${long}\t${nonce} ${id}`)}
    })
    expect(asked[0]?.answers.map(({raw}) => raw.length)).toEqual(Array(6).fill(500))
    expect(asked[0]).toHaveProperty('route.cause.length', 500)
    expect(asked[0]).toHaveProperty('arrivals.cause.length', 500)
    expect(followUp.safeParse(asked[0]).success).toBe(true)
  })

  test('large packets: two floaters ask, at the same time', async () => {
    const {asked, kubectl} = await ask(picture('abc', {pod: '.l. ... ...'}), () => undefined)
    expect(kubectl.calls).toHaveLength(2)
    expect(new Set(asked[0]?.answers.map(({asker}) => asker))).toEqual(new Set([0, 2]))
  })

  test('never more than two execs a finding, nor about more than ten', async () => {
    const names = 'abcdefghijklmnopqrstuvwx'
    // Each second one does not reach the next.
    const rows = Array.from({length: names.length}, (_, from) =>
      Array.from({length: names.length}, (__, to) => (from % 2 === 0 && to === from + 1 ? 'x' : '.')).join(
        '',
      ),
    )
    const {asked, kubectl} = await ask(picture(names, {pod: rows.join(' ')}), () => undefined)
    expect(asked).toHaveLength(10)
    expect(kubectl.calls).toHaveLength(20)
  })
})

test('where all is well nobody is asked', async () => {
  const {asked, kubectl, announced} = await ask(picture('abc', {pod: '... ... ...'}), () => undefined)
  expect([asked, kubectl.calls, announced]).toEqual([[], [], 0])
})

describe('an exec that brings nothing', () => {
  test.each<[string, Behaviour, string, string]>([
    [
      'refused',
      failure('error: unable to upgrade connection: Forbidden'),
      'exec-failed',
      'unable to upgrade connection: Forbidden',
    ],
    ['empty', {}, 'lost-output', 'kubectl exec ended without an error, but its output is not complete'],
  ])('%s: every answer says so, and nothing is claimed', async (_, behaviour, reason, raw) => {
    const {asked} = await ask(ONE_PAIR, () => behaviour)
    expect(new Set(asked[0]?.answers.map((one) => `${one.status} ${one.reason}: ${one.raw}`))).toEqual(
      new Set([`EXCEPTION ${reason}: ${raw}`]),
    )
    expect(asked[0]?.arrivals).toEqual({cause: raw})
    expect(evidence(ONE_PAIR, asked).join()).not.toContain('arrive')
  })

  test('cut at any line: what is left is true', async () => {
    const whole = await ask(ONE_PAIR, () => undefined)
    for (let kept = 0; kept < 5; kept++) {
      const {asked} = await ask(ONE_PAIR, (one) => {
        if (isCounting(one)) return undefined
        return {lines: script(one, usual).lines?.slice(0, kept) ?? []}
      })
      const answers = asked[0]?.answers ?? []
      for (const [index, answer] of answers.entries())
        if (answer.status !== 'EXCEPTION') expect(answer).toEqual(whole.asked[0]?.answers[index])
      expect(answers.filter(({status}) => status !== 'EXCEPTION').length).toBe(Math.min(kept, 4))
    }
  })

  test('counters that end before all is asked say nothing', async () => {
    const {asked} = await ask(ONE_PAIR, (one) => {
      if (!isCounting(one)) return undefined
      const {lines = [], last = []} = counts(one, 0)
      return {lines: [...lines, ...last]}
    })
    expect(asked[0]?.arrivals).toEqual({cause: 'the counts were not read in time'})
  })
})

const evidence = (run: Measured, asked: readonly FollowUp[]) =>
  diagnose({...run, followUps: asked}).findings.flatMap((one) => one.evidence)

describe('time', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  test('execs that hang end after 30 s all in all, and what was not reached says so', async () => {
    const pairs = picture('abcd', {pod: '.x.. ..x. ...x x...'})
    const began = Date.now()
    const asking = ask(pairs, () => ({hold: true}), {maxNum: 1})
    await vi.runAllTimersAsync()
    const {asked, kubectl} = await asking
    expect(Date.now() - began).toBeLessThanOrEqual(30_000)
    expect(Date.now() - began).toBeGreaterThan(20_000)
    expect(kubectl.calls).toHaveLength(2)
    expect(asked.map(({omitted}) => omitted !== undefined)).toEqual([false, true, true, true])
    expect(
      asked[0]?.answers.every(
        ({status, raw}) => status === 'EXCEPTION' && raw === 'the time for it was over',
      ),
    ).toBe(true)
    expect(asked[0]?.arrivals).toHaveProperty('cause')
  })

  test('counters that never begin hold nothing up for long', async () => {
    const asking = ask(ONE_PAIR, (one) => (isCounting(one) ? {hold: true} : undefined))
    const began = Date.now()
    await vi.runAllTimersAsync()
    const {asked} = await asking
    expect(Date.now() - began).toBeLessThan(12_000)
    expect(asked[0]?.answers.filter(({status}) => status === 'FAILED')).toHaveLength(3)
    expect(asked[0]?.arrivals).toHaveProperty('cause')
  })

  test('an interruption ends them at once', async () => {
    const interruption = new AbortController()
    const asking = ask(ONE_PAIR, () => ({hold: true}), {signal: interruption.signal})
    await vi.advanceTimersByTimeAsync(2000)
    interruption.abort('SIGINT')
    await vi.advanceTimersByTimeAsync(0)
    const {asked} = await asking
    expect(asked).toHaveLength(1)
  })
})
