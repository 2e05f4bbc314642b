import {createSocket, type Socket} from 'node:dgram'
import {existsSync} from 'node:fs'
import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest'
import {udp} from '../../src/protocols/udp.ts'
import {image, IPV6, program, removeImage, SHELLS, start} from './shells.ts'

const NAME = 'netdoctor-floater-x7k2p'
const sockets: Socket[] = []
let port: Record<'floater' | 'other' | 'empty' | 'silent' | 'closed', number>
let path = ''

async function listenOn(address: string, reply: (asked: string, from: string) => string | undefined, at = 0) {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4')
  sockets.push(socket)
  socket.on('message', (message, from) => {
    const text = reply(
      String(message),
      address.includes(':') ? `[${from.address}]:${from.port}` : `${from.address}:${from.port}`,
    )
    if (text !== undefined) socket.send(text, from.port, from.address)
  })
  await new Promise<void>((resolve) => socket.bind(at, address, resolve))
  return socket.address().port
}

beforeAll(async () => {
  const netexec = (asked: string, from: string) =>
    asked === 'hostname' ? NAME : asked === 'clientip' ? from : undefined
  const floater = await listenOn('127.0.0.1', netexec)
  // With the same port, since "localhost" may be either.
  if (IPV6) await listenOn('::1', netexec, floater)
  const closed = createSocket('udp4')
  await new Promise<void>((resolve) => closed.bind(0, '127.0.0.1', resolve))
  port = {
    floater,
    other: await listenOn('127.0.0.1', (asked) => `you said ${asked}\ttwice`),
    empty: await listenOn('127.0.0.1', () => ''),
    silent: await listenOn('127.0.0.1', () => undefined),
    closed: closed.address().port,
  }
  closed.close()
})
afterAll(() => sockets.forEach((socket) => socket.close()))
afterEach(async () => removeImage(path))

/** Ways to send a datagram, of those that this machine has. Debian's busybox has an nc without UDP. */
const SENDERS = [
  {name: 'bash', tool: 'bash', file: program('bash')},
  {name: "openbsd's nc", tool: 'nc', file: program('nc.openbsd')},
].flatMap(({name, tool, file}) => (file === undefined ? [] : [{name, tools: {[tool]: file}}]))

async function probe(shell: string, tools: Readonly<Record<string, string>>, targets: readonly string[]) {
  path = await image(shell, tools)
  const run = start(path, [{protocol: udp, check: 'reply', targets}], {parallel: 8, probeTimeout: 1})
  expect(await run.ended).toBe(0)
  expect(run.heard.ended()).toBe(true)
  expect(run.stderr()).toBe('')
  expect(existsSync(run.folder)).toBe(false)
  return targets.map((_, job) => {
    const answer = run.heard.answer(0, job)
    return run.heard.unable(0, job) ?? (answer && udp.judge(answer, question))
  })
}

const question = {
  endpoint: {node: 0, address: '127.0.0.1', port: 1},
  check: 'reply',
  expected: NAME,
  sourceAddresses: ['127.0.0.1'],
  patience: {connect: 1, whole: 1},
} as const

/** Where the clock that ends a wait is three seconds late, as on a machine with far more to do than it can. */
const LATE = `#!/bin/sh\nexec ${program('sleep') ?? ''} $(($1 + 3))\n`

describe.each(SHELLS)('in %s', (shell) => {
  test.each(SENDERS)('with $name: tells every kind of reply apart', async ({name, tools}) => {
    const verdicts = await probe(shell, tools, [
      `127.0.0.1:${port.floater}`,
      IPV6 ? `[::1]:${port.floater}` : `127.0.0.1:${port.floater}`,
      `127.0.0.1:${port.other}`,
      `127.0.0.1:${port.empty}`,
      `127.0.0.1:${port.silent}`,
      `127.0.0.1:${port.closed}`,
      `localhost:${port.floater}`,
    ])
    const [floater, six, other, empty, silent, closed, named] = verdicts
    expect(floater).toMatchObject({status: 'SUCCEEDED', reason: 'answered', raw: ''})
    expect(six).toMatchObject({status: 'SUCCEEDED', reason: 'answered', raw: IPV6 ? 'seen as ::1' : ''})
    expect(other).toMatchObject({status: 'FAILED', reason: 'wrong-peer', raw: 'you said hostname\ttwice'})
    // nc cannot tell an empty datagram from an error that comes back; no floater sends one.
    expect(empty).toMatchObject({status: 'FAILED', reason: name === 'bash' ? 'wrong-peer' : 'refused'})
    expect(silent).toMatchObject({status: 'FAILED', reason: 'timeout'})
    expect(closed).toMatchObject({status: 'FAILED', reason: 'refused'})
    expect(named).toMatchObject({status: 'SUCCEEDED', reason: 'answered'})
  })

  test('silence of a source that is late is no failure; what comes in spite of that counts', async () => {
    const [silent, floater, closed] = await probe(shell, {bash: program('bash') ?? '', sleep: LATE}, [
      `127.0.0.1:${port.silent}`,
      `127.0.0.1:${port.floater}`,
      `127.0.0.1:${port.closed}`,
    ])
    expect(silent).toMatchObject({
      ...{status: 'EXCEPTION', reason: 'overloaded'},
      raw: expect.stringMatching(/^waiting for 1 s took [4-9]\.\d s/) as string,
    })
    expect(floater).toMatchObject({status: 'SUCCEEDED'})
    expect(closed).toMatchObject({status: 'FAILED', reason: 'refused'})
  })

  test('says that it cannot where nc has no UDP', async () => {
    const nc =
      '#!/bin/sh\necho "Usage: nc [-iN] [-wN] [-l] [-p PORT] [-f FILE|IPADDR PORT] [-e PROG]" >&2\nexit 1\n'
    expect(await probe(shell, {nc}, ['127.0.0.1:9'])).toEqual([
      'the image has no bash, and its nc has no UDP',
    ])
  })

  test('says that it cannot where there is neither', async () => {
    path = await image(shell, {})
    const run = start(path, [{protocol: udp, check: 'reply', targets: ['127.0.0.1:9']}], {
      parallel: 8,
      probeTimeout: 1,
    })
    expect(await run.ended).toBe(0)
    expect(run.heard.missing(0)).toEqual(['bash|nc'])
  })

  test('answers each of 60 targets once', async () => {
    const targets = Array.from({length: 60}, () => `127.0.0.1:${port.floater}`)
    const verdicts = await probe(shell, SENDERS[0]?.tools ?? {}, targets)
    expect(verdicts.filter((verdict) => (verdict as {reason: string}).reason !== 'answered')).toEqual([])
  })
})
