import {createServer} from 'node:net'
import {listRecords} from './record.ts'

/** Below the range from which the kernel picks ports for outgoing connections: none of those takes one away again. */
const FIRST = 21_000
const LAST = 29_999

/**
 * Chooses ports on which nothing listens, a wished one if possible, none twice, and none that another cluster has
 * reserved: one that is being raised may not listen yet. Ask under the claims' lock.
 */
export async function portChooser(): Promise<(wish?: number) => Promise<number>> {
  const records = await listRecords()
  const taken = new Set(
    records.flatMap(({ports, fake}) => [...Object.values(ports), fake?.kubeletPort, fake?.floaterPort]),
  )
  return async (wish = FIRST) => {
    for (const port of candidates(wish)) {
      if (taken.has(port) || !(await isFree(port))) continue
      taken.add(port)
      return port
    }
    throw new Error(`no port from ${FIRST} to ${LAST} is free on this machine`)
  }
}

function* candidates(wish: number): Generator<number> {
  yield wish
  for (let port = FIRST; port <= LAST; port += 1) yield port
}

/** True where no process listens on the port, whatever the address. */
async function isFree(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '0.0.0.0', () => server.close(() => resolve(true)))
  })
}
