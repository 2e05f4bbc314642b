import {createSocket, type Socket} from 'node:dgram'
import {existsSync} from 'node:fs'
import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest'
import type {Endpoint} from '../../src/model/plan.ts'
import {dns} from '../../src/protocols/dns.ts'
import {image, IPV6, program, removeImage, SHELLS, start} from './shells.ts'

const A = 1
const AAAA = 28
const sockets: Socket[] = []
const port: Record<'127.0.0.1' | '::1' | 'closed', number> = {'127.0.0.1': 0, '::1': 0, closed: 0}
let path = ''

/** A name server that does what the first label of the name says. */
function reply(query: Buffer): Buffer | undefined {
  let end = 12
  while (query[end] !== 0) end += (query[end] ?? 0) + 1
  const label = query.toString('latin1', 13, 13 + (query[12] ?? 0))
  const type = query.readUInt16BE(end + 1)
  const question = query.subarray(12, end + 5)
  const record = (rtype: number, data: readonly number[]) =>
    Buffer.from([0xc0, 12, 0, rtype, 0, 1, 0, 0, 0, 5, 0, data.length, ...data])
  const response = (code: number, ...records: Buffer[]) => {
    const header = Buffer.from(query.subarray(0, 12))
    header.writeUInt16BE(0x8580 | code, 2)
    header.writeUInt16BE(records.length, 6)
    header.writeUInt32BE(0, 8)
    return Buffer.concat([header, question, ...records])
  }
  switch (label) {
    case 'good':
      return type === A ? response(0, record(A, [10, 96, 0, 1])) : response(0)
    case 'six':
      return type === AAAA
        ? response(0, record(AAAA, [0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10]))
        : response(0)
    case 'nowhere':
      return response(3)
    case 'broken':
      return response(2)
    case 'forbidden':
      return response(5)
    case 'empty':
      return response(0)
    default:
      return undefined
  }
}

beforeAll(async () => {
  for (const address of IPV6 ? (['127.0.0.1', '::1'] as const) : (['127.0.0.1'] as const)) {
    const socket = createSocket(address === '::1' ? 'udp6' : 'udp4')
    sockets.push(socket)
    socket.on('message', (query, from) => {
      const answer = reply(query)
      if (answer) socket.send(answer, from.port, from.address)
    })
    await new Promise<void>((resolve) => socket.bind(0, address, resolve))
    port[address] = socket.address().port
  }
  const closed = createSocket('udp4')
  await new Promise<void>((resolve) => closed.bind(0, '127.0.0.1', resolve))
  port.closed = closed.address().port
  closed.close()
})
afterAll(() => sockets.forEach((socket) => socket.close()))
afterEach(async () => removeImage(path))

/** The lookup tools that this machine has: a newcomer's lacks bind's. */
const TOOLS = [
  {name: "busybox's nslookup", tool: 'nslookup', file: program('busybox')},
  {name: "bind's nslookup", tool: 'nslookup', file: program('nslookup')},
  {name: 'dig', tool: 'dig', file: program('dig')},
].flatMap(({name, tool, file}) => (file === undefined ? [] : [{name, tools: {[tool]: file}}]))

async function probe(shell: string, tools: Readonly<Record<string, string>>, endpoints: readonly Endpoint[]) {
  path = await image(shell, tools)
  const sections = [{protocol: dns, check: 'reply', targets: endpoints.map(dns.encode)}] as const
  const run = start(path, sections, {parallel: 8, probeTimeout: 2})
  expect(await run.ended).toBe(0)
  expect(run.heard.ended()).toBe(true)
  expect(run.stderr()).toBe('')
  expect(existsSync(run.folder)).toBe(false)
  return endpoints.map((endpoint, job) => {
    const answer = run.heard.answer(0, job)
    return answer && dns.judge(answer, {endpoint, check: 'reply', expected: undefined})
  })
}

function ask(lookup: string, address: '127.0.0.1' | '::1' = '127.0.0.1', at = port[address]): Endpoint {
  return {node: undefined, address, port: at, lookup}
}

describe.each(SHELLS)('in %s', (shell) => {
  test.each(TOOLS)('with $name: tells every kind of answer apart', async ({tools}) => {
    const verdicts = await probe(shell, tools, [
      ask('good.default.svc.cluster.local'),
      ask('good.default.svc.cluster.local', IPV6 ? '::1' : '127.0.0.1'),
      ask('six.default.svc.cluster.local'),
      ask('nowhere.test'),
      ask('broken.test'),
      ask('forbidden.test'),
      ask('empty.test'),
      ask('silent.test'),
      ask('good.test', '127.0.0.1', port.closed),
    ])
    expect(verdicts.map((verdict) => verdict?.reason)).toEqual([
      'answered',
      'answered',
      'answered',
      'name-unresolved',
      'dns-error',
      'refused',
      'name-unresolved',
      'timeout',
      'refused',
    ])
    expect(verdicts[7]?.timeUs).toBeGreaterThan(900_000)
  })

  test('hands the tool a name that is complete, one try, and its own resolver where no server is given', async () => {
    const nslookup = '#!/bin/sh\nprintf "Name:\\tx\\nAddress: 10.0.0.1\\nseen: %s\\n" "$*"\n'
    path = await image(shell, {nslookup})
    const targets = [{node: undefined, address: undefined, port: 0, lookup: 'www.example.com'}].map(
      dns.encode,
    )
    const run = start(path, [{protocol: dns, check: 'reply', targets}], {parallel: 1, probeTimeout: 10})
    await run.ended
    expect(run.heard.answer(0, 0)?.fields.at(-1)).toContain(
      'seen: -timeout=3 -retry=1 -port=53 www.example.com.',
    )
  })

  test('asks without options where nslookup knows none', async () => {
    const nslookup =
      '#!/bin/sh\ncase $1 in -*) echo "Usage: nslookup HOST [SERVER]"; exit 1 ;; esac\n' +
      'printf "Server:    %s\\nAddress 1: %s\\n\\nName:      %s\\nAddress 1: 10.96.0.1 kubernetes\\n" "$2" "$2" "$1"\n'
    const [verdict] = await probe(shell, {nslookup}, [ask('good.test', '127.0.0.1', 53)])
    expect(verdict).toMatchObject({status: 'SUCCEEDED', reason: 'answered'})
  })

  test('ends a lookup that does not end by itself', async () => {
    const [verdict] = await probe(shell, {nslookup: '#!/bin/sh\nexec sleep 60\n'}, [ask('good.test')])
    expect(verdict).toMatchObject({
      status: 'FAILED',
      reason: 'timeout',
      raw: 'the lookup did not end in time',
    })
  })
})
