import {stripVTControlCharacters} from 'node:util'
import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {Ajv2020} from 'ajv/dist/2020.js'
import fc from 'fast-check'
import {parsers} from 'prettier/plugins/markdown'
import {describe, expect, test} from 'vitest'
import {validateXML} from 'xmllint-wasm'
import {CHANGES} from '../../src/diff/change.ts'
import type {Diff} from '../../src/model/diff.ts'
import type {ReportOptions} from '../../src/report/format.ts'
import {DIFF_FORMAT_NAMES} from '../../src/report/diff/format.ts'
import {DIFF_FORMATS} from '../../src/report/diff/index.ts'
import {AMOUNTS} from '../../src/report/diff/summary.ts'
import {diffVerdict} from '../../src/report/diff/verdict.ts'
import {deafOnTuesday, diffOf, DIFFS, newAndDeaf} from './diffs.ts'
import {anyRun} from './samples.ts'

type Name = (typeof DIFF_FORMAT_NAMES)[number]
const shown = (name: Name, diff: Diff, options: ReportOptions = {color: false}) =>
  [...DIFF_FORMATS[name](diff, options)].join('')
const cases = Object.entries<Diff>(DIFFS)
const schemas = path.join(import.meta.dirname, '../../schemas')

test.each<[name: keyof typeof DIFFS, status: string, text: string]>([
  ['nothing changed', 'SUCCEEDED', 'Nothing broke: all 16 probes that both runs have SUCCEEDED as before.'],
  [
    'a node has gone deaf, a pair healed',
    'FAILED',
    '3 of 16 probes broke: node-c is deaf in the pod network (overlay); 1 healed.',
  ],
  [
    'every change',
    'FAILED',
    '1 of 9 probes broke, 1 FAILED that had not been measured: CAUSES; 1 could not be measured any more, 1 is unstable now, 1 not SUCCEEDED for another reason than before, 1 healed, 1 SUCCEEDED that had not been measured, 1 FAILED as before, 1 not measured, as before.',
  ],
  [
    'a new node is deaf',
    'FAILED',
    'Nothing broke in 4 probes that both runs have, but 2 of 5 probes that only NEW has FAILED: node-c is deaf in the pod network (overlay); 1 node is in NEW alone.',
  ],
  [
    'of two new nodes one fails, one has no floater, and a pair broke',
    'FAILED',
    '1 of 4 probes broke, 2 FAILED that only NEW has: node-a is mute in the pod network (overlay) (and 1 more finding); 2 nodes are in NEW alone, 7 not measured that only NEW has.',
  ],
  [
    'nodes gone and new, slower, a part of the plan',
    'EXCEPTION',
    'Nothing broke: all 16 probes that both runs have SUCCEEDED as before; slower: everywhere over pod tcp ipv4: median 60.0 ms, before 0.4 ms (12 probes), 1 node is in OLD alone, 1 node is in NEW alone, 9 probes of OLD are not in NEW, and not compared.',
  ],
  [
    'a run and itself',
    'EXCEPTION',
    'Nothing broke: all 16 probes that both runs have SUCCEEDED as before; OLD and NEW are the same run.',
  ],
  [
    'the other way round',
    'EXCEPTION',
    'Nothing broke in 16 probes that both runs have; NEW began before OLD, 1 is unstable now.',
  ],
  [
    'unstable in both, and healed when repeated',
    'EXCEPTION',
    'Nothing broke in 16 probes that both runs have; 2 SUCCEEDED only sometimes or after a lost packet, 1 healed.',
  ],
])('the verdict of: %s', (name, status, text) => {
  const verdict = diffVerdict(DIFFS[name])
  const causes = verdict.text.replace(/(had not been measured): [^;]*;/, '$1: CAUSES;')
  expect([verdict.status, causes]).toEqual([status, text])
})

