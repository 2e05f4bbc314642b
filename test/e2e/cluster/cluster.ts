import {randomBytes} from 'node:crypto'
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {QUICK_KUBECTL} from '../../desk/quick.ts'
import {requestsOf, type ApiRequest} from './audit.ts'
import {authorityIn, kubeconfigOf, sign} from './certificates.ts'
import {appliedFaults, applyFault, undoFaults, wordsOf, type AppliedFault} from './fault-log.ts'
import {FAKE_NODE_IP, FAKE_POD_RANGE} from './fake-nodes.ts'
import type {FaultName} from './faults.ts'
import {layoutOf, nodeNamed, type NodeLayout} from './layout.ts'
import {neighbourNamed, neighboursOf} from './neighbours.ts'
import {onNode} from './node.ts'
import {markOf} from './processes.ts'
import {existingRecord, type ClusterRecord} from './record.ts'
import {attempt, type Ran, type RunOptions} from './run.ts'
import {takeDown} from './take-down.ts'
import {ensureTools, FAKE_NODES, REAL_NODES} from './tools.ts'

export type Undo = () => Promise<void>

export type ClusterNode = Pick<NodeLayout, 'name' | 'ip' | 'podCidr' | 'v6'>

/** A running cluster, raised by this process or another. */
export interface Cluster {
  name: string
  /** File of a user who may do everything. */
  kubeconfig: string
  server: string
  nodes: readonly ClusterNode[]
  /** Where the pods of real nodes get their addresses from. */
  podRange: string
  /** Fake nodes only: the port on which all their pods answer. */
  floaterPort?: number
  /** Folder of the kubectl that fits the cluster. */
  toolsDirectory: string
  /** For a cluster that this one is linked to: its pods' range, and the range under which they are reached from here. */
  cidrMapTo(other: {name: string}): Promise<Readonly<Record<string, string>>>
  kubectl(args: readonly string[], options?: RunOptions): Promise<Ran>
  /** Runs a command on a node, in its network, process and mount namespaces. */
  onNode(node: string, command: readonly string[]): Promise<Ran>
  fault(name: FaultName, ...args: string[]): Promise<Undo>
  /** Takes back every fault that is in force. */
  undoFaults(): Promise<AppliedFault[]>
  /** Client certificate of a user who may do nothing that RBAC does not grant. Returns the kubeconfig's path. */
  kubeconfigFor(user: string, groups?: readonly string[]): Promise<string>
  /** What such a user has asked of the API server so far. */
  requestsOf(user: string): Promise<ApiRequest[]>
  down(): Promise<void>
}

/** Finds a cluster that is up. */
export async function openCluster(name: string): Promise<Cluster> {
  const record = await existingRecord(name)
  const bin = await ensureTools(record.fake === undefined ? REAL_NODES : FAKE_NODES, () => undefined)
  return clusterOf(record, bin)
}

export function clusterOf(record: ClusterRecord, bin: string): Cluster {
  const layout = layoutOf(record)
  const {directory, server, fake} = layout
  const kubeconfig = join(directory, 'admin.kubeconfig')
  const context = {record, layout, bin}
  return {
    name: record.name,
    kubeconfig,
    server,
    nodes: fake === undefined ? layout.nodes : fakeNodes(fake.count),
    podRange: fake === undefined ? layout.podRange : FAKE_POD_RANGE,
    ...(fake === undefined ? {} : {floaterPort: fake.floaterPort}),
    toolsDirectory: bin,
    cidrMapTo: async (other) => {
      const {podRange} = neighbourNamed(await neighboursOf(record.name), other.name)
      return {[layoutOf(await existingRecord(other.name)).podRange]: podRange}
    },
    kubectl: async (args, options = {}) =>
      await attempt([join(bin, 'kubectl'), '--kubeconfig', kubeconfig, ...args], {
        ...options,
        // It keeps what it learnt of the API in its home.
        env: {
          HOME: directory,
          ...QUICK_KUBECTL,
          LC_ALL: '',
          ...markOf(record.token, 'kubectl'),
          ...options.env,
        },
      }),
    onNode: async (name, command) => await onNode({...context, node: nodeNamed(layout, name)}, command),
    fault: async (name, ...args) => {
      const id = await applyFault(context, name, args)
      return async () => {
        await undoFaults(context, id)
      }
    },
    undoFaults: async () => await undoFaults(context),
    kubeconfigFor: async (user, groups = []) => {
      const authority = authorityIn(join(directory, 'pki'))
      const file = `user-${randomBytes(4).toString('hex')}`
      await sign(authority, file, {user, groups})
      const path = join(directory, `${file}.kubeconfig`)
      await writeFile(path, await kubeconfigOf(authority, server, file, record.name), {mode: 0o600})
      return path
    },
    requestsOf: async (user) => await requestsOf(layout, user),
    down: async () => await takeDown(record),
  }
}

function fakeNodes(count: number): ClusterNode[] {
  return Array.from({length: count}, (_, index) => ({
    name: `n${index + 1}`,
    ip: FAKE_NODE_IP,
    podCidr: FAKE_POD_RANGE,
  }))
}

/** Faults in force, in words. */
export async function faultsOf(record: ClusterRecord): Promise<string[]> {
  const faults = await appliedFaults(layoutOf(record))
  return faults.map(wordsOf)
}
