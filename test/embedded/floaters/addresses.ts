import {randomInt} from 'node:crypto'
import {createServer} from 'node:net'
import type {AddressInfo} from 'node:net'

/** Where a floater listens. */
export interface Endpoint {
  ip: string
  port: number
}

export interface Addresses {
  /** An address for a pod or node that was never given out before, as after a real pod restart. */
  nextIp(): string
  /** The port on which a floater that asked for `wanted` can listen there. */
  portFor(wanted: number): Promise<number>
}

const [FIRST, COUNT] = [16, 234]
/** The second number of the addresses that are the same every time; no cluster draws it. */
const SAME = 10
let clusters = randomInt(COUNT)

/**
 * On Linux all of 127.0.0.0/8 is the machine itself, so every floater gets an address of its own in a random /16
 * (two embedded clusters do not meet, surely not two of one process). Elsewhere only 127.0.0.1 exists: then every floater gets a port of its own.
 */
export async function chooseAddresses(wish: 'own' | 'ports' | 'same' | undefined): Promise<Addresses> {
  const second = wish === 'same' ? SAME : FIRST + (clusters++ % COUNT)
  if (wish === 'ports' || (wish === undefined && !(await canListen(`127.${second}.0.1`)))) {
    return {nextIp: () => '127.0.0.1', portFor: () => freePort('127.0.0.1')}
  }
  let given = 0
  return {
    nextIp: () => {
      given++
      return `127.${second}.${Math.floor(given / 250) % 256}.${(given % 250) + 1}`
    },
    portFor: (wanted) => Promise.resolve(wanted),
  }
}

async function canListen(ip: string): Promise<boolean> {
  return freePort(ip).then(
    () => true,
    () => false,
  )
}

function freePort(ip: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, ip, () => {
      const {port} = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
