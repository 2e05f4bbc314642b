import {createHash} from 'node:crypto'
import type {Verdict} from '../../src/model/result.ts'
import {FORMAT_NAMES} from '../../src/report/format.ts'
import {FORMATS} from '../../src/report/index.ts'
import {parseReport, reportJson} from '../../src/saved/report.ts'
import {nodeWith, sampleRun} from '../report/sample.ts'
import {pieces} from '../report/shown.ts'

/* What each format, and report.json there and back, costs for a million probes: all well, and all failed. */
const side = Number(process.argv[2] ?? 1000)
const nodes = Array.from({length: side}, (_, n) =>
  nodeWith(`node-${n}.example.com`, `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`),
)
const well = (id: number): Verdict => ({
  status: 'SUCCEEDED',
  reason: 'answered',
  timeUs: 100 + ((id * 7919) % 800_000),
  raw: '',
  unstable: false,
})
const failed = (id: number, address = ''): Verdict => ({
  status: 'FAILED',
  reason: 'timeout',
  timeUs: 3_000_000 + (id % 5000),
  raw: `Failed to connect to ${address} port 8889 after ${3000 + Math.round((id % 5000) / 1000)} ms: Timeout was reached (curl exit code 28)`,
  unstable: false,
})

for (const [title, verdictOf] of Object.entries({well, failed})) {
  const run = sampleRun(nodes, ({id, endpoint}) => verdictOf(id, endpoint.address))
  const base = resident()
  console.log(`${run.plan.size} probes, ${title}; ${base} MiB before`)
  for (const name of FORMAT_NAMES) measured(`-o ${name}`, pieces(FORMATS[name], run))
  measured('report.json', reportJson(run))
  const text = [...reportJson(run)].join('')
  const started = performance.now()
  const {results} = parseReport(text, 'report.json')
  console.log(`  read report.json: ${seconds(started)} s, ${results.size} probes, ${resident()} MiB`)
}

function measured(name: string, pieces: Iterable<string>): void {
  const started = performance.now()
  const hash = createHash('sha1')
  let bytes = 0
  for (const piece of pieces) {
    bytes += Buffer.byteLength(piece)
    hash.update(piece)
  }
  console.log(`  ${name}: ${seconds(started)} s, ${(bytes / 1e6).toFixed(1)} MB, ${resident()} MiB`)
}

function seconds(started: number): string {
  return ((performance.now() - started) / 1000).toFixed(1)
}

function resident(): number {
  return Math.round(process.memoryUsage().rss / 2 ** 20)
}
