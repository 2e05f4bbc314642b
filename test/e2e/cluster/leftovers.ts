import {existsSync} from 'node:fs'
import {readdir, readFile} from 'node:fs/promises'
import {cgroupsOf} from './cgroups.ts'
import {isOfSlot, layoutOf} from './layout.ts'
import {processesOf} from './processes.ts'
import {listRecords, type ClusterRecord} from './record.ts'
import {run} from './run.ts'

/**
 * What is still there of a cluster, in words; nothing after a take-down. Which containers it had has to be asked
 * while it runs. Its addresses may be another cluster's by then, and what has them is that one's.
 */
export async function leftovers(record: ClusterRecord, containers: readonly string[]): Promise<string[]> {
  const {directory, range, slot} = layoutOf(record)
  const ours = (name: string) => isOfSlot(slot, name)
  const links = JSON.parse(await run(['ip', '-j', 'link'])) as {ifname: string}[]
  const routes = JSON.parse(await run(['ip', '-j', 'route', 'show', 'table', 'all'])) as {dst: string}[]
  const prefix = range.split('.', 2).join('.')
  const mounts = await readFile('/proc/self/mountinfo', 'utf8')
  const inSlot = [
    ...(await readdir('/run/netns')).filter(ours).map((name) => `network namespace ${name}`),
    ...links.filter(({ifname}) => ours(ifname)).map(({ifname}) => `link ${ifname}`),
    ...routes.filter(({dst}) => dst.startsWith(`${prefix}.`)).map(({dst}) => `route to ${dst}`),
  ]
  // Read last: a record is there before anything else of its cluster.
  const isGivenAgain = (await listRecords()).some((one) => one.slot === slot && one.token !== record.token)
  return [
    ...(await processesOf(record.token)).map(({pid, role}) => `process ${pid} (${role})`),
    ...(isGivenAgain ? [] : inSlot),
    ...mounts.split('\n').filter((line) => line.includes(`${directory}/`)),
    ...(existsSync(directory) ? [`folder ${directory}`] : []),
    ...(await cgroupsOf(containers)).map((path) => `cgroup ${path}`),
  ]
}
