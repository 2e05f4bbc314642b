import {describe, expect, test} from 'vitest'
import {floaterBoard} from '../../src/floater/board.ts'
import {podEvent} from '../../src/floater/pods.ts'
import {nodeFacts as node, podJson, type PodParts} from './pod.ts'

const notReady: PodParts = {status: {conditions: [{type: 'Ready', status: 'False'}]}}

function event(type: 'ADDED' | 'MODIFIED' | 'DELETED', parts: PodParts) {
  const parsed = podEvent({type, object: podJson(parts)})
  if (parsed === undefined) throw new Error('not taken for a pod')
  return parsed
}

test('it is settled when every node has a floater', () => {
  const board = floaterBoard([node('n1'), node('n2')], 'current')
  expect([board.settled(), board.ready()]).toEqual([false, 0])
  board.take(event('ADDED', {node: 'n1'}))
  board.take(event('ADDED', {node: 'n2', ...notReady}))
  expect([board.settled(), board.ready()]).toEqual([false, 1])
  expect(board.missing()).toEqual([
    {node: 'n2', obstacle: {text: 'its pod is still starting', hopeless: false}, pod: 'floater-n2'},
  ])
  board.take(event('MODIFIED', {node: 'n2'}))
  expect([board.settled(), board.ready(), board.missing()]).toEqual([true, 2, []])
})

test('a pod on a node that is not asked about changes nothing', () => {
  const board = floaterBoard([node('n1')], 'current')
  board.take(event('ADDED', {node: 'windows-1'}))
  expect([board.settled(), board.ready()]).toEqual([false, 0])
})

describe('while the floaters are replaced', () => {
  const old: PodParts = {name: 'old', labels: {'kubectl-netdoctor/template': 'before'}}

  test.each([
    ['the old one first', ['old', 'new']],
    ['the new one first', ['new', 'old']],
  ])('the new one counts: %s', (_, order) => {
    const board = floaterBoard([node('n1')], 'current')
    for (const name of order) board.take(event('ADDED', name === 'old' ? old : {name: 'new'}))
    expect(board.states()).toMatchObject([{state: {floater: {pod: 'new'}}}])
  })

  test('the old one alone does not', () => {
    const board = floaterBoard([node('n1')], 'current')
    board.take(event('ADDED', old))
    expect(board.settled()).toBe(false)
  })

  test('the old one’s end takes nothing away', () => {
    const board = floaterBoard([node('n1')], 'current')
    board.take(event('ADDED', old))
    board.take(event('ADDED', {name: 'new'}))
    board.take(event('DELETED', old))
    expect(board.ready()).toBe(1)
  })
})

test('a floater that goes is missed again', () => {
  const board = floaterBoard([node('n1')], 'current')
  board.take(event('ADDED', {}))
  board.take(event('DELETED', {}))
  expect([board.settled(), board.missing()[0]?.pod]).toEqual([false, undefined])
})

describe('a NotReady node', () => {
  test('is not waited for, and is not probed even with a floater', () => {
    const board = floaterBoard([node('n1'), node('n2', false)], 'current')
    board.take(event('ADDED', {node: 'n1'}))
    board.take(event('ADDED', {node: 'n2'}))
    expect([board.settled(), board.ready()]).toEqual([true, 1])
    expect(board.states()).toEqual([
      {node: 'n1', state: {floater: expect.objectContaining({node: 'n1'}) as unknown}},
      {
        node: 'n2',
        state: {
          floater: undefined,
          absence: 'no-floater',
          cause: 'node n2 has no floater: the node is NotReady',
        },
      },
    ])
  })
})

test('what can never start is not waited for', () => {
  const board = floaterBoard([node('n1')], 'current')
  const state = {waiting: {reason: 'InvalidImageName', message: 'bad'}}
  board.take(
    event('ADDED', {...notReady, status: {conditions: [], containerStatuses: [{name: 'floater', state}]}}),
  )
  expect(board.settled()).toBe(true)
})

test('absence has the cause that is known', () => {
  const board = floaterBoard([node('n1')], 'current')
  expect(board.states()).toMatchObject([{state: {cause: 'node n1 has no floater: no pod was created on it'}}])
  board.explainAbsence('no pod was created on it: FailedCreate: exceeded quota')
  expect(board.states()).toMatchObject([
    {state: {cause: 'node n1 has no floater: no pod was created on it: FailedCreate: exceeded quota'}},
  ])
})

test('a pod that does not start has the cause that its events give', () => {
  const board = floaterBoard([node('n1')], 'current')
  board.take(event('ADDED', {...notReady, name: 'pod-x'}))
  const {pod = ''} = board.missing()[0] ?? {}
  board.explainStart(pod, 'FailedCreatePodSandBox: no network')
  expect(board.missing()[0]?.obstacle.text).toBe('FailedCreatePodSandBox: no network')
})

describe('a new watch', () => {
  test('that says nothing takes no floater away', () => {
    const board = floaterBoard([node('n1')], 'current')
    board.take(event('ADDED', {}))
    board.expectList()
    expect([board.settled(), board.ready()]).toEqual([true, 1])
  })

  test('believes its own list more than an earlier one', () => {
    const board = floaterBoard([node('n1')], 'current')
    board.take(event('ADDED', {name: 'before'}))
    board.expectList()
    board.take(event('ADDED', {...notReady, name: 'after'}))
    expect([board.settled(), board.ready()]).toEqual([false, 0])
  })
})
