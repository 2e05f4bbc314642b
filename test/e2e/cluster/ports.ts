import {createServer} from 'node:net'
import {listRecords} from './record.ts'

/** Below the range from which the kernel picks ports for outgoing connections: none of those takes one away again. */
const FIRST = 21_000
const LAST = 29_999

/** What may not be handed out again: another cluster that is being raised has reserved it, but may not listen yet. */
export async function reservedPorts(): Promise<number[]> {
  return (await listRecords()).flatMap(({ports}) => Object.values(ports))
}

/** A port on which nothing listens, and none of the reserved ones. */
export async function freePort(reserved: readonly number[]): Promise<number> {
  for (let port = FIRST; port <= LAST; port += 1) {
    if (!reserved.includes(port) && (await isFree(port))) return port
  }
  throw new Error(`no port from ${FIRST} to ${LAST} is free on this machine`)
}

/** True where no process listens on the port, whatever the address. */
export async function isFree(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '0.0.0.0', () => server.close(() => resolve(true)))
  })
}
