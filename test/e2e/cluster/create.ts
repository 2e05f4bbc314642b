import {claimAll, type Claim} from './claim.ts'
import {clusterOf, type Cluster} from './cluster.ts'
import {prepareIdentities, startControlPlane} from './control-plane.ts'
import {corednsManifest} from './coredns.ts'
import {ensureStore} from './image-store.ts'
import {ensureImages, type ImageName} from './images.ts'
import {layoutOf, type Layout} from './layout.ts'
import {buildNetwork} from './network.ts'
import {importImage, nodeLog, startNode, startNodeDaemon, type NodeContext} from './node.ts'
import {ensurePackages} from './packages.ts'
import {thisProcess, type ClusterRecord} from './record.ts'
import {takeDownAll} from './take-down.ts'
import {ensureTools, REAL_NODES} from './tools.ts'
import {waitFor} from './wait.ts'

export interface ClusterWish {
  /** 3 where it is not said */
  nodes?: number
  /** One that nobody has, where it is not said. */
  name?: string
  /** A test run's cluster goes with its process; a person's stays until the person takes it down. */
  owner?: 'process' | 'person'
  /** Indexes of the nodes that are left without the floaters' images. */
  imageless?: readonly number[]
  /** Where pods get their addresses from, a /17; the cluster's own range where it is not said. */
  podRange?: string
  /** Nodes, pods and services have IPv6 addresses beside those of IPv4. */
  dualStack?: boolean
  /** Of a dual-stack cluster: the API server, DNS, and what asks for no family have IPv6. */
  ipv6First?: boolean
  /** Labels by the name of the node, `n1` and so on. */
  labels?: Readonly<Record<string, Readonly<Record<string, string>>>>
  say?: (text: string) => void
}

/** Tells that a part of the work is done, and when. */
export type Step = (text: string) => void

/** Raises a cluster and returns when every node is Ready and DNS answers. */
export async function createCluster(wish: ClusterWish = {}): Promise<Cluster> {
  const [cluster] = await createClusters([wish], wish.say)
  return cluster
}

/** A cluster for each wish, in their order. */
export type EachAsCluster<Wishes extends readonly unknown[]> = {
  readonly [Index in keyof Wishes]: Cluster
}

/** Raises clusters at the same time; none is left where one does not come up. */
export async function createClusters<const Wishes extends readonly ClusterWish[]>(
  wishes: Wishes,
  say: (text: string) => void = () => undefined,
): Promise<EachAsCluster<Wishes>> {
  await ensurePackages(say)
  const bin = await ensureTools(REAL_NODES, say)
  const archives = await ensureImages(bin)
  const store = await ensureStore(archives)
  const claims = await Promise.all(wishes.map(claimOf))
  const clusters = await claimAndRaise(claims, bin, say, async (record, step, index) => {
    const {imageless, labels = {}} = wishes[index] ?? {}
    await raise(record, bin, {archives, store, imageless: new Set(imageless)}, step)
    await labelNodes(clusterOf(record, bin), labels)
  })
  return clusters as unknown as EachAsCluster<Wishes>
}

async function claimOf(wish: ClusterWish): Promise<Claim> {
  const {nodes = 3, name, podRange, dualStack, ipv6First} = wish
  return {
    nodes,
    owner: wish.owner === 'person' ? {kind: 'person'} : await thisProcess(),
    ...(name === undefined ? {} : {name}),
    ...(podRange === undefined ? {} : {podRange}),
    ...(dualStack === undefined ? {} : {dualStack}),
    ...(ipv6First === undefined ? {} : {ipv6First}),
  }
}

/** What comes before and after the raising of any clusters: where one does not come up, all are removed. */
export async function claimAndRaise(
  claims: readonly Claim[],
  bin: string,
  say: (text: string) => void,
  raise: (record: ClusterRecord, step: Step, index: number) => Promise<void>,
): Promise<Cluster[]> {
  const records = await claimAll(claims, say)
  const started = Date.now()
  const passed = () => `${((Date.now() - started) / 1000).toFixed(1).padStart(5)} s`
  const raised = await Promise.allSettled(
    records.map(async (record, index) => {
      await raise(record, (text) => say(`${passed()}  ${text}`), index)
    }),
  )
  const failed = raised.find((outcome) => outcome.status === 'rejected')
  if (failed === undefined) return records.map((record) => clusterOf(record, bin))
  // KEEP leaves the logs of a cluster that did not come up.
  const isKept = process.env['KUBECTL_NETDOCTOR_KEEP'] !== undefined
  await takeDownAll(records.filter((_, index) => !isKept || raised[index]?.status === 'fulfilled'))
  throw failed.reason
}