test('the verdict says how much of what broke no finding explains', () => {
  const diff = deafOnTuesday()
  const [first] = diff.findings
  const findings = first === undefined ? [] : [{...first, explains: 1}]
  expect(diffVerdict({...diff, findings}).text).toBe(
    '3 of 16 probes broke: node-c is deaf in the pod network (overlay) (and 2 unexplained); 1 healed.',
  )
  expect(diffVerdict({...diff, findings: []}).text).toBe(
    '3 of 16 probes broke; no finding explains them; 1 healed.',
  )
})

test('a table a change, with what it was before; what broke stands under its finding', () => {
  expect(shown('table', deafOnTuesday()))
    .toBe(`3 of 16 probes broke: node-c is deaf in the pod network (overlay); 1 healed.

1. node-c is deaf in the pod network (overlay) (3 probes)
   - 3 probes: timeout

Broken: SUCCEEDED before, FAILED now (3)
+-----+---------------+---------------+-----------+-----------+--------+----------------------------------------------+
| S/N | SRC NODE NAME | DST NODE NAME | TARGET IP | BEFORE    | RESULT | LOG                                          |
+-----+---------------+---------------+-----------+-----------+--------+----------------------------------------------+
| 1   | node-a        | node-c        | 10.64.3.5 | SUCCEEDED | FAILED | no connection to 10.64.3.5:8889 within 3.0 s |
| 2   | node-b        | node-c        | 10.64.3.5 | SUCCEEDED | FAILED | no connection to 10.64.3.5:8889 within 3.0 s |
| 3   | node-d        | node-c        | 10.64.3.5 | SUCCEEDED | FAILED | no connection to 10.64.3.5:8889 within 3.0 s |
+-----+---------------+---------------+-----------+-----------+--------+----------------------------------------------+

Healed: FAILED before, SUCCEEDED now (1)
+-----+---------------+---------------+-----------+------------------+-----------+
| S/N | SRC NODE NAME | DST NODE NAME | TARGET IP | BEFORE           | RESULT    |
+-----+---------------+---------------+-----------+------------------+-----------+
| 1   | node-a        | node-b        | 10.64.2.5 | FAILED (refused) | SUCCEEDED |
+-----+---------------+---------------+-----------+------------------+-----------+

OLD: run a1b2c3 of 2025-01-06T08:00:00.000Z (netdoctor 0.1.0), 16 probes between 4 nodes.
NEW: run d4e5f6 of 2025-01-07T08:00:00.000Z (netdoctor 0.1.0), 16 probes between 4 nodes.
16 probes in both: 3 broken, 1 healed, 12 SUCCEEDED in both.
What to look at next: kubectl netdoctor explain node-deaf.
`)
})

test('on a terminal, no sentence under the tables is longer than its lines', () => {
  const text = shown('table', DIFFS['the other way round'], {color: false, width: 60})
  const sentences = text.slice(text.indexOf('OLD: run')).trimEnd().split('\n')
  expect(sentences.length).toBeGreaterThan(4)
  expect(Math.max(...sentences.map((line) => line.length))).toBeLessThanOrEqual(60)
})

test('what only one run has is said, and so is what the comparison does not prove', () => {
  const text = shown('table', DIFFS['nodes gone and new, slower, a part of the plan'])
  expect(text).toContain('\nIn OLD alone: node-x (it runs windows).\nIn NEW alone: node-y.\n')
  expect(text).toContain('\nOnly in OLD, not compared: 9 probes.\nOnly in NEW, not compared: 9 probes.\n')
  expect(text).toContain('\nMind: OLD is a part of the plan: only to all.\n')
  expect(text).not.toContain('Healed')
})

