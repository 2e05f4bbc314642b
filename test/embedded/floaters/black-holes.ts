import {connect, type Socket} from 'node:net'
import {Worker} from 'node:worker_threads'
import type {Endpoint} from './addresses.ts'

/**
 * The other side of BlackHoles: a thread that listens and then sleeps, so that it never accepts. Listening runs
 * in ticks and promises only; the thread never gets back to its event loop, where connections are accepted.
 * As text, because a worker cannot load TypeScript by itself.
 */
const SLEEPER = `
const {workerData: {signal, orders, answers}, receiveMessageOnPort} = require('node:worker_threads')
const {createServer} = require('node:net')
const servers = new Map()
const run = async () => {
  for (;;) {
    Atomics.wait(signal, 0, 0)
    Atomics.store(signal, 0, 0)
    for (let order; (order = receiveMessageOnPort(orders)?.message); ) {
      const {id, ip, port, close} = order
      if (close) {
        servers.get(id)?.close()
        servers.delete(id)
        answers.postMessage({id})
        continue
      }
      const server = createServer()
      servers.set(id, server)
      const error = await new Promise((resolve) => {
        server.once('error', (error) => resolve(error.message))
        server.listen({host: ip, port, backlog: 1}, () => resolve(undefined))
      })
      answers.postMessage({id, error})
    }
  }
}
void run()
`

/** Backlog 1 holds two connections on Linux, others may hold a few more. */
const FILL_LIMIT = 16
/** A connect to a loopback queue with room takes microseconds. */
const FULL_AFTER_MS = 150

/** Addresses where connects time out, without root: listeners that nobody accepts from, with a full queue. */
export class BlackHoles {
  #worker: Worker | undefined
  readonly #signal = new Int32Array(new SharedArrayBuffer(4))
  readonly #orders = new MessageChannel()
  readonly #answers = new MessageChannel()
  readonly #waiting = new Map<number, (error: string | undefined) => void>()
  readonly #fillers = new Map<number, Socket[]>()
  #lastId = 0

  /** Opens a black hole; the returned function closes it. */
  async open({ip, port}: Endpoint): Promise<() => Promise<void>> {
    this.#worker ??= this.#startWorker()
    const id = ++this.#lastId
    const error = await this.#order({id, ip, port})
    if (error !== undefined) throw new Error(error)
    this.#fillers.set(id, await fillQueue({ip, port}))
    return () => this.#close(id)
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#fillers.keys()].map((id) => this.#close(id)))
    this.#orders.port1.close()
    this.#answers.port1.close()
    await this.#worker?.terminate()
  }

  async #close(id: number): Promise<void> {
    for (const socket of this.#fillers.get(id) ?? []) socket.destroy()
    this.#fillers.delete(id)
    await this.#order({id, close: true})
  }

  /** Resolves when the sleeper has done it, to its complaint if there is one. */
  #order(order: {id: number; ip?: string; port?: number; close?: boolean}): Promise<string | undefined> {
    return new Promise((resolve) => {
      this.#waiting.set(order.id, resolve)
      this.#orders.port1.postMessage(order)
      Atomics.store(this.#signal, 0, 1)
      Atomics.notify(this.#signal, 0)
    })
  }

  #startWorker(): Worker {
    const [orders, answers] = [this.#orders.port2, this.#answers.port2]
    this.#answers.port1.on('message', (data: {id: number; error: string | undefined}) => {
      this.#waiting.get(data.id)?.(data.error)
      this.#waiting.delete(data.id)
    })
    return new Worker(SLEEPER, {
      eval: true,
      execArgv: [],
      workerData: {signal: this.#signal, orders, answers},
      transferList: [orders, answers],
    })
  }
}

/** Connects until one connect is not answered any more, and keeps all of them. */
async function fillQueue(endpoint: Endpoint): Promise<Socket[]> {
  const sockets: Socket[] = []
  while (sockets.length < FILL_LIMIT) {
    const socket = connect({host: endpoint.ip, port: endpoint.port})
    socket.on('error', () => undefined)
    sockets.push(socket)
    const connected = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), FULL_AFTER_MS)
      socket.once('connect', () => {
        clearTimeout(timer)
        resolve(true)
      })
    })
    if (!connected) return sockets
  }
  throw new Error(`${endpoint.ip}:${endpoint.port} still accepts after ${FILL_LIMIT} connections`)
}
