import {compare} from '../../src/diff/compare.ts'
import {diagnose} from '../../src/diagnosis/diagnose.ts'
import type {Diff} from '../../src/model/diff.ts'
import type {Verdict} from '../../src/model/result.ts'
import type {Run} from '../../src/model/run.ts'
import {HOSTILE, RUNS} from './samples.ts'
import {answered, nodeWith, nodeWithout, resultsOf, sampleRun} from './sample.ts'

export const diffOf = (old: Run, now: Run): Diff => compare(old, now, diagnose(now))

const timeout: Verdict = {
  ...{status: 'FAILED', reason: 'timeout', timeUs: 3_000_000, unstable: false},
  raw: 'Connection timed out after 3000 milliseconds (curl exit code 28)',
}
const refused: Verdict = {...timeout, reason: 'refused', timeUs: 300, raw: 'Connection refused'}
const noFloater: Verdict = {...answered, status: 'EXCEPTION', reason: 'no-floater', timeUs: 0, raw: 'none'}
const shaky: Verdict = {...answered, unstable: true, timeUs: 1_010_000}

const nodes = ['node-a', 'node-b', 'node-c', 'node-d'].map((name, n) => nodeWith(name, `10.64.${n + 1}.5`))
const verdicts =
  (...all: readonly (Verdict | undefined)[]) =>
  ({id}: {readonly id: number}) =>
    all[id]
const well = () => answered
const monday = {id: 'a1b2c3', startedAt: '2025-01-06T08:00:00.000Z', finishedAt: '2025-01-06T08:00:03.000Z'}
const tuesday = {id: 'd4e5f6', startedAt: '2025-01-07T08:00:00.000Z', finishedAt: '2025-01-07T08:00:03.000Z'}

/** Two whole runs of four nodes, of which one has gone deaf, and a pair has healed. */
export function deafOnTuesday(): Diff {
  const old = sampleRun(nodes, ({id}) => (id === 1 ? refused : answered), monday)
  const now = sampleRun(
    nodes,
    ({source, endpoint}) => (endpoint.node === 2 && source !== 2 ? timeout : answered),
    tuesday,
  )
  return diffOf(old, now)
}

/** A third node came between two whole runs, and nobody reaches it. */
export function newAndDeaf(): Diff {
  return diffOf(
    sampleRun(nodes.slice(0, 2), well, monday),
    sampleRun(
      nodes.slice(0, 3),
      ({source, endpoint}) => (endpoint.node === 2 && source !== 2 ? timeout : answered),
      tuesday,
    ),
  )
}

const slow = (us: number) => () => ({...answered, timeUs: us})

/** Diffs of every kind, by what is special about them. */
export const DIFFS = {
  'nothing changed': diffOf(sampleRun(nodes, well, monday), sampleRun(nodes, well, tuesday)),
  'a node has gone deaf, a pair healed': deafOnTuesday(),
  'every change': diffOf(
    sampleRun(
      nodes.slice(0, 3),
      verdicts(answered, noFloater, answered, answered, timeout, timeout, noFloater, timeout, noFloater),
      monday,
    ),
    sampleRun(
      nodes.slice(0, 3),
      verdicts(timeout, timeout, noFloater, shaky, refused, answered, answered, timeout, noFloater),
      tuesday,
    ),
  ),
  'a new node is deaf': newAndDeaf(),
  'of two new nodes one fails, one has no floater, and a pair broke': diffOf(
    sampleRun(nodes.slice(0, 2), well, monday),
    sampleRun(
      nodes,
      ({id, source, endpoint}) => {
        if (source === 3 || endpoint.node === 3) return noFloater
        return id === 1 || (endpoint.node === 2 && source !== 2) ? timeout : answered
      },
      tuesday,
    ),
  ),
  'nodes gone and new, slower, a part of the plan': diffOf(
    sampleRun([...nodes, nodeWith('node-x', '10.64.9.5')], slow(400), {...monday, partial: ['only to all']}),
    sampleRun([...nodes, nodeWithout('node-y', 'unschedulable')], slow(60_000), {
      ...tuesday,
      notCovered: [{cluster: 'src', node: 'node-x', cause: 'it runs windows', leftOut: false}],
    }),
  ),
  'two clusters': diffOf(
    RUNS['two clusters, both families, custom targets'],
    sampleRun(RUNS['two clusters, both families, custom targets'].plan.nodes, well, tuesday, {
      customTargets: [{host: 'www.example.com', port: 443}],
    }),
  ),
  'a run and itself': diffOf(sampleRun(nodes, well, monday), sampleRun(nodes, well, monday)),
  'the other way round': diffOf(
    sampleRun(nodes, well, tuesday),
    sampleRun(nodes, ({id}) => (id === 1 ? shaky : answered), {...monday}),
  ),
  'unstable in both, and healed when repeated': diffOf(
    sampleRun(nodes, verdicts(answered, timeout, shaky, ...Array<Verdict>(13).fill(answered)), monday),
    sampleRun(nodes, verdicts(answered, shaky, shaky, ...Array<Verdict>(13).fill(answered)), tuesday),
  ),
  'every mode, protocol and kind of floater': diffOf(RUNS['every mode, protocol and kind of floater'], {
    ...RUNS['every mode, protocol and kind of floater'],
    results: resultsOf(
      RUNS['every mode, protocol and kind of floater'].plan,
      ({id}) => [answered, refused, timeout, noFloater, undefined][id % 5],
    ),
  }),
  hostile: diffOf(
    {...RUNS.hostile, results: resultsOf(RUNS.hostile.plan, well), id: HOSTILE, tool: HOSTILE},
    {...RUNS.hostile, plan: {...RUNS.hostile.plan, nodes: RUNS.hostile.plan.nodes}, partial: [HOSTILE]},
  ),
} satisfies Readonly<Record<string, Diff>>
