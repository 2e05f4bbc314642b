import {spawn, type ChildProcess} from 'node:child_process'
import {randomBytes} from 'node:crypto'
import {existsSync} from 'node:fs'
import {createServer as createHttpServer} from 'node:http'
import {createServer, type AddressInfo, type Server} from 'node:net'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {listen} from '../../src/probe/decode.ts'
import {probeScript} from '../../src/probe/script.ts'
import {tcp} from '../../src/protocols/tcp.ts'

/** The shells that floater images have: Alpine's, Debian's, and bash. */
const SHELLS = [['dash'], ['bash'], ['busybox', 'ash']].filter(([name]) =>
  ['/bin', '/usr/bin'].some((folder) => existsSync(`${folder}/${String(name)}`)),
)
const expected = 'OK'
/** Of this run alone: the script's folder is named after it, and other runs may share /tmp. */
const newNonce = () => randomBytes(8).toString('hex')
const servers: Server[] = []
let port: Record<'floater' | 'other' | 'big' | 'closing' | 'silent' | 'nothing', number>

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
    big: await answering('x'.repeat(100_000)),
    closing: await start(createServer((socket) => socket.destroy())),
    silent: await start(createServer()),
    nothing: 1,
  }
})

afterAll(() => servers.forEach((server) => server.close()))

function run(shell: string[], script: string, onLine: (line: string) => void) {
  const [program = 'sh', ...args] = shell
  const child = spawn(program, [...args, '-s'], {stdio: ['pipe', 'pipe', 'inherit']})
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
