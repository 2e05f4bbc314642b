import {stripVTControlCharacters} from 'node:util'
import {describe, expect, test} from 'vitest'
import type {Diagnosis, Finding} from '../../src/model/finding.ts'
import type {Verdict} from '../../src/model/result.ts'
import type {Run} from '../../src/model/run.ts'
import type {Format, ReportOptions} from '../../src/report/format.ts'
import {tableReport, wideReport} from '../../src/report/table.ts'
import {answered, inCluster, nodeWith, nodeWithout, sampleRun} from './sample.ts'
import {RUNS} from './samples.ts'
import {shown} from './shown.ts'

type Sample = Parameters<typeof sampleRun>
/** The format, of a run in which nothing was found. */
const plainly =
  (format: Format): Format =>
  (run, _, options) =>
    format(
      run,
      {
        findings: [],
        findingOf: new Uint32Array(run.results.size),
        unexplained: run.results.status.filter((code) => code !== 1).length,
      },
      options,
    )
const report = (sample: Sample, options: ReportOptions = {color: false}) =>
  shown(plainly(tableReport), sampleRun(...sample), options)
const rowsOf = (text: string) => text.split('\n').filter((line) => /^\| +\d/.test(line))

const failed = (reason: Verdict['reason'], raw = ''): Verdict => ({
  status: 'FAILED',
  reason,
  timeUs: 3_000_000,
  raw,
  unstable: false,
})
const pair = [nodeWith('a', '10.0.0.1'), nodeWith('b', '10.0.0.2')]
const many = (n: number) => Array.from({length: n}, (_, i) => nodeWith(`n${i + 1}`, `10.0.1.${i + 1}`))

test('a small run is shown whole: the verdict, what is wrong with a sentence, what succeeded, the totals', () => {
  expect(report([pair, ({id}) => (id === 1 ? failed('timeout') : answered)])).toBe(
    `1 of 4 probes failed; no finding explains it.

What no finding explains (1)
+-----+---------------+---------------+-----------+--------+---------------------------------------------+
| S/N | SRC NODE NAME | DST NODE NAME | TARGET IP | RESULT | LOG                                         |
+-----+---------------+---------------+-----------+--------+---------------------------------------------+
| 1   | a             | b             | 10.0.0.2  | FAILED | no connection to 10.0.0.2:8889 within 3.0 s |
+-----+---------------+---------------+-----------+--------+---------------------------------------------+

SUCCEEDED (3)
+-----+---------------+---------------+-----------+-----------+
| S/N | SRC NODE NAME | DST NODE NAME | TARGET IP | RESULT    |
+-----+---------------+---------------+-----------+-----------+
| 1   | a             | a (self)      | 10.0.0.1  | SUCCEEDED |
| 2   | b             | a             | 10.0.0.1  | SUCCEEDED |
| 3   | b             | b (self)      | 10.0.0.2  | SUCCEEDED |
+-----+---------------+---------------+-----------+-----------+

4 probes between 2 nodes: 3 SUCCEEDED, 1 FAILED, 0 EXCEPTION (3.4 s)
Connect time: p50 0.4 ms, p95 0.4 ms, max 0.4 ms
timeout: 1 probe, see kubectl netdoctor explain timeout
`,
  )
})

