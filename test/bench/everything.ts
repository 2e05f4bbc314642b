import {readFile, rm} from 'node:fs/promises'
import {join} from 'node:path'
import type {SavedReport} from '../desk/saved.ts'
import type {Cluster} from '../e2e/cluster/cluster.ts'
import {createCluster} from '../e2e/cluster/create.ts'
import {probesOf, wordsOf} from '../e2e/faults/seen.ts'
import {figures, measure} from './measure.ts'

/* Every mode, protocol and family on ten real nodes: what is not SUCCEEDED, execs a floater (limit: 2), what stays behind. */
const EVERYTHING = [
  '--floater=agnhost',
  '--mode=pod,node,node-to-pod,pod-to-node,service,nodeport,apiserver',
  '--protocol=tcp,udp,icmp,dns',
  '--mtu',
  '--same-node',
  // All nodes share the cores of one machine here: with as many at once as usual they keep each other waiting for minutes.
  '--max-num=4',
  '--parallel=8',
  '--pod-wait-time=180',
]

const cluster = await createCluster({nodes: 10, dualStack: true, say: console.error})
try {
  const kubectl = join(cluster.toolsDirectory, 'kubectl')
  for (const title of ['floaters to be deployed', 'floaters in place']) {
    const measured = await measure(kubectl, cluster.kubeconfig, ['check', '-q', ...EVERYTHING])
    console.log(figures(`10 real nodes, every mode, protocol and family, ${title}`, measured))
    const execs = [...measured.execs.values()]
    const sum = execs.reduce((all, one) => all + one, 0)
    console.log(`  ${sum} execs into ${execs.length} floaters, at most ${Math.max(...execs)} into one`)
    const report = JSON.parse(await readFile(join(measured.folder, 'report.json'), 'utf8')) as SavedReport
    for (const probe of probesOf(report))
      if (probe.status !== 'SUCCEEDED' || probe.isUnstable)
        console.log(
          `  ${wordsOf(probe)}: ${probe.status} ${probe.reason}${probe.isUnstable ? ' (unstable)' : ''}`,
        )
    console.log(`  left behind in floaters: ${(await leftBehind(cluster)).join('; ') || 'nothing'}`)
    await rm(measured.folder, {recursive: true})
  }
} finally {
  await cluster.down()
}

/** Every process of the nodes but the daemons and what answers in a pod: those of a probe have to be gone. */
async function leftBehind(cluster: Cluster): Promise<string[]> {
  const found = await Promise.all(
    cluster.nodes.map(async ({name}) => {
      const {stdout} = await cluster.onNode(name, ['ps', '-e', '-o', 'stat=,comm='])
      const lines = stdout
        .split('\n')
        .filter((line) => /^Z|\b(sh|bash|dd|xargs|ping|curl|nc|sleep|cat|nslookup)\b/.test(line))
      return lines.map((line) => `${name} ${line}`)
    }),
  )
  return found.flat()
}
