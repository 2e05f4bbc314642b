import {expect, test} from 'vitest'
import type {Run} from '../../src/model/run.ts'
import {reportJson} from '../../src/saved/report.ts'
import {answered, nodeWith, nodeWithout, sampleRun} from '../report/sample.ts'

type Runs = readonly (readonly [value: number, length: number])[]
interface Saved {
  readonly statuses: readonly string[]
  readonly reasons: readonly string[]
  readonly texts: readonly string[]
  readonly columns: Record<'status' | 'reason' | 'unstable' | 'text', Runs> & {
    readonly timeUs: readonly number[]
  }
}

const parsed = (run: Run) => JSON.parse([...reportJson(run)].join('')) as Saved
const expanded = (runs: Runs) => runs.flatMap(([value, length]) => Array<number>(length).fill(value))

test('the head says what ran where', () => {
  const run = sampleRun([nodeWith('a', '10.0.0.1'), nodeWithout('b', 'unschedulable')], () => answered, {
    interrupted: 'SIGINT',
    partial: ['only from a'],
    caveats: ['who answered'],
    notCovered: [{cluster: 'src', node: 'w', cause: 'it runs windows', leftOut: false}],
  })
  expect(parsed(run)).toMatchObject({
    format: 'kubectl-netdoctor/report',
    version: 1,
    run: 'a1b2c3',
    tool: '0.1.0',
    startedAt: '2025-01-02T03:04:05.000Z',
    finishedAt: '2025-01-02T03:04:08.400Z',
    interrupted: 'SIGINT',
    namespace: 'kosmos-system',
    clusters: run.clusters,
    notCovered: [{cluster: 'src', node: 'w', cause: 'it runs windows', leftOut: false}],
    partial: ['only from a'],
    caveats: ['who answered'],
    nodes: [
      {name: 'a', floaters: {pod: {floater: {addresses: ['10.0.0.1']}}}},
      {name: 'b', floaters: {pod: {absence: 'no-floater', cause: 'unschedulable'}}},
    ],
    blocks: [
      {mode: 'pod', protocol: 'tcp', ipFamily: 'ipv4', check: 'reply', sources: [0, 1], first: 0, size: 4},
    ],
  })
})

test('a run that was not interrupted does not speak of it', () => {
  expect(parsed(sampleRun([nodeWith('a', '10.0.0.1')], () => answered))).not.toHaveProperty('interrupted')
})

test('the columns come back as they were, a value a probe', () => {
  const nodes = Array.from({length: 150}, (_, n) => nodeWith(`n${n}`, `10.0.0.${n + 1}`))
  const run = sampleRun(nodes, ({id}) =>
    id % 2 === 0
      ? {status: 'FAILED', reason: 'wrong-peer', raw: `"${id % 5}"\n`, timeUs: id, unstable: false}
      : {...answered, timeUs: id, unstable: id > 20_000},
  )
  const {columns, ...saved} = parsed(run)
  expect(expanded(columns.status)).toEqual([...run.results.status])
  expect(expanded(columns.reason)).toEqual([...run.results.reason])
  expect(expanded(columns.unstable)).toEqual([...run.results.unstable])
  expect(expanded(columns.text)).toEqual([...run.results.raw])
  expect(columns.timeUs).toEqual([...run.results.timeUs])
  expect(saved.texts).toEqual(run.results.texts)
  expect(saved.statuses[columns.status[0]?.[0] ?? -1]).toBe('FAILED')
  expect(saved.reasons[columns.reason[1]?.[0] ?? -1]).toBe('answered')
})

test('a run without a probe is valid too', () => {
  const {columns} = parsed(sampleRun([], () => undefined))
  expect(columns).toEqual({status: [], reason: [], unstable: [], text: [], timeUs: []})
})
