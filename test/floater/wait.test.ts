import {afterEach, beforeEach, expect, test, vi} from 'vitest'
import {floaterBoard} from '../../src/floater/board.ts'
import {awaitFloaters} from '../../src/floater/wait.ts'
import {failure, fakeKubectl, type FakeKubectl} from '../kubectl/fake.ts'
import {nodeFacts as node, podJson, type PodParts} from './pod.ts'

// Time passes only where a test says so.
beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** The 30 s that the floaters have, and the next tick. */
const timeOver = () => vi.advanceTimersByTimeAsync(30_001)

const added = (parts: PodParts) => JSON.stringify({type: 'ADDED', object: podJson(parts)})
const starting: PodParts = {status: {conditions: [{type: 'Ready', status: 'False'}]}}

function waitFor(kubectl: FakeKubectl, nodes = [node('n1'), node('n2')]) {
  const board = floaterBoard(nodes, 'current')
  const interruption = new AbortController()
  let changes = 0
  const waited = awaitFloaters(board, {
    kubectl,
    namespace: 'kosmos-system',
    kind: 'pod',
    podWaitTime: 30,
    signal: interruption.signal,
    onChange: () => changes++,
  })
  return {board, waited, interruption, changes: () => changes}
}

test('it ends as soon as the last floater is ready', async () => {
  const kubectl = fakeKubectl(() => ({lines: [added({node: 'n1'}), added({node: 'n2'})], hold: true}))
  const {board, waited, changes} = waitFor(kubectl)
  await waited
  expect([board.ready(), changes(), Date.now()]).toEqual([2, 1, vi.getMockedSystemTime()?.getTime()])
  expect(kubectl.verbs()).toEqual(['get pods'])
  expect(kubectl.calls[0]?.args).toEqual(
    expect.arrayContaining(['--watch', '--output-watch-events', '-o', 'json']),
  )
})

test('when the time is over it goes on with those that are ready', async () => {
  const kubectl = fakeKubectl(() => ({
    lines: [added({node: 'n1'}), added({node: 'n2', ...starting})],
    hold: true,
  }))
  const {board, waited} = waitFor(kubectl)
  await timeOver()
  await waited
  expect(board.states()).toMatchObject([
    {node: 'n1', state: {floater: {node: 'n1'}}},
    {node: 'n2', state: {cause: 'node n2 has no floater: its pod is still starting'}},
  ])
  expect(kubectl.verbs()).toEqual(['get pods', 'get events'])
})

test('where no pod was created at all, the events are asked why', async () => {
  const involvedObject = {kind: 'DaemonSet', name: 'netdoctor-floater'}
  const events = [
    {involvedObject, reason: 'FailedCreate', message: 'older'},
    {
      involvedObject,
      reason: 'FailedCreate',
      message: 'pods "x" is forbidden:\nexceeded quota',
      lastTimestamp: '2030-01-01T10:00:00Z',
    },
  ]
  const kubectl = fakeKubectl(({args}) =>
    args[1] === 'events'
      ? {stdout: JSON.stringify({items: events})}
      : {lines: [added({node: 'n1'})], hold: true},
  )
  const {board, waited} = waitFor(kubectl)
  await timeOver()
  await waited
  expect(board.missing()).toMatchObject([
    {
      node: 'n2',
      obstacle: {
        text: 'no pod was created on it: FailedCreate: pods "x" is forbidden: exceeded quota (2030-01-01T10:00:00Z)',
      },
    },
  ])
})

test.each([
  ['may not be listed', failure('Error from server (Forbidden): events is forbidden')],
  ['are none', {stdout: '{"items": []}'}],
  ['make no sense', {stdout: 'oops'}],
])('events that %s explain nothing, and do no harm', async (_, behaviour) => {
  const kubectl = fakeKubectl(({args}) => (args[1] === 'events' ? behaviour : {hold: true}))
  const {board, waited} = waitFor(kubectl, [node('n1')])
  await timeOver()
  await waited
  expect(board.missing()[0]?.obstacle.text).toBe('no pod was created on it')
})

test('a watch that breaks is started again, a second after it began, and its list counts for more', async () => {
  let watches = 0
  const kubectl = fakeKubectl(() =>
    ++watches === 1
      ? {lines: [added({node: 'n1', name: 'gone'})]}
      : {lines: [added({node: 'n1', ...starting, name: 'came'}), added({node: 'n2'})], hold: true},
  )
  const {board, waited, interruption} = waitFor(kubectl)
  await vi.advanceTimersByTimeAsync(999)
  expect([watches, board.ready()]).toEqual([1, 1])
  await vi.advanceTimersByTimeAsync(1)
  expect([watches, board.ready(), board.missing()[0]?.node]).toEqual([2, 1, 'n1'])
  interruption.abort('SIGINT')
  await waited
})

test('a watch that is refused is said, and tried until the time is over', async () => {
  const kubectl = fakeKubectl(() => failure('Error from server (Forbidden): pods is forbidden\n'))
  const {board, waited} = waitFor(kubectl, [node('n1')])
  await timeOver()
  await waited
  expect(kubectl.verbs().filter((verb) => verb === 'get pods')).toHaveLength(30)
  expect(board.missing()[0]?.obstacle.text).toBe('its pods could not be watched: pods is forbidden')
})

test('an interruption ends it at once, and asks nothing more', async () => {
  const kubectl = fakeKubectl(() => ({hold: true}))
  const {waited, interruption} = waitFor(kubectl)
  await vi.advanceTimersByTimeAsync(200)
  interruption.abort('SIGINT')
  await waited
  expect(kubectl.verbs()).toEqual(['get pods'])
})

test('where only NotReady nodes are, nothing is waited for', async () => {
  const kubectl = fakeKubectl(() => ({stdout: '{"items": []}'}))
  const {waited} = waitFor(kubectl, [node('n1', false)])
  await waited
  expect(kubectl.verbs()).toEqual([])
})
