import {particular} from '../../../results/placeholders.ts'
import type {Outcome, Packed, PackedBlock, PackedEndpoint} from '../packed.ts'

/** The run as the page has it: a column for each thing that is known of every probe. */
export interface Data {
  readonly told: Packed
  /** Index into `told.outcomes`. */
  readonly outcome: Uint16Array
  readonly timeUs: Uint32Array
  /** Index into `told.blocks`. */
  readonly block: Uint16Array
  /** Index into `told.nodes`. */
  readonly source: Uint16Array
  /** Index into the endpoints of the block. */
  readonly endpoint: Uint32Array
  /** Index into `told.targets`. */
  readonly target: Uint32Array
}

/** One probe in words. */
export interface ProbeView {
  readonly from: string
  readonly to: string
  readonly path: string
  readonly address: string
  readonly timeUs: number
  readonly outcome: Outcome
  readonly message: string
  readonly raw: string
}

export async function unpack(base64: string): Promise<Data> {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
  const whole = new Uint8Array(await new Response(stream).arrayBuffer())
  const length = new DataView(whole.buffer).getUint32(0, true)
  const told = JSON.parse(new TextDecoder().decode(whole.subarray(4, 4 + length))) as Packed
  const columns = whole.subarray(4 + length)
  const {size} = told
  const outcome = new Uint16Array(size)
  const timeUs = new Uint32Array(size)
  const byte = (column: number, id: number) => columns[column * size + id] ?? 0
  for (let id = 0; id < size; id++) {
    outcome[id] = byte(0, id) | (byte(1, id) << 8)
    timeUs[id] = byte(2, id) | (byte(3, id) << 8) | (byte(4, id) << 16) | (byte(5, id) << 24)
  }
  return {told, outcome, timeUs, ...placesOf(told)}
}

function placesOf({blocks, size}: Packed) {
  const block = new Uint16Array(size)
  const source = new Uint16Array(size)
  const endpoint = new Uint32Array(size)
  const target = new Uint32Array(size)
  let id = 0
  for (const [index, {sources, endpoints, picks}] of blocks.entries()) {
    const all = endpoints.map((_, column) => column)
    for (const [row, node] of sources.entries()) {
      for (const column of picks?.[row] ?? all) {
        block[id] = index
        source[id] = node
        endpoint[id] = column
        target[id++] = endpoints[column]?.target ?? 0
      }
    }
  }
  return {block, source, endpoint, target}
}

const NOWHERE: PackedEndpoint = {target: 0, address: '', port: 0, loop: ''}
const NOTHING: Outcome = {
  ...{status: 'EXCEPTION', reason: 'not-tested', unstable: false, finding: 0, message: '', raw: ''},
}

export function outcomeOf({told, outcome}: Data, id: number): Outcome {
  return told.outcomes[outcome[id] ?? 0] ?? NOTHING
}

function pathOf({mode, protocol, family, mtu}: PackedBlock): string {
  return [mode, protocol, ...(family === 'name' ? [] : [family]), ...(mtu ? ['mtu'] : [])].join(' ')
}

export function probeView(data: Data, id: number): ProbeView {
  const {told, timeUs} = data
  const block = told.blocks[data.block[id] ?? 0]
  const {address, port, loop} = block?.endpoints[data.endpoint[id] ?? 0] ?? NOWHERE
  const [source, target] = [data.source[id] ?? 0, data.target[id] ?? 0]
  const outcome = outcomeOf(data, id)
  const time = timeUs[id] ?? 0
  return {
    from: told.nodes[source]?.name ?? '',
    to: `${told.targets[target] ?? ''}${source === target ? loop : ''}`,
    path: block === undefined ? '' : pathOf(block),
    address: address === '' ? '-' : port === 0 ? address : `${address} port ${port}`,
    timeUs: time,
    outcome,
    message: particular(outcome.message, address, time),
    raw: particular(outcome.raw, address, time),
  }
}

/** `SUCCEEDED (unstable)`. */
export function statusWords({status, unstable}: Outcome): string {
  return unstable ? `${status} (unstable)` : status
}
