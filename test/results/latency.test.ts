import fc from 'fast-check'
import {expect, test} from 'vitest'
import {latencyOf, slowness} from '../../src/results/latency.ts'
import type {Verdict} from '../../src/model/result.ts'
import {probesOf} from '../../src/plan/plan.ts'
import {answered, nodeWith, sampleRun} from '../report/sample.ts'

const pair = [nodeWith('a', '10.0.0.1'), nodeWith('b', '10.0.0.2')]

test('only what SUCCEEDED, left its node and was timed counts', () => {
  const run = sampleRun(
    pair,
    ({id}) =>
      // a to a, a to b, b to a, b to b
      [
        {...answered, timeUs: 9000},
        {...answered, timeUs: 300},
        {...answered, status: 'FAILED' as const, reason: 'timeout' as const, timeUs: 3_000_000},
        undefined,
      ][id],
  )
  expect(latencyOf(run).get('tcp')).toEqual({p50: 300, p95: 300, max: 300})
})

test('each protocol has its own', () => {
  const run = sampleRun(
    pair,
    ({block}) => ({...answered, timeUs: block.protocol === 'tcp' ? 300 : 70}),
    {},
    {protocols: ['tcp', 'icmp']},
  )
  expect([...latencyOf(run)]).toEqual([
    ['tcp', {p50: 300, p95: 300, max: 300}],
    ['icmp', {p50: 70, p95: 70, max: 70}],
  ])
})

test.each([
  ['nothing SUCCEEDED', () => undefined],
  ['nothing was timed', () => ({...answered, timeUs: 0})],
])('there is none where %s', (_, verdictOf) => {
  expect(latencyOf(sampleRun(pair, verdictOf)).size).toBe(0)
})

test('there is none where no probe left its node', () => {
  expect(latencyOf(sampleRun(pair.slice(0, 1), () => answered)).size).toBe(0)
})

test('to a custom target always leaves the node', () => {
  const run = sampleRun(
    pair.slice(0, 1),
    ({endpoint}) => ({...answered, timeUs: endpoint.node === undefined ? 700 : 1}),
    {},
    {customTargets: [{host: 'www.example.com', port: 443}]},
  )
  expect(latencyOf(run).get('tcp')).toEqual({p50: 700, p95: 700, max: 700})
})

test('percentiles are by nearest rank: at least so many are not above it, and it is one of them', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({min: 1, max: 0xff_ff_ff_ff}), {minLength: 1, maxLength: 60}),
      (times) => {
        const run = sampleRun(
          [nodeWith('a', '10.0.0.1')],
          ({id, endpoint}) =>
            endpoint.node === undefined ? {...answered, timeUs: times[id - 1] ?? 0} : undefined,
          {},
          {customTargets: times.map((_, index) => ({host: '192.0.2.1', port: index + 1}))},
        )
        const before = [...run.results.timeUs]
        const {p50, p95, max} = latencyOf(run).get('tcp') ?? {p50: 0, p95: 0, max: 0}
        for (const [value, share] of [
          [p50, 0.5],
          [p95, 0.95],
        ] as const) {
          expect(times).toContain(value)
          expect(times.filter((time) => time <= value).length / times.length).toBeGreaterThanOrEqual(share)
          expect(times.filter((time) => time < value).length / times.length).toBeLessThan(share)
        }
        expect(max).toBe(Math.max(...times))
        expect([...run.results.timeUs]).toEqual(before)
      },
    ),
  )
})

/** Which pairs of three nodes are slow, where most connections take `usual` and the one from a to b has this verdict. */
function slowOf(usual: number, verdict: Partial<Verdict>, from = 'a', to = 'b'): string[] {
  const nodes = ['a', 'b', 'c'].map((name, n) => nodeWith(name, `10.0.0.${n + 1}`))
  const pairOf = (source: number, target = 0) => `${nodes[source]?.name} -> ${nodes[target]?.name}`
  const run = sampleRun(nodes, ({source, endpoint}) => ({
    ...answered,
    timeUs: usual,
    ...(pairOf(source, endpoint.node) === `${from} -> ${to}` ? verdict : {}),
  }))
  return [...probesOf(run.plan)]
    .filter(slowness(run))
    .map(({source, endpoint}) => pairOf(source, endpoint.node))
}

test.each<[string, number, Partial<Verdict>, string[]]>([
  ['50 ms', 400, {timeUs: 50_000}, []],
  ['more than 50 ms', 400, {timeUs: 50_001}, ['a -> b']],
  ['20 times the median', 3000, {timeUs: 60_000}, []],
  ['more than 20 times the median', 3000, {timeUs: 60_001}, ['a -> b']],
  ['long, and FAILED', 400, {timeUs: 3_000_000, status: 'FAILED', reason: 'timeout'}, []],
  ['long, after a lost packet', 400, {timeUs: 1_010_000, unstable: true}, []],
  ['as long as all others', 3_000_000, {}, []],
])('a connection that took %s: where others take %i µs, slow are %j', (_, usual, verdict, slow) => {
  expect(slowOf(usual, verdict)).toEqual(slow)
})

test('what did not leave its node is not slow, nor is anything where nothing was timed', () => {
  expect(slowOf(400, {timeUs: 200_000}, 'a', 'a')).toEqual([])
  expect(slowOf(0, {timeUs: 0})).toEqual([])
})
