import type {FloaterKind} from '../model/cluster.ts'
import type {Diagnosis} from '../model/finding.ts'
import type {Probe} from '../model/plan.ts'
import type {Verdict} from '../model/result.ts'
import type {Run} from '../model/run.ts'
import {batchOf, sourcesOf} from '../plan/plan.ts'
import {explain} from '../results/explain.ts'
import {tally, verdictAt} from '../results/store.ts'
import {printableLines} from '../text/printable.ts'
import {count} from '../text/wording.ts'
import {weight} from './findings.ts'
import {MOST_FINDINGS} from './groups.ts'
import {destinationName, nodeName} from './names.ts'
import {durationMs} from './totals.ts'
import {attributes, xml} from './xml.ts'

/**
 * JUnit XML (schemas/junit.xsd): a test case a probe, a test suite a source node. FAILED is a failure, EXCEPTION an error.
 * Names hold no floater's address, so that a probe keeps its name from run to run.
 */
export function* junitReport(run: Run, {findings, unexplained}: Diagnosis): Generator<string> {
  const {FAILED, EXCEPTION} = tally(run.results)
  const totals = {tests: run.plan.size, failures: FAILED, errors: EXCEPTION, time: durationMs(run) / 1000}
  yield '<?xml version="1.0" encoding="UTF-8"?>\n'
  yield `<testsuites${attributes({name: 'kubectl netdoctor', ...totals})}>\n`
  const found: Fact[] = findings.map((finding, index) => [
    `finding ${index + 1}`,
    [`${finding.sentence} (${weight(finding)})`, ...finding.evidence].join('; '),
  ])
  const properties = [...propertiesOf(run, found, unexplained)].join('')
  const nodes = [...new Set(sourcesOf(run.plan).map(({node}) => node))]
  for (const node of nodes.sort((a, b) => a - b)) yield* suite(run, node, properties)
  yield '</testsuites>\n'
}

function* suite(run: Run, source: number, properties: string): Generator<string> {
  const name = nodeName(run, source)
  const cases = KINDS.flatMap((kind) => batchOf(run.plan, {node: source, kind}))
    .sort((a, b) => a.id - b.id)
    .map((probe) => ({probe, verdict: verdictAt(run.results, probe.id, probe.endpoint.address)}))
  const having = (status: Verdict['status']) => cases.filter(({verdict}) => verdict.status === status).length
  const heading = {
    name,
    tests: cases.length,
    failures: having('FAILED'),
    errors: having('EXCEPTION'),
    time: cases.reduce((sum, {verdict}) => sum + verdict.timeUs, 0) / 1e6,
    timestamp: run.startedAt,
    hostname: run.plan.nodes[source]?.name ?? '',
  }
  yield `<testsuite${attributes(heading)}>\n`
  yield properties
  for (const {probe, verdict} of cases) yield testcase(run, name, probe, verdict)
  yield '</testsuite>\n'
}

const KINDS: readonly FloaterKind[] = ['pod', 'host', 'neighbour']

function testcase(run: Run, suiteName: string, probe: Probe, verdict: Verdict): string {
  const heading = attributes({
    name: caseName(run, probe),
    classname: suiteName,
    time: verdict.timeUs / 1e6,
  })
  const inside = outcome(verdict, explain(run.plan, run.results, probe))
  return inside === '' ? `<testcase${heading}/>\n` : `<testcase${heading}>${inside}</testcase>\n`
}

/** The same from run to run: without a floater's address. */
export function caseName(run: Run, probe: Probe): string {
  const {mode, protocol, ipFamily, check} = probe.block
  return `${destinationName(run, probe)} (${mode}, ${protocol}, ${ipFamily}${check === 'mtu' ? ', mtu' : ''})`
}

function outcome({status, reason, raw}: Verdict, message: string): string {
  if (status === 'SUCCEEDED') return message === '' ? '' : `<system-out>${xml(message)}</system-out>`
  const element = status === 'FAILED' ? 'failure' : 'error'
  return `<${element}${attributes({message, type: reason})}>${xml(printableLines(raw))}</${element}>`
}

/** What keeps a run from being the whole truth stands here too: there is no other place for it. */
type Fact = readonly [name: string, value: string]

function* propertiesOf(run: Run, found: readonly Fact[], unexplained: number): Generator<string> {
  const several = run.clusters.length > 1
  const facts: readonly Fact[] = [
    ['run', run.id],
    ['tool', `kubectl-netdoctor ${run.tool}`],
    ['startedAt', run.startedAt],
    ['finishedAt', run.finishedAt],
    ['namespace', run.namespace],
    ...run.clusters.flatMap(({name, context, server, version, image}): Fact[] => {
      const of = several ? `cluster ${name}: ` : ''
      return [
        [`${of}context`, context],
        [`${of}server`, server],
        [`${of}version`, version],
        [`${of}image`, image],
      ]
    }),
    ...found.slice(0, MOST_FINDINGS),
    ['findings', found.length > MOST_FINDINGS ? `${found.length}, of which ${MOST_FINDINGS} are here` : ''],
    ['unexplained', unexplained > 0 ? count(unexplained, 'probe') : ''],
    ['interrupted', run.interrupted ?? ''],
    ['partial', run.partial.join(', ')],
    [
      'notCovered',
      run.notCovered
        .map(({cluster, node, cause}) => `${several ? `${cluster}/` : ''}${node}: ${cause}`)
        .join('; '),
    ],
    ['caveats', run.caveats.join('; ')],
  ]
  yield '<properties>\n'
  for (const [name, value] of facts) if (value !== '') yield `<property${attributes({name, value})}/>\n`
  yield '</properties>\n'
}
