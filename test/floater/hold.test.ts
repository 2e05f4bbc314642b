import {afterEach, beforeEach, expect, test, vi} from 'vitest'
import {CLAIM_LASTS} from '../../src/floater/claim.ts'
import {holdOf} from '../../src/floater/hold.ts'
import {failure, fakeKubectl, type Behaviour} from '../kubectl/fake.ts'

const NOW = Date.parse('2030-01-02T03:04:05Z')
beforeEach(() => vi.useFakeTimers({now: NOW}))
afterEach(() => vi.useRealTimers())

function held(answer: () => Behaviour = () => ({})) {
  const [kubectl, lastKubectl] = [fakeKubectl(answer), fakeKubectl(answer)]
  const names = ['netdoctor-floater', 'netdoctor-floater-host']
  const hold = holdOf({kubectl, lastKubectl, namespace: 'netcheck', names, run: 'a1b2c3', now: Date.now})
  return {hold, kubectl, lastKubectl}
}

test('it names every DaemonSet without asking for it first', async () => {
  const {hold, kubectl} = held()
  expect(await hold.renew()).toBe(true)
  const [call] = kubectl.calls
  expect(call?.args.slice(0, 5)).toEqual(['patch', '-f', '-', '--type=json', '-p'])
  expect(call?.args[5]).toContain('2030-01-02T03:05:35Z')
  const {items} = JSON.parse(call?.input ?? '') as {items: unknown[]}
  expect(items).toEqual(
    ['netdoctor-floater', 'netdoctor-floater-host'].map((name) => ({
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: {name, namespace: 'netcheck'},
    })),
  )
})

test('a long run renews it in time, and no more when it has given it back', async () => {
  const {hold, kubectl, lastKubectl} = held()
  expect(hold.begin()['kubectl-netdoctor/claimed-until']).toBe('2030-01-02T03:05:35Z')
  await vi.advanceTimersByTimeAsync(CLAIM_LASTS - 1)
  expect(kubectl.calls).toHaveLength(2)
  expect(await hold.release()).toBe(true)
  expect(lastKubectl.calls[0]?.args[5]).toContain('remove')
  await vi.advanceTimersByTimeAsync(CLAIM_LASTS)
  expect([kubectl.calls.length, lastKubectl.calls.length]).toEqual([2, 1])
})

test('what was never begun is not given back', async () => {
  const {hold, lastKubectl} = held()
  expect(await hold.release()).toBe(true)
  expect(lastKubectl.calls).toEqual([])
})

test.each<[string, string, boolean]>([
  ['another run has it', 'The request is invalid: the server rejected our request due to an error', false],
  ['a clean has removed all', 'Error from server (NotFound): daemonsets.apps "x" not found', false],
  ['the server is busy', 'Error from server (ServiceUnavailable): try later', true],
  ['an interruption ended kubectl', '', true],
])('%s', async (_, stderr, kept) => {
  const {hold, lastKubectl} = held(() => failure(stderr))
  hold.begin()
  expect(await hold.renew()).toBe(kept)
  expect(await hold.release()).toBe(kept)
  // What is another's is not touched again.
  expect(lastKubectl.calls).toHaveLength(kept ? 1 : 0)
})
