import {expect, test} from 'vitest'
import {UserError} from '../../src/model/error.ts'
import {recorder} from '../../src/results/store.ts'
import {parseReport, reportJson} from '../../src/saved/report.ts'
import {parseResume} from '../../src/saved/resume.ts'
import {answered, nodeWith, sampleRun} from '../report/sample.ts'
import {OURS} from './entries.ts'

const bytes = ({buffer}: Uint8Array | Uint32Array) => new Uint8Array(buffer)

test('a million healthy probes take at most 10 MB', () => {
  const nodes = Array.from({length: 1000}, (_, n) =>
    nodeWith(`node-${n}.example.com`, `10.0.${n >> 8}.${n & 255}`),
  )
  const run = sampleRun(nodes, () => undefined)
  const {record, results} = recorder(run.plan.size)
  // Up to 0.9 s: the slowest that still counts as healthy.
  for (let id = 0; id < results.size; id++)
    record(id, {...answered, timeUs: (id * 7919) % 900_000}, undefined)
  let length = 0
  for (const piece of reportJson({...run, results})) length += Buffer.byteLength(piece)
  expect(results.size).toBe(1_000_000)
  expect(length).toBeLessThanOrEqual(10_000_000)
})

test('what was saved of 250,000 probes, each different from the next, comes back', () => {
  const nodes = Array.from({length: 500}, (_, n) => nodeWith(`node-${n}`, `10.0.${n >> 8}.${n & 255}`))
  const empty = sampleRun(nodes, () => undefined)
  const {results, record} = recorder(empty.plan.size)
  for (let id = 0; id < results.size; id++)
    record(id, {...answered, timeUs: id + 1, unstable: id % 2 === 1, raw: `${id % 7}`}, undefined)
  const run = {...empty, results}
  const content = [...reportJson(run)].join('')
  const back = parseReport(content, 'report.json')
  for (const column of ['status', 'reason', 'unstable', 'raw', 'timeUs'] as const)
    expect(Buffer.compare(bytes(back.results[column]), bytes(results[column])), column).toBe(0)
})

test('a hundred thousand entries are read, in order', () => {
  const entries = Array.from({length: 100_000}, (_, n) => ({...OURS, srcNodeName: `n${n}`}))
  const parsed = parseResume(JSON.stringify(entries), 'resume.json')
  expect(parsed).toHaveLength(100_000)
  expect(parsed[99_999]?.srcNodeName).toBe('n99999')
})

test('a hundred thousand wrong entries are one short message', () => {
  const entries = JSON.stringify(Array.from({length: 100_000}, () => ({...OURS, port: -1})))
  expect(() => parseResume(entries, 'resume.json')).toThrow(
    expect.toSatisfy((error) => error instanceof UserError && `2: ${error.message}`.length < 400),
  )
})
