import {Readable, Writable} from 'node:stream'
import type {Duplex} from 'node:stream'
import type {ExecConnection, StreamsWanted} from './connection.ts'
import {
  controlFrame,
  dataFrame,
  FLAG_FIN,
  FrameReader,
  GOAWAY,
  type Frame,
  HeaderCodec,
  PING,
  RST_STREAM,
  SYN_REPLY,
  SYN_STREAM,
} from './spdy-frames.ts'

const PROTOCOL = 'v4.channel.k8s.io'

/** Answers the upgrade; the exec begins when the client has opened the streams that it wants. */
export function acceptSpdy(socket: Duplex, head: Buffer, wanted: StreamsWanted): Promise<ExecConnection> {
  socket.write(
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n' +
      `X-Stream-Protocol-Version: ${PROTOCOL}\r\n\r\n`,
  )
  if (head.length > 0) socket.unshift(head)
  return new SpdyExec(socket, wanted).opened
}

class SpdyExec {
  readonly opened: Promise<ExecConnection>
  readonly #socket: Duplex
  readonly #wanted: string[]
  readonly #streams = new Map<string, number>()
  readonly #headers = new HeaderCodec()
  readonly #stdin = new Readable({read: () => undefined})
  readonly #closed: Promise<void>
  #open: (connection: ExecConnection) => void = () => undefined

  constructor(socket: Duplex, {stdin, stdout, stderr}: StreamsWanted) {
    this.#socket = socket
    this.#wanted = [
      'error',
      ...(stdin ? ['stdin'] : []),
      ...(stdout ? ['stdout'] : []),
      ...(stderr ? ['stderr'] : []),
    ]
    this.opened = new Promise((resolve) => {
      this.#open = resolve
    })
    socket.on('error', () => undefined)
    this.#closed = new Promise((resolve) =>
      socket.once('close', () => {
        this.#stdin.push(null)
        this.#headers.close()
        resolve()
      }),
    )
    void this.#receive().catch(() => socket.destroy())
  }

  async #receive(): Promise<void> {
    const reader = new FrameReader()
    for await (const chunk of this.#socket) {
      for (const frame of reader.read(chunk as Buffer)) await this.#take(frame)
    }
    this.#stdin.push(null)
  }

  async #take({type, stream, flags, payload}: Frame): Promise<void> {
    if (type === undefined && stream === this.#streams.get('stdin')) {
      if (payload.length > 0) this.#stdin.push(payload)
      if ((flags & FLAG_FIN) !== 0) this.#stdin.push(null)
    } else if (type === SYN_STREAM) {
      await this.#accept(payload)
    } else if (type === PING) {
      this.#socket.write(controlFrame(PING, payload))
    } else if (type === RST_STREAM && payload.readUInt32BE(0) === this.#streams.get('stdin')) {
      this.#stdin.push(null)
    }
  }

  async #accept(payload: Buffer): Promise<void> {
    const id = payload.subarray(0, 4)
    const headers = await this.#headers.decode(payload.subarray(10))
    this.#socket.write(controlFrame(SYN_REPLY, Buffer.concat([id, await this.#headers.encodeNone()])))
    this.#streams.set(headers.get('streamtype') ?? headers.get('streamType') ?? '', id.readUInt32BE(0))
    if (this.#wanted.every((name) => this.#streams.has(name))) this.#open(this.#connection())
  }

  #connection(): ExecConnection {
    return {
      stdin: this.#stdin,
      stdout: this.#writable('stdout'),
      stderr: this.#writable('stderr'),
      finish: (status) => {
        if (status !== undefined) this.#send('error', Buffer.from(JSON.stringify(status)))
        for (const name of ['error', 'stdout', 'stderr']) this.#send(name, Buffer.alloc(0), FLAG_FIN)
        this.#socket.end(controlFrame(GOAWAY, Buffer.alloc(8)))
      },
      reset: () => this.#socket.destroy(),
      closed: this.#closed,
    }
  }

  #writable(name: string): Writable {
    return new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        if (this.#socket.writable) this.#send(name, chunk, 0, () => done())
        else done()
      },
    })
  }

  #send(name: string, payload: Buffer, flags = 0, done?: () => void): void {
    const id = this.#streams.get(name)
    if (id === undefined || !this.#socket.writable) done?.()
    else this.#socket.write(dataFrame(id, payload, flags), done)
  }
}
