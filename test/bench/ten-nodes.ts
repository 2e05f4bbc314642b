import {rm} from 'node:fs/promises'
import {join} from 'node:path'
import {createCluster} from '../e2e/cluster/create.ts'
import {figures, measure} from './measure.ts'

/* Ten real nodes: the first check deploys the floaters, the others find them in place (limit: 3.5 s on an idle machine). */
const cluster = await createCluster({nodes: 10, say: console.error})
try {
  const kubectl = join(cluster.toolsDirectory, 'kubectl')
  for (const title of ['floaters to be deployed', 'floaters in place', 'again', 'and again']) {
    const measured = await measure(kubectl, cluster.kubeconfig, ['check', '-q'])
    console.log(figures(`10 real nodes, ${title}`, measured))
    await rm(measured.folder, {recursive: true})
  }
} finally {
  await cluster.down()
}
