import {readFile} from 'node:fs/promises'
import {listRecords} from './record.ts'

/**
 * How many inotify instances a user may have; on many machines 128. A kubelet that gets none does not start, so that clusters of
 * several tests at once must fit in.
 */
const LIMIT = '/proc/sys/fs/inotify/max_user_instances'
/** Those of a node: its kubelet and container runtime. */
const NODE = 5 + 1
/** Those of an API server and its controller manager. */
const CONTROL_PLANE = 3 + 1
/** Left to whatever else runs here. */
const OTHERS = 8

/** Whether clusters with so many real nodes each can be raised beside those that are there. The first of all always can. */
export async function isRoomFor(clusters: readonly {nodes: number}[]): Promise<boolean> {
  const there = await listRecords()
  const limit = Number(await readFile(LIMIT, 'utf8'))
  return there.length === 0 || instancesOf(there) + instancesOf(clusters) + OTHERS <= limit
}

function instancesOf(clusters: readonly {nodes: number}[]): number {
  return clusters.reduce((sum, {nodes}) => sum + CONTROL_PLANE + nodes * NODE, 0)
}
