import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {clusterOf, type Cluster} from './cluster.ts'
import {prepareIdentities, startControlPlane} from './control-plane.ts'
import {claimAndRaise, waitUntilNodesReady, type Step} from './create.ts'
import {kwokConfig, nodeObjects} from './fake-nodes.ts'
import {layoutOf, type Layout} from './layout.ts'
import {buildNetwork} from './network.ts'
import {ensurePackages} from './packages.ts'
import {startDaemon} from './processes.ts'
import {thisProcess, type ClusterRecord} from './record.ts'
import {ensureTools, FAKE_NODES} from './tools.ts'

export interface KwokWish {
  nodes: number
  name?: string
  owner?: 'process' | 'person'
  say?: (text: string) => void
}

/**
 * A real control plane with fake nodes, for sizes that no machine has room for: pods are entries with loopback
 * addresses, one web server answers for all of them on `floaterPort`, and exec runs its command on this machine.
 * kwok's exec never closes a command's standard input, and makes 1 of every exit code that is not 0.
 */
export async function createKwokCluster(wish: KwokWish): Promise<Cluster> {
  const say = wish.say ?? (() => undefined)
  await ensurePackages(say)
  const bin = await ensureTools(FAKE_NODES, say)
  const owner = wish.owner === 'person' ? ({kind: 'person'} as const) : await thisProcess()
  const name = wish.name === undefined ? {} : {name: wish.name}
  const claims = [{fakeNodes: wish.nodes, owner, ...name}]
  const [cluster] = await claimAndRaise(claims, bin, say, async (record, step) => {
    await raise(record, bin, step)
  })
  if (cluster === undefined) throw new Error('the claim of one cluster raised none')
  return cluster
}

async function raise(record: ClusterRecord, bin: string, step: Step): Promise<void> {
  const layout = layoutOf(record)
  await Promise.all([prepareIdentities(record, layout), buildNetwork(record, layout)])
  await startControlPlane(record, layout, bin)
  step('API server ready')
  await Promise.all([startKwok(record, layout, bin), startResponder(record, layout, bin)])
  const cluster = clusterOf(record, bin)
  const created = await cluster.kubectl(['create', '-f', '-'], {
    input: nodeObjects(cluster.nodes.map((node) => node.name)),
  })
  if (created.exitCode !== 0) throw new Error(`the fake nodes: ${created.stderr}`)
  await waitUntilNodesReady(cluster, [logOf(layout, 'kwok')])
  step(`${cluster.nodes.length} fake nodes Ready`)
}

/** What runs in its pods writes to a /tmp of its own, which goes with it. */
const OWN_TMP = 'mount -t tmpfs -o mode=1777 tmpfs /tmp && exec "$@"'

async function startKwok(record: ClusterRecord, layout: Layout, bin: string): Promise<void> {
  const {directory, fake} = layout
  if (fake === undefined) throw new Error(`${record.name} has no fake nodes`)
  const config = join(directory, 'kwok.yaml')
  await writeFile(config, kwokConfig(layout, fake))
  const isolate = ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', OWN_TMP, 'kwok']
  const kwok = [join(bin, 'kwok'), `--config=${config}`, `--kubeconfig=${join(directory, 'kwok.kubeconfig')}`]
  await startDaemon({
    token: record.token,
    role: 'kwok',
    command: [...isolate, ...kwok],
    // It looks for more configuration at home.
    env: {HOME: directory},
    log: logOf(layout, 'kwok'),
  })
}

async function startResponder(record: ClusterRecord, layout: Layout, bin: string): Promise<void> {
  await startDaemon({
    token: record.token,
    role: 'responder',
    command: [join(bin, 'clusterlink-floater')],
    env: {PORT: String(layout.fake?.floaterPort)},
    log: logOf(layout, 'responder'),
  })
}

function logOf({directory}: Layout, name: string): string {
  return join(directory, 'log', `${name}.log`)
}
