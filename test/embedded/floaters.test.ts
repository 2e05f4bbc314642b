import {get} from 'node:http'
import {afterEach, describe, expect, test} from 'vitest'
import {chooseAddresses} from './floaters/addresses.ts'
import {Floaters} from './floaters/floaters.ts'
import type {Listens} from './options.ts'

/** What a client with one second of patience sees. */
function probe(ip: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    const request = get({host: ip, port, path: '/', timeout: 1000, agent: false}, (response) => {
      response
        .setEncoding('utf8')
        .on('data', (body: string) => resolve(`${response.statusCode ?? 0} ${body.trim()}`))
    })
    request.on('timeout', () => request.destroy(new Error('timeout')))
    request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
  })
}

const CASES: {listens: Listens; seen: string}[] = [
  {listens: 'answers', seen: '200 OK'},
  {listens: 'slow', seen: '200 OK'},
  {listens: 'refuses', seen: 'ECONNREFUSED'},
  {listens: 'black-hole', seen: 'timeout'},
  {listens: 'resets', seen: 'ECONNRESET'},
  {listens: 'impostor', seen: '200 <html><title>Welcome</title></html>'},
  {listens: 'http-500', seen: '500 internal error'},
]

describe.each(['own', 'ports'] as const)('floaters with %s addresses', (wish) => {
  const floaters: Floaters[] = []

  afterEach(async () => {
    for (const made of floaters.splice(0)) await made.stop()
  })

  test.skipIf(wish === 'own' && process.platform !== 'linux').each(CASES)(
    '$listens',
    async ({listens, seen}) => {
      const made = new Floaters(300)
      floaters.push(made)
      const addresses = await chooseAddresses(wish)
      const [ip, port] = [addresses.nextIp(), await addresses.portFor(8889)]
      await made.open('pod', {ip, port}, listens, 'OK')
      expect(await probe(ip, port)).toBe(seen)
      await made.open('pod', {ip, port}, 'answers', 'healed')
      expect(await probe(ip, port)).toBe('200 healed')
      await made.close('pod')
      expect(await probe(ip, port)).toBe('ECONNREFUSED')
    },
  )

  test('a second black hole leaves the first one closed', async () => {
    const made = new Floaters(300)
    floaters.push(made)
    const addresses = await chooseAddresses(wish)
    const places = [addresses.nextIp(), addresses.nextIp(), addresses.nextIp()].map(async (ip) => ({
      ip,
      port: await addresses.portFor(8889),
    }))
    const endpoints = await Promise.all(places)
    for (const [index, endpoint] of endpoints.entries())
      await made.open(String(index), endpoint, 'black-hole', 'OK')
    expect(await Promise.all(endpoints.map(({ip, port}) => probe(ip, port)))).toEqual([
      'timeout',
      'timeout',
      'timeout',
    ])
  })
})
