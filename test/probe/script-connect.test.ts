import {execFileSync, spawn, type ChildProcess} from 'node:child_process'
import {randomBytes} from 'node:crypto'
import {existsSync} from 'node:fs'
import {chmod, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {createServer as createHttpServer} from 'node:http'
import {createServer, type AddressInfo, type Server} from 'node:net'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import type {Check} from '../../src/model/plan.ts'
import {listen} from '../../src/probe/decode.ts'
import {probeScript, type Section} from '../../src/probe/script.ts'
import {tcp} from '../../src/protocols/tcp.ts'

/** The shells that floater images have: Alpine's, Debian's, and bash. */
const SHELLS = [['dash'], ['bash'], ['busybox', 'ash']].filter(([name]) =>
  ['/bin', '/usr/bin'].some((folder) => existsSync(`${folder}/${String(name)}`)),
)
const expected = 'OK'
/** Of this run alone: the script's folder is named after it, and other runs may share /tmp. */
const newNonce = () => randomBytes(8).toString('hex')
const servers: Server[] = []
let port: Record<'floater' | 'other' | 'empty' | 'big' | 'closing' | 'silent' | 'banner' | 'nothing', number>
/** A folder with a curl that says it is too old for many transfers at once. */
let oldCurl: string

beforeAll(async () => {
  const start = async (server: Server) => {
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return (server.address() as AddressInfo).port
  }
  const answering = (body: string) => start(createHttpServer((_, response) => response.end(body)))
  port = {
    floater: await answering('OK'),
    other: await answering('<h1>It works!</h1>\nNONCE'),
    empty: await answering(''),
    big: await answering('x'.repeat(100_000)),
    closing: await start(createServer((socket) => socket.destroy())),
    silent: await start(createServer()),
    // Speaks first, as SSH and mail servers do, and never ends by itself.
    banner: await start(
      createServer((socket) => void socket.on('error', () => undefined).write('SSH-2.0-x\r\n')),
    ),
    nothing: 1,
  }
  oldCurl = await mkdtemp(path.join(tmpdir(), 'netdoctor-curl-'))
  const curl = execFileSync('sh', ['-c', 'command -v curl'], {encoding: 'utf8'}).trim()
  const script = `#!/bin/sh\nif [ "$*" = "-q -V" ]; then echo "curl 7.61.1 (x)"; else exec ${curl} "$@"; fi\n`
  await writeFile(path.join(oldCurl, 'curl'), script)
  await chmod(path.join(oldCurl, 'curl'), 0o755)
})

afterAll(async () => {
  servers.forEach((server) => server.close())
  await rm(oldCurl, {recursive: true})
})

function run(
  shell: string[],
  script: string,
  onLine: (line: string) => void,
  env: Record<string, string> = {},
) {
  const [program = 'sh', ...args] = shell
  const child = spawn(program, [...args, '-s'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {...process.env, ...env},
  })
  child.stdin.write(script)
  let rest = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    lines.forEach(onLine)
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  return {child, ended}
}

/** As a plan asks it. */
type AskedSection = Section & {check: Check}

/** What each job of each section came to, once the script has ended by itself. */
async function verdictsOf(
  shell: string[],
  curl: Curl,
  sections: readonly AskedSection[],
  probeTimeout: number,
) {
  const nonce = newNonce()
  const heard = listen(nonce, sections)
  const script = probeScript(nonce, sections, {parallel: 4, probeTimeout})
  const PATH = [...(curl === 'old' ? [oldCurl] : []), process.env['PATH']].join(path.delimiter)
  // A resolver without a network gives up soon.
  const {ended} = run(shell, script, heard.line, {PATH, RES_OPTIONS: 'timeout:1 attempts:1'})
  expect(await ended).toBe(0)
  expect(heard.ended()).toBe(true)
  expect(existsSync(`/tmp/netdoctor.${nonce}`)).toBe(false)
  return sections.map(({check, targets}, section) =>
    targets.map((_, job) => {
      const answer = heard.answer(section, job)
      const verdict =
        answer && tcp.judge(answer, {endpoint: {node: 0, address: '127.0.0.1', port: 1}, check, expected})
      const [, , , total] = answer?.fields ?? []
      const slow = Number(total) > 10 ? 'after more than 10 s' : ''
      return `${verdict?.reason ?? 'nothing'} ${verdict?.raw ?? ''} ${slow}`.trim()
    }),
  )
}

/** As one process that makes all transfers, and as one for each. */
const CURLS = ['new', 'old'] as const
type Curl = (typeof CURLS)[number]

describe.concurrent.each(
  SHELLS.flatMap((shell) => CURLS.map((curl) => ({shell, curl, name: shell.join(' ')}))),
)('in $name with a curl that is $curl', ({shell, curl}) => {
  test('a connection is all that a foreign server must give', async () => {
    const targets = [
      `127.0.0.1:${port.silent}`,
      `127.0.0.1:${port.nothing}`,
      `127.0.0.1:${port.banner}`,
      `127.0.0.1:${port.other}`,
      `127.0.0.1:${port.big}`,
      `127.0.0.1:${port.closing}`,
      `localhost:${port.other}`,
      `localhost:${port.nothing}`,
      `no-such-host.invalid:${port.other}`,
    ]
    // A minute for a probe: the script does not give it to a server that only has to be reached.
    const sections: AskedSection[] = [{protocol: tcp, check: 'connect', targets}]
    const [verdicts] = await verdictsOf(shell, curl, sections, 60)
    expect(verdicts).toEqual([
      'answered',
      'refused Connection refused',
      'answered',
      'answered',
      'answered',
      'answered',
      'answered',
      'refused Connection refused',
      expect.stringMatching(/^name-unresolved .*no-such-host/),
    ])
  })

  test('the sections of one script stay apart', async () => {
    const targets = (...names: (keyof typeof port)[]) => names.map((name) => `127.0.0.1:${port[name]}`)
    const sections: AskedSection[] = [
      {protocol: tcp, check: 'reply', targets: targets('other', 'nothing', 'floater', 'silent', 'floater')},
      {protocol: tcp, check: 'connect', targets: targets('floater', 'floater', 'silent', 'nothing', 'other')},
      {protocol: tcp, check: 'reply', targets: targets('floater', 'floater', 'silent', 'nothing', 'empty')},
    ]
    const wrongPeer = 'wrong-peer HTTP 200: <h1>It works!</h1> NONCE'
    const refused = 'refused Connection refused'
    const timeout = expect.stringMatching(/^timeout /) as unknown
    expect(await verdictsOf(shell, curl, sections, 1)).toEqual([
      [wrongPeer, refused, 'answered', timeout, 'answered'],
      ['answered', 'answered', 'answered', refused, 'answered'],
      ['answered', 'answered', timeout, refused, 'wrong-peer HTTP 200:'],
    ])
  })
})

describe.each(SHELLS.map((shell) => ({shell, name: shell.join(' ')})))('in $name', ({shell}) => {
  test('tells every kind of answer apart', async () => {
    const targets = [
      `127.0.0.1:${port.floater}`,
      `127.0.0.1:${port.other}`,
      `127.0.0.1:${port.big}`,
      `127.0.0.1:${port.closing}`,
      `127.0.0.1:${port.silent}`,
      `127.0.0.1:${port.nothing}`,
    ]
    const sections = [{protocol: tcp, check: 'reply' as const, targets}]
    const nonce = newNonce()
    const heard = listen(nonce, sections)
    const script = probeScript(nonce, sections, {parallel: 4, probeTimeout: 1})
    const {ended} = run(shell, script, heard.line)
    expect(await ended).toBe(0)
    expect(heard.ended()).toBe(true)
    const verdicts = targets.map((_, job) => {
      const answer = heard.answer(0, job)
      return (
        answer &&
        tcp.judge(answer, {endpoint: {node: 0, address: '127.0.0.1', port: 1}, check: 'reply', expected})
      )
    })
    expect(verdicts.map((verdict) => verdict?.reason)).toEqual([
      'answered',
      'wrong-peer',
      'wrong-peer',
      'reset',
      'timeout',
      'refused',
    ])
    expect(verdicts[1]?.raw).toBe('HTTP 200: <h1>It works!</h1> NONCE')
    expect(verdicts[5]?.raw).toBe('Connection refused')
    expect(existsSync(`/tmp/netdoctor.${nonce}`)).toBe(false)
  })

  test('ends its probes when standard input ends, and leaves no process', async () => {
    const sections = [{protocol: tcp, check: 'reply' as const, targets: [`127.0.0.1:${port.silent}`]}]
    const nonce = newNonce()
    const heard = listen(nonce, sections)
    const script = probeScript(nonce, sections, {parallel: 4, probeTimeout: 60})
    const {child, ended} = run(shell, script, heard.line)
    await curlOf(child)
    child.stdin.end()
    expect(await ended).toBe(0)
    expect(heard.answered()).toBe(0)
    expect(existsSync(`/tmp/netdoctor.${nonce}`)).toBe(false)
  })

  test('makes 2,000 probes and answers each once', async () => {
    const targets = Array.from(
      {length: 2000},
      (_, i) => `127.0.${1 + (i % 200)}.${1 + (i % 250)}:${port.nothing}`,
    )
    const sections = [{protocol: tcp, check: 'reply' as const, targets}]
    const nonce = newNonce()
    const heard = listen(nonce, sections)
    const {ended} = run(shell, probeScript(nonce, sections, {parallel: 64, probeTimeout: 5}), heard.line)
    expect(await ended).toBe(0)
    expect(heard.answered()).toBe(2000)
    expect(heard.answer(0, 1999)?.trace).toBe('Connection refused')
  })
})

/** Waits until the script has connected to the silent server. */
async function curlOf(_child: ChildProcess): Promise<void> {
  const silent = servers.find((server) => (server.address() as AddressInfo).port === port.silent)
  await new Promise<void>((resolve) => silent?.once('connection', () => resolve()))
}
