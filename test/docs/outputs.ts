import {normalise} from '../../src/config/normalise.ts'
import {flavourOf} from '../../src/floater/flavour.ts'
import type {Verdict} from '../../src/model/result.ts'
import type {Run} from '../../src/model/run.ts'
import {subsetOf} from '../../src/plan/cut.ts'
import {tableDiff} from '../../src/report/diff/table.ts'
import {jsonReport} from '../../src/report/json.ts'
import {matrixReport} from '../../src/report/matrix.ts'
import {tableReport} from '../../src/report/table.ts'
import {failed} from '../../src/protocols/verdict.ts'
import {exception} from '../../src/probe/exec.ts'
import {caveatsOf} from '../../src/run/caveats.ts'
import {answered, nodeWith, nodeWithout, resultsOf, sampleRun} from '../report/sample.ts'
import {deafOnTuesday} from '../report/diffs.ts'
import {pieces, shown} from '../report/shown.ts'

/** What the program prints for each command line of a `console` block: made by its own reports from fixed runs. */
export const OUTPUTS: Readonly<Record<string, () => string>> = {
  'kubectl netdoctor check --floater agnhost -q': () => table(healthy()),
  'kubectl netdoctor diff monday.json': () => [...tableDiff(deafOnTuesday(), {color: false})].join(''),
  'kubectl netdoctor report -o matrix': () => shown(matrixReport, deafAndMute()),
  'kubectl netdoctor check --from node-a --to node-c,node-d,node-f -q': () => table(broken(), 140),
  [`kubectl netdoctor report -o json | jq -r 'select(.status == "FAILED") | "\\(.source.node) > \\(.message)"'`]:
    failedLines,
}

function table(run: Run, width?: number): string {
  return shown(tableReport, run, {color: false, ...(width === undefined ? {} : {width})})
}

/** Three nodes whose floaters, of agnhost, all answer. */
function healthy(): Run {
  const config = normalise({floater: 'agnhost'}, {home: '/', identity: {}})
  const flavour = flavourOf(config)
  const nodes = ['n1', 'n2', 'n3'].map((name, index) => nodeWith(name, `10.64.${128 + 2 * index}.13`))
  const run = sampleRun(
    nodes,
    ({id}) => ({...answered, timeUs: 1100 + 150 * id}),
    {},
    {identity: flavour.identity},
  )
  return {...run, caveats: caveatsOf(run.plan, run.results, flavour, config)}
}

const ABSENCE =
  'node node-f has no floater: ImagePullBackOff registry.example.com/floater:v1 (not found). Set srcImageRepository to a registry that the node can reach and that has the image.'

/** One node that drops, one that refuses, one without a floater, seen from a fourth. */
function broken(): Run {
  const nodes = [
    nodeWith('node-a', '10.64.1.5'),
    nodeWith('node-c', '10.64.3.5'),
    nodeWith('node-d', '10.64.4.5'),
    nodeWithout('node-f', ABSENCE),
  ]
  const verdicts: readonly Verdict[] = [
    answered,
    failed('refused', 300, 'Connection refused'),
    failed('timeout', 3_000_000, 'Connection timed out after 3000 milliseconds (curl exit code 28)'),
    exception('no-floater', ABSENCE),
  ]
  const full = sampleRun(nodes, () => undefined)
  const plan = subsetOf(full.plan, {
    from: (node) => node === 0,
    to: (node) => node > 0,
    bothWays: false,
    sample: undefined,
  })
  const partial = ['only from node-a', 'only to node-c,node-d,node-f']
  return {
    ...full,
    plan,
    partial,
    results: resultsOf(plan, ({endpoint}) => verdicts[endpoint.node ?? 0] ?? answered),
  }
}

/** Of four nodes one answers nobody, and one could not be asked to probe. */
function deafAndMute(): Run {
  const nodes = ['node-a', 'node-b', 'node-c', 'node-d'].map((name, n) => nodeWith(name, `10.64.${n + 1}.5`))
  const raw = 'Connection timed out after 3000 milliseconds (curl exit code 28)'
  return sampleRun(nodes, ({source, endpoint}) =>
    source === 3
      ? exception('exec-failed', 'error: unable to upgrade connection: container not found')
      : endpoint.node === 2 && source !== 2
        ? failed('timeout', 3_000_000, raw)
        : {...answered, timeUs: 900},
  )
}

/** What jq makes of the lines. */
function failedLines(): string {
  const nodes = [nodeWith('n1', '10.64.1.5'), nodeWith('n2', '10.64.2.5')]
  const run = sampleRun(
    nodes,
    () => failed('refused', 300, 'Connection refused'),
    {},
    {modes: [], customTargets: [{host: '10.64.0.12', port: 443}]},
  )
  return [...pieces(jsonReport, run)]
    .map((line) => JSON.parse(line) as {status?: string; source: {node: string}; message: string})
    .filter(({status}) => status === 'FAILED')
    .map(({source, message}) => `${source.node} > ${message}\n`)
    .join('')
}