test('what only NEW has and is FAILED has a table, under its finding', () => {
  expect(shown('table', newAndDeaf())).toContain(`
1. node-c is deaf in the pod network (overlay) (2 probes)
   - 2 probes: timeout

FAILED, and only NEW has them (2)
+-----+---------------+---------------+-----------+------------+--------+----------------------------------------------+
| S/N | SRC NODE NAME | DST NODE NAME | TARGET IP | BEFORE     | RESULT | LOG                                          |
+-----+---------------+---------------+-----------+------------+--------+----------------------------------------------+
| 1   | node-a        | node-c        | 10.64.3.5 | not in OLD | FAILED | no connection to 10.64.3.5:8889 within 3.0 s |
| 2   | node-b        | node-c        | 10.64.3.5 | not in OLD | FAILED | no connection to 10.64.3.5:8889 within 3.0 s |
+-----+---------------+---------------+-----------+------------+--------+----------------------------------------------+
`)
  expect(shown('table', newAndDeaf())).toContain('Only in NEW, not compared: 5 probes, 2 FAILED.\n')
})

test.each(DIFF_FORMAT_NAMES)('-o %s shows each probe that FAILED, and only NEW has', (name) => {
  const text = shown(name, newAndDeaf())
  const [probes, sign] = {
    table: [/^\| \d .* not in OLD .* FAILED/gm, 'FAILED, and only NEW has them (2)'],
    wide: [/^\| \d .* not in OLD .* FAILED/gm, 'FAILED, and only NEW has them (2)'],
    json: [/"change":"new-failed"(?!.*"before")/g, '"changes":{"broken":0,"failing":0,"new-failed":2,'],
    junit: [/<failure message="FAILED, and only NEW has them \(before: not in OLD\): /g, 'failures="2"'],
    html: [/<td>not in OLD<\/td>/g, 'FAILED, and only NEW has them (2)'],
    markdown: [/\| not in OLD \| FAILED \(timeout\) \|/g, '**FAILED, and only NEW has them** (2)'],
  }[name] as [RegExp, string]
  expect([text.match(probes)?.length, text.includes(sign)]).toEqual([2, true])
})

test('of many, some rows are shown, and the rest is counted', () => {
  const {old, now} = DIFFS['every mode, protocol and kind of floater']
  const text = shown('table', diffOf(now, old))
  expect(text).toMatch(/\n\d+ more rows like these: -o json has all of them\.\n/)
})

test('colours change nothing but the colour', () => {
  for (const [, diff] of cases)
    expect(stripVTControlCharacters(shown('table', diff, {color: true}))).toBe(shown('table', diff))
})

describe('json', async () => {
  const schema = JSON.parse(await readFile(path.join(schemas, 'diff.schema.json'), 'utf8')) as object
  const valid = new Ajv2020({allErrors: true, formats: {'date-time': true}}).compile(schema)
  const lines = (diff: Diff) =>
    shown('json', diff)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as {kind: string; change?: string})

  test.each(cases)('fits its schema, a line each: %s', (_, diff) => {
    const all = lines(diff)
    for (const line of all) expect(valid(line), JSON.stringify(valid.errors)).toBe(true)
    expect(all.map(({kind}) => kind).lastIndexOf('probe')).toBe(all.length - 2)
    expect(all.at(-1)).toMatchObject({kind: 'diff', format: 'kubectl-netdoctor/diff', version: 1})
    expect(all.filter(({kind}) => kind === 'probe').length).toBe(
      diff.compared - diff.counts.well + diff.onlyNew.failed + diff.onlyNew.exception,
    )
  })

  test('fits its schema, whatever the runs', () => {
    fc.assert(fc.property(anyRun, anyRun, (old, now) => lines(diffOf(old, now)).every((line) => valid(line))))
  })

  test('says what a probe was, what it is, and which finding explains it', () => {
    expect(lines(deafOnTuesday())[1]).toEqual({
      ...{kind: 'probe', change: 'broken', mode: 'pod', protocol: 'tcp', ipFamily: 'ipv4', check: 'reply'},
      source: {cluster: 'src', node: 'node-a'},
      destination: {cluster: 'src', node: 'node-c'},
      target: {address: '10.64.3.5', port: 8889},
      before: {status: 'SUCCEEDED', reason: 'answered', unstable: false, latencyMs: 0.4},
      after: {status: 'FAILED', reason: 'timeout', unstable: false, latencyMs: 3000},
      finding: 1,
      message: 'no connection to 10.64.3.5:8889 within 3.0 s',
    })
  })
})

