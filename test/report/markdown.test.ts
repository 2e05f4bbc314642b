import {parsers} from 'prettier/plugins/markdown'
import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {Verdict} from '../../src/model/result.ts'
import {markdownReport} from '../../src/report/markdown.ts'
import {markdownText} from '../../src/report/markdown-text.ts'
import {anyRun, RUNS} from './samples.ts'
import {answered, nodeWith, nodeWithout, sampleRun} from './sample.ts'
import {shown} from './shown.ts'

interface Node {
  readonly type: string
  readonly value?: string
  readonly children?: readonly Node[]
}

/** What a Markdown parser (remark, with tables and bare addresses) makes of a text, flat. */
async function nodesOf(markdown: string): Promise<readonly Node[]> {
  const options = {} as Parameters<typeof parsers.markdown.parse>[1]
  const root: Node = (await parsers.markdown.parse(markdown, options)) as Node
  const flat = (node: Node): readonly Node[] => [node, ...(node.children ?? []).flatMap(flat)]
  return flat(root)
}

/** All that a report consists of; whatever else there is came from what it quotes. */
const OURS = ['root', 'paragraph', 'strong', 'text', 'sentence', 'word', 'whitespace', 'list', 'listItem']
const TABLE = ['table', 'tableRow', 'tableCell']

const typesOf = async (markdown: string) => new Set((await nodesOf(markdown)).map(({type}) => type))
const textOf = async (markdown: string) =>
  (await nodesOf(markdown))
    .map(({type, value}) => (['word', 'text', 'whitespace'].includes(type) ? (value ?? '') : ''))
    .join('')

const failed = (raw: string): Verdict => ({
  status: 'FAILED',
  reason: 'wrong-peer',
  timeUs: 0,
  raw,
  unstable: false,
})

test('a verdict, findings with their evidence, a table, the totals', () => {
  const run = sampleRun(
    [nodeWith('node-a', '10.0.0.1'), nodeWithout('node-b', 'ImagePullBackOff (not found)')],
    ({id}) =>
      [
        answered,
        {
          ...failed('ImagePullBackOff (not found)'),
          status: 'EXCEPTION' as const,
          reason: 'no-floater' as const,
        },
        failed('HTTP 200: <b>|`hi`'),
        {...answered, unstable: true},
      ][id],
    {partial: ['only to node_a']},
  )
  expect(shown(markdownReport, run)).toBe(
    `**1 of 4 probes failed, 1 could not be measured: something else than the floater answers from node-b to node-a in the pod network (overlay) (and 2 more findings).**

1. something else than the floater answers from node-b to node-a in the pod network (overlay) (1 probe)
    - 1 probe: wrong-peer
    - it says: HTTP 200: &lt;b&gt;\\|\\\`hi\\\`
2. node node-b could not be measured: it has no floater (1 probe)
    - ImagePullBackOff (not found)
3. 1 probe answered only sometimes, or after a lost packet: 25 % of all (1 probe)

| finding | source | destination | path | result | log |
| --- | --- | --- | --- | --- | --- |
| 1 | node-b | node-a | pod tcp ipv4 | FAILED | something else than the floater answers at 10.0.0.1:8889: HTTP 200: &lt;b&gt;\\|\\\`hi\\\` |
| 2 | node-a | node-b | pod tcp ipv4 | EXCEPTION | ImagePullBackOff (not found) |
| 3 | node-b | node-b (self) | pod tcp ipv4 | SUCCEEDED (unstable) | answered, but only sometimes or after a lost packet (connected in 0 ms) |

- 4 probes between 2 nodes: 2 SUCCEEDED, 1 FAILED, 1 EXCEPTION (3.4 s)
- 1 probe succeeded only sometimes or after a lost packet (unstable).
- wrong-peer: 1 finding, 1 probe, see kubectl netdoctor explain wrong-peer
- no-floater: 1 finding, 1 probe, see kubectl netdoctor explain no-floater
- loss: 1 finding, see kubectl netdoctor explain loss
- unstable: 1 probe, see kubectl netdoctor explain unstable
- Partial: only to node\\_a.
`,
  )
})

describe('what is quoted', () => {
  test.each([
    '<script>alert(1)</script>',
    '<!-- -->',
    '[a](https://example.com)',
    '![a](b)',
    'https://example.com/x',
    'www.example.com',
    '<https://example.com>',
    'a@example.com',
    '@admin',
    '#12',
    '`code`',
    '**bold** __bold__ *i* _i_',
    '~~gone~~',
    'a | b',
    '# head',
    '- item',
    '+ item',
    '* item',
    '1. item',
    '1) item',
    '> quote',
    '    code',
    '---',
    '===',
    '\\\\',
    '&amp; &lt;',
    '[x]: https://example.com',
    '$x$',
    ':+1:',
  ])('%j is text', async (hostile) => {
    const markdown = `${markdownText(hostile)}\n`
    expect(
      [...(await typesOf(markdown))].filter(
        (type) => !OURS.includes(type) || type === 'strong' || type.startsWith('list'),
      ),
    ).toEqual([])
    // Neither of these is seen by the parser: who shows the page looks for them in what is written there.
    expect(markdown).not.toMatch(/@|(?<!&)#\d|https?:\/\/|www\./)
  })

  test.each(Object.entries(RUNS))('in a run (%s) makes nothing but what a report has', async (_, run) => {
    const types = await typesOf(shown(markdownReport, run))
    expect([...types].filter((type) => ![...OURS, ...TABLE].includes(type))).toEqual([])
  })

  test('in any run', async () => {
    for (const run of fc.sample(anyRun, 100)) {
      const types = await typesOf(shown(markdownReport, run))
      expect([...types].filter((type) => ![...OURS, ...TABLE].includes(type))).toEqual([])
    }
  })
})

test('of a large run the table stays small enough for a ticket, and says what it leaves out', () => {
  const nodes = Array.from({length: 40}, (_, n) => nodeWith(`n${n}`, `10.0.0.${n}`))
  const run = sampleRun(nodes, () => failed('x'.repeat(400)))
  const text = [
    ...markdownReport(run, {findings: [], findingOf: new Uint32Array(1600), unexplained: 1600}),
  ].join('')
  expect(text.match(/^\| {2}\|/gm)?.length).toBe(50)
  expect(text).toContain('\n1,550 more rows like these are not shown; report.json has all of them.\n')
  expect(text.length).toBeLessThan(60_000)
})

test('what it says can be read', async () => {
  const sentence = 'node-a_1 <-> node-b: no connection to 10.0.0.1:8889 within 3.0 s (50% | `x`)'
  expect(await textOf(markdownText(sentence))).toBe(sentence)
})
