import {isIP} from 'node:net'
import fc from 'fast-check'
import {afterEach, describe, expect, test} from 'vitest'
import type {Route} from '../../src/model/follow-up.ts'
import {exception, type Reply} from '../../src/probe/exec.ts'
import {routeIn, routeTo} from '../../src/probe/route.ts'
import {image, removeImage, SHELLS, start} from './shells.ts'

const LINE_END = '\u001e'
const reply = (fields: readonly string[] | undefined): Reply => ({
  answer: () => fields && {fields, trace: undefined},
  obstacle: () => undefined,
  trouble: exception('lost-output', 'lost'),
})

test.each<[string, string[] | undefined, Route]>([
  [
    'busybox',
    [
      'traceroute to 192.0.2.9 (192.0.2.9), 5 hops max, 46 byte packets',
      ' 1  192.0.2.1  0.009 ms',
      ' 2  *',
      ' 3  192.0.2.9  0.020 ms',
    ],
    {hops: ['192.0.2.1', '', '192.0.2.9']},
  ],
  [
    'Linux',
    ['traceroute to 2001:db8::9 (2001:db8::9), 5 hops max', ' 1  2001:db8::1  0.3 ms', ' 2  *'],
    {hops: ['2001:db8::1', '']},
  ],
  [
    'a link-local hop, which has an interface',
    [' 1  fe80::1%eth0  0.3 ms', ' 2  *'],
    {hops: ['fe80::1', '']},
  ],
  [
    'tracepath',
    [
      ' 1?: [LOCALHOST]                      pmtu 1500',
      ' 1:  192.0.2.1    0.3ms ',
      ' 1:  192.0.2.1    0.2ms ',
      ' 2:  no reply',
      '     Too many hops: pmtu 1500',
    ],
    {hops: ['192.0.2.1', '']},
  ],
  [
    'a hop that never was',
    [' 4000000000  192.0.2.1  1 ms', ' 0  192.0.2.1'],
    {cause: '4000000000  192.0.2.1  1 ms  0  192.0.2.1'},
  ],
  [
    'one that may not run',
    ['traceroute: socket: Operation not permitted'],
    {cause: 'traceroute: socket: Operation not permitted'},
  ],
  ['silence', [''], {cause: 'traceroute said nothing'}],
  ['nothing', undefined, {cause: 'lost'}],
])('the way, from %s', (_, lines, expected) => {
  expect(routeIn(reply(lines && ['0', lines.join(LINE_END)]), 0)).toEqual(expected)
})

test('whatever a pod says, the way is at most five addresses, or there is a cause', () => {
  const word = fc.oneof(
    fc.string(),
    fc.ipV4(),
    fc.ipV6(),
    fc.nat(12).map(String),
    fc.constantFrom('*', ' ', '?:', LINE_END, '\t'),
  )
  fc.assert(
    fc.property(fc.array(word), (words) => {
      const route = routeIn(reply(['0', ...words.join(' ').split('\t')]), 0)
      if ('cause' in route) expect(route.cause).not.toBe('')
      else expect(route.hops.length <= 5 && route.hops.every((hop) => hop === '' || isIP(hop) > 0)).toBe(true)
    }),
    {numRuns: 1000},
  )
})

describe.each(SHELLS)('in %s', (shell) => {
  let path = ''
  afterEach(async () => removeImage(path))
  const asked = async (tools: Record<string, string>) => {
    path = await image(shell, tools)
    const {heard, ended} = start(path, [routeTo('192.0.2.9')], {parallel: 4, probeTimeout: 3})
    expect(await ended).toBe(0)
    expect(heard.ended()).toBe(true)
    return heard
  }

  test('the image’s traceroute is asked, and where there is none its tracepath', async () => {
    const says = (name: string) => `#!/bin/sh\necho "${name} $*"\necho " 1  192.0.2.1  1 ms"\n`
    const first = await asked({traceroute: says('traceroute'), tracepath: says('tracepath')})
    expect(first.answer(0, 0)?.fields[1]).toContain('traceroute -n -q 1 -w 1 -m 5 192.0.2.9')
    await removeImage(path)
    const second = await asked({tracepath: says('tracepath')})
    expect(second.answer(0, 0)?.fields[1]).toContain('tracepath -n -m 5 192.0.2.9')
  })

  test('an image without either says so', async () => {
    const heard = await asked({})
    expect([heard.answer(0, 0), heard.missing(0)]).toEqual([undefined, ['traceroute|tracepath']])
  })
})