describe('findings', () => {
  const finding = (sentence: string, evidence: string[] = []): Finding => ({
    kind: 'source-unusable',
    subjects: [],
    layer: 'pod network',
    explains: 2,
    against: 0,
    sentence,
    evidence,
  })
  const found = (run: Run, findings: Finding[], findingOf: number[]): Diagnosis => ({
    findings,
    findingOf: Uint32Array.from(findingOf),
    unexplained: [...run.results.status].filter((code, id) => code !== 1 && findingOf[id] === 0).length,
  })
  const text = (run: Run, diagnosis: Diagnosis, options: ReportOptions) =>
    [...tableReport(run, diagnosis, options)].join('')

  test('what took far longer than the rest has its time in the LOG', () => {
    const run = sampleRun(pair, ({id}) => (id === 1 ? {...answered, timeUs: 407_000} : answered))
    expect(
      text(run, found(run, [finding('1 probe takes long')], [0, 1, 0, 0]), {color: false, width: 120}),
    ).toContain('| 1   | a             | b             | 10.0.0.2  | SUCCEEDED | took 407 ms')
  })

  test('stand above what they explain, with what is for and against them; what none explains comes after', () => {
    const run = sampleRun(
      pair,
      ({id}) => [failed('timeout'), undefined, failed('timeout'), {...answered, unstable: true}][id],
    )
    const findings = [
      {...finding('node a is deaf', ['b is not', 'its own address answers']), against: 1},
      finding('node b is odd'),
    ]
    expect(text(run, found(run, findings, [1, 0, 1, 2]), {color: false, width: 90})).toBe(
      `2 of 4 probes failed, 1 could not be measured: node a is deaf (and 1 more finding, 1
unexplained).

1. node a is deaf (2 probes; 1 speaks against it)
   - b is not
   - its own address answers
2. node b is odd (2 probes)

1. node a is deaf (2)
+-----+---------------+---------------+-----------+--------+-----------------------------+
| S/N | SRC NODE NAME | DST NODE NAME | TARGET IP | RESULT | LOG                         |
+-----+---------------+---------------+-----------+--------+-----------------------------+
| 1   | a             | a (self)      | 10.0.0.1  | FAILED | no connection to            |
|     |               |               |           |        | 10.0.0.1:8889 within 3.0 s  |
| 2   | b             | a             | 10.0.0.1  | FAILED | as in row 1                 |
+-----+---------------+---------------+-----------+--------+-----------------------------+

2. node b is odd (1)
+-----+---------------+---------------+-----------+----------------------+
| S/N | SRC NODE NAME | DST NODE NAME | TARGET IP | RESULT               |
+-----+---------------+---------------+-----------+----------------------+
| 1   | b             | b (self)      | 10.0.0.2  | SUCCEEDED (unstable) |
+-----+---------------+---------------+-----------+----------------------+
Row 1: answered, but only sometimes or after a lost packet (connected in 0 ms)

What no finding explains (1)
+-----+---------------+---------------+-----------+-----------+--------------------------+
| S/N | SRC NODE NAME | DST NODE NAME | TARGET IP | RESULT    | LOG                      |
+-----+---------------+---------------+-----------+-----------+--------------------------+
| 1   | a             | b             | 10.0.0.2  | EXCEPTION | not tested               |
+-----+---------------+---------------+-----------+-----------+--------------------------+

4 probes between 2 nodes: 1 SUCCEEDED, 2 FAILED, 1 EXCEPTION (3.4 s)
1 probe succeeded only sometimes or after a lost packet (unstable).
source-unusable: 2 findings, see kubectl netdoctor explain source-unusable
not-tested: 1 probe, see kubectl netdoctor explain not-tested
unstable: 1 probe, see kubectl netdoctor explain unstable
timeout: 2 probes, see kubectl netdoctor explain timeout
`,
    )
  })

  test.each([
    ['a plan of 196 probes: every row', 14, 196, 0],
    ['a larger plan: ten, for they are alike, and how many more', 15, 10, 215],
  ])('of %s', (_, nodes, shown, left) => {
    const run = sampleRun(many(nodes), () => failed('timeout'))
    const all = Array.from({length: nodes * nodes}, () => 1)
    const told = text(run, found(run, [finding('all is down')], all), {color: false})
    expect(rowsOf(told)).toHaveLength(shown)
    expect(told.includes('more rows like these')).toBe(left > 0)
    if (left > 0) expect(told).toContain(`\n${left} more rows like these are not shown`)
  })

  test('of which there are too many are counted, and so is what they explain', () => {
    const run = sampleRun(many(12), ({id}) => (id < 12 ? failed('timeout') : answered))
    const findings = Array.from({length: 12}, (_, index) => finding(`finding ${index + 1}`))
    const findingOf = Array.from({length: 144}, (_, id) => (id < 12 ? id + 1 : 0))
    const told = text(run, found(run, findings, findingOf), {color: false})
    expect(told).toContain('\n10. finding 10 (2 probes)\n2 more findings: -o json has all of them.\n')
    expect(told).toContain('\n2 more rows like these are not shown; the saved report has all of them.\n')
  })
})

