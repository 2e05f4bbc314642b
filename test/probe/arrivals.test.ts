import {spawn} from 'node:child_process'
import {createSocket} from 'node:dgram'
import {once} from 'node:events'
import {existsSync} from 'node:fs'
import fc from 'fast-check'
import {afterEach, describe, expect, onTestFinished, test} from 'vitest'
import {ARRIVALS, arrivalsIn, type Counted} from '../../src/probe/arrivals.ts'
import type {Reply} from '../../src/probe/exec.ts'
import {exception} from '../../src/probe/exec.ts'
import {image, removeImage, SHELLS, start} from './shells.ts'

const TCP4: Counted = {protocol: 'tcp', family: 'ipv4'}
const UDP4: Counted = {protocol: 'udp', family: 'ipv4'}

/** A reply with these answers, by job; the fields of an undefined one were lost. */
function reply(...jobs: readonly (readonly string[] | undefined)[]): Reply {
  return {
    answer: (_, job) => {
      const fields = jobs[job]
      return fields && {fields, trace: undefined}
    },
    obstacle: () => undefined,
    trouble: exception('exec-failed', 'gone'),
  }
}

/** What one reading looks like: /proc/net/snmp of Linux 6.1, cut to what matters, and lines of snmp6. */
const reading = (n: number) => [
  'Icmp: InMsgs InErrors InEchos InEchoReps OutMsgs OutEchos OutEchoReps',
  `Icmp: 9 0 ${n} 3 9 1 ${n * 2}`,
  'Tcp: RtoAlgorithm MaxConn InSegs OutSegs RetransSegs InErrs OutRsts',
  `Tcp: 1 -1 ${n * 3} ${n * 4} 0 0 ${n * 5}`,
  'Udp: InDatagrams NoPorts InErrors OutDatagrams',
  `Udp: ${n * 6} ${n * 7} ${n * 100} ${n * 8}`,
  `Icmp6InEchos ${n * 9}`,
  `Icmp6OutEchoReplies ${n * 10}`,
  `Udp6InDatagrams ${n * 11}`,
  `Udp6NoPorts ${n * 12}`,
  `Udp6InErrors ${n * 200}`,
  `Udp6OutDatagrams ${n * 13}`,
  `UdpUnread ${n * 768}`,
]

describe('the counters of a pod', () => {
  test.each<[Counted, [number, number, number]]>([
    [TCP4, [3, 4, 5]],
    [{protocol: 'tcp', family: 'ipv6'}, [3, 4, 5]],
    [{protocol: 'udp', family: 'ipv4'}, [113, 8, 7]],
    [{protocol: 'udp', family: 'ipv6'}, [223, 13, 12]],
    [{protocol: 'icmp', family: 'ipv4'}, [1, 2, 0]],
    [{protocol: 'icmp', family: 'ipv6'}, [9, 10, 0]],
  ])('%o', (counted, [received, sent, refused]) => {
    const asked = {received: received * 2, sent: sent * 2, refused: refused * 2}
    const unread = (bytes: number) => (counted.protocol === 'udp' ? {unread: bytes} : {})
    expect(arrivalsIn(reply(reading(1), reading(2), reading(4)), counted)).toEqual({
      idle: {received, sent, refused, ...unread(768)},
      asked: {...asked, ...unread(1536)},
    })
  })

  test('of UDP do without what waits, where that cannot be read', () => {
    const without = [1, 1, 3].map((n) => reading(n).filter((line) => !line.startsWith('UdpUnread')))
    expect(arrivalsIn(reply(...without), UDP4)).toEqual({
      idle: {received: 0, sent: 0, refused: 0},
      asked: {received: 226, sent: 16, refused: 14},
    })
  })

  test.each<[string, Reply, string]>([
    ['never came', reply(), 'gone'],
    ['were cut', reply(reading(1), reading(2)), 'the counts were cut short'],
    [
      'went back, as those of a new pod do',
      reply(reading(5), reading(5), reading(1)),
      'what the pod counts makes no sense',
    ],
    [
      'were emptied of what had waited',
      reply(reading(1), reading(2), [...reading(3).slice(0, -1), 'UdpUnread 768']),
      'what had waited there unread was read meanwhile: nobody can say when it came',
    ],
    [
      'lack a name',
      reply(...(Array(3).fill(reading(1).filter((line) => !line.startsWith('Tcp: Rto'))) as string[][])),
      'what the pod counts makes no sense',
    ],
    [
      'are no numbers',
      reply(...(Array(3).fill(['Tcp: InSegs OutSegs OutRsts', 'Tcp: 1 x 3']) as string[][])),
      'what the pod counts makes no sense',
    ],
    ['cannot be read', {...reply(), obstacle: () => exception('tool-unable', 'no /proc')}, 'no /proc'],
  ])('that %s', (what, heard, cause) => {
    expect(arrivalsIn(heard, what.startsWith('were emptied') ? UDP4 : TCP4)).toEqual({cause})
  })

  test('whatever a pod says, they are whole numbers that did not go back, or there is a cause', () => {
    const line = fc.oneof(fc.string(), fc.constantFrom(...reading(1), ...reading(3)))
    const fields = fc.option(fc.array(line, {maxLength: 12}), {nil: undefined})
    const any = fc.oneof(fields, fc.nat(9).map(reading))
    fc.assert(
      fc.property(any, any, any, (...jobs) => {
        const arrivals = arrivalsIn(reply(...jobs), TCP4)
        if ('cause' in arrivals) expect(arrivals.cause).not.toBe('')
        else
          for (const n of [arrivals.idle, arrivals.asked].flatMap((one) => Object.values<number>({...one})))
            expect(n).toSatisfy((one: number) => Number.isSafeInteger(one) && one >= 0)
      }),
    )
  })
})