/** Where nodes have their images from. */
interface Images {
  archives: Readonly<Record<ImageName, string>>
  store: string
  /** Indexes of the nodes that lack those of the floaters. */
  imageless: ReadonlySet<number>
}

async function raise(record: ClusterRecord, bin: string, images: Images, step: Step): Promise<void> {
  const layout = layoutOf(record)
  await Promise.all([prepareIdentities(record, layout), buildNetwork(record, layout)])
  step(`network of ${layout.range}, certificates`)
  const contexts = layout.nodes.map((node) => ({record, layout, node, bin}))
  const serving = startControlPlane(record, layout, bin).then(() => step('API server ready'))
  await Promise.all([
    serving.then(() => startDns(clusterOf(record, bin), layout.dnsIp)),
    ...contexts.map(async (context) => {
      await startWithImages(context, images)
      await serving
      await Promise.all([startNodeDaemon(context, 'kubelet'), startNodeDaemon(context, 'kube-proxy')])
    }),
  ])
  step('daemons started')
  await waitUntilReady(clusterOf(record, bin), layout)
  step(`${layout.nodes.length} nodes Ready, DNS answers`)
}

async function labelNodes(cluster: Cluster, labels: NonNullable<ClusterWish['labels']>): Promise<void> {
  for (const [node, ofNode] of Object.entries(labels)) {
    const pairs = Object.entries(ofNode).map(([key, value]) => `${key}=${value}`)
    const {exitCode, stderr} = await cluster.kubectl(['label', 'node', node, ...pairs])
    if (exitCode !== 0) throw new Error(`labels of ${node}: ${stderr}`)
  }
}

/** Starts the node with its images there: all of them, or those alone that it cannot do without. */
async function startWithImages(context: NodeContext, {archives, store, imageless}: Images): Promise<void> {
  if (!imageless.has(context.node.index)) {
    await startNode(context, store)
    return
  }
  await startNode(context)
  for (const name of ['pause', 'coredns'] as const) await importImage(context, archives[name], name)
}

async function startDns(cluster: Cluster, dnsIp: string): Promise<void> {
  const apply = ['apply', '--server-side', '--validate=false', '-f', '-']
  const {exitCode, stderr} = await cluster.kubectl(apply, {
    input: corednsManifest(dnsIp, cluster.nodes[0]?.name ?? ''),
  })
  if (exitCode !== 0) throw new Error(`coredns: ${stderr}`)
}

async function waitUntilReady(cluster: Cluster, layout: Layout): Promise<void> {
  const logs = layout.nodes.slice(0, 3).map((node) => nodeLog(node, 'kubelet'))
  await waitUntilNodesReady(cluster, logs)
  const dns = ['rollout', 'status', '-n', 'kube-system', 'deployment/coredns', '--timeout=60s']
  const {exitCode, stderr} = await cluster.kubectl(dns)
  if (exitCode !== 0) throw new Error(`coredns does not get ready: ${stderr}`)
}

export async function waitUntilNodesReady(cluster: Cluster, logs: readonly string[]): Promise<void> {
  // Two cores raise them one after the other.
  const limit = Math.min(240_000, 60_000 + 10_000 * cluster.nodes.length)
  await waitFor('Ready nodes', async () => await allReady(cluster), {limit, every: 250, logs})
}

async function allReady(cluster: Cluster): Promise<true | undefined> {
  const status = '{range .items[*]}{.status.conditions[?(@.type=="Ready")].status} {end}'
  const {stdout} = await cluster.kubectl(['get', 'nodes', '-o', `jsonpath=${status}`])
  return stdout.split(' ').filter((word) => word === 'True').length === cluster.nodes.length
    ? true
    : undefined
}