test('rows are in natural order of the node names', () => {
  const nodes = ['n10', 'n9', 'n1'].map((name, n) => nodeWith(name, `10.0.0.${n + 1}`))
  const sources = rowsOf(report([nodes, () => answered])).map((row) => row.split('|')[2]?.trim())
  expect(sources).toEqual(['n1', 'n1', 'n1', 'n9', 'n9', 'n9', 'n10', 'n10', 'n10'])
})

test('what did not succeed comes before what succeeded with a reservation, and never makes room for it', () => {
  const last = 15 * 15 - 1
  const text = report([many(15), ({id}) => (id === last ? failed('refused') : {...answered, unstable: true})])
  const shown = rowsOf(text)
  expect(shown).toHaveLength(200)
  expect(shown[0]).toContain('FAILED')
  expect(shown.slice(1).every((row) => row.includes('SUCCEEDED (unstable)'))).toBe(true)
})

describe('how many rows', () => {
  test.each([
    ['14 nodes, all well: every row', 14, () => answered, 196, false],
    ['15 nodes, all well: none', 15, () => answered, 0, false],
    [
      '15 nodes, one failed: that one',
      15,
      ({id}: {id: number}) => (id === 7 ? failed('refused') : answered),
      1,
      false,
    ],
    ['15 nodes, all failed: 200, and it says so', 15, () => failed('refused'), 200, true],
  ])('%s', (_, nodes, verdictOf, rows, cut) => {
    const text = report([many(nodes), verdictOf])
    expect(rowsOf(text)).toHaveLength(rows)
    expect(text.includes('25 more rows like these are not shown; the saved report has all of them.')).toBe(
      cut,
    )
    expect(text).toContain(`${nodes * nodes} probes between ${nodes} nodes: `)
  })
})

test('an unstable success stands with what is wrong, and is counted', () => {
  const text = report([pair, ({id}) => ({...answered, timeUs: 1_010_000, unstable: id === 2})])
  expect(text).toContain(
    '| b             | a             | 10.0.0.1  | SUCCEEDED (unstable) | answered, but only',
  )
  expect(text).toContain('4 SUCCEEDED, 0 FAILED, 0 EXCEPTION')
  expect(text).toContain('1 probe succeeded only sometimes or after a lost packet (unstable).')
})

test('a node without a floater has a dash for its address', () => {
  const cause = 'node b has no floater: unschedulable'
  const noFloater: Verdict = {
    status: 'EXCEPTION',
    reason: 'no-floater',
    timeUs: 0,
    raw: cause,
    unstable: false,
  }
  const text = report([
    [nodeWith('a', '10.0.0.1'), nodeWithout('b', cause)],
    ({id}) => (id ? noFloater : answered),
  ])
  expect(text).toContain(`| 1   | a             | b             | -         | EXCEPTION | ${cause} |`)
})

test('below the tables stands what the run does not prove', () => {
  const text = report([
    pair,
    () => undefined,
    {
      interrupted: 'SIGINT',
      notCovered: [
        {
          cluster: 'src',
          node: 'w1',
          cause: 'floaters run on Linux, and this node runs windows',
          leftOut: false,
        },
      ],
      caveats: ['who answered'],
    },
  ])
  expect(text).toContain(
    'The run was interrupted by SIGINT: what has no result counts as EXCEPTION, "not tested".\n',
  )
  expect(text).toContain('Not covered: w1: floaters run on Linux, and this node runs windows.\n')
  expect(text).toContain('Not verified: who answered.\n')
  expect(text).not.toContain('Partial')
})

