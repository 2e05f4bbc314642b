import type {Diagnosis, Finding} from '../model/finding.ts'
import type {Probe} from '../model/plan.ts'
import type {Run} from '../model/run.ts'
import {statusAt} from '../results/store.ts'
import {count} from '../text/wording.ts'
import {weight} from './findings.ts'
import {groupsOf, MOST_FINDINGS, type Group} from './groups.ts'
import {logOf} from './log.ts'
import {markdownText} from './markdown-text.ts'
import {destinationName, nodeName} from './names.ts'
import {totals} from './totals.ts'
import {verdictOf} from './verdict.ts'

/** A ticket takes no more than some 60,000 characters. */
const LIMITS = {finding: 10, unexplained: 50, noted: 10, succeeded: 0} as const

/** The run for a ticket or a pull request: verdict, findings, a table of what is not SUCCEEDED, totals. */
export function* markdownReport(run: Run, diagnosis: Diagnosis): Generator<string> {
  yield `**${markdownText(verdictOf(run, diagnosis).text)}**\n\n`
  yield* findingList(diagnosis)
  const groups = groupsOf(run, diagnosis, LIMITS).filter(({kind}) => kind !== 'succeeded')
  const rows = groups.flatMap((group) => group.probes.map((probe) => rowOf(run, group, probe)))
  if (rows.length > 0) {
    yield '| finding | source | destination | path | result | log |\n| --- | --- | --- | --- | --- | --- |\n'
    yield* rows
    yield '\n'
  }
  const left = groups.reduce((sum, {count: all, probes}) => sum + all - probes.length, 0)
  if (left > 0) yield `${count(left, 'more row')} like these are not shown; report.json has all of them.\n\n`
  for (const line of totals(run, diagnosis, {color: false})) yield `- ${markdownText(line)}\n`
}

/** Findings as a numbered list, with what speaks for them. */
export function* findingList({findings}: Diagnosis): Generator<string> {
  for (const [index, finding] of findings.slice(0, MOST_FINDINGS).entries())
    yield findingItem(index + 1, finding)
  const left = findings.length - MOST_FINDINGS
  if (left > 0) yield `\n${count(left, 'more finding')}: report.json has all of them.\n`
  if (findings.length > 0) yield '\n'
}

function findingItem(number: number, finding: Finding): string {
  const item = `${number}. ${markdownText(finding.sentence)} (${weight(finding)})\n`
  // Four spaces: inside of the item, however many digits its number has.
  const evidence = finding.evidence.map(markdownText).filter((one) => one !== '')
  return item + evidence.map((one) => `    - ${one}\n`).join('')
}

function rowOf(run: Run, {finding}: Group, probe: Probe): string {
  const {mode, protocol, ipFamily, check} = probe.block
  const cells = [
    finding === undefined ? '' : String(finding),
    nodeName(run, probe.source),
    destinationName(run, probe),
    [mode, protocol, ipFamily, ...(check === 'mtu' ? ['mtu'] : [])].join(' '),
    statusAt(run.results, probe.id) + (run.results.unstable[probe.id] === 1 ? ' (unstable)' : ''),
    logOf(run, probe),
  ]
  return `| ${cells.map(markdownText).join(' | ')} |\n`
}
