import {expect, test} from 'vitest'
import {presentFloaters} from '../../src/floater/present.ts'
import {failure, fakeKubectl} from '../kubectl/fake.ts'
import {podJson, type PodParts} from './pod.ts'

const CRASH = {exitCode: 2, reason: 'Error', message: 'panic: out of luck'}
const CRASHED = 'its container ended with exit code 2 (Error: panic: out of luck)'

/** Our own container in this state, restarted so often, beside one that is never ready. */
function status(state: object, restartCount = 0, lastState: object = {}, ready = 'False'): PodParts {
  return {
    status: {
      conditions: [
        {type: 'Ready', status: ready},
        {type: 'ContainersReady', status: ready},
      ],
      containerStatuses: [
        {name: 'proxy', ready: false, restartCount: 7, state: {waiting: {}}, lastState: {}},
        {name: 'floater', ready: true, restartCount, state, lastState},
      ],
    },
  }
}

test.each<[string, PodParts, number | undefined, string | undefined]>([
  ['runs', {}, 0, undefined],
  [
    'runs beside a container that is not ready, or on a node that is silent',
    status({running: {}}),
    0,
    undefined,
  ],
  ['crashed, and is ready again', status({running: {}}, 1, {terminated: CRASH}, 'True'), 1, CRASHED],
  [
    'crashed, and waits',
    status({waiting: {reason: 'CrashLoopBackOff'}}, 0, {terminated: CRASH}),
    undefined,
    CRASHED,
  ],
  ['ended', status({terminated: CRASH}), undefined, CRASHED],
  ['is not told of', {status: {containerStatuses: []}}, undefined, undefined],
  [
    'is of a pod on its way out',
    {deletionTimestamp: '2025-01-02T03:04:05Z'},
    undefined,
    'its pod is being deleted',
  ],
])('a floater that %s', async (_, parts, restarts, cause) => {
  const kubectl = fakeKubectl(() => ({stdout: JSON.stringify({items: [podJson(parts), 'not a pod']})}))
  const present = await presentFloaters(kubectl, 'kosmos-system')
  expect(present?.floaters).toEqual(restarts === undefined ? [] : [{uid: 'uid-floater-n1', restarts}])
  expect([...(present?.causes ?? [])]).toEqual(cause === undefined ? [] : [['uid-floater-n1', cause]])
})

test.each([
  ['does not answer', failure('error: the server is gone')],
  ['answers something else', {stdout: '<html>'}],
])('nobody knows where the API server %s', async (_, behaviour) => {
  const kubectl = fakeKubectl(() => behaviour)
  expect(await presentFloaters(kubectl, 'kosmos-system')).toBeUndefined()
})