test('a partial run says what is missing, a whole line in either table', () => {
  const run = sampleRun(pair, () => answered, {partial: ['only from a', 'only to b']})
  for (const format of [tableReport, wideReport])
    expect(shown(format, run)).toContain('\nPartial: only from a, only to b.\n')
})

test('connect times are of what succeeded between nodes, and not there where nothing did', () => {
  const times = [9000, 310, 42_040, 9000]
  const text = report([pair, ({id}) => ({...answered, timeUs: times[id] ?? 0})])
  expect(text).toContain('\nConnect time: p50 0.3 ms, p95 42.0 ms, max 42.0 ms\n')
  expect(report([pair, () => failed('timeout')])).not.toContain('Connect time')
})

describe('wide', () => {
  test('has what tells one probe from another, and its time', () => {
    const run = sampleRun(
      [nodeWith('a', '10.0.0.1', 'fd00::1'), inCluster('dst', nodeWith('b', '10.1.0.2'))],
      ({id, block}) =>
        block.mode === 'custom' ? failed('timeout') : id === 0 ? undefined : {...answered, timeUs: 40},
      {},
      {intra: false, customTargets: [{host: 'www.example.com', port: 443}]},
    )
    expect(shown(plainly(wideReport), run, {color: false})).toBe(
      `2 of 4 probes failed, 1 could not be measured; no finding explains them.

What no finding explains (3)
+-----+---------------+---------------------+-----------------+------+--------+----------+--------+-------+-----------+---------------------------------------------------+
| S/N | SRC NODE NAME | DST NODE NAME       | TARGET IP       | PORT | MODE   | PROTOCOL | FAMILY | TIME  | RESULT    | LOG                                               |
+-----+---------------+---------------------+-----------------+------+--------+----------+--------+-------+-----------+---------------------------------------------------+
| 1   | src/a         | dst/b               | 10.1.0.2        | 8889 | pod    | tcp      | ipv4   | -     | EXCEPTION | not tested                                        |
| 2   | src/a         | www.example.com:443 | www.example.com | 443  | custom | tcp      | name   | 3.0 s | FAILED    | no connection to www.example.com:443 within 3.0 s |
| 3   | dst/b         | www.example.com:443 | www.example.com | 443  | custom | tcp      | name   | 3.0 s | FAILED    | no connection to www.example.com:443 within 3.0 s |
+-----+---------------+---------------------+-----------------+------+--------+----------+--------+-------+-----------+---------------------------------------------------+

SUCCEEDED (1)
+-----+---------------+---------------+-----------+------+------+----------+--------+---------+-----------+
| S/N | SRC NODE NAME | DST NODE NAME | TARGET IP | PORT | MODE | PROTOCOL | FAMILY | TIME    | RESULT    |
+-----+---------------+---------------+-----------+------+------+----------+--------+---------+-----------+
| 1   | dst/b         | src/a         | 10.0.0.1  | 8889 | pod  | tcp      | ipv4   | 0.04 ms | SUCCEEDED |
+-----+---------------+---------------+-----------+------+------+----------+--------+---------+-----------+

4 probes between 2 nodes: 1 SUCCEEDED, 2 FAILED, 1 EXCEPTION (3.4 s)
Connect time: p50 0.04 ms, p95 0.04 ms, max 0.04 ms
not-tested: 1 probe, see kubectl netdoctor explain not-tested
timeout: 2 probes, see kubectl netdoctor explain timeout
TIME: until the connection stood (tcp; a host name is looked up within it), of a round trip (icmp), or until it was given up.
`,
    )
  })

  test('has as many rows as the table', () => {
    const run = sampleRun(many(15), () => failed('refused'))
    const text = shown(plainly(wideReport), run, {color: false})
    expect(rowsOf(text)).toHaveLength(200)
    expect(text).toContain('25 more rows like these are not shown; the saved report has all of them.')
  })

  test('on a terminal wraps the sentence', () => {
    const text = shown(wideReport, RUNS['two clusters, both families, custom targets'], {
      color: false,
      width: 200,
    })
    const rows = text.split('\n').filter((line) => /^[|+]/.test(line))
    expect(Math.max(...rows.map((line) => line.length))).toBeLessThanOrEqual(200)
  })
})