describe.each(SHELLS)('in %s', (shell) => {
  let path = ''
  afterEach(async () => removeImage(path))

  /** Starts the script, and gives what it counted until `end`. */
  async function watch() {
    path = await image(shell, {})
    const {child, heard, folder, ended, stderr} = start(path, [ARRIVALS], {parallel: 1, probeTimeout: 3})
    await new Promise<void>((resolve) => {
      child.stdout?.on('data', () => {
        if (heard.answered() === 2) resolve()
      })
    })
    expect(heard.ended()).toBe(false)
    return async (counted: Counted) => {
      child.stdin?.end()
      expect(await ended).toBe(0)
      expect([heard.ended(), heard.answered(), stderr()]).toEqual([true, 3, ''])
      expect(existsSync(folder)).toBe(false)
      expect(heard.missing(0)).toEqual([])
      return arrivalsIn(
        {answer: heard.answer, obstacle: () => undefined, trouble: exception('lost-output', '')},
        counted,
      )
    }
  }

  test('the counters are read at once, after a second, and when standard input ends; nothing is left', async () => {
    const end = await watch()
    expect(await end(TCP4)).toEqual({
      idle: expect.anything() as unknown,
      asked: expect.anything() as unknown,
    })
  })

  // This machine's network is everybody's: what waits for somebody else may be read meanwhile.
  test('datagrams that nobody reads have arrived: they wait', {retry: 2}, async () => {
    const hanging = spawn(process.execPath, ['-e', HANGING], {stdio: ['ignore', 'pipe', 'inherit']})
    onTestFinished(() => void hanging.kill('SIGKILL'))
    const [port] = (await once(hanging.stdout, 'data')) as [Buffer]
    hanging.kill('SIGSTOP')
    const end = await watch()
    const client = createSocket('udp4')
    onTestFinished(() => void client.close())
    for (let n = 0; n < 3; n++)
      await new Promise((sent) => client.send('hostname', Number(port), '127.0.0.1', sent))
    const arrivals = await end(UDP4)
    expect(arrivals).toHaveProperty('asked.unread')
    // A datagram takes its buffer's size, not its own.
    if ('asked' in arrivals) expect(arrivals.asked.unread).toBeGreaterThan(3 * 'hostname'.length)
  })
})

/** A server that is stopped once it has said its port. */
const HANGING = `const socket = require('node:dgram').createSocket('udp4')
socket.bind(0, '127.0.0.1', () => console.log(socket.address().port))`
