import {describe, expect, test} from 'vitest'
import {compare} from '../../src/diff/compare.ts'
import type {NodeUnderTest} from '../../src/model/cluster.ts'
import type {Probe} from '../../src/model/plan.ts'
import type {Verdict} from '../../src/model/result.ts'
import type {Run} from '../../src/model/run.ts'
import {diagnose} from '../../src/diagnosis/diagnose.ts'
import {subsetOf} from '../../src/plan/cut.ts'
import {answered, nodeWith, nodeWithout, resultsOf, sampleRun} from '../report/sample.ts'

const named = (...names: string[]) => names.map((name, n) => nodeWith(name, `10.0.0.${n + 1}`))
const timeout: Verdict = {...answered, status: 'FAILED', reason: 'timeout', timeUs: 3_000_000}
const well = () => answered
const run = (
  nodes: readonly NodeUnderTest[],
  verdictOf: (probe: Probe) => Verdict | undefined = well,
  changes: Partial<Run> = {},
) => sampleRun(nodes, verdictOf, {id: 'new', startedAt: '2025-01-03T00:00:00.000Z', ...changes})
const earlier = (nodes: readonly NodeUnderTest[], verdictOf: (probe: Probe) => Verdict | undefined = well) =>
  sampleRun(nodes, verdictOf, {id: 'old'})
const diffOf = (old: Run, now: Run) => compare(old, now, diagnose(now))
const deaf =
  (node: number) =>
  ({source, endpoint}: Probe) =>
    endpoint.node === node && source !== node ? timeout : answered

describe('what only one run has neither broke nor healed', () => {
  test('a node that is gone, FAILED before: nothing healed', () => {
    const diff = diffOf(earlier(named('a', 'b', 'c'), deaf(2)), run(named('a', 'b')))
    expect(diff.counts).toMatchObject({healed: 0, broken: 0, well: 4})
    expect([diff.compared, diff.onlyOld, diff.onlyNew]).toEqual([
      4,
      {probes: 5, failed: 2, exception: 0},
      {probes: 0, failed: 0, exception: 0},
    ])
    expect([diff.gone, diff.arrived]).toEqual([[{cluster: 'src', name: 'c', cause: ''}], []])
  })

  test('a new node that FAILED: nothing broke, and it is not missed', () => {
    const diff = diffOf(earlier(named('a', 'b')), run(named('a', 'b', 'c'), deaf(2)))
    expect(diff.counts).toMatchObject({healed: 0, broken: 0, failing: 0, well: 4})
    expect([diff.onlyNew, diff.counts['new-failed']]).toEqual([{probes: 5, failed: 2, exception: 0}, 2])
    expect(diff.findings).toMatchObject([{explains: 2, finding: {subjects: [{kind: 'node', node: 2}]}}])
    expect([...diff.findingOf]).toEqual([0, 0, 1, 0, 0, 1, 0, 0, 0])
    expect(diff.arrived).toEqual([{cluster: 'src', name: 'c', cause: ''}])
  })

  test('a part of the plan is compared as far as it goes, and its nodes are not called gone', () => {
    const old = earlier(named('a', 'b', 'c'), deaf(2))
    const now = run(named('a', 'b', 'c'), well, {partial: ['only from a']})
    const plan = subsetOf(now.plan, {
      from: (node) => node === 0,
      to: (node) => node === 1,
      bothWays: false,
      sample: undefined,
    })
    const diff = diffOf(old, {...now, plan, results: resultsOf(plan, well)})
    expect([diff.compared, diff.counts.healed, diff.onlyOld.failed]).toEqual([1, 0, 2])
    expect([diff.gone, diff.arrived]).toEqual([[], []])
    expect(diff.caveats).toEqual(['NEW is a part of the plan: only from a'])
  })
})

test.each<[what: string, now: Run, cause: string]>([
  [
    'is not covered any more, and why',
    run(named('a'), well, {
      notCovered: [{cluster: 'src', node: 'b', cause: 'it runs windows', leftOut: false}],
    }),
    'it runs windows',
  ],
  [
    'has left the cluster, as a resume says it',
    run([
      ...named('a'),
      {
        ...nodeWithout('b', ''),
        floaters: {pod: {floater: undefined, absence: 'node-gone', cause: 'node b has left the cluster'}},
      },
    ]),
    'node b has left the cluster',
  ],
])('a node %s', (_, now, cause) => {
  expect(diffOf(earlier(named('a', 'b')), now).gone).toEqual([{cluster: 'src', name: 'b', cause}])
})

test('a node without a floater is there: it could not be measured any more', () => {
  const noFloater: Verdict = {...answered, status: 'EXCEPTION', reason: 'no-floater', timeUs: 0}
  const now = run([...named('a'), nodeWithout('b', 'unschedulable')], ({source, endpoint}) =>
    source === 1 || endpoint.node === 1 ? noFloater : answered,
  )
  const diff = diffOf(earlier(named('a', 'b')), now)
  expect([diff.gone, diff.counts.unmeasured, diff.counts.broken]).toEqual([[], 3, 0])
})

