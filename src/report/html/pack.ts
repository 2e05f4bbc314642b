import {deflateSync, strToU8} from 'fflate'
import type {Diagnosis} from '../../model/finding.ts'
import type {Block, Endpoint, Probe} from '../../model/plan.ts'
import type {Run} from '../../model/run.ts'
import {reach} from '../../plan/modes.ts'
import {probesOf} from '../../plan/plan.ts'
import {isPlain} from '../../results/store.ts'
import {printable} from '../../text/printable.ts'
import {destinationName, nodeName} from '../names.ts'
import {nodeGroups} from '../node-groups.ts'
import {outcomes} from './outcomes.ts'
import type {Packed, PackedBlock} from './packed.ts'

/**
 * The run for the page's script, compressed: four bytes of length, what is told once as JSON, and then for each probe the
 * two bytes of its outcome and the four of its time, each byte in a row of its own, which compresses best.
 */
export function pack(run: Run, diagnosis: Diagnosis): Uint8Array {
  const {size} = run.plan
  const columns = new Uint8Array(size * 6)
  const {list, numberOf} = outcomes(run, diagnosis)
  for (const probe of probesOf(run.plan)) {
    const {id} = probe
    const outcome = numberOf(probe)
    const time = rounded(run.results.timeUs[id] ?? 0, isPlain(run.results, probe))
    for (let byte = 0; byte < 2; byte++) columns[byte * size + id] = outcome >>> (8 * byte)
    for (let byte = 0; byte < 4; byte++) columns[(2 + byte) * size + id] = time >>> (8 * byte)
  }
  const head = strToU8(JSON.stringify(told(run, diagnosis, list)))
  const whole = new Uint8Array(4 + head.length + columns.length)
  new DataView(whole.buffer).setUint32(0, head.length, true)
  whole.set(head, 4)
  whole.set(columns, 4 + head.length)
  return deflateSync(whole, {level: 6})
}

function told(run: Run, {findings}: Diagnosis, list: Packed['outcomes']): Packed {
  const {nodes, blocks, size} = run.plan
  const targets = new Map(nodes.map((_, index) => [`node ${index}`, index]))
  const names = nodes.map((_, index) => nodeName(run, index))
  const targetOf = (block: Block, endpoint: Endpoint): number => {
    const name = destinationName(run, {id: 0, block, source: -1, endpoint})
    const key = endpoint.node === undefined ? `other ${name}` : `node ${endpoint.node}`
    const found = targets.get(key)
    if (found !== undefined) return found
    targets.set(key, names.length)
    return names.push(name) - 1
  }
  const packed = blocks.map((block): PackedBlock => {
    const {mode, protocol, ipFamily, check, sources, endpoints, picks} = block
    return {
      ...{mode, protocol, family: ipFamily, mtu: check === 'mtu', sources},
      endpoints: endpoints.map((endpoint) => ({
        target: targetOf(block, endpoint),
        address: printable(endpoint.address ?? ''),
        port: endpoint.port,
        loop: loopOf({block, source: endpoint.node ?? -1, endpoint}),
      })),
      ...(picks === undefined ? {} : {picks}),
    }
  })
  const groups = nodeGroups(run)
  return {
    nodes: nodes.map((_, index) => ({name: names[index] ?? '', group: groups[index] ?? ''})),
    targets: names,
    blocks: packed,
    outcomes: list,
    findings: findings.map(({sentence}) => sentence),
    size,
  }
}

function loopOf(probe: Omit<Probe, 'id'>): string {
  return {self: ' (self)', 'same-node': ' (same node)', network: ''}[reach(probe)]
}

/** Two digits are what a reader takes in, and what keeps a page small; of what is no plain success, the millisecond. */
function rounded(us: number, isPlainSuccess: boolean): number {
  if (!isPlainSuccess) return us < 10_000 ? us : Math.round(us / 1000) * 1000
  const unit = us < 100 ? 1 : 10 ** (Math.floor(Math.log10(us)) - 1)
  return Math.round(us / unit) * unit
}
