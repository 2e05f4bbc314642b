import {execFileSync} from 'node:child_process'
import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, describe, expect, test} from 'vitest'
import {icmp} from '../../src/protocols/icmp.ts'
import {image, IPV6, program, removeImage, SHELLS, start} from './shells.ts'

const limits = {parallel: 8, probeTimeout: 1}
let path = ''
afterEach(async () => removeImage(path))

/** What each target came to. */
async function probe(shell: string, ping: string, targets: readonly string[], parallel = limits.parallel) {
  path = await image(shell, {ping})
  const run = start(path, [{protocol: icmp, check: 'reply', targets}], {...limits, parallel})
  expect(await run.ended).toBe(0)
  expect(run.heard.ended()).toBe(true)
  expect(run.stderr()).toBe('')
  expect(existsSync(run.folder)).toBe(false)
  return targets.map((address, job) => {
    const answer = run.heard.answer(0, job)
    const question = {endpoint: {node: 0, address, port: 0}, check: 'reply', expected: undefined} as const
    return run.heard.unable(0, job) ?? (answer && icmp.judge(answer, question))
  })
}

/** The pings that this machine has, and may use. */
const PINGS = ['ping', 'busybox'].flatMap((name) => {
  const file = program(name)
  try {
    execFileSync(file ?? '', [...(name === 'busybox' ? ['ping'] : []), '-c', '1', '127.0.0.1'], {
      stdio: 'ignore',
    })
    return [{name: name === 'ping' ? 'iputils' : name, file: file ?? ''}]
  } catch {
    return []
  }
})

describe.each(SHELLS)('in %s', (shell) => {
  describe.each(PINGS)('with the ping of $name', ({file}) => {
    test('tells what answers from what does not', async () => {
      const there = ['127.0.0.1', '127.0.0.2', ...(IPV6 ? ['::1'] : [])]
      const verdicts = await probe(shell, file, [...there, 'no-such-name.invalid'])
      const answer = {status: 'SUCCEEDED', reason: 'answered', raw: ''}
      expect(verdicts).toMatchObject([
        ...there.map(() => answer),
        {status: 'FAILED', reason: 'name-unresolved'},
      ])
    })

    test('answers each of 100 targets once', async () => {
      const targets = Array.from({length: 100}, (_, i) => `127.0.1.${i + 1}`)
      const verdicts = await probe(shell, file, targets, 32)
      expect(verdicts.filter((verdict) => (verdict as {reason: string}).reason !== 'answered')).toEqual([])
    })
  })

  test('leaves no ping behind when nobody listens any more', async () => {
    const pids = await mkdtemp(join(tmpdir(), 'netdoctor-pings-'))
    const ping = `#!/bin/sh\ncase $* in -V | *127.0.0.1) exit 0 ;; esac\n: >${pids}/$$\nexec sleep 60\n`
    path = await image(shell, {ping})
    const targets = ['192.0.2.1', '192.0.2.2']
    const run = start(path, [{protocol: icmp, check: 'reply', targets}], {parallel: 2, probeTimeout: 60})
    await expect.poll(() => readdirSync(pids).length, {timeout: 20_000}).toBe(2)
    run.child.stdin?.end()
    expect(await run.ended).toBe(0)
    await expect.poll(() => readdirSync(pids).filter(isRunning), {timeout: 20_000}).toEqual([])
    expect(run.heard.answered()).toBe(0)
    expect(existsSync(run.folder)).toBe(false)
    await rm(pids, {recursive: true})
  })

  test.each([
    ['ping: permission denied (are you root?)', 1, 'ping: permission denied (are you root?)'],
    ['sh: ping: Operation not permitted', 126, 'sh: ping: Operation not permitted'],
    [
      'ping: socktype: SOCK_RAW\nping: socket: Operation not permitted\nping: => missing cap_net_raw+p capability or setuid?',
      2,
      'ping: => missing cap_net_raw+p capability or setuid?',
    ],
  ])('says what to do where ping may not: %j', async (text, exit, quoted) => {
    const ping = `#!/bin/sh\ncat >&2 <<END\n${text}\nEND\nexit ${exit}\n`
    const why: unknown = expect.stringMatching(
      /^the image's ping may not open a ping socket here \(.*\): a pod needs the sysctl/,
    )
    const verdicts = await probe(shell, ping, ['10.0.0.1', 'fd00::1'])
    expect(verdicts).toEqual([why, why])
    expect(verdicts[0]).toContain(`(${quoted})`)
  })

  test('goes on with the family for which ping may', async () => {
    const ping =
      '#!/bin/sh\ncase $* in *:*) echo "ping: permission denied (are you root?)"; exit 1 ;; esac\n' +
      'echo "5 packets transmitted, 5 packets received, 0% packet loss"\n'
    expect(await probe(shell, ping, ['10.0.0.1', 'fd00::1'])).toEqual([
      expect.objectContaining({reason: 'answered'}),
      expect.stringContaining('may not open a ping socket'),
    ])
  })

  test('asks each family as it takes it', async () => {
    const ping =
      '#!/bin/sh\ncase $* in *-n*:*) echo "Usage: ping [OPTIONS] HOST"; exit 2 ;; *-n*.*) sent=5 ;; *) sent=4 ;; esac\n' +
      'echo "$sent packets transmitted, 0 received, 100% packet loss, time 0ms"\n'
    expect(await probe(shell, ping, ['10.0.0.1', 'fd00::1'])).toMatchObject([
      {reason: 'timeout', raw: '5 of 5 lost'},
      {reason: 'timeout', raw: '4 of 4 lost'},
    ])
  })

  test('tries IPv6 targets where the pod has no IPv6 at all: that is for the verdict to say', async () => {
    const ping = '#!/bin/sh\necho "ping: connect: Cannot assign requested address" >&2\nexit 2\n'
    const [verdict] = await probe(shell, ping, ['fd00::1'])
    expect(verdict).toMatchObject({status: 'EXCEPTION', reason: 'probe-error'})
  })

  test('does with a ping that knows no fractions', async () => {
    const ping =
      '#!/bin/sh\ncase $* in *-[in]*) echo "Usage: ping [OPTIONS] HOST" >&2; exit 1 ;; esac\n' +
      'echo "3 packets transmitted, 1 packets received, 66% packet loss"\n'
    expect(await probe(shell, ping, ['10.0.0.1'])).toEqual([
      {status: 'FAILED', reason: 'loss', timeUs: 0, raw: '2 of 3 lost', unstable: false},
    ])
  })
})

function isRunning(pid: string): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
