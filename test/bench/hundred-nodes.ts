import {rm} from 'node:fs/promises'
import {join} from 'node:path'
import {createKwokCluster} from '../e2e/cluster/create-kwok.ts'
import {figures, measure} from './measure.ts'

/* A real API server with 100 fake nodes, whose floaters are one real server: 10,000 real probes. */
const nodes = Number(process.argv[2] ?? 100)
const cluster = await createKwokCluster({nodes, say: console.error})
try {
  const kubectl = join(cluster.toolsDirectory, 'kubectl')
  const measured = await measure(kubectl, cluster.kubeconfig, ['check', '-q', '--pod-wait-time', '120'])
  console.log(figures(`${nodes} fake nodes, real API server, real probes`, measured))
  await rm(measured.folder, {recursive: true})
} finally {
  await cluster.down()
}
