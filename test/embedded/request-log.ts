import type {IncomingMessage} from 'node:http'

export interface RequestLogEntry {
  method: string
  path: string
  query: string
  userAgent: string
}

/** The latest requests, oldest first. */
export class RequestLog {
  readonly entries: RequestLogEntry[] = []
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  add({method = '', headers}: IncomingMessage, path: string, query: URLSearchParams): void {
    if (this.#limit === 0) return
    this.entries.push({method, path, query: query.toString(), userAgent: headers['user-agent'] ?? ''})
    // Dropped by the half, so that a full log costs nothing per request.
    if (this.entries.length >= this.#limit * 2) this.entries.splice(0, this.#limit)
  }
}