describe('colours', () => {
  const sample: Sample = [pair, ({id}) => (id === 1 ? failed('timeout') : id === 2 ? undefined : answered)]

  test('are there when asked for, and change nothing else', () => {
    const painted = report(sample, {color: true})
    expect(painted).toContain('\u001b[32mSUCCEEDED\u001b[39m')
    expect(painted).toContain('\u001b[31mFAILED\u001b[39m')
    expect(painted).toContain('\u001b[33mEXCEPTION\u001b[39m')
    expect(stripVTControlCharacters(painted)).toBe(report(sample))
  })

  test('are not there otherwise', () => {
    expect(report(sample)).not.toContain('\u001b')
  })
})

test.each([tableReport, wideReport])('%o shows hostile names, causes and facts as text', (format) => {
  const text = shown(format, RUNS.hostile)
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u)
  expect(rowsOf(text)).toHaveLength(4)
  expect(text.split('\n').filter((line) => /^(Partial|Not covered|Not verified): /.test(line))).toHaveLength(
    3,
  )
})

test('neither names nor answers can send anything to the terminal but text', () => {
  const evil = '\u001b[2J\u001b]0;x\u0007\r\n\t\u0008\u202e\u009b1m'
  const nodes = [nodeWith(`a${evil}`, '10.0.0.1'), nodeWithout(`b${evil}`, evil)]
  const verdicts: (Verdict | undefined)[] = [
    failed('wrong-peer', evil),
    {...failed('no-floater', `b${evil} has no floater`), status: 'EXCEPTION'},
    undefined,
    failed('probe-error', evil),
  ]
  const text = report([
    nodes,
    ({id}) => verdicts[id],
    {notCovered: [{cluster: 'src', node: evil, cause: evil, leftOut: false}]},
  ])
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  expect(rowsOf(text)).toHaveLength(4)
})

describe('on a terminal', () => {
  const long = failed('wrong-peer', `HTTP 200: ${'word '.repeat(40)}`)

  test.each([100, 120, 200])('of %i columns no line is longer', (width) => {
    const caveats = [`UDP, ICMP and large packets: ${'not asked for '.repeat(15)}`]
    const lines = report([pair, () => long, {caveats}], {color: true, width})
      .split('\n')
      .map(stripVTControlCharacters)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width)
  })

  test('too narrow for a column of sentences they stand below, each once, behind its rows', () => {
    const foreign = failed('wrong-peer', `HTTP 200: ${'word '.repeat(6)}`)
    const verdicts = [foreign, foreign, failed('timeout'), foreign]
    const shown = report([pair, ({id}) => verdicts[id]], {color: false, width: 80})
    expect(shown.slice(shown.indexOf('+--'), shown.indexOf('4 probes between')))
      .toBe(`+-----+---------------+---------------+-----------+--------+
| S/N | SRC NODE NAME | DST NODE NAME | TARGET IP | RESULT |
+-----+---------------+---------------+-----------+--------+
| 1   | a             | a (self)      | 10.0.0.1  | FAILED |
| 2   | a             | b             | 10.0.0.2  | FAILED |
| 3   | b             | a             | 10.0.0.1  | FAILED |
| 4   | b             | b (self)      | 10.0.0.2  | FAILED |
+-----+---------------+---------------+-----------+--------+
Row 1: something else than the floater answers at 10.0.0.1:8889: HTTP 200:
  word word word word word word
Rows 2, 4: something else than the floater answers at 10.0.0.2:8889: HTTP 200:
  word word word word word word
Row 3: no connection to 10.0.0.1:8889 within 3.0 s

`)
  })
})