test('a new node without a floater: nothing was measured there, and nobody may take that for well', () => {
  const noFloater: Verdict = {...answered, status: 'EXCEPTION', reason: 'no-floater', timeUs: 0}
  const diff = diffOf(
    earlier(named('a')),
    run([...named('a'), nodeWithout('b', 'unschedulable')], ({id}) => (id === 0 ? answered : noFloater)),
  )
  expect(diff.counts).toMatchObject({well: 1, unmeasured: 0, 'new-failed': 0, 'new-unmeasured': 3})
  expect(diff.findings).toEqual([])
})

describe('findings of the newer run', () => {
  test('are those that explain what broke, each with how much of it', () => {
    const old = earlier(named('a', 'b', 'c', 'd', 'e'), deaf(4))
    const both = ({source, endpoint}: Probe) =>
      source !== endpoint.node && (endpoint.node === 4 || endpoint.node === 2) ? timeout : answered
    const now = run(named('a', 'b', 'c', 'd', 'e'), both)
    const diff = diffOf(old, now)
    expect(diff.counts).toMatchObject({broken: 4, failed: 4})
    expect(diff.findings).toMatchObject([{explains: 4, finding: {kind: 'node-deaf', explains: 4}}])
    expect(diff.findings[0]?.finding.subjects).toEqual([{kind: 'node', node: 2}])
    expect(diff.findingOf.filter((number) => number === 1).length).toBe(4)
  })

  test('are none where nothing broke', () => {
    const same = named('a', 'b', 'c')
    expect(diffOf(earlier(same, deaf(2)), run(same, deaf(2))).findings).toEqual([])
  })
})

const CLUSTER = {
  name: 'src',
  context: 'c',
  server: 'https://192.0.2.1:6443',
  version: 'v1.35.4',
  image: 'floater:v1',
}

test.each<[what: string, old: Partial<Run>, now: Partial<Run>, caveats: readonly string[]]>([
  ['nothing, where there is nothing', {}, {}, []],
  ['the same run', {id: 'x'}, {id: 'x'}, ['OLD and NEW are the same run']],
  [
    'the other way round',
    {startedAt: '2025-02-01T00:00:00.000Z'},
    {startedAt: '2025-01-01T00:00:00.000Z'},
    [
      'NEW began before OLD (2025-01-01T00:00:00.000Z and 2025-02-01T00:00:00.000Z): they may be the other way round',
    ],
  ],
  [
    'parts and interruptions',
    {partial: ['only to b'], interrupted: 'SIGINT'},
    {partial: ['a sample of 2']},
    [
      'OLD is a part of the plan: only to b',
      'OLD was interrupted by SIGINT',
      'NEW is a part of the plan: a sample of 2',
    ],
  ],
  [
    'another server, version or image',
    {},
    {
      clusters: [
        {
          name: 'src',
          context: 'c',
          server: 'https://192.0.2.9:6443',
          version: 'v1.36.0',
          image: 'floater:v2',
        },
      ],
    },
    [
      'cluster src: API server https://192.0.2.1:6443 in OLD, https://192.0.2.9:6443 in NEW',
      'cluster src: Kubernetes v1.35.4 in OLD, v1.36.0 in NEW',
      'cluster src: image of the floaters ghcr.io/kosmos-io/clusterlink-floater:v0.2.0 in OLD, floater:v2 in NEW',
    ],
  ],
  [
    'other policies',
    {clusters: [{...CLUSTER, policies: []}]},
    {clusters: [{...CLUSTER, policies: [{name: 'deny-all', floaters: ['pod'], ingress: []}]}]},
    ['cluster src: NetworkPolicies that select floaters none in OLD, deny-all in NEW'],
  ],
  [
    'a policy of the same name that lets something else through',
    {
      clusters: [
        {...CLUSTER, policies: [{name: 'default', floaters: ['pod'], ingress: [{peers: 'floaters'}]}]},
      ],
    },
    {clusters: [{...CLUSTER, policies: [{name: 'default', floaters: ['pod'], ingress: []}]}]},
    ['cluster src: NetworkPolicy default differs'],
  ],
  [
    'policies that nobody knew of then',
    {clusters: [CLUSTER]},
    {clusters: [{...CLUSTER, policies: [{name: 'deny-all', floaters: ['pod'], ingress: []}]}]},
    [],
  ],
])('caveats: %s', (_, old, now, caveats) => {
  expect(diffOf({...earlier(named('a')), ...old}, {...run(named('a')), ...now}).caveats).toEqual(caveats)
})
