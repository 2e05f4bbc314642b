import {existsSync} from 'node:fs'
import {readdir} from 'node:fs/promises'
import {join} from 'node:path'
import {inNetns, ip, type Environment} from './ip.ts'
import {isOfSlot, layoutOf, routerIpOf, routerOf, translatedRangeOf, type Layout} from './layout.ts'
import {withLock} from './lock.ts'
import {addNeighbour, dropNeighbour, neighboursOf} from './neighbours.ts'
import {CLUSTERS} from './paths.ts'
import {markOf} from './processes.ts'
import {existingRecord, listRecords, type ClusterRecord} from './record.ts'
import {attempt, run} from './run.ts'

const LOCK = join(CLUSTERS, '.links.lock')

export interface LinkOptions {
  /** The pods of each cluster are reached under another range, and not under their own. */
  translated?: boolean
}

/** One end of a link: a cluster, and the other one as it is reached from here. */
interface Side {
  own: Layout
  far: Layout
  /** The addresses that the far pods have themselves. */
  farPodRange: string
}

/**
 * Puts a router between two clusters, so that the pods and nodes of each reach those of the other. A link goes with the
 * first of its clusters that is taken down.
 */
export async function linkClusters(
  one: {name: string},
  other: {name: string},
  {translated = false}: LinkOptions = {},
): Promise<void> {
  const [a, b] = [await existingRecord(one.name), await existingRecord(other.name)]
  const sides = [sideOf(a, b, translated), sideOf(b, a, translated)] as const
  if (!translated && sides[0].own.podRange === sides[0].far.podRange)
    throw new Error(
      `${a.name} and ${b.name} have the same addresses for pods: only a link that translates joins them`,
    )
  await withLock(LOCK, async () => {
    const router = routerOf(a.slot, b.slot)
    if (existsSync(join('/run/netns', router))) throw new Error(`${a.name} and ${b.name} are linked already`)
    await Promise.all([
      addNeighbour(a.name, b, sides[0].far.podRange),
      addNeighbour(b.name, a, sides[1].far.podRange),
    ])
    const env = markOf(a.token, 'link')
    await ip(env, undefined, [`netns add ${router}`])
    await inNetns(env, router, ['sysctl', '-qw', ...SETTINGS])
    for (const side of sides) await plugIn(env, router, side)
    for (const side of sides) await leadThrough(env, router, side)
    if (translated) for (const side of sides) await translate(env, router, side)
  })
}

/** Removes the links of a cluster that goes, and what its neighbours knew of it. */
export async function removeLinks(record: ClusterRecord): Promise<void> {
  await withLock(LOCK, async () => {
    const spaces = await readdir('/run/netns').catch(() => [])
    for (const name of spaces.filter((name) => name.includes('-to-') && isOfSlot(record.slot, name)))
      await run(['ip', 'netns', 'delete', name])
    for (const other of await listRecords()) {
      const gone = (await neighboursOf(other.name)).find(({name}) => name === record.name)
      if (gone === undefined || !(await dropNeighbour(other.name, record))) continue
      for (const {netns} of layoutOf(other).nodes) {
        for (const range of rangesOf(gone)) await attempt(['ip', '-n', netns, 'route', 'delete', range])
      }
    }
  })
}

const SETTINGS = [
  'net.ipv4.ip_forward=1',
  'net.ipv4.conf.all.rp_filter=0',
  'net.ipv4.conf.default.rp_filter=0',
  'net.ipv6.conf.all.forwarding=1',
  'net.ipv6.conf.default.accept_dad=0',
]

function sideOf(own: ClusterRecord, far: ClusterRecord, translated: boolean): Side {
  const podRange = translated ? {podRange: translatedRangeOf(far.slot)} : {}
  return {
    own: layoutOf(own),
    far: layoutOf({...far, ...podRange}),
    farPodRange: layoutOf(far).podRange,
  }
}

/** The ranges of a cluster that its neighbours' routes lead to. */
function rangesOf({nodeRange, podRange, v6}: Layout): string[] {
  return [nodeRange, podRange, ...(v6 === undefined ? [] : [v6.nodeRange, v6.podRange])]
}

/** A cable from the router to the cluster's switch. */
async function plugIn(env: Environment, router: string, {own, far}: Side): Promise<void> {
  const address = routerIpOf(own.slot, far.slot)
  await ip(env, undefined, [
    `link add ${far.link} netns ${own.switchNetns} type veth peer name ${own.link} netns ${router}`,
  ])
  await ip(env, own.switchNetns, [`link set ${far.link} master br0 up`])
  await ip(env, router, [
    'link set lo up',
    `link set ${own.link} up`,
    `address add ${address.v4}/24 dev ${own.link}`,
    ...(own.v6 === undefined ? [] : [`address add ${address.v6}/64 dev ${own.link}`]),
  ])
}

/** Routes: from the nodes to the router, and in the router to the nodes. */
async function leadThrough(env: Environment, router: string, {own, far}: Side): Promise<void> {
  const via = routerIpOf(own.slot, far.slot)
  const ranges = rangesOf(far).filter((range) => !range.includes(':') || own.v6 !== undefined)
  const routes = ranges.map((range) => `route add ${range} via ${range.includes(':') ? via.v6 : via.v4}`)
  await Promise.all(own.nodes.map(({netns}) => ip(env, netns, routes)))
  // Both clusters may have the same pods' addresses: where a packet goes depends on where it comes from.
  const table = 1000 + own.slot
  await ip(env, router, [
    `rule add iif ${far.link} lookup ${table}`,
    ...own.nodes.map((node) => `route add ${node.podCidr} via ${node.ip} dev ${own.link} table ${table}`),
    ...own.nodes.flatMap(({v6}) => (v6 === undefined ? [] : [`route add ${v6.podCidr} via ${v6.ip}`])),
  ])
}

/** Address by address: what goes to the far pods gets their own destination, and their far source on the way here. */
async function translate(env: Environment, router: string, {own, far, farPodRange}: Side): Promise<void> {
  const nat = ['iptables', '-w', '-t', 'nat', '-A']
  const netmap = (to: string) => ['-j', 'NETMAP', '--to', to]
  await inNetns(env, router, [
    ...nat,
    'PREROUTING',
    '-i',
    own.link,
    '-d',
    far.podRange,
    ...netmap(farPodRange),
  ])
  await inNetns(env, router, [
    ...nat,
    'POSTROUTING',
    '-o',
    own.link,
    '-s',
    farPodRange,
    ...netmap(far.podRange),
  ])
}
