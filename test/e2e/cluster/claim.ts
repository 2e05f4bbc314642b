import {readdir} from 'node:fs/promises'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {isOfSlot, MAX_FAKE_NODES, MAX_NODES, rangeOf, SLOTS} from './layout.ts'
import {withLock} from './lock.ts'
import {CLUSTERS} from './paths.ts'
import {portChooser} from './ports.ts'
import {createRecord, directoryOf, listRecords, newToken, type ClusterRecord, type Owner} from './record.ts'
import {isRoomFor} from './room.ts'
import {run} from './run.ts'
import {removeCrashed, takeDownAll} from './take-down.ts'

export interface Claim {
  owner: Owner
  name?: string
  nodes?: number
  fakeNodes?: number
  podRange?: string
  dualStack?: boolean
  ipv6First?: boolean
}

/** The port that the tool uses where it is not told otherwise. */
const FLOATER_PORT = 8889

/** How long clusters wait for those of other tests to go; ms. Then they are raised all the same, and a node's log tells what it lacks. */
const PATIENCE = 5 * 60_000
/** Milliseconds. */
const BETWEEN_LOOKS = 500

/**
 * Reserves a name, address ranges and ports that nothing on the machine uses, and writes them down: for every wish, or for none.
 * Those that are claimed together wait for room together, so that no two who wait have what the other needs.
 */
export async function claimAll(
  wishes: readonly Claim[],
  say: (text: string) => void,
): Promise<ClusterRecord[]> {
  wishes.forEach(requireSound)
  const sizes = wishes.map(({nodes = 0}) => ({nodes}))
  const end = Date.now() + PATIENCE
  for (let isFirst = true; ; isFirst = false) {
    await removeCrashed()
    const records = await withLock(join(CLUSTERS, '.lock'), async () =>
      Date.now() > end || (await isRoomFor(sizes)) ? await reserveAll(wishes) : undefined,
    )
    if (records !== undefined) return records
    if (isFirst) say(`waiting until other clusters are gone, at most ${PATIENCE / 60_000} minutes`)
    await sleep(BETWEEN_LOOKS)
  }
}

async function reserveAll(wishes: readonly Claim[]): Promise<ClusterRecord[]> {
  const records: ClusterRecord[] = []
  try {
    for (const wish of wishes) records.push(await reserve(wish))
    return records
  } catch (error) {
    await takeDownAll(records)
    throw error
  }
}

function requireSound({name, nodes = 0, fakeNodes = 0, podRange}: Claim): void {
  if (name !== undefined) directoryOf(name)
  if (fakeNodes === 0) requireCount(nodes, MAX_NODES)
  else requireCount(fakeNodes, MAX_FAKE_NODES)
  if (podRange !== undefined && !/^\d{1,3}\.\d{1,3}\.(0|128)\.0\/17$/.test(podRange))
    throw new Error(`a range of pods is a /17 such as 10.244.0.0/17, not "${podRange}"`)
}

/** Under the claims' lock. */
async function reserve(wish: Claim): Promise<ClusterRecord> {
  const {owner, nodes = 0, fakeNodes = 0, podRange, dualStack = false, ipv6First = false} = wish
  const token = newToken()
  const name = wish.name ?? `test-${token.slice(0, 6)}`
  const slot = await freeSlot()
  const port = await portChooser()
  const ports = {etcd: await port(), etcdPeers: await port(), apiServer: await port()}
  const record: ClusterRecord = {name, owner, token, slot, nodes, ports}
  if (podRange !== undefined) record.podRange = podRange
  if (dualStack) record.dualStack = true
  if (dualStack && ipv6First) record.ipv6First = true
  if (fakeNodes > 0)
    record.fake = {count: fakeNodes, kubeletPort: await port(), floaterPort: await port(FLOATER_PORT)}
  await createRecord(record)
  return record
}

function requireCount(count: number, most: number): void {
  if (!Number.isInteger(count) || count < 1 || count > most)
    throw new Error(`a cluster has 1 to ${most} nodes, not ${count}`)
}

async function freeSlot(): Promise<number> {
  const taken = new Set((await listRecords()).map(({slot}) => slot))
  const used = await usedRanges()
  const links = (JSON.parse(await run(['ip', '-j', 'link'])) as {ifname: string}[]).map(({ifname}) => ifname)
  const spaces = await readdir('/run/netns').catch(() => [])
  for (let slot = 0; slot < SLOTS; slot += 1) {
    if (taken.has(slot) || [...links, ...spaces].some((name) => isOfSlot(slot, name))) continue
    if (!used.some((range) => overlaps(range, rangeOf(slot)))) return slot
  }
  throw new Error('no private address range is free on this machine: look at `ip route`')
}

/** Where this machine's routes lead, its own addresses included. */
async function usedRanges(): Promise<string[]> {
  const routes = JSON.parse(await run(['ip', '-4', '-j', 'route', 'show', 'table', 'all'])) as {dst: string}[]
  return routes.map(({dst}) => dst).filter((dst) => /^\d/.test(dst) && !dst.startsWith('0.0.0.0'))
}

function overlaps(a: string, b: string): boolean {
  const [addressA = '', bitsA = '32'] = a.split('/')
  const [addressB = '', bitsB = '32'] = b.split('/')
  const size = 2 ** (32 - Math.min(Number(bitsA), Number(bitsB)))
  return Math.floor(toNumber(addressA) / size) === Math.floor(toNumber(addressB) / size)
}

function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}
