import {describe, expect, test} from 'vitest'
import type {Verdict} from '../../src/model/result.ts'
import type {PlanWish} from '../../src/plan/wish.ts'
import {resumeJson} from '../../src/saved/resume.ts'
import {answered, nodeWith, nodeWithout, sampleRun, withHost, withNeighbour} from '../report/sample.ts'
import {RUNS} from '../report/samples.ts'

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

describe('an entry has what tells its probe from others', () => {
  const nodes = ['a', 'b'].map((name, n) =>
    withNeighbour(withHost(nodeWith(name, `10.0.0.${n + 1}`), `192.168.0.${n + 1}`), `10.0.1.${n + 1}`),
  )
  const port: PlanWish['services'][number] = {
    ...{cluster: 'src', type: 'NodePort', behind: 'b', addresses: ['10.96.0.9']},
    ...{port: 8889, nodePort: 30_123},
  }
  const custom = {mode: 'custom', protocol: 'tcp', dstCluster: '', check: 'connect', port: 443}

  test.each<[string, Partial<PlanWish>, object]>([
    [
      'of a custom target',
      {modes: [], customTargets: [{host: 'www.example.com', port: 443}]},
      {...custom, dstNodeName: 'www.example.com', targetIP: 'www.example.com', ipFamily: 'name'},
    ],
    [
      'of a name',
      {modes: ['pod'], protocols: ['dns'], lookups: [{name: 'web.example'}]},
      {mode: 'pod', protocol: 'dns', dstCluster: '', dstNodeName: 'web.example', targetIP: ''},
    ],
    [
      'of the API server',
      {modes: ['apiserver'], apiServers: [{cluster: 'src', addresses: ['10.96.0.1'], port: 443}]},
      {mode: 'apiserver', dstCluster: '', dstNodeName: 'kubernetes.default', targetIP: '10.96.0.1'},
    ],
    [
      'of a second floater',
      {sameNode: true},
      {mode: 'pod', dstNodeName: 'a', dstCluster: 'src', targetIP: '10.0.1.1', to: 'neighbour'},
    ],
    [
      'of a node’s port',
      {modes: ['nodeport'], services: [port]},
      {mode: 'nodeport', dstNodeName: 'a', targetIP: '192.168.0.1', port: 30_123, behind: 'b'},
    ],
  ])('%s', (_, wish, fields) => {
    const entries = JSON.parse(text(nodes, () => refused, {}, wish)) as object[]
    expect(entries).toContainEqual(expect.objectContaining({srcNodeName: 'a', ...fields}))
  })

  test('and what it does not need is left out', () => {
    const [entry] = JSON.parse(text(nodes, () => refused)) as object[]
    expect(entry).not.toHaveProperty('to')
    expect(entry).not.toHaveProperty('behind')
  })
})

test('every probe that is left has another entry', () => {
  const run = RUNS['every mode, protocol and kind of floater']
  const entries = JSON.parse([...resumeJson(run)].join('')) as object[]
  const names = entries.map((entry) => JSON.stringify({...entry, Status: 0, ResultStr: '', reason: ''}))
  expect(new Set(names).size).toBe(names.length)
})
