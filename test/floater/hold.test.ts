import {afterEach, beforeEach, expect, test, vi} from 'vitest'
import {CLAIM_LASTS, claimAnnotations} from '../../src/floater/claim.ts'
import {holdOf, RELEASE_LIMIT} from '../../src/floater/hold.ts'
import {failure, fakeKubectl, type Behaviour, type Call} from '../kubectl/fake.ts'

const NOW = Date.parse('2030-01-02T03:04:05Z')
const NAMES = ['netdoctor-floater', 'netdoctor-floater-host']
beforeEach(() => vi.useFakeTimers({now: NOW}))
afterEach(() => vi.useRealTimers())

const isPatch = ({args}: Call) => args[0] === 'patch'
const isRemoval = (call: Call) => isPatch(call) && (call.args[5] ?? '').includes('remove')

interface World {
  /** To a patch. */
  answer?: () => Behaviour | Promise<Behaviour>
  /** To the last ones. */
  lastAnswer?: () => Behaviour | Promise<Behaviour>
  /** To the list of claims. */
  there?: () => Behaviour
  over?: string
}

function held({
  answer = () => ({}),
  lastAnswer = answer,
  there = () => claimed('b2', NAMES),
  over,
}: World = {}) {
  const interruption = new AbortController()
  const kubectl = fakeKubectl((call) => (isPatch(call) ? answer() : there()))
  const lastKubectl = fakeKubectl(lastAnswer)
  const hold = holdOf({
    kubectl,
    lastKubectl,
    namespace: 'netcheck',
    names: NAMES,
    run: 'b2',
    now: Date.now,
    respects: (run) => Promise.resolve(run !== over),
    signal: interruption.signal,
    pause: async (milliseconds) => await vi.advanceTimersByTimeAsync(milliseconds).then(() => undefined),
  })
  return {hold, kubectl, lastKubectl, interruption}
}

/** What a server lists: the claim of a run on each of these DaemonSets. */
function claimed(
  run: string,
  names: readonly string[],
  {since = NOW, until = NOW + CLAIM_LASTS, needs = names} = {},
): Behaviour {
  const annotations = claimAnnotations({run, since, until, names: needs})
  return {stdout: JSON.stringify({items: names.map((name) => ({metadata: {name, annotations}}))})}
}

const write = () => Promise.resolve()

test('it names every DaemonSet without asking for it first', async () => {
  const {hold, kubectl} = held()
  await hold.begin(write)
  await vi.advanceTimersByTimeAsync(CLAIM_LASTS / 3)
  const [call] = kubectl.calls
  expect(call?.args.slice(0, 5)).toEqual(['patch', '-f', '-', '--type=json', '-p'])
  expect(call?.args[5]).toContain('2030-01-02T03:06:05Z')
  const {items} = JSON.parse(call?.input ?? '') as {items: unknown[]}
  expect(items).toEqual(
    NAMES.map((name) => ({
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: {name, namespace: 'netcheck'},
    })),
  )
})

test('a long run renews it in time, and no more when it has given it back', async () => {
  const {hold, kubectl, lastKubectl} = held()
  await hold.begin((claim) => {
    expect(claim['kubectl-netdoctor/claimed-until']).toBe('2030-01-02T03:05:35Z')
    return Promise.resolve()
  })
  await vi.advanceTimersByTimeAsync(CLAIM_LASTS - 1)
  expect(kubectl.calls.filter(isPatch)).toHaveLength(2)
  expect(await hold.release()).toBe('given back')
  expect(lastKubectl.calls.map(isRemoval)).toEqual([true])
  await vi.advanceTimersByTimeAsync(CLAIM_LASTS)
  expect([kubectl.calls.filter(isPatch).length, lastKubectl.calls.length]).toEqual([2, 1])
})

test('what was never begun is not given back', async () => {
  const {hold, lastKubectl} = held()
  expect(await hold.release()).toBe('given back')
  expect(lastKubectl.calls).toEqual([])
})

test.each<[string, string]>([
  ['another run has it', 'The request is invalid: the server rejected our request due to an error'],
  ['a clean has removed all', 'Error from server (NotFound): daemonsets.apps "x" not found'],
])('%s: it is not touched again', async (_, stderr) => {
  const {hold, lastKubectl} = held({answer: () => failure(stderr)})
  await hold.begin(write)
  await vi.advanceTimersByTimeAsync(CLAIM_LASTS / 3)
  expect(await hold.confirm()).toBe(false)
  expect(await hold.release()).toBe('taken')
  expect(lastKubectl.calls).toEqual([])
})

