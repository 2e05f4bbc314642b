import {constants, createDeflate, createInflate} from 'node:zlib'
import {SPDY_DICTIONARY} from './spdy-dictionary.ts'

/** SPDY/3.1 on the wire: an 8-byte head (a control bit, flags, a 24-bit length), then the payload. */
export const SYN_STREAM = 1
export const SYN_REPLY = 2
export const RST_STREAM = 3
export const PING = 6
export const GOAWAY = 7
export const FLAG_FIN = 1

const CONTROL = 0x8003

export interface Frame {
  /** Undefined for a data frame. */
  type: number | undefined
  /** Of a data frame. */
  stream: number
  flags: number
  payload: Buffer
}

/** Cuts what arrives into frames; the rest waits for more. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0)

  read(chunk: Buffer): Frame[] {
    const frames: Frame[] = []
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    while (this.#rest.length >= 8) {
      const length = this.#rest.readUIntBE(5, 3)
      if (this.#rest.length < 8 + length) break
      const control = this.#rest.readUInt16BE(0) === CONTROL
      frames.push({
        type: control ? this.#rest.readUInt16BE(2) : undefined,
        stream: this.#rest.readUInt32BE(0) & 0x7fffffff,
        flags: this.#rest.readUInt8(4),
        payload: this.#rest.subarray(8, 8 + length),
      })
      this.#rest = this.#rest.subarray(8 + length)
    }
    return frames
  }
}

export function controlFrame(type: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt16BE(CONTROL, 0)
  head.writeUInt16BE(type, 2)
  head.writeUIntBE(payload.length, 5, 3)
  return Buffer.concat([head, payload])
}

export function dataFrame(stream: number, payload: Buffer, flags = 0): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(stream, 0)
  head.writeUInt8(flags, 4)
  head.writeUIntBE(payload.length, 5, 3)
  return Buffer.concat([head, payload])
}

/** Header blocks are one compressed stream for the life of a connection, in each direction. */
export class HeaderCodec {
  readonly #inflate = createInflate({dictionary: SPDY_DICTIONARY})
  readonly #deflate = createDeflate({dictionary: SPDY_DICTIONARY})
  #inflated: Buffer[] = []
  #deflated: Buffer[] = []

  constructor() {
    this.#inflate.on('data', (chunk: Buffer) => this.#inflated.push(chunk))
    this.#deflate.on('data', (chunk: Buffer) => this.#deflated.push(chunk))
  }

  async decode(block: Buffer): Promise<Map<string, string>> {
    this.#inflated = []
    await new Promise<void>((resolve, reject) => {
      this.#inflate.once('error', reject)
      this.#inflate.write(block, () => resolve())
    })
    return parseHeaders(Buffer.concat(this.#inflated))
  }

  /** A header block without any header: all that a reply needs. */
  async encodeNone(): Promise<Buffer> {
    this.#deflated = []
    await new Promise<void>((resolve) => {
      this.#deflate.write(Buffer.alloc(4))
      this.#deflate.flush(constants.Z_SYNC_FLUSH, () => resolve())
    })
    return Buffer.concat(this.#deflated)
  }

  close(): void {
    this.#inflate.destroy()
    this.#deflate.destroy()
  }
}

function parseHeaders(block: Buffer): Map<string, string> {
  let at = 0
  const number = () => block.readUInt32BE((at += 4) - 4)
  const text = () => {
    const length = number()
    return block.toString('utf8', at, (at += length))
  }
  const headers = new Map<string, string>()
  for (let left = number(); left > 0; left--) {
    const name = text()
    headers.set(name, text())
  }
  return headers
}
