import {diagnose} from '../../src/diagnosis/diagnose.ts'
import type {Diff} from '../../src/model/diff.ts'
import type {Run} from '../../src/model/run.ts'
import {htmlDiff} from '../../src/report/diff/html.ts'
import {htmlReport} from '../../src/report/html/html.ts'
import {DIFFS, diffOf} from '../report/diffs.ts'
import {brokenRun} from '../report/html/reports.ts'
import {answered} from '../report/sample.ts'
import {resultsOf} from '../report/sample.ts'
import {RUNS} from '../report/samples.ts'

export const pageOf = (run: Run) => htmlReport(run, diagnose(run))
export const diffPageOf = (diff: Diff) => htmlDiff(diff)

/** The same run before its network broke. */
const wellBefore = (run: Run): Run => ({...run, id: 'f6e5d4', results: resultsOf(run.plan, () => answered)})

/** The pages that are looked at from every side. */
export const PAGES: Readonly<Record<string, () => Iterable<string>>> = {
  '3 nodes': () => pageOf(brokenRun(3)),
  '60 nodes': () => pageOf(brokenRun(60)),
  'all well': () => pageOf(RUNS['all well']),
  'nodes without floaters': () => pageOf(RUNS['failures, nodes without floaters, untested']),
  'every mode': () => pageOf(RUNS['every mode, protocol and kind of floater']),
  'no probe': () => pageOf(RUNS['no probe']),
  'hostile names': () => pageOf(RUNS.hostile),
  'a diff of 4 nodes': () => diffPageOf(DIFFS['every change']),
  'a diff of 60 nodes': () => diffPageOf(diffOf(wellBefore(brokenRun(60)), brokenRun(60))),
  'a diff of hostile names': () => diffPageOf(DIFFS.hostile),
}
export const SCHEMES = ['light', 'dark'] as const