test('where nothing could be written, nobody has taken anything', async () => {
  const {hold} = held({answer: () => failure('Error from server (NotFound): daemonsets.apps "x" not found')})
  await expect(hold.begin(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await hold.release()).toBe('given back')
})

test('a server that is away as the run ends is asked until it is back', async () => {
  let left = 4
  const away = failure('The connection to the server was refused')
  const {hold, lastKubectl} = held({answer: () => (left-- > 0 ? away : {})})
  await hold.begin(write)
  expect(await hold.release()).toBe('given back')
  expect(lastKubectl.calls.map(isRemoval)).toEqual([true, true, true, true, true])
})

test('one that stays away is asked for a limited time, and the end of the claim is told', async () => {
  const {hold, lastKubectl} = held({answer: () => failure('error: it is away')})
  await hold.begin(write)
  await vi.advanceTimersByTimeAsync(CLAIM_LASTS / 3)
  const before = Date.now()
  // A renewal of which only the answer was lost may have been heard.
  expect(await hold.release()).toEqual({reason: 'it is away', until: NOW + (CLAIM_LASTS / 3) * 4})
  expect(Date.now() - before).toBeLessThanOrEqual(RELEASE_LIMIT)
  expect(lastKubectl.calls.length).toBeGreaterThan(10)
})

test('after an interruption it tries once', async () => {
  const {hold, lastKubectl, interruption} = held({answer: () => failure('')})
  await hold.begin(write)
  interruption.abort()
  expect(await hold.release()).toMatchObject({until: NOW + CLAIM_LASTS})
  expect(lastKubectl.calls).toHaveLength(1)
})

test('a renewal on its way comes before the release', async () => {
  const order: string[] = []
  let arrive: () => void = () => undefined
  const renewing = async () => {
    await new Promise<void>((resolve) => (arrive = resolve))
    order.push('renewed')
    return {}
  }
  const releasing = () => {
    order.push('released')
    return {}
  }
  const {hold} = held({answer: renewing, lastAnswer: releasing})
  await hold.begin(write)
  await vi.advanceTimersByTimeAsync(CLAIM_LASTS / 3)
  const released = hold.release()
  arrive()
  expect(await released).toBe('given back')
  expect(order).toEqual(['renewed', 'released'])
})

const OTHER = ['netdoctor-floater-neighbour']
/** What a server lists that has this beside the run's own claim. */
function beside(...others: readonly Behaviour[]): Behaviour {
  const lists = [claimed('b2', NAMES), ...others].map(
    ({stdout = ''}) => JSON.parse(stdout) as {items: object[]},
  )
  return {stdout: JSON.stringify({items: lists.flatMap(({items}) => items)})}
}

test.each<[string, Behaviour, boolean]>([
  ['nobody else', beside(), true],
  ['a later one, with other floaters', beside(claimed('a1', OTHER, {since: NOW + 1000})), false],
  ['one of the same second, whose id is greater', beside(claimed('c3', OTHER)), false],
  ['an earlier one that does not give way', beside(claimed('a1', OTHER)), false],
  [
    'a later one, which has lost to it what both need',
    beside(claimed('c3', OTHER, {since: NOW + 1000, needs: [...OTHER, NAMES[0] ?? '']})),
    true,
  ],
  ['one that has ended without a word', beside(claimed('a1', OTHER, {until: NOW - 1})), true],
  ['one that is known to be over', beside(claimed('over', OTHER)), true],
  ['a server that does not tell', failure('Error from server: no'), true],
])('beside its claim it finds %s', async (_, there, kept) => {
  const {hold, kubectl} = held({there: () => there, over: 'over'})
  await hold.begin(write)
  expect(await hold.confirm()).toBe(kept)
  // Who gives way says so at once: the other waits for it.
  expect(kubectl.calls.some(isRemoval)).toBe(!kept)
  expect(await hold.release()).toBe(kept ? 'given back' : 'taken')
})

test.each<[string, Behaviour]>([
  ['another on its own floaters, however early', claimed('a1', NAMES, {since: NOW - 5000})],
  ['nothing any more', {stdout: '{"items":[]}'}],
])('in the place of its claim it finds %s: it touches nothing', async (_, there) => {
  const {hold, kubectl, lastKubectl} = held({there: () => there})
  await hold.begin(write)
  expect(await hold.confirm()).toBe(false)
  expect(await hold.release()).toBe('taken')
  expect([...kubectl.calls, ...lastKubectl.calls].filter(isPatch)).toEqual([])
})

test('in the place of a part of its claim it finds another: it gives back the rest, and nothing else', async () => {
  const [own = '', lost = ''] = NAMES
  const lists = [claimed('b2', [own]), claimed('a1', [lost])].map(
    ({stdout = ''}) => JSON.parse(stdout) as {items: object[]},
  )
  const there = {stdout: JSON.stringify({items: lists.flatMap(({items}) => items)})}
  const {hold, kubectl, lastKubectl} = held({there: () => there})
  await hold.begin(write)
  expect(await hold.confirm()).toBe(false)
  const [patch] = kubectl.calls.filter(isRemoval)
  const {items} = JSON.parse(patch?.input ?? '') as {items: {metadata: {name: string}}[]}
  expect(items.map(({metadata}) => metadata.name)).toEqual([own])
  expect(await hold.release()).toBe('taken')
  expect([kubectl.calls.filter(isPatch).length, lastKubectl.calls.length]).toEqual([1, 0])
})

test('where all is well it takes one request to know', async () => {
  const {hold, kubectl} = held()
  await hold.begin(write)
  expect(await hold.confirm()).toBe(true)
  expect(kubectl.calls).toHaveLength(1)
})

test('it gives way where it saw an earlier one, and the server tells no more', async () => {
  let looks = 0
  const there = () => (++looks < 3 ? beside(claimed('a1', OTHER)) : failure('Error from server: no'))
  const {hold, kubectl} = held({there})
  await hold.begin(write)
  expect(await hold.confirm()).toBe(false)
  expect(kubectl.calls.some(isRemoval)).toBe(true)
})

test('it goes on when an earlier one gives way', async () => {
  let looks = 0
  const {hold, kubectl} = held({there: () => (++looks < 3 ? beside(claimed('a1', OTHER)) : beside())})
  await hold.begin(write)
  expect(await hold.confirm()).toBe(true)
  expect(kubectl.calls.some(isRemoval)).toBe(false)
  expect(looks).toBe(3)
})
