import {createServer as createHttpServer} from 'node:http'
import {createServer, type Server, type Socket} from 'node:net'
import type {Listens} from '../options.ts'
import type {Endpoint} from './addresses.ts'
import {BlackHoles} from './black-holes.ts'

type Close = () => Promise<void>

/** The listeners behind the pods: each is what one node's floater looks like from outside. */
export class Floaters {
  readonly #open = new Map<string, Close>()
  readonly #blackHoles = new BlackHoles()

  readonly #slowMs: number
  /** How many requests came to each "IP:PORT" that got the floater's own answer. */
  readonly arrivals = new Map<string, number>()

  constructor(slowMs: number) {
    this.#slowMs = slowMs
  }

  /** Replaces what pod `uid` listens with. Rejects when the address is taken. */
  async open(uid: string, endpoint: Endpoint, listens: Listens, answer: string): Promise<void> {
    await this.close(uid)
    const close = await this.#listen(endpoint, listens, answer)
    if (close !== undefined) this.#open.set(uid, close)
  }

  async close(uid: string): Promise<void> {
    const close = this.#open.get(uid)
    this.#open.delete(uid)
    await close?.()
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((uid) => this.close(uid)))
    await this.#blackHoles.stop()
  }

  #listen(endpoint: Endpoint, listens: Listens, answer: string): Promise<Close | undefined> {
    switch (listens) {
      case 'refuses':
        return Promise.resolve(undefined)
      case 'black-hole':
        return this.#blackHoles.open(endpoint)
      case 'resets':
        return serve(
          createServer((socket) => socket.resetAndDestroy()),
          endpoint,
        )
      case 'answers':
        return serve(httpServer(200, answer, 0, this.#counter(endpoint)), endpoint)
      case 'impostor':
        return serve(httpServer(200, '<html><title>Welcome</title></html>\n'), endpoint)
      case 'http-500':
        return serve(httpServer(500, 'internal error\n'), endpoint)
      case 'slow':
        return serve(httpServer(200, answer, this.#slowMs, this.#counter(endpoint)), endpoint)
    }
  }

  #counter({ip, port}: Endpoint): () => void {
    const address = `${ip}:${port}`
    return () => this.arrivals.set(address, (this.arrivals.get(address) ?? 0) + 1)
  }
}

function httpServer(status: number, body: string, delayMs = 0, onRequest?: () => void): Server {
  const headers = {'Content-Type': 'text/plain', 'Content-Length': Buffer.byteLength(body)}
  return createHttpServer((_request, response) => {
    onRequest?.()
    const answer = () => response.writeHead(status, headers).end(body)
    if (delayMs > 0) setTimeout(answer, delayMs)
    else answer()
  })
}

function serve(server: Server, {ip, port}: Endpoint): Promise<Close> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, ip, () => {
      resolve(() => {
        server.close()
        for (const socket of sockets) socket.destroy()
        return Promise.resolve()
      })
    })
  })
}
