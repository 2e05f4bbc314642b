import {execFileSync} from 'node:child_process'
import {afterEach, describe, expect, test} from 'vitest'
import {icmp} from '../../src/protocols/icmp.ts'
import type {Section} from '../../src/probe/script.ts'
import {image, IPV6, program, removeImage, SHELLS, start} from './shells.ts'

let path = ''
afterEach(async () => removeImage(path))

async function heardOf(shell: string, ping: string, check: Section['check'], targets: readonly string[]) {
  path = await image(shell, {ping})
  const run = start(path, [{protocol: icmp, check, targets}], {parallel: 8, probeTimeout: 1})
  expect(await run.ended).toBe(0)
  expect(run.stderr()).toBe('')
  return run.heard
}

/** What each target came to. */
async function sizes(shell: string, ping: string, targets: readonly string[]) {
  const heard = await heardOf(shell, ping, 'mtu', targets)
  return targets.map((address, job) => {
    const answer = heard.answer(0, job)
    const question = {endpoint: {node: 0, address, port: 0}, check: 'mtu', expected: undefined} as const
    return heard.unable(0, job) ?? (answer && icmp.judge(answer, question))
  })
}

/** The ping of iputils where packets larger than `own` may not set out, and those larger than `passes` never arrive. */
function pingOf(ping: {
  own?: number
  passes?: number
  told?: string
  lost?: string
  modern?: string
}): string {
  const {own = 1450, passes = own, told = '', lost = '', modern = 'exit 2'} = ping
  return `#!/bin/sh
case $* in -V) echo 'ping from iputils 20221126'; exit ;; *'-M probe -V') ${modern} ;; *' -M '*) ;; *) exit 0 ;; esac
all=$*
while [ "$1" != -s ]; do shift; done
case $3 in *:*) size=$(($2 + 48)) sign=: ;; *) size=$(($2 + 28)) sign== ;; esac
own=${own}
if [ "$size" -gt "$own" ]; then echo "ping: local error: message too long, mtu$sign $own" >&2; exit 1; fi
${lost}
if [ "$size" -gt ${passes} ]; then
  echo "${told}"
  echo '1 packets transmitted, 0 received, 100% packet loss, time 0ms'
  exit 1
fi
echo "$((size - 20)) bytes from $3: icmp_seq=1 ttl=64 time=0.264 ms"
echo '1 packets transmitted, 1 received, 0% packet loss, time 0ms'
`
}

const FRAG_NEEDED = 'From 10.0.1.1 icmp_seq=1 Frag needed and DF set (mtu = 1400)'
const TOO_BIG = 'From fd00::1 icmp_seq=1 Packet too big: mtu=1400'
const TARGETS = ['10.0.0.2', 'fd00::2']
const passed = (size: number) => ({status: 'SUCCEEDED', reason: 'answered', raw: String(size)})
const held = (sizes: string) => ({status: 'FAILED', reason: 'mtu', raw: sizes})

