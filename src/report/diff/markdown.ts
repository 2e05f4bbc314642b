import {outcomeAt} from '../../diff/change.ts'
import type {Diff} from '../../model/diff.ts'
import type {Probe} from '../../model/plan.ts'
import {pathName} from '../../plan/modes.ts'
import {explain} from '../../results/explain.ts'
import {count} from '../../text/wording.ts'
import {findingList} from '../markdown.ts'
import {markdownText} from '../markdown-text.ts'
import {destinationName, nodeName} from '../names.ts'
import {changedIn, HEADINGS, outcomeBefore, outcomeText} from './changes.ts'
import {asDiagnosis} from './findings.ts'
import {summaryOf} from './summary.ts'
import {diffVerdict} from './verdict.ts'

/** Rows of each change: a ticket takes no more than some 60,000 characters. */
const MOST_ROWS = 15

/** What changed, for a ticket: verdict, findings for what broke, a table a change, the rest as a list. */
export function* markdownDiff(diff: Diff): Generator<string> {
  yield `**${markdownText(diffVerdict(diff).text)}**\n\n`
  yield* findingList(asDiagnosis(diff))
  for (const {change, probes, count: all} of changedIn(diff, MOST_ROWS)) {
    yield `**${markdownText(HEADINGS[change])}** (${all.toLocaleString('en')})\n\n`
    yield '| source | destination | path | before | now | log |\n| --- | --- | --- | --- | --- | --- |\n'
    for (const probe of probes) yield rowOf(diff, probe)
    const left = all - probes.length
    yield left === 0 ? '\n' : `\n${count(left, 'more row')} like these: -o json has all of them.\n\n`
  }
  for (const line of summaryOf(diff)) yield `- ${markdownText(line)}\n`
}

function rowOf(diff: Diff, probe: Probe): string {
  const {plan, results} = diff.now
  const cells = [
    nodeName(diff.now, probe.source),
    destinationName(diff.now, probe),
    pathName(probe.block),
    outcomeText(outcomeBefore(diff, probe)),
    outcomeText(outcomeAt(results, probe.id)),
    explain(plan, results, probe),
  ]
  return `| ${cells.map(markdownText).join(' | ')} |\n`
}
