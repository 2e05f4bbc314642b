import type {Change, Diff} from '../../model/diff.ts'
import type {Probe} from '../../model/plan.ts'
import {explain} from '../../results/explain.ts'
import {reasonAt, verdictAt} from '../../results/store.ts'
import {printableLines} from '../../text/printable.ts'
import {weight} from '../findings.ts'
import {MOST_FINDINGS} from '../groups.ts'
import {caseName} from '../junit.ts'
import {nodeName} from '../names.ts'
import {durationMs} from '../totals.ts'
import {attributes, xml} from '../xml.ts'
import {HEADINGS, outcomeBefore, outcomeText, toldIn} from './changes.ts'
import {asDiagnosis} from './findings.ts'
import {summaryOf} from './summary.ts'
import {diffVerdict} from './verdict.ts'

/** What a CI server is to make of each change; what is as bad as before is skipped, since it did not pass either. */
const OUTCOMES: Readonly<Record<Change, 'failure' | 'error' | 'skipped' | 'note' | 'passed'>> = {
  broken: 'failure',
  failing: 'failure',
  'new-failed': 'failure',
  unmeasured: 'error',
  'new-unmeasured': 'error',
  reason: 'skipped',
  failed: 'skipped',
  missing: 'skipped',
  unstable: 'note',
  healed: 'note',
  measured: 'note',
  well: 'passed',
}

/** JUnit XML (schemas/junit.xsd): a test case a probe that both runs have, or that is not SUCCEEDED in the newer one alone; a test suite a source node. What broke is a failure. */
export function* junitDiff(diff: Diff): Generator<string> {
  const {now} = diff
  const bySource = new Map<number, (readonly [Change, Probe])[]>()
  for (const one of toldIn(diff)) {
    const {source} = one[1]
    const cases = bySource.get(source)
    if (cases === undefined) bySource.set(source, [one])
    else cases.push(one)
  }
  const every = {...counted(Object.entries(diff.counts) as [Change, number][]), time: durationMs(now) / 1000}
  yield '<?xml version="1.0" encoding="UTF-8"?>\n'
  yield `<testsuites${attributes({name: 'kubectl netdoctor diff', ...every})}>\n`
  const properties = [...propertiesOf(diff)].join('')
  for (const [source, cases] of [...bySource].sort(([a], [b]) => a - b)) {
    const name = nodeName(now, source)
    const heading = {
      name,
      ...counted(cases.map(([change]) => [change, 1])),
      time: cases.reduce((sum, [, {id}]) => sum + (now.results.timeUs[id] ?? 0), 0) / 1e6,
      timestamp: now.startedAt,
      hostname: now.plan.nodes[source]?.name ?? '',
    }
    yield `<testsuite${attributes(heading)}>\n${properties}`
    for (const [change, probe] of cases) yield testcase(diff, name, change, probe)
    yield '</testsuite>\n'
  }
  yield '</testsuites>\n'
}

function counted(changes: readonly (readonly [Change, number])[]) {
  const having = (outcome: string) =>
    changes.reduce((sum, [change, n]) => sum + (OUTCOMES[change] === outcome ? n : 0), 0)
  return {
    tests: changes.reduce((sum, [, n]) => sum + n, 0),
    failures: having('failure'),
    errors: having('error'),
    skipped: having('skipped'),
  }
}

function testcase(diff: Diff, suite: string, change: Change, probe: Probe): string {
  const {plan, results} = diff.now
  const heading = attributes({
    name: caseName(diff.now, probe),
    classname: suite,
    time: (results.timeUs[probe.id] ?? 0) / 1e6,
  })
  const outcome = OUTCOMES[change]
  if (outcome === 'passed') return `<testcase${heading}/>\n`
  const before = outcomeText(outcomeBefore(diff, probe))
  const sentence = explain(plan, results, probe)
  const message = `${HEADINGS[change]} (before: ${before})${sentence === '' ? '' : `: ${sentence}`}`
  return `<testcase${heading}>${inside()}</testcase>\n`

  function inside(): string {
    if (outcome === 'note') return `<system-out>${xml(printableLines(message))}</system-out>`
    if (outcome === 'skipped') return `<skipped${attributes({message})}/>`
    const {raw} = verdictAt(results, probe.id, probe.endpoint.address)
    const type = reasonAt(results, probe.id)
    return `<${outcome}${attributes({message, type})}>${xml(printableLines(raw))}</${outcome}>`
  }
}

function* propertiesOf(diff: Diff): Generator<string> {
  const {findings} = asDiagnosis(diff)
  const facts: readonly (readonly [name: string, value: string])[] = [
    ['verdict', diffVerdict(diff).text],
    ...findings
      .slice(0, MOST_FINDINGS)
      .map((finding, index): [string, string] => [
        `finding ${index + 1}`,
        [`${finding.sentence} (${weight(finding)})`, ...finding.evidence].join('; '),
      ]),
    ...[...summaryOf(diff)].map((line, index): [string, string] => [`summary ${index + 1}`, line]),
  ]
  yield '<properties>\n'
  for (const [name, value] of facts) yield `<property${attributes({name, value})}/>\n`
  yield '</properties>\n'
}
