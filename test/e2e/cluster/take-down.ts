import {readdir, readFile, rm, rmdir} from 'node:fs/promises'
import {join, sep} from 'node:path'
import {cgroupsOf, cgroupTrees, containersOf} from './cgroups.ts'
import {layoutOf, type Layout} from './layout.ts'
import {removeLinks} from './links.ts'
import {withLock} from './lock.ts'
import {CLUSTERS} from './paths.ts'
import {end, processesOf} from './processes.ts'
import {isAbandoned, listRecords, readRecord, type ClusterRecord} from './record.ts'
import {attempt} from './run.ts'
import {waitFor} from './wait.ts'

/**
 * Ends and removes everything of the cluster, and nothing else; what is gone already is fine. One at a time on this
 * machine: the second of two who remove the same cluster would else remove from the next one with its addresses.
 */
export async function takeDown(record: ClusterRecord): Promise<void> {
  await withLock(join(CLUSTERS, '.take-down.lock'), async () => {
    const current = await readRecord(record.name)
    if (current?.token === record.token) await remove(record)
  })
}

/** The same for several, each whatever comes of the others; for where something else went wrong before, which is to be told. */
export async function takeDownAll(records: readonly ClusterRecord[]): Promise<void> {
  await Promise.allSettled(records.map(takeDown))
}

async function remove(record: ClusterRecord): Promise<void> {
  const layout = layoutOf(record)
  await waitFor(`the end of the processes of ${record.name}`, async () => await endProcesses(record), {
    limit: 30_000,
  })
  await waitFor(`the end of the pods of ${record.name}`, async () => await removeCgroups(layout), {
    limit: 30_000,
  })
  await removeLinks(record)
  await removeNetwork(layout)
  await waitFor(`removal of ${layout.directory}`, async () => await removeDirectory(layout), {limit: 30_000})
}

/** Removes the clusters of test runs that ended without doing so; returns their names. */
export async function removeCrashed(): Promise<string[]> {
  const removed: string[] = []
  for (const record of await listRecords()) {
    if (!(await isAbandoned(record))) continue
    await takeDown(record)
    removed.push(record.name)
  }
  return removed
}

/** A node's processes, pods included, end with process 1 of the node. */
async function endProcesses({token}: ClusterRecord): Promise<true | undefined> {
  const processes = await processesOf(token)
  end(processes)
  return processes.length === 0 ? true : undefined
}

/** A killed runtime leaves its containers' cgroups. */
async function removeCgroups(layout: Layout): Promise<true | undefined> {
  const ids = await containersOf(layout)
  const gone = await Promise.all((await cgroupsOf(ids)).map(removeCgroup))
  // The parent goes with the last container of all; the kernel refuses while it holds any.
  for (const tree of await cgroupTrees()) await rmdir(tree).catch(() => undefined)
  return gone.every(Boolean) ? true : undefined
}

/** A cgroup can be removed when it holds no processes and no other cgroups. */
async function removeCgroup(path: string): Promise<boolean> {
  const entries = await readdir(path, {withFileTypes: true}).catch(() => undefined)
  if (entries === undefined) return true
  for (const entry of entries) if (entry.isDirectory()) await removeCgroup(join(path, entry.name))
  const pids = (await readFile(join(path, 'cgroup.procs'), 'utf8').catch(() => ''))
    .split('\n')
    .filter(Boolean)
  end(pids.map((pid) => ({pid: Number(pid), role: 'pod'})))
  return await rmdir(path).then(
    () => true,
    () => false,
  )
}

/** With a namespace go its links, routes and rules; with the switch goes the control plane's cable. */
async function removeNetwork({link, switchNetns, nodes}: Layout): Promise<void> {
  await attempt(['ip', 'link', 'delete', link])
  const spaces = new Set(await readdir('/run/netns').catch(() => []))
  for (const name of [switchNetns, ...nodes.map(({netns}) => netns)]) {
    if (!spaces.has(name)) continue
    const {exitCode, stderr} = await attempt(['ip', 'netns', 'delete', name])
    if (exitCode !== 0) throw new Error(`network namespace ${name} stays: ${stderr}`)
  }
}

/** The record goes last: as long as something is left, the next take-down knows where. */
async function removeDirectory({directory}: Layout): Promise<true> {
  if (!directory.startsWith(CLUSTERS + sep)) throw new Error(`${directory} is not a cluster's folder`)
  for (const mount of await mountsBelow(directory)) await attempt(['umount', '--lazy', mount])
  const entries = await readdir(directory).catch(() => [])
  for (const entry of entries) {
    if (entry !== 'cluster.json') await rm(join(directory, entry), {recursive: true, force: true})
  }
  await rm(directory, {recursive: true, force: true})
  return true
}

/** In this mount namespace there should be none: each node has its own. Deepest first. */
async function mountsBelow(directory: string): Promise<string[]> {
  const table = await readFile('/proc/self/mountinfo', 'utf8')
  const places = table.split('\n').map((line) => line.split(' ')[4] ?? '')
  return places.filter((place) => place.startsWith(directory + sep)).sort((a, b) => b.length - a.length)
}
