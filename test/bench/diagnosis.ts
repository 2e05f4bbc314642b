import {diagnose} from '../../src/diagnosis/diagnose.ts'
import {answered, besideFloater, nodeWith, sampleRun} from '../report/sample.ts'

/* What reading the matrix of a million probes costs: at most 2 s, and 200 MB beside the run itself. */
const side = Number(process.argv[2] ?? 1000)
const nodes = Array.from({length: side}, (_, n) => ({
  ...nodeWith(`node-${n}`, `10.${n >> 8}.${n & 255}.1`),
  traits: {zone: `zone-${n % 3}`, kernel: `6.${n % 5}`},
}))
const timeout = {...answered, status: 'FAILED', reason: 'timeout', raw: ''} as const

const FAULTS: Readonly<Record<string, (source: number, target: number) => boolean>> = {
  'all well': () => false,
  'one node deaf': (_, target) => target === 7,
  '40 nodes cut off': (source, target) => source < 40 || target < 40,
  'a zone cut off': (source, target) => (source % 3 === 0) !== (target % 3 === 0),
  'one in ten fails': (source, target) => (source * 7919 + target * 104_729) % 10 === 0,
  'all fail': () => true,
}

/* A policy that forbids all, and a proxy beside every floater: read whether they do harm or not. */
const GUARDED = nodes.map((node) => besideFloater(node, 'istio-proxy'))
const POLICIES = [{name: 'deny-all', floaters: ['pod'], ingress: []} as const]

const cases = Object.entries(FAULTS).flatMap(([title, isBroken]) => [
  {title, isBroken, isGuarded: false},
  {title: `${title}, behind a policy and proxies`, isBroken, isGuarded: true},
])
for (const {title, isBroken, isGuarded} of cases) {
  const bare = sampleRun(isGuarded ? GUARDED : nodes, ({source, endpoint}) =>
    source !== endpoint.node && isBroken(source, endpoint.node ?? 0) ? timeout : answered,
  )
  const policies = isGuarded ? POLICIES : []
  const run = {...bare, clusters: bare.clusters.map((cluster) => ({...cluster, policies}))}
  global.gc?.()
  const before = process.memoryUsage().rss
  const started = performance.now()
  const {findings, unexplained} = diagnose(run)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const grown = Math.round((process.memoryUsage().rss - before) / 1e6)
  console.log(
    `${run.plan.size} probes, ${title}: ${seconds} s, ${grown} MB more, ${findings.length} findings, ${unexplained} unexplained; ${findings[0]?.sentence ?? 'none'}`,
  )
}
