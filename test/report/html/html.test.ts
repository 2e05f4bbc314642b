import {createHash} from 'node:crypto'
import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {Run} from '../../../src/model/run.ts'
import {htmlReport} from '../../../src/report/html/html.ts'
import {anyRun, RUNS} from '../samples.ts'
import {shown} from '../shown.ts'
import {brokenRun} from './reports.ts'

const page = (run: Run) => shown(htmlReport, run)
/** What a reader sees, with the entities that we write undone. */
const textOf = (markup: string) =>
  markup
    .replace(/<(style|script)[^>]*>.*?<\/\1>/gs, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
const TAGS = new Set(
  'html head meta title style body header main section p h1 h2 h3 dl div dt dd ul ol li strong table thead tbody tr th td span details summary pre noscript script'.split(
    ' ',
  ),
)

test('verdict, findings with evidence, limits, and what was answered', () => {
  const text = textOf(page(RUNS['failures, nodes without floaters, untested']))
  for (const words of [
    'Interrupted: 1 of 9 probes failed, 6 could not be measured: connections from a to b are refused in the pod network (overlay): nothing listens there, or a policy rejects them (and 3 more findings).',
    '4 findings connections from a to b are refused',
    'node c could not be measured: it has no floater floater. Explains 1 probe. unschedulable About node c',
    'Not covered: w: it runs windows.',
    'Partial: only from a, only to b.',
    'Not verified: who answered.',
    '10.0.0.2:8889 refused the connection: nothing listens there, or a policy rejects it (finding 1) answer Connection refused',
  ])
    expect(text).toContain(words)
})

test('a finding has the colour of the worst that it explains', () => {
  const classes = [...page(brokenRun(12)).matchAll(/<li class="(\w+)">\s*<h3>([^<]*)/g)]
  expect(classes.map(([, colour, sentence]) => `${colour} ${sentence}`)).toEqual([
    'FAILED src/node-3 is deaf in the pod network (overlay)',
    'EXCEPTION nothing could be probed from node src/node-5: exec into its floater failed',
    'noted packets from src/node-1 to dst/node-11 get lost now and then in the pod network (overlay)',
  ])
})

test('what FAILED stands before what could not be measured', () => {
  const results = [
    ...page(RUNS['every mode, protocol and kind of floater']).matchAll(/<span class="(\w+)"/g),
  ].map(([, status = '']) => status)
  expect(new Set(results)).toEqual(new Set(['FAILED', 'EXCEPTION']))
  expect(results.lastIndexOf('FAILED')).toBeLessThan(results.indexOf('EXCEPTION'))
})

describe('asks for nothing and runs nothing that is not its own', () => {
  test.each(Object.entries(RUNS))('%s', (_, run) => {
    const text = page(run)
    const own = text.replace(/<(style|script)[^>]*>.*?(?=<\/\1>)/gs, '<$1>')
    expect(own).not.toMatch(/\s(?:src|href|srcset|action|style|on\w+)=|@import|url\(/)
    for (const [, tag = ''] of own.matchAll(/<\/?([a-z][\w-]*)/gi)) expect(TAGS).toContain(tag)
  })

  test('by a policy that names its script and style by their hashes', () => {
    const text = page(RUNS['all well'])
    const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(text) ?? []
    const [, style = ''] = /<style>(.*?)<\/style>/s.exec(text) ?? []
    const [, script = ''] = /<script>(.*?)<\/script>/s.exec(text) ?? []
    const hash = (one: string) => createHash('sha256').update(one).digest('base64')
    expect(policy).toMatch(/^default-src 'none'; /)
    expect(policy).toContain(`style-src 'sha256-${hash(style)}'`)
    expect(policy).toContain(`script-src 'sha256-${hash(script)}'`)
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
  })
})

test('hostile text is text', () => {
  const text = page(RUNS.hostile)
  expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
  // eslint-disable-next-line no-control-regex -- finding them is its purpose
  expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e\u2028\ud800]/)
})

test('any run is a whole page', () => {
  fc.assert(
    fc.property(anyRun, (run) => {
      const text = page(run)
      expect(text.startsWith('<!doctype html>')).toBe(true)
      expect(text.trimEnd().endsWith('</html>')).toBe(true)
    }),
  )
})
