import type {Desk} from '../../desk/desk.ts'
import type {SavedReport} from '../../desk/saved.ts'
import type {Cluster} from '../cluster/cluster.ts'
import {waitFor} from '../cluster/wait.ts'
import type {Broken} from './effects.ts'
import {isOverloaded, probesOf, settled, type SeenProbe} from './seen.ts'

/** Everything at once, over both families; a second try, as a busy machine may lose what it asks. */
export const EVERYTHING = {
  floater: 'agnhost',
  mode: ['pod', 'node', 'node-to-pod', 'pod-to-node', 'service', 'nodeport', 'apiserver'],
  protocol: ['tcp', 'udp', 'icmp', 'dns'],
  retries: 1,
  cmdTimeout: 3,
  podWaitTime: 90,
}

/** The node that answers for all names. */
export async function nodeOfDns(cluster: Cluster): Promise<string> {
  const path = 'jsonpath={.items[*].spec.nodeName}'
  const ask = ['get', 'pods', '-n', 'kube-system', '-l', 'k8s-app=kube-dns', '-o', path]
  return (await cluster.kubectl(ask)).stdout
}

export async function breakAll(cluster: Cluster, faults: readonly Broken[]): Promise<void> {
  for (const [fault, ...args] of faults) await cluster.fault(fault, ...args)
}

/** What the last resume found. */
export async function probesOfResume(desk: Desk): Promise<SeenProbe[]> {
  return probesOf((await desk.json('resume-report.json')) as SavedReport)
}

/** What a check found, and where a busy machine kept it from it, what a resume finds while the same faults are in force. */
export async function probesInTheEnd(desk: Desk): Promise<SeenProbe[]> {
  const probes = probesOf(await desk.report())
  if (!probes.some(isOverloaded)) return probes
  await desk.run('resume', '-q')
  return settled(probes, await probesOfResume(desk))
}

/** The kinds of findings of a saved run that are about a node alone. */
export async function kindsAbout(desk: Desk, node: string, file = 'report.json'): Promise<string[]> {
  const {stdout} = await desk.run('report', file, '-o', 'json')
  const {findings} = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as {
    findings: {kind: string; subjects: {node?: string}[]}[]
  }
  return findings
    .filter(({subjects}) => subjects.length > 0 && subjects.every((subject) => subject.node === node))
    .map(({kind}) => kind)
}

/** A curl on the node waits for an answer: its floater is in the middle of its probes. */
export async function untilProbing(cluster: Cluster, node: string): Promise<void> {
  const isProbing = async () => {
    const {stdout} = await cluster.onNode(node, ['ps', '-e', '-o', 'comm'])
    return /^curl$/m.test(stdout) ? true : undefined
  }
  await waitFor(`curl on ${node}`, isProbing, {limit: 60_000})
}

/** Every node is Ready, and so are the floaters; commands can be run in them. */
export async function untilWell(cluster: Cluster, namespace: string): Promise<void> {
  const floaters = ['get', 'pods', '-n', namespace, '-o', 'jsonpath={.items[*].metadata.name}']
  const isWell = async () => {
    const ready = ['wait', '--for=condition=Ready', 'nodes', '--all', '--timeout=60s']
    const pods = (await cluster.kubectl(floaters)).stdout.split(' ')
    const tries = [
      cluster.kubectl(ready),
      ...pods.map((pod) => cluster.kubectl(['exec', '-n', namespace, pod, '--', 'true'])),
    ]
    const ended = await Promise.all(tries)
    return ended.every(({exitCode}) => exitCode === 0) ? true : undefined
  }
  await waitFor('well nodes and floaters', isWell, {limit: 90_000})
}
