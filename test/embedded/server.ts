import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http'
import type {AddressInfo, Socket} from 'node:net'
import type {Duplex} from 'node:stream'
import {reviewAccess} from './api/access.ts'
import {discovery} from './api/discovery.ts'
import type {Answer, Objects} from './api/objects.ts'
import {type ApiRequest, identity, isWatch, parseTarget, readBody, reviewOf} from './api/request.ts'
import {accessDenied, ApiError, faultStatus, unknownPath} from './api/status.ts'
import {watch} from './api/watch.ts'
import type {Control} from './control.ts'
import {type ExecWorld, handleExec, PlainTextError} from './exec/exec.ts'
import type {ApiFaultTarget} from './faults.ts'
import type {AccessReview} from './options.ts'
import type {RequestLog} from './request-log.ts'

export interface ServerWorld extends ExecWorld {
  objects: Objects
  log: RequestLog
  control: Control
  version: string
  apiMs: number
  allowed: (review: AccessReview) => boolean
}

/** An OpenAPI document without any schema: kubectl then validates nothing, and does not refuse to go on. */
const NO_OPENAPI = {code: 200, body: ''}
const NO_OPENAPI_HEADERS = {'Content-Type': 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf'}

/** Ends a request with a list that says there is nothing. */
class EmptyList extends Error {}

type Ask = Omit<ApiRequest, 'body'>

/** A request for no object, as faults are asked about it. */
const NOTHING = {namespace: '', name: '', watch: false}

/** The HTTP side of the API server: finds out what a request wants, whether it may, and who answers it. */
export class ApiServer {
  readonly #world: ServerWorld
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  constructor(world: ServerWorld) {
    this.#world = world
    this.#server = createServer((request, response) => void this.#serve(request, response))
    this.#server.on('upgrade', (request, socket, head) => void this.#upgrade(request, socket, head))
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.on('error', () => undefined)
      socket.once('close', () => this.#sockets.delete(socket))
    })
    this.#server.requestTimeout = 0
    this.#server.keepAliveTimeout = 60_000
  }

  listen(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen({port: 0, host: '127.0.0.1', backlog: 4096}, () => {
        resolve(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`)
      })
    })
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
      for (const socket of this.#sockets) socket.destroy()
    })
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#answer(request, response)
    } catch (error) {
      if (error instanceof EmptyList) {
        send(response, {code: 200, body: '{"kind":"List","apiVersion":"v1","metadata":{},"items":[]}'})
        return
      }
      const {code, status, headers} = asApiError(error)
      if (!response.headersSent) send(response, {code, body: JSON.stringify(status)}, headers)
      else response.destroy()
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const {pathname, searchParams: query} = new URL(request.url ?? '/', 'http://embedded')
    const body = await readBody(request)
    if (this.#world.control.owns(pathname)) {
      send(response, this.#world.control.handle(request.method ?? '', pathname, body))
      return
    }
    this.#world.log.add(request, pathname, query)
    if (this.#world.apiMs > 0) await pause(this.#world.apiMs)
    const fixed = this.#fixed(pathname)
    if (fixed !== undefined || pathname === '/openapi/v2') {
      const resource = pathname === '/version' ? 'version' : 'discovery'
      await this.#fault({...NOTHING, method: 'GET', resource}, response)
    }
    if (fixed !== undefined) {
      send(response, {code: 200, body: JSON.stringify(fixed)})
      return
    }
    if (pathname === '/openapi/v2') {
      send(response, NO_OPENAPI, NO_OPENAPI_HEADERS)
      return
    }
    const who = identity(request)
    if (pathname === '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews') {
      await this.#fault({...NOTHING, method: 'POST', resource: 'selfsubjectaccessreviews'}, response)
      send(response, reviewAccess(body, who, this.#world.allowed))
      return
    }
    const ask = askOf(request, pathname, query)
    const watching = isWatch(query) && ask.method === 'GET'
    await this.#fault({...ask, resource: resourceOf(ask), watch: watching}, response)
    this.#authorize(ask)
    if (ask.subresource === 'exec') throw new ApiError(400, 'BadRequest', 'Upgrade request required')
    if (watching) watch(this.#world.store, {...ask, body}, response)
    else send(response, this.#world.objects.handle({...ask, body}))
  }

  #fixed(path: string): object | undefined {
    if (path === '/version') return versionInfo(this.#world.version)
    return discovery(path)
  }

  async #fault(target: ApiFaultTarget, response: {destroy(): unknown}): Promise<void> {
    const fault = this.#world.faults.forApi(target)
    switch (fault?.kind) {
      case undefined:
        return
      case 'status':
        throw faultStatus(fault.code, fault.retryAfter)
      case 'delay':
        await pause(fault.ms)
        return
      case 'hang':
        await new Promise(() => undefined)
        return
      case 'empty':
        throw new EmptyList()
      case 'close':
        response.destroy()
        throw new ApiError(500, 'InternalError', 'connection closed')
    }
  }

  #authorize(ask: Ask): void {
    const review = reviewOf(ask)
    if (!this.#world.allowed(review)) throw accessDenied(ask.kind, review)
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const {pathname, searchParams: query} = new URL(request.url ?? '/', 'http://embedded')
    this.#world.log.add(request, pathname, query)
    try {
      const ask = askOf(request, pathname, query)
      if (ask.subresource !== 'exec') throw unknownPath()
      await this.#fault({...ask, resource: resourceOf(ask), watch: false}, socket)
      this.#authorize(ask)
      // A WebSocket is opened with GET, which must not be a way around the right to create.
      this.#authorize({...ask, method: 'POST'})
      await handleExec(this.#world, ask, request, socket, head)
    } catch (error) {
      refuseUpgrade(socket, asApiError(error))
    }
  }
}

function resourceOf({kind, subresource}: Ask): string {
  return subresource === '' ? kind.resource : `${kind.resource}/${subresource}`
}

function askOf(request: IncomingMessage, path: string, query: URLSearchParams): Ask {
  const target = parseTarget(path)
  if (target === undefined) throw unknownPath()
  const contentType = request.headers['content-type'] ?? ''
  return {...target, ...identity(request), method: request.method ?? '', path, query, contentType}
}

function send(response: ServerResponse, {code, body}: Answer, headers: Record<string, string> = {}): void {
  response.writeHead(code, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    ...headers,
  })
  response.end(body)
}

function refuseUpgrade(socket: Duplex, error: ApiError): void {
  const plain = error instanceof PlainTextError
  const body = plain ? error.message : JSON.stringify(error.status)
  const headers = {
    'Content-Type': plain ? 'text/plain; charset=utf-8' : 'application/json',
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
    ...error.headers,
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.on('error', () => undefined)
  socket.end(`HTTP/1.1 ${error.code} ${error.reason}\r\n${lines.join('')}\r\n${body}`)
}

function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return new ApiError(500, 'InternalError', `Internal error occurred: ${message}`)
}

function versionInfo(gitVersion: string) {
  const [major = '1', minor = '0'] = gitVersion.replace(/^v/, '').split('.')
  const zero = '0'.repeat(40)
  return {
    major,
    minor,
    gitVersion,
    gitCommit: zero,
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: 'go1.25.0',
    compiler: 'gc',
    platform: 'linux/amd64',
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
