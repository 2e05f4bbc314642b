import type {Cluster} from './cluster.ts'
import {IMAGES} from './images.ts'
import type {Ran} from './run.ts'
import {waitFor} from './wait.ts'

/** A pod on every node that answers over HTTP, to ask from and to ask; for the tests of the harness itself. */
export interface Floaters {
  /** Pairs of nodes, `n1->n2`, whose curl got no answer `OK`; empty where the network is whole. */
  brokenPairs(family?: Family): Promise<string[]>
  ip(node: string, family?: Family): string
  /** Runs a command in the node's pod. */
  inPod(node: string, command: readonly string[]): Promise<Ran>
  curl(from: string, to: string): Promise<Ran>
  /** The same to an address, of another cluster for instance. */
  curlAddress(from: string, address: string, port?: number): Promise<Ran>
}

/** IPv4 where it is not said. */
export type Family = 4 | 6

const NAME = 'harness'
const PORT = 8080
export const AGNHOST_PORT = 8081

const labels = {app: NAME}
const floater = {
  name: 'floater',
  image: IMAGES.floater.reference,
  imagePullPolicy: 'Never',
  env: [{name: 'PORT', value: String(PORT)}],
}
/** Tells who asks, repeats what it is told, and answers over UDP. */
const agnhost = {
  name: 'agnhost',
  image: IMAGES.agnhost.reference,
  imagePullPolicy: 'Never',
  args: ['netexec', `--http-port=${AGNHOST_PORT}`, `--udp-port=${AGNHOST_PORT}`],
}
const spec = {
  terminationGracePeriodSeconds: 0,
  tolerations: [{operator: 'Exists'}],
  containers: [floater, agnhost],
}
const daemonSet = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: {name: NAME},
  spec: {selector: {matchLabels: labels}, template: {metadata: {labels}, spec}},
}

interface PodList {
  items: {
    metadata: {name: string}
    spec: {nodeName?: string}
    status: {podIPs?: {ip: string}[]; conditions?: {type: string; status: string}[]}
  }[]
}

export async function deployFloaters(cluster: Cluster): Promise<Floaters> {
  await succeed(cluster.kubectl(['apply', '--server-side', '-f', '-'], {input: JSON.stringify(daemonSet)}))
  const pods = await waitFor('a ready pod on every node', async () => await readyPods(cluster), {
    limit: 60_000,
  })
  const pod = (node: string) => {
    const found = pods.get(node)
    if (found === undefined) throw new Error(`there is no pod on ${node}`)
    return found
  }
  const inPod = async (node: string, command: readonly string[]) =>
    await cluster.kubectl(['exec', pod(node).name, '--', ...command], {timeout: 30_000})
  const nodes = [...pods.keys()].sort()
  const ip = (node: string, family: Family = 4) => {
    const address = pod(node).ips.find((one) => one.includes(':') === (family === 6))
    if (address === undefined) throw new Error(`the pod on ${node} has no address of IPv${family}`)
    return address
  }
  const curlAddress: Floaters['curlAddress'] = async (from, address, port = PORT) =>
    await inPod(from, ['curl', '-svg', '-m', '2', urlOf(address, port)])
  return {
    ip,
    inPod,
    curlAddress,
    curl: async (from, to) => await curlAddress(from, ip(to)),
    brokenPairs: async (family) => {
      const targets = nodes.map((to) => [to, urlOf(ip(to, family), PORT)] as const)
      const answers = await Promise.all(nodes.map(async (from) => await inPod(from, askAll(targets))))
      return answers.flatMap(({stdout, stderr, exitCode}, index) => {
        if (exitCode !== 0) throw new Error(`exec on ${nodes[index] ?? ''}: ${stderr}`)
        const answered = new Set(stdout.split('\n'))
        return nodes.filter((to) => !answered.has(`${to} OK`)).map((to) => `${nodes[index] ?? ''}->${to}`)
      })
    },
  }
}

/** All at once, so that those that never get an answer take their time together. */
function askAll(targets: readonly (readonly [string, string])[]): string[] {
  const asks = targets.map(([node, url]) => `echo "${node} $(curl -sg -m 2 '${url}')" &`)
  return ['sh', '-c', `${asks.join('\n')}\nwait`]
}

function urlOf(address: string, port: number): string {
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}/`
}

async function readyPods(cluster: Cluster): Promise<Map<string, {name: string; ips: string[]}> | undefined> {
  const {items} = JSON.parse(
    await succeed(cluster.kubectl(['get', 'pods', '-l', `app=${NAME}`, '-o', 'json'])),
  ) as PodList
  const ready = items.flatMap(({metadata, spec, status}) =>
    status.conditions?.some(({type, status}) => type === 'Ready' && status === 'True') &&
    spec.nodeName !== undefined &&
    status.podIPs !== undefined
      ? [[spec.nodeName, {name: metadata.name, ips: status.podIPs.map(({ip}) => ip)}] as const]
      : [],
  )
  return ready.length === cluster.nodes.length ? new Map(ready) : undefined
}

/** The standard output of a command that has to succeed. */
export async function succeed(running: Promise<Ran>): Promise<string> {
  const {stdout, stderr, exitCode} = await running
  if (exitCode !== 0) throw new Error(`exit ${exitCode}: ${stderr || stdout}`)
  return stdout
}
