import {expect, test} from 'vitest'
import {findingPage} from '../../src/diagnosis/page.ts'
import {runCommand} from '../../src/cli/run.ts'
import {findingKind} from '../../src/schema/words.ts'
import {terminal} from '../cli/terminal.ts'
import type {Finding} from '../../src/model/finding.ts'
import type {Verdict} from '../../src/model/result.ts'
import {wordLines} from '../../src/report/words.ts'
import {nodeWith, sampleRun} from '../report/sample.ts'
import {page} from './pages.ts'

const [FILE = ''] = findingPage('pair').split('#')
const {text} = await page(FILE)
const sections = text.split(/^### /m).slice(1)

const failed = (reason: Verdict['reason']): Verdict => ({
  ...{status: 'FAILED', reason, timeUs: 0, raw: '', unstable: false},
})
const found = (kind: Finding['kind']): Finding => ({
  ...{kind, subjects: [], layer: 'pod network', explains: 1, against: 0, sentence: kind, evidence: []},
})

test('every kind of finding has a section, and no section is without a kind', () => {
  const named = sections.map((section) => `${FILE}#${section.split('\n')[0] ?? ''}`)
  expect(named.toSorted()).toEqual(findingKind.options.map(findingPage).toSorted())
})

test.each(sections.map((section) => [section.split('\n')[0], section]))(
  '%s: what it means, and what to look at',
  (_, section) => {
    const [, meaning = '', next = ''] = (section.split(/^## /m)[0] ?? '').trim().split(/\n\n+/)
    expect(meaning.length).toBeGreaterThan(40)
    expect(next.length).toBeGreaterThan(15)
  },
)

test.each(findingKind.options)('explain %s prints its section', async (kind) => {
  const {io, said, stdout} = terminal()
  expect(await runCommand(['explain', kind], io)).toBe(0)
  expect(said).toEqual([])
  const own = sections.find((section) => section.startsWith(`${kind}\n`))?.split(/^## /m)[0] ?? ''
  const plain = (words: string) =>
    words
      .replace('[reasons](reasons/README.md)', '`kubectl netdoctor explain`')
      .replace('[Policies and meshes](#policies-and-meshes)', '"Policies and meshes" in docs/diagnosis.md')
      .replace(/\[([^\]]+)\]\([^)]+\)/g, '$1')
      .replace(/\s+/g, ' ')
  expect(plain(stdout())).toContain(plain(own.slice(kind.length)).trim())
  expect(stdout()).toMatch(new RegExp(`^${kind}, a finding\n`))
})

test('the words under a report name each kind of finding once, and a reason that is called the same with it', () => {
  const run = sampleRun([nodeWith('a', '192.0.2.1')], () => failed('mtu'))
  const diagnosis = {
    findings: [found('pair'), found('mtu'), found('pair')],
    findingOf: Uint32Array.of(2),
    unexplained: 0,
  }
  expect([...wordLines(run, diagnosis)]).toEqual([
    'pair: 2 findings, see kubectl netdoctor explain pair\n',
    'mtu: 1 finding, 1 probe, see kubectl netdoctor explain mtu\n',
  ])
})
