import {existsSync} from 'node:fs'
import {createServer as createHttpServer} from 'node:http'
import {createServer, type AddressInfo, type Server} from 'node:net'
import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest'
import type {Check} from '../../src/model/plan.ts'
import type {Limits, Section} from '../../src/probe/script.ts'
import {tcp} from '../../src/protocols/tcp.ts'
import {image, program, removeImage, SHELLS, start} from './shells.ts'

const expected = 'OK'
const servers: Server[] = []
let port: Record<'floater' | 'early' | 'other' | 'big' | 'closing' | 'silent' | 'nothing', number>
/** The last request of which the floater has read the body to its end. */
let asked = {length: 0, connection: '', expect: ''}
let path = ''

beforeAll(async () => {
  const listenTo = async (server: Server) => {
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return (server.address() as AddressInfo).port
  }
  const answering = (body: string) => listenTo(createHttpServer((_, response) => response.end(body)))
  port = {
    // As Go's server: it answers when it has read all of the request.
    floater: await listenTo(
      createHttpServer((request, response) => {
        let length = 0
        request.on('data', (chunk: Buffer) => (length += chunk.length))
        request.on('end', () => {
          const {connection = '', expect = ''} = request.headers
          asked = {length, connection, expect}
          response.end('OK')
        })
      }),
    ),
    // Never reads more than the first packet.
    early: await listenTo(createServer((socket) => socket.once('data', () => socket.pause()))),
    other: await answering('<h1>It works!</h1>\nNONCE'),
    big: await answering('x'.repeat(100_000)),
    closing: await listenTo(createServer((socket) => socket.destroy())),
    silent: await listenTo(createServer()),
    nothing: 1,
  }
})

afterEach(async () => removeImage(path))
afterAll(() => servers.forEach((server) => server.close()))

/** Curls that make all probes in one process, and one a probe: curl before 7.75. */
const CURLS = {
  'a parallel curl': program('curl') ?? '',
  'an old curl': `#!/bin/sh\n[ "$2" != -V ] || { echo "curl 7.74.0 (x86)"; exit; }\nexec ${program('curl') ?? ''} "$@"\n`,
}

async function run(
  shell: string,
  curl: keyof typeof CURLS,
  section: Omit<Section, 'protocol'>,
  limits: Limits,
) {
  path = await image(shell, {curl: CURLS[curl]})
  return start(path, [{protocol: tcp, ...section}], limits)
}

describe.each(
  SHELLS.flatMap((shell) => Object.keys(CURLS).map((curl) => [shell, curl as keyof typeof CURLS] as const)),
)('in %s, with %s', (shell, curl) => {
  const judged = async (check: Check, targets: readonly string[]) => {
    const {heard, folder, ended, stderr} = await run(
      shell,
      curl,
      {check, targets},
      {parallel: 4, probeTimeout: 1},
    )
    expect(await ended).toBe(0)
    expect(heard.ended()).toBe(true)
    expect(stderr()).toBe('')
    expect(existsSync(folder)).toBe(false)
    return targets.map((_, job) => {
      const answer = heard.answer(0, job)
      return (
        answer && tcp.judge(answer, {endpoint: {node: 0, address: '127.0.0.1', port: 1}, check, expected})
      )
    })
  }

  test('tells every kind of answer apart', async () => {
    const verdicts = await judged('reply', [
      `127.0.0.1:${port.floater}`,
      `127.0.0.1:${port.other}`,
      `127.0.0.1:${port.big}`,
      `127.0.0.1:${port.closing}`,
      `127.0.0.1:${port.silent}`,
      `127.0.0.1:${port.nothing}`,
      `localhost:${port.floater}`,
      `localhost:${port.nothing}`,
    ])
    expect(verdicts.map((verdict) => verdict?.reason)).toEqual([
      'answered',
      'wrong-peer',
      'wrong-peer',
      'reset',
      'timeout',
      'refused',
      'answered',
      'refused',
    ])
    expect(verdicts[1]?.raw).toBe('HTTP 200: <h1>It works!</h1> NONCE')
    expect(verdicts[5]?.raw).toBe('Connection refused')
  })

  test('keeps answers apart that are long, however many come at once', async () => {
    const verdicts = await judged('reply', Array<string>(60).fill(`127.0.0.1:${port.big}`))
    expect(verdicts.map((verdict) => verdict?.reason)).toEqual(Array(60).fill('wrong-peer'))
    expect(verdicts[0]?.raw).toBe(`HTTP 200: ${'x'.repeat(200)}`)
  })

  test('asks with several full packets, and waits for no leave to send them', async () => {
    const verdicts = await judged('mtu', [
      `127.0.0.1:${port.floater}`,
      `127.0.0.1:${port.early}`,
      `127.0.0.1:${port.nothing}`,
      `127.0.0.1:${port.other}`,
    ])
    expect(verdicts.map((verdict) => verdict?.reason)).toEqual(['answered', 'mtu', 'refused', 'wrong-peer'])
    // Go's server answers before it has read the body where the connection is to be closed.
    expect(asked.length).toBe(16 * 1024)
    expect(asked.connection).not.toMatch(/close/i)
    expect(asked.expect).toBe('')
  })

  test('ends its probes when standard input ends, and leaves no process', async () => {
    const targets = [`127.0.0.1:${port.silent}`]
    const {child, heard, folder, ended} = await run(
      shell,
      curl,
      {check: 'reply', targets},
      {parallel: 4, probeTimeout: 60},
    )
    await connectionToSilent()
    child.stdin?.end()
    expect(await ended).toBe(0)
    expect(heard.answered()).toBe(0)
    expect(existsSync(folder)).toBe(false)
  })

  test('makes 500 probes and answers each once', async () => {
    const targets = Array.from(
      {length: 500},
      (_, i) => `127.0.${1 + (i % 200)}.${1 + (i % 250)}:${port.nothing}`,
    )
    const {heard, ended} = await run(shell, curl, {check: 'reply', targets}, {parallel: 64, probeTimeout: 5})
    expect(await ended).toBe(0)
    expect(heard.answered()).toBe(500)
    expect(heard.answer(0, 499)?.trace).toBe('Connection refused')
  })
})

/** Waits until the script has connected to the silent server. */
async function connectionToSilent(): Promise<void> {
  const silent = servers.find((server) => (server.address() as AddressInfo).port === port.silent)
  await new Promise<void>((resolve) => silent?.once('connection', () => resolve()))
}