describe.each(SHELLS)('in %s', (shell) => {
  test('what may set out passes: that is the largest', async () => {
    expect(await sizes(shell, pingOf({own: 1450}), TARGETS)).toMatchObject([passed(1450), passed(1450)])
  })

  test.each([1449, 1430, 1400, 1399, 1280, 576, 104])(
    'of packets that vanish the largest that passes is found: %i',
    async (passes) => {
      const raw = `${passes} of 1450 bytes pass, larger ones vanish`
      const verdicts = await sizes(shell, pingOf({passes}), TARGETS)
      expect(verdicts).toMatchObject([held(raw), held(raw)])
    },
  )

  test('of jumbo frames, too', async () => {
    const raw = '1500 of 9000 bytes pass, larger ones vanish'
    expect(await sizes(shell, pingOf({own: 9000, passes: 1500}), TARGETS)).toMatchObject([
      held(raw),
      held(raw),
    ])
  })

  test.each([FRAG_NEEDED, TOO_BIG])('a router that names the size is believed: %s', async (told) => {
    const raw = '1400 of 1450 bytes pass, larger ones are turned back by a router'
    const verdicts = await sizes(shell, pingOf({passes: 1400, told}), TARGETS)
    expect(verdicts).toMatchObject([held(raw), held(raw)])
  })

  test('a router that names a size that does not pass is not', async () => {
    const raw = '1372 of 1450 bytes pass, larger ones vanish'
    const verdicts = await sizes(shell, pingOf({passes: 1372, told: FRAG_NEEDED}), TARGETS)
    expect(verdicts).toMatchObject([held(raw), held(raw)])
  })

  test('a packet that is merely lost is not too large', async () => {
    const lost = `if [ "$size" = 1450 ] && [ ! -e "$dir/$3" ]; then : >"$dir/$3"; exit 1; fi`
    expect(await sizes(shell, pingOf({lost}), TARGETS)).toMatchObject([passed(1450), passed(1450)])
  })

  test('of what the kernel has learnt before, nothing is said', async () => {
    const learnt = `case $3 in *.2) echo "ping: local error: message too long, mtu=1400" >&2; exit 1 ;; esac`
    const lost = `if [ "$size" -gt 1400 ]; then ${learnt}; fi`
    const [verdict] = await sizes(shell, pingOf({lost}), TARGETS)
    expect(verdict).toMatchObject({status: 'EXCEPTION', reason: 'probe-error'})
  })

  test('a ping that may send what the kernel believes to be too large is told to', async () => {
    const learnt =
      'case $all in *"-M do"*) echo "ping: local error: message too long, mtu=1400"; exit 1 ;; esac'
    const modern = pingOf({passes: 1400, lost: learnt, modern: 'exit 0'})
    const raw = '1400 of 1450 bytes pass, larger ones vanish'
    expect(await sizes(shell, modern, TARGETS)).toMatchObject([held(raw), held(raw)])
  })

  test('who does not answer to any size has no reply, or what ping says', async () => {
    expect(await sizes(shell, pingOf({passes: 0}), TARGETS)).toMatchObject([
      {status: 'FAILED', reason: 'timeout', raw: '1 of 1 lost'},
      {status: 'FAILED', reason: 'timeout'},
    ])
    await removeImage(path)
    const unreachable =
      '#!/bin/sh\ncase $* in -V) echo iputils; exit ;; *" -M "*) ;; *) exit 0 ;; esac\necho "ping: connect: Network is unreachable" >&2\nexit 2\n'
    expect(await sizes(shell, unreachable, TARGETS)).toMatchObject([
      {status: 'FAILED', reason: 'no-route'},
      {status: 'FAILED', reason: 'no-route'},
    ])
  })

  test('how much may set out is asked without a packet', async () => {
    const heard = await heardOf(shell, pingOf({own: 1400, passes: 0}), 'own-mtu', TARGETS)
    expect(TARGETS.map((_, job) => heard.answer(0, job)?.fields[1])).toEqual(['1400', '1400'])
  })

  test('a ping that cannot forbid fragments says so', async () => {
    const busybox = '#!/bin/sh\ncase $* in -V) echo "BusyBox v1.35.0"; exit 1 ;; esac\n'
    expect(await sizes(shell, busybox, TARGETS)).toEqual(
      TARGETS.map(() => "the image's ping cannot forbid fragments: that takes the ping of iputils"),
    )
  })

  test.skipIf(!canPing())('a real ping of the loopback passes whole', async () => {
    const targets = ['127.0.0.1', ...(IPV6 ? ['::1'] : [])]
    const verdicts = await sizes(shell, program('ping') ?? '', targets)
    expect(verdicts).toMatchObject(targets.map(() => passed(65_535)))
  })
})

/** This machine has the ping of iputils, and may use it. */
function canPing(): boolean {
  const file = program('ping')
  try {
    const version = execFileSync(file ?? '', ['-V'], {encoding: 'utf8'})
    execFileSync(file ?? '', ['-c', '1', '127.0.0.1'], {stdio: 'ignore'})
    return version.includes('iputils')
  } catch {
    return false
  }
}