describe('junit', async () => {
  const schema = await readFile(path.join(schemas, 'junit.xsd'), 'utf8')

  test('fits its schema', async () => {
    const xml = cases.map(([name, diff]) => ({fileName: name, contents: shown('junit', diff)}))
    const {errors} = await validateXML({xml, schema})
    expect(errors).toEqual([])
  })

  test('what broke is a failure, what is not measured any more an error, what is as bad as before skipped', () => {
    const text = shown('junit', DIFFS['every change'])
    expect(text).toContain(
      '<testsuites name="kubectl netdoctor diff" tests="9" failures="2" errors="1" skipped="3"',
    )
    expect(text.match(/<(failure|error|skipped|system-out)\b/g)).toHaveLength(9)
    expect(text).toContain('(before: FAILED (timeout)): ')
  })
})

test('markdown is nothing but what a report has', async () => {
  const options = {} as Parameters<typeof parsers.markdown.parse>[1]
  interface Node {
    readonly type: string
    readonly children?: readonly Node[]
  }
  const flat = (node: Node): readonly string[] => [node.type, ...(node.children ?? []).flatMap(flat)]
  const ours =
    'root paragraph strong text sentence word whitespace list listItem table tableRow tableCell'.split(' ')
  for (const [name, diff] of cases) {
    const types = flat((await parsers.markdown.parse(shown('markdown', diff), options)) as Node)
    expect([name, types.filter((type) => !ours.includes(type))]).toEqual([name, []])
  }
  expect(shown('markdown', deafOnTuesday())).toContain(
    '| node-a | node-c | pod tcp ipv4 | SUCCEEDED | FAILED (timeout) | no connection to 10.64.3.5:8889 within 3.0 s |\n',
  )
})

test('html is one page without a script that says the same', () => {
  const text = shown('html', deafOnTuesday())
  expect(text).toContain('<h1 class="FAILED">3 of 16 probes broke: node-c is deaf')
  expect(text).toMatch(
    /content="default-src 'none'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'"/,
  )
  for (const [, diff] of cases) expect(shown('html', diff)).not.toMatch(/<script|<!--|\ssrc=|\shref=/)
})

test.each(cases)('the tiles of the page hold every number of the summary: %s', (_, diff) => {
  const {compared, counts, onlyOld, onlyNew} = diff
  const tiles = [...shown('html', diff).matchAll(/<dt>([^<]*)<\/dt>\s*<dd>(\d+)<\/dd>/g)]
  const amounts = new Map(tiles.map(([, name = '', n]) => [name, Number(n)]))
  expect(['in both', 'in OLD alone', 'in NEW alone'].map((name) => amounts.get(name))).toEqual([
    compared,
    onlyOld.probes,
    onlyNew.probes,
  ])
  for (const change of CHANGES)
    expect([change, amounts.get(AMOUNTS[change]) ?? 0]).toEqual([change, counts[change]])
})

test.each(DIFF_FORMAT_NAMES)('-o %s shows hostile names, answers and facts as text', (name) => {
  const text = shown(name, DIFFS.hostile)
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u)
  if (name === 'junit' || name === 'html') expect(text).not.toMatch(/<script|]]>|<!--/)
})

test('whatever the runs, each form can be made', () => {
  fc.assert(
    fc.property(anyRun, anyRun, (old, now) => {
      for (const name of DIFF_FORMAT_NAMES) expect(shown(name, diffOf(old, now))).not.toBe('')
    }),
    {numRuns: 30},
  )
})
