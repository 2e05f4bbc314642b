import {mkdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {copyStore} from './image-store.ts'
import type {ImageName} from './images.ts'
import {inOrder, type Layout, type NodeLayout} from './layout.ts'
import {containerdConfig, cniConfig, kubeletConfig, proxyFlags} from './node-config.ts'
import {marked, processesOf, roleMark, startDaemon} from './processes.ts'
import type {ClusterRecord} from './record.ts'
import {attempt, type Ran} from './run.ts'
import {waitFor} from './wait.ts'

export const NODE_DAEMONS = ['containerd', 'kubelet', 'kube-proxy'] as const
export type NodeDaemon = (typeof NODE_DAEMONS)[number]

/** One node of a cluster, with what is needed to run things on it. */
export interface NodeContext {
  record: ClusterRecord
  layout: Layout
  node: NodeLayout
  bin: string
}

/**
 * The node's own view of the machine: mounts, process ids and network. All that runs on it, pods included, lives
 * below process 1 of its process namespace; when that ends, the kernel ends the rest and drops the mounts.
 * /sys stays the machine's: containers need its cgroup mounts.
 */
const START = `set -e
mount -t tmpfs -o mode=755 tmpfs /run
mkdir /run/lock
mount -t tmpfs -o mode=755 tmpfs /var/lib
mkdir /var/lib/containerd /var/lib/kubelet
mount --bind "$1/containerd" /var/lib/containerd
mount --bind "$1/kubelet" /var/lib/kubelet
mount --bind "$1/log" /var/log
mount --bind "$1/resolv.conf" /etc/resolv.conf
exec env "$2" "$3"
`

/** Makes the node and starts its container runtime, with the images of a store; returns when that answers. */
export async function startNode(context: NodeContext, store?: string): Promise<void> {
  const {record, layout, node, bin} = context
  await writeConfigs(layout, node)
  if (store !== undefined) await copyStore(store, join(node.directory, 'containerd'))
  const enter = ['nsenter', `--net=/run/netns/${node.netns}`]
  const isolate = ['unshare', '--mount', '--propagation', 'private', '--pid', '--fork', '--mount-proc']
  const start = [
    'sh',
    '-c',
    START,
    'node',
    node.directory,
    roleMark(roleOf(node, 'init')),
    join(bin, 'pause'),
  ]
  await startDaemon({
    token: record.token,
    role: roleOf(node, 'unshare'),
    command: [...enter, ...isolate, ...start],
    log: nodeLog(node, 'init'),
  })
  await waitFor(`node ${node.name}`, async () => await findInit(context), {
    limit: 20_000,
    every: 30,
    logs: [nodeLog(node, 'init')],
  })
  await startNodeDaemon(context, 'containerd')
  await waitFor(`containerd of ${node.name}`, async () => await daemonAnswers(context, 'containerd'), {
    limit: 30_000,
    logs: [nodeLog(node, 'containerd')],
  })
}

export async function importImage(context: NodeContext, archive: string, name: ImageName): Promise<void> {
  // One that is killed halfway is of no use: the import is repeatable.
  const imported = await onNode(context, ['ctr', '-n', 'k8s.io', 'images', 'import', archive])
  if (imported.exitCode !== 0) throw new Error(`image ${name} on ${context.node.name}: ${imported.stderr}`)
}

export async function startNodeDaemon(context: NodeContext, daemon: NodeDaemon): Promise<void> {
  const {node, record, bin, layout} = context
  const config = join(node.directory, `${daemon}.conf`)
  const commands: Readonly<Record<NodeDaemon, string[]>> = {
    containerd: ['containerd', '--config', config],
    kubelet: [
      join(bin, 'kubelet'),
      `--config=${config}`,
      `--kubeconfig=${join(layout.directory, `${node.name}.kubeconfig`)}`,
      `--hostname-override=${node.name}`,
      `--node-ip=${inOrder(layout, node.ip, node.v6?.ip)}`,
    ],
    'kube-proxy': [join(bin, 'kube-proxy'), ...proxyFlags(layout), `--hostname-override=${node.name}`],
  }
  await startDaemon({
    token: record.token,
    role: roleOf(node, daemon),
    command: [...(await entry(context)), ...commands[daemon]],
    log: nodeLog(node, daemon),
  })
}

/** Starts one of the harness's own binaries on the node, marked as one of the cluster's. */
export async function startOnNode(
  context: NodeContext,
  role: string,
  [binary = '', ...args]: readonly string[],
): Promise<void> {
  const {record, node, bin} = context
  const command = [...(await entry(context)), join(bin, binary), ...args]
  await startDaemon({token: record.token, role, command, log: nodeLog(node, 'init')})
}

/** True when the daemon is up and does its work, by its own word. */
export async function daemonAnswers(context: NodeContext, daemon: NodeDaemon): Promise<true | undefined> {
  const ask = (url: string) => ['curl', '-sf', '-m', '2', '-o', '/dev/null', url]
  const questions: Readonly<Record<NodeDaemon, string[]>> = {
    containerd: ['ctr', 'version'],
    kubelet: ask('http://127.0.0.1:10248/healthz'),
    'kube-proxy': ask('http://127.0.0.1:10256/healthz'),
  }
  return (await onNode(context, questions[daemon])).exitCode === 0 ? true : undefined
}

/** Runs a command on the node, in its namespaces. */
export async function onNode(context: NodeContext, command: readonly string[]): Promise<Ran> {
  return await attempt([...(await entry(context)), ...command])
}

async function entry(context: NodeContext): Promise<string[]> {
  const pid = await findInit(context)
  if (pid === undefined) throw new Error(`node ${context.node.name} is not running`)
  return ['nsenter', '--target', String(pid), '--mount', '--net', '--pid', '--']
}

/** Ids of the processes 1 that were found: to look through all processes takes its time. */
const inits = new Map<string, number>()

/** Process 1 of the node. */
async function findInit({record: {token}, node}: NodeContext): Promise<number | undefined> {
  const wanted = roleOf(node, 'init')
  const key = `${token} ${wanted}`
  const known = inits.get(key)
  if (known !== undefined && (await marked(known, token))?.role === wanted) return known
  const found = (await processesOf(token)).find(({role}) => role === wanted)?.pid
  if (found !== undefined) inits.set(key, found)
  return found
}

export function roleOf(node: NodeLayout, daemon: NodeDaemon | 'init' | 'unshare'): string {
  return `${node.name}/${daemon}`
}

export function nodeLog(node: NodeLayout, daemon: NodeDaemon | 'init'): string {
  return join(node.directory, 'log', `${daemon}.log`)
}

async function writeConfigs(layout: Layout, node: NodeLayout): Promise<void> {
  const {directory} = node
  const folders = ['containerd', 'kubelet', 'log', 'cni', 'volume-plugins']
  await Promise.all(folders.map((folder) => mkdir(join(directory, folder), {recursive: true})))
  const files: Readonly<Record<string, string>> = {
    'containerd.conf': containerdConfig(node),
    'cni/10-bridge.conflist': cniConfig(node),
    'kubelet.conf': kubeletConfig(layout, node),
    // Nothing listens there: a name outside the cluster is refused at once.
    'resolv.conf': 'nameserver 127.0.0.1\n',
  }
  await Promise.all(Object.entries(files).map(([file, text]) => writeFile(join(directory, file), text)))
}
