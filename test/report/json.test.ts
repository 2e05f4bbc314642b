import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {Ajv2020} from 'ajv/dist/2020.js'
import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {Run} from '../../src/model/run.ts'
import {jsonReport} from '../../src/report/json.ts'
import {anyRun, HOSTILE, RUNS} from './samples.ts'
import {answered, nodeWith, nodeWithout, sampleRun} from './sample.ts'
import {pieces, shown} from './shown.ts'

const schema = JSON.parse(
  await readFile(path.join(import.meta.dirname, '../../schemas/probe.schema.json'), 'utf8'),
) as object
const valid = new Ajv2020({allErrors: true, formats: {'date-time': true}}).compile(schema)

type Line = Record<string, unknown>
const text = (run: Run) => shown(jsonReport, run)
const linesOf = (run: Run) =>
  text(run)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)

test('a line a probe, and a last one about the run', () => {
  const run = sampleRun(
    [nodeWith('a', '10.0.0.1'), nodeWith('b', 'fd00::2'), nodeWithout('c', 'unschedulable')],
    ({id}) =>
      [
        {...answered, timeUs: 412},
        {...answered, timeUs: 1_010_000, unstable: true},
        {
          ...answered,
          status: 'FAILED' as const,
          reason: 'refused' as const,
          timeUs: 500,
          raw: 'Connection refused',
        },
      ][id],
    {partial: ['only from a'], caveats: ['who answered'], interrupted: 'SIGTERM'},
    {ipFamily: 'ipv4', customTargets: [{host: 'www.example.com', port: 443}]},
  )
  const lines = linesOf(run)
  expect(lines).toHaveLength(13)
  const kind = {mode: 'pod', protocol: 'tcp', ipFamily: 'ipv4', check: 'reply'}
  expect(lines[0]).toEqual({
    kind: 'probe',
    source: {cluster: 'src', node: 'a'},
    destination: {cluster: 'src', node: 'a'},
    ...kind,
    target: {address: '10.0.0.1', port: 8889},
    status: 'SUCCEEDED',
    reason: 'answered',
    unstable: false,
    reach: 'self',
    latencyMs: 0.412,
    message: '',
    raw: '',
  })
  expect(lines[1]).toMatchObject({target: {port: 8889}, unstable: true, reach: 'network', latencyMs: 1010})
  expect(lines[1]?.['target']).not.toHaveProperty('address')
  expect(lines[2]).toMatchObject({
    status: 'FAILED',
    reason: 'refused',
    raw: 'Connection refused',
    message: ':8889 refused the connection: nothing listens there, or a policy rejects it',
  })
  expect(lines[3]).toMatchObject({status: 'EXCEPTION', reason: 'not-tested', message: 'not tested'})
  expect(lines[3]).not.toHaveProperty('latencyMs')
  expect(lines[9]).toMatchObject({
    mode: 'custom',
    check: 'connect',
    target: {address: 'www.example.com', port: 443},
  })
  expect(lines[9]).not.toHaveProperty('destination')
  expect(lines[12]).toEqual({
    kind: 'run',
    format: 'kubectl-netdoctor/probe',
    version: 1,
    run: 'a1b2c3',
    tool: '0.1.0',
    startedAt: '2025-01-02T03:04:05.000Z',
    finishedAt: '2025-01-02T03:04:08.400Z',
    interrupted: 'SIGTERM',
    durationMs: 3400,
    namespace: 'kosmos-system',
    clusters: run.clusters,
    findings: [
      expect.objectContaining({
        kind: 'refused',
        subjects: [
          {
            kind: 'pair',
            source: {cluster: 'src', node: 'a'},
            destination: {cluster: 'src', node: 'c'},
          },
        ],
        explains: 1,
        page: 'docs/diagnosis.md#refused',
      }),
      expect.objectContaining({kind: 'not-tested', explains: 9}),
      expect.objectContaining({kind: 'loss', explains: 1}),
    ],
    unexplained: 0,
    totals: {probes: 12, SUCCEEDED: 2, FAILED: 1, EXCEPTION: 9, unstable: 1},
    latencyMs: {tcp: {p50: 1010, p95: 1010, max: 1010}},
    partial: ['only from a'],
    notCovered: [],
    caveats: ['who answered'],
  })
})

describe('the schema takes every line', () => {
  test.each(Object.entries(RUNS))('of a run: %s', (_, run) => {
    for (const line of linesOf(run)) expect(valid(line), JSON.stringify(valid.errors)).toBe(true)
  })

  test('of any run', () => {
    fc.assert(fc.property(anyRun, (run) => linesOf(run).every((line) => valid(line))))
  })
})

describe('the schema refuses', () => {
  const lines = linesOf(RUNS['two clusters, both families, custom targets'])
  const [probe = {}, last = {}] = [lines[0], lines.at(-1)]

  test.each<[string, Line]>([
    ['another kind', {...probe, kind: 'pair'}],
    ['an unknown status', {...probe, status: 'OK'}],
    ['an unknown reason', {...probe, reason: 'because'}],
    ['a probe without a target', {...probe, target: undefined}],
    ['a time that is text', {...probe, latencyMs: '0.4'}],
    ['a field that nobody knows', {...probe, latency: 1}],
    ['a run without totals', {...last, totals: undefined}],
    ['a run of another format', {...last, format: 'kubectl-netdoctor/report'}],
    ['a run without a caveats list', {...last, caveats: 'none'}],
  ])('%s', (_, spoilt) => {
    expect(valid(JSON.parse(JSON.stringify(spoilt)))).toBe(false)
  })
})

test('hostile text comes back as it was, and shows as nothing but ASCII on the way', () => {
  const run = RUNS.hostile
  expect(text(run)).not.toMatch(/[^\n\P{Cc}]|[\p{Cf}\p{Cs}\u2028\u2029]/u)
  expect(text(run).split('\n')).toHaveLength(6)
  const [first] = linesOf(run)
  expect(first).toMatchObject({source: {node: `a${HOSTILE}`}, raw: HOSTILE})
})

test('a line is there before the next one is made', () => {
  const nodes = Array.from({length: 1000}, (_, n) => nodeWith(`n${n}`, `10.0.${n >> 8}.${n & 255}`))
  const [first] = pieces(
    jsonReport,
    sampleRun(nodes, () => undefined),
  )
  expect(JSON.parse(String(first))).toMatchObject({kind: 'probe', source: {node: 'n0'}})
})
