import {describe, expect, test} from 'vitest'
import type {Verdict} from '../../src/model/result.ts'
import {resumeJson} from '../../src/saved/resume.ts'
import {answered, nodeWith, nodeWithout, sampleRun} from '../report/sample.ts'

const refused: Verdict = {
  status: 'FAILED',
  reason: 'refused',
  timeUs: 500,
  raw: 'Connection refused',
  unstable: false,
}
const text = (...args: Parameters<typeof sampleRun>) => [...resumeJson(sampleRun(...args))].join('')

test('an entry has the first release’s fields, in its order, and ours after them', () => {
  const nodes = [nodeWith('a', '10.0.0.1'), nodeWith('b', '10.0.0.2')]
  const json = text(nodes, ({id}) => (id === 1 ? refused : answered))
  expect(json).toBe(`[
 {
  "Status": 2,
  "ResultStr": "10.0.0.2:8889 refused the connection: nothing listens there, or a policy rejects it; Connection refused",
  "srcNodeName": "a",
  "dstNodeName": "b",
  "targetIP": "10.0.0.2",
  "srcCluster": "src",
  "dstCluster": "src",
  "mode": "pod",
  "protocol": "tcp",
  "ipFamily": "ipv4",
  "port": 8889,
  "check": "reply",
  "reason": "refused"
 }
]
`)
})

describe('it is valid JSON', () => {
  test.each([
    ['of nothing', () => answered, 0],
    ['of one', ({id}: {id: number}) => (id === 3 ? refused : answered), 1],
    ['of all', () => undefined, 4],
  ])('%s', (_, verdictOf, entries) => {
    const json = text([nodeWith('a', '10.0.0.1'), nodeWith('b', '10.0.0.2')], verdictOf)
    expect(JSON.parse(json)).toHaveLength(entries)
    expect(json.endsWith(']\n')).toBe(true)
  })

  test('of hostile answers', () => {
    const raw = 'HTTP 200: "\\\n\u001b[2J\u2028\ud800'
    const json = text([nodeWith('a', '10.0.0.1')], () => ({...refused, reason: 'wrong-peer', raw}))
    const [entry] = JSON.parse(json) as {ResultStr: string}[]
    expect(entry?.ResultStr.endsWith(`; ${raw}`)).toBe(true)
  })
})

test('a node without a floater has its cause, and no address', () => {
  const cause = 'node b has no floater: ImagePullBackOff x (not found)'
  const noFloater: Verdict = {
    status: 'EXCEPTION',
    reason: 'no-floater',
    timeUs: 0,
    raw: cause,
    unstable: false,
  }
  const json = text([nodeWith('a', '10.0.0.1'), nodeWithout('b', cause)], ({id}) =>
    id === 0 ? answered : noFloater,
  )
  expect(JSON.parse(json)).toMatchObject([
    {Status: 0, ResultStr: cause, srcNodeName: 'a', dstNodeName: 'b', targetIP: ''},
    {Status: 0, ResultStr: cause, srcNodeName: 'b', dstNodeName: 'a', targetIP: '10.0.0.1'},
    {Status: 0, ResultStr: cause, srcNodeName: 'b', dstNodeName: 'b', targetIP: ''},
  ])
})

test('an unstable success is no work left', () => {
  expect(text([nodeWith('a', '10.0.0.1')], () => ({...answered, unstable: true}))).toBe('[]\n')
})
