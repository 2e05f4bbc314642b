import {describe, expect, test} from 'vitest'
import type {Reason, Verdict} from '../../src/model/result.ts'
import {probesOf} from '../../src/plan/plan.ts'
import {explain} from '../../src/results/explain.ts'
import {REASONS} from '../../src/results/store.ts'
import {floaterOn, nodeWith, nodeWithout, sampleRun} from '../report/sample.ts'

/** What is said of the probe from node a to node b. */
function said(verdict: Verdict | undefined, b = nodeWith('b', '10.0.0.2')): string {
  const {plan, results} = sampleRun([nodeWith('a', '10.0.0.1', 'fd00::1'), b], ({id}) =>
    id === 1 || id === 5 ? verdict : undefined,
  )
  const wanted = floaterOn(b)?.addresses[0]?.includes(':') ? 5 : 1
  const probe = [...probesOf(plan)].find(({id}) => id === wanted)
  return probe === undefined ? '' : explain(plan, results, probe)
}

function verdict(reason: Reason, raw: string, timeUs = 3_001_000): Verdict {
  const status = reason === 'answered' ? 'SUCCEEDED' : 'FAILED'
  return {status, reason, raw, timeUs, unstable: false}
}

test.each<[Reason, string, string]>([
  ['answered', '', ''],
  [
    'timeout',
    'Connection timed out after 3001 milliseconds (curl exit code 28)',
    'no connection to 10.0.0.2:8889 within 3.0 s',
  ],
  [
    'timeout',
    'Failed to connect to 10.0.0.2 port 8889 after 3001 ms: Timeout was reached (curl exit code 28)',
    'no connection to 10.0.0.2:8889 within 3.0 s',
  ],
  [
    'timeout',
    'Operation timed out after 10001 milliseconds with 0 bytes received (curl exit code 28)',
    '10.0.0.2:8889 gave no whole answer within 3.0 s',
  ],
  ['timeout', 'Operation timed out', 'no connection to 10.0.0.2:8889 within 3.0 s'],
  [
    'refused',
    'Connection refused',
    '10.0.0.2:8889 refused the connection: nothing listens there, or a policy rejects it',
  ],
  ['no-route', 'No route to host', 'no route from the pod to 10.0.0.2:8889: No route to host'],
  [
    'connect-failed',
    'Operation not permitted',
    'could not connect to 10.0.0.2:8889: Operation not permitted',
  ],
  [
    'reset',
    'Recv failure: Connection reset by peer (curl exit code 56)',
    '10.0.0.2:8889 closed the connection without a whole answer: Recv failure: Connection reset by peer (curl exit code 56)',
  ],
  [
    'wrong-peer',
    'HTTP 200: <h1>It works!</h1>',
    'something else than the floater answers at 10.0.0.2:8889: HTTP 200: <h1>It works!</h1>',
  ],
  ['no-floater', 'node b has no floater: unschedulable', 'node b has no floater: unschedulable'],
  ['node-gone', 'node b has left the cluster', 'node b has left the cluster'],
  [
    'name-unresolved',
    'Could not resolve host: db (curl exit code 6)',
    "the pod's resolver found no address for 10.0.0.2:8889: Could not resolve host: db (curl exit code 6)",
  ],
  ['no-address', 'the pod has no such address', 'not measured: the pod has no such address'],
  [
    'exec-failed',
    'error: unable to upgrade connection: container not found ("floater")',
    'node a could not probe, exec failed: error: unable to upgrade connection: container not found ("floater")',
  ],
  [
    'lost-output',
    'kubectl exec did not end in time',
    'not measured from node a: kubectl exec did not end in time',
  ],
  ['tool-missing', 'the image has no curl', 'not measured from node a: the image has no curl'],
  [
    'probe-error',
    'out of memory (curl exit code 27)',
    'not measured from node a: out of memory (curl exit code 27)',
  ],
  ['not-tested', '', 'not tested'],
])('%s, %j', (reason, raw, sentence) => {
  expect(said(verdict(reason, raw))).toBe(sentence)
})

test.each(REASONS)('%s is one line, whatever was said', (reason) => {
  const sentence = said(verdict(reason, `two\nlines\u001b[2J and ${'much '.repeat(200)}`))
  expect(sentence).not.toMatch(/\p{Cc}/u)
  expect(sentence.length).toBeLessThan(400)
})

describe('the target', () => {
  test('has brackets where it is IPv6', () => {
    expect(said(verdict('refused', ''), nodeWith('b', 'fd00::2'))).toMatch(/^\[fd00::2\]:8889 refused/)
  })

  test('is left out where there is none', () => {
    expect(said(verdict('no-floater', 'node b has no floater: x'), nodeWithout('b', 'x'))).toBe(
      'node b has no floater: x',
    )
  })
})

test('an unstable success says why it is one', () => {
  expect(said({...verdict('answered', '', 1_012_000), unstable: true})).toBe(
    'answered, but only sometimes or after a lost packet (connected in 1.0 s)',
  )
})
