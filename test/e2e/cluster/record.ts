import {randomBytes} from 'node:crypto'
import {mkdir, readdir, readFile, rename, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {CLUSTERS} from './paths.ts'
import {startTimeOf} from './processes.ts'

/** A process, told apart from a later one with the same id by when it started. */
export interface ProcessIdentity {
  kind: 'process'
  pid: number
  startTime: string
}

/** Whose cluster it is: of a test run, which may crash, or of a person, whose cluster no test may remove. */
export type Owner = ProcessIdentity | {kind: 'person'}

/** Nodes that exist in the API only, and the ports of what stands in for them. */
export interface FakeNodes {
  count: number
  kubeletPort: number
  /** Where every pod answers. */
  floaterPort: number
}

/** Everything that a take-down needs; on disk before the first resource is made. */
export interface ClusterRecord {
  name: string
  owner: Owner
  /** In the environment of every process of the cluster: what a take-down may end. */
  token: string
  /** Which of the address ranges is the cluster's. */
  slot: number
  /** Real ones. */
  nodes: number
  fake?: FakeNodes
  /** Where pods get their addresses from, if not from the cluster's own range. */
  podRange?: string
  dualStack?: boolean
  /** Of a dual-stack cluster. */
  ipv6First?: boolean
  ports: {etcd: number; etcdPeers: number; apiServer: number}
}

const RECORD = 'cluster.json'

export function directoryOf(name: string): string {
  if (!/^[a-z][a-z0-9-]{0,19}$/.test(name)) {
    throw new Error(`a cluster's name is up to 20 small letters, digits and dashes, not "${name}"`)
  }
  return join(CLUSTERS, name)
}

export function newToken(): string {
  return randomBytes(12).toString('hex')
}

export async function thisProcess(): Promise<ProcessIdentity> {
  return {kind: 'process', pid: process.pid, startTime: (await startTimeOf(process.pid)) ?? ''}
}

/** The folder appears with its record inside, or not at all. */
export async function createRecord(record: ClusterRecord): Promise<void> {
  // A fixed name: claims are made one at a time, and what a killed one left is overwritten.
  const scratch = join(CLUSTERS, '.new')
  await mkdir(scratch, {recursive: true})
  await writeFile(join(scratch, RECORD), JSON.stringify(record, undefined, 2))
  try {
    await rename(scratch, directoryOf(record.name))
  } catch {
    await rm(scratch, {recursive: true})
    throw new Error(`there is a cluster named ${record.name} already`)
  }
}

export async function readRecord(name: string): Promise<ClusterRecord | undefined> {
  try {
    return JSON.parse(await readFile(join(directoryOf(name), RECORD), 'utf8')) as ClusterRecord
  } catch {
    return undefined
  }
}

/** The record of a cluster that has to be there. */
export async function existingRecord(name: string): Promise<ClusterRecord> {
  const record = await readRecord(name)
  if (record === undefined)
    throw new Error(`there is no cluster named ${name}: ./scripts/cluster list shows them`)
  return record
}

export async function listRecords(): Promise<ClusterRecord[]> {
  const entries = await readdir(CLUSTERS).catch(() => [])
  const names = entries.filter((entry) => /^[a-z]/.test(entry))
  const records = await Promise.all(names.map(readRecord))
  return records.filter((record) => record !== undefined)
}

/** True for what a crashed run left: its process is gone. A person's cluster never is. */
export async function isAbandoned({owner}: ClusterRecord): Promise<boolean> {
  return owner.kind === 'process' && (await startTimeOf(owner.pid)) !== owner.startTime
}
