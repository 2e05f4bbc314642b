import {readdir} from 'node:fs/promises'
import {join} from 'node:path'
import {linkOf, MAX_NODES, rangeOf, SLOTS} from './layout.ts'
import {withLock} from './lock.ts'
import {CLUSTERS} from './paths.ts'
import {freePort, reservedPorts} from './ports.ts'
import {createRecord, directoryOf, listRecords, newToken, type ClusterRecord, type Owner} from './record.ts'
import {run} from './run.ts'

/** Reserves a name, address ranges and ports that nothing on the machine uses, and writes them down. */
export async function claim(wish: {name?: string; nodes: number; owner: Owner}): Promise<ClusterRecord> {
  if (!Number.isInteger(wish.nodes) || wish.nodes < 1 || wish.nodes > MAX_NODES) {
    throw new Error(`a cluster has 1 to ${MAX_NODES} nodes, not ${wish.nodes}`)
  }
  const token = newToken()
  const name = wish.name ?? `test-${token.slice(0, 6)}`
  directoryOf(name)
  return await withLock(join(CLUSTERS, '.lock'), async () => {
    const slot = await freeSlot()
    const reserved = await reservedPorts()
    const etcd = await freePort(reserved)
    const etcdPeers = await freePort([...reserved, etcd])
    const apiServer = await freePort([...reserved, etcd, etcdPeers])
    const ports = {etcd, etcdPeers, apiServer}
    const record: ClusterRecord = {name, owner: wish.owner, token, slot, nodes: wish.nodes, ports}
    await createRecord(record)
    return record
  })
}

async function freeSlot(): Promise<number> {
  const taken = new Set((await listRecords()).map(({slot}) => slot))
  const used = await usedRanges()
  const links = (JSON.parse(await run(['ip', '-j', 'link'])) as {ifname: string}[]).map(({ifname}) => ifname)
  const spaces = await readdir('/run/netns').catch(() => [])
  for (let slot = 0; slot < SLOTS; slot += 1) {
    const named = (name: string) => name === linkOf(slot) || name.startsWith(`${linkOf(slot)}-`)
    if (taken.has(slot) || [...links, ...spaces].some(named)) continue
    if (!used.some((range) => overlaps(range, rangeOf(slot)))) return slot
  }
  throw new Error('no private address range is free on this machine: look at `ip route`')
}

/** Where this machine's routes lead, its own addresses included. */
async function usedRanges(): Promise<string[]> {
  const routes = JSON.parse(await run(['ip', '-4', '-j', 'route', 'show', 'table', 'all'])) as {dst: string}[]
  return routes.map(({dst}) => dst).filter((dst) => /^\d/.test(dst) && !dst.startsWith('0.0.0.0'))
}

export function overlaps(a: string, b: string): boolean {
  const [addressA = '', bitsA = '32'] = a.split('/')
  const [addressB = '', bitsB = '32'] = b.split('/')
  const size = 2 ** (32 - Math.min(Number(bitsA), Number(bitsB)))
  return Math.floor(toNumber(addressA) / size) === Math.floor(toNumber(addressB) / size)
}

function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}
