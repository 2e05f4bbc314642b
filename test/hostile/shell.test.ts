import {execFile} from 'node:child_process'
import {existsSync} from 'node:fs'
import {mkdtemp, rm} from 'node:fs/promises'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {promisify} from 'node:util'
import fc from 'fast-check'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {isHost} from '../../src/address/address.ts'
import {validate} from '../../src/config/validate.ts'
import {normalise} from '../../src/config/normalise.ts'
import {protocols} from '../../src/protocols/index.ts'
import {inShell} from '../../src/text/wording.ts'
import {image, program, removeImage, SHELLS, start} from '../probe/shells.ts'
import {CAMPAIGN, evilText} from './hostile.ts'

let folder: string
let canary: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'netdoctor-canary-'))
  canary = path.join(folder, 'canary')
})
afterAll(() => rm(folder, {recursive: true}))

/** What would make the canary, were it ever run. */
const commands = () =>
  [
    `$(touch ${canary})`,
    `\`touch ${canary}\``,
    `"; touch ${canary}; "`,
    `'; touch ${canary}; '`,
    `\ntouch ${canary}\n`,
    `%s\\n$(touch ${canary})\\c`,
    `-n -e $(touch ${canary})`,
    `a[$(touch ${canary})]`,
    `&& touch ${canary} #`,
  ] as const

describe.each(SHELLS)('in %s', (shell) => {
  test('what peers, ping and nslookup say is never run', async () => {
    const said = commands()
    const server = createServer((request, response) => {
      // A header is the peer's, too.
      response
        .setHeader('Server', `$(touch ${canary})`)
        .end(said[Number(request.socket.remotePort) % said.length])
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const {port} = server.address() as AddressInfo
    const talker = `#!/bin/sh\ncat <<'END'\n${said.join('\n')}\nEND\nexit 1\n`
    const tools = {curl: program('curl') ?? '', ping: talker, nslookup: talker, touch: program('touch') ?? ''}
    const place = await image(shell, tools)
    try {
      const {tcp, icmp, dns} = protocols
      const {heard, ended} = start(
        place,
        [
          {protocol: tcp, check: 'reply', targets: said.map(() => `127.0.0.1:${port}`)},
          {protocol: icmp, check: 'reply', targets: ['127.0.0.1']},
          {protocol: dns, check: 'reply', targets: ['www.example.com@']},
        ],
        {parallel: 4, probeTimeout: 5},
      )
      expect(await ended).toBe(0)
      expect(heard.ended()).toBe(true)
      const answer = heard.answer(0, 0)
      const endpoint = {node: 0, address: '127.0.0.1', port}
      expect(answer && tcp.judge(answer, {endpoint, check: 'reply', expected: 'OK'})).toMatchObject({
        reason: 'wrong-peer',
      })
      expect(existsSync(canary)).toBe(false)
    } finally {
      await removeImage(place)
      server.close()
    }
  })
})

test('a target is one plain word, or refused', () => {
  fc.assert(
    fc.property(evilText, evilText, fc.boolean(), (host, other, joined) => {
      const text = joined ? `${host}.${other}` : host
      const {fields, problems} = validate({
        flags: {
          customizedTargetIPList: [text],
          customizedTargetPortList: ['80'],
          targetDNSServer: [text],
          targetHostToLookup: [text],
        },
      })
      if (problems !== undefined) return
      const config = normalise(fields, {home: '/', identity: {}})
      const endpoints = [
        ...config.customTargets.map((target) => ({node: undefined, address: target.host, port: target.port})),
        ...config.lookups.map(({name, server}) => ({
          node: undefined,
          address: server,
          port: 53,
          lookup: name,
        })),
      ]
      for (const endpoint of endpoints) {
        const {tcp, dns} = protocols
        const word = endpoint.port === 53 ? dns.encode(endpoint) : tcp.encode(endpoint)
        if (!/^[\w.:@#[\]-]+$/.test(word) || word.startsWith('-'))
          expect.fail(`a target of the script: ${word}`)
      }
    }),
    CAMPAIGN,
  )
})

test('a host is one plain word', () => {
  fc.assert(
    fc.property(evilText, (text) => {
      if (isHost(text) && (!/^[\w.:%-]+$/.test(text) || text.startsWith('-')))
        expect.fail(`taken for a host: ${text}`)
    }),
    CAMPAIGN,
  )
})

test('command lines that are shown can be pasted: each word is itself', async () => {
  const words = fc.sample(evilText, CAMPAIGN).map((text) => text.replaceAll(/[\0\p{Cs}]/gu, ''))
  for (let from = 0; from < words.length; from += 200) {
    const some = words.slice(from, from + 200)
    const script = `cd '${folder}' && printf '%s\\0' ${some.map(inShell).join(' ')}`
    const {stdout} = await promisify(execFile)('sh', ['-c', script])
    expect(stdout.split('\0').slice(0, -1)).toEqual(some)
  }
  expect(existsSync(canary)).toBe(false)
})
