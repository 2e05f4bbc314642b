import {resumePlan} from '../../src/plan/resume.ts'
import {namedNodes, wantedBy} from '../../src/plan/wanted.ts'
import {batchOf, sourcesOf} from '../../src/plan/plan.ts'
import {subsetOf} from '../../src/plan/cut.ts'
import {parseResume, resumeJson} from '../../src/saved/resume.ts'
import {nodeWith, sampleRun} from '../report/sample.ts'
import {planOf, wishFor} from '../plan/wish.ts'

/*
 * A check of 1,000 nodes in which every probe failed: what it costs to plan its resume, and to cut the whole plan.
 * Limits: 5 s for each step but the reading of the file, whose text alone is hundreds of MB.
 */
const count = Number(process.argv[2] ?? 1000)
const nodes = Array.from({length: count}, (_, n) =>
  nodeWith(`node-${n}.example.internal`, `10.0.${n >> 8}.${n & 255}`),
)

function timed<Value>(what: string, work: () => Value): Value {
  const started = performance.now()
  const value = work()
  const seconds = (performance.now() - started) / 1000
  const peak = process.resourceUsage().maxRSS / 1024
  console.log(`${what}: ${seconds.toFixed(2)} s, ${peak.toFixed(0)} MiB at most until now`)
  return value
}

const full = timed('the whole plan', () => planOf(nodes))
const half = {from: (node: number) => node % 2 === 0, to: undefined, bothWays: true, sample: undefined}
timed('from half of the nodes, both ways', () => subsetOf(full, half))
timed('a sample of ten', () => subsetOf(full, {...half, from: undefined, sample: 10}))

const run = sampleRun(nodes, () => undefined)
const text = timed('resume.json as text', () => [...resumeJson(run)].join(''))
const entries = timed(`read again, ${(text.length / 1e6).toFixed(0)} MB`, () =>
  parseResume(text, 'resume.json'),
)
const members = [{cluster: 'src', names: new Set(nodes.map(({name}) => name))}]
const wanted = timed('the nodes that it names', () => {
  const all = wantedBy(entries, members, 'resume.json')
  namedNodes(all)
  return all
})
const plan = timed('the plan of the resume', () =>
  resumePlan(nodes, wanted, wishFor(), 'resume.json', () => undefined),
)
timed('all batches', () => sourcesOf(plan).reduce((sum, source) => sum + batchOf(plan, source).length, 0))
