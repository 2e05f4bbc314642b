import type {IncomingMessage} from 'node:http'
import {Readable, Writable} from 'node:stream'
import type {Duplex} from 'node:stream'
import {WebSocketServer, type WebSocket} from 'ws'
import type {ExecConnection} from './connection.ts'

/** First byte of every message. 255 comes with the number of the channel that its sender closes (v5 only). */
const STDIN = 0
const STDOUT = 1
const STDERR = 2
const STATUS = 3
const CLOSE = 255

const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io']

const server = new WebSocketServer({
  noServer: true,
  perMessageDeflate: false,
  handleProtocols: (offered) => PROTOCOLS.find((protocol) => offered.has(protocol)) ?? false,
})

export function acceptWebSocket(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<ExecConnection> {
  return new Promise((resolve) =>
    server.handleUpgrade(request, socket, head, (ws) => resolve(connection(ws))),
  )
}

function connection(ws: WebSocket): ExecConnection {
  // Never paused: a paused socket would not notice that the client is gone.
  const stdin = new Readable({read: () => undefined})
  ws.on('message', (data: Buffer) => {
    if (data[0] === STDIN && data.length > 1) {
      stdin.push(data.subarray(1))
    } else if (data[0] === CLOSE && data[1] === STDIN) {
      stdin.push(null)
    }
  })
  ws.on('error', () => undefined)
  const closed = new Promise<void>((resolve) =>
    ws.once('close', () => {
      stdin.push(null)
      resolve()
    }),
  )
  return {
    stdin,
    stdout: channel(ws, STDOUT),
    stderr: channel(ws, STDERR),
    finish: (status) => {
      if (status !== undefined)
        ws.send(Buffer.concat([Buffer.of(STATUS), Buffer.from(JSON.stringify(status))]))
      ws.close(1000)
    },
    reset: () => ws.terminate(),
    closed,
  }
}

function channel(ws: WebSocket, number: number): Writable {
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (ws.readyState === ws.OPEN) ws.send(Buffer.concat([Buffer.of(number), chunk]), () => done())
      else done()
    },
  })
}
