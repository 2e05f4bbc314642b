import {stripVTControlCharacters} from 'node:util'
import {describe, expect, test} from 'vitest'
import type {NodeUnderTest} from '../../src/model/cluster.ts'
import type {Probe} from '../../src/model/plan.ts'
import type {Verdict} from '../../src/model/result.ts'
import type {Run} from '../../src/model/run.ts'
import type {PlanWish} from '../../src/plan/wish.ts'
import type {ReportOptions} from '../../src/report/format.ts'
import {matrixReport} from '../../src/report/matrix.ts'
import {subsetOf} from '../../src/plan/cut.ts'
import {brokenRun} from './html/reports.ts'
import {RUNS} from './samples.ts'
import {answered, inCluster, nodeWith, resultsOf, sampleRun, withHost} from './sample.ts'
import {shown} from './shown.ts'

const failed: Verdict = {...answered, status: 'FAILED', reason: 'timeout'}
const unmeasured: Verdict = {...answered, status: 'EXCEPTION', reason: 'exec-failed', timeUs: 0}
const unstable: Verdict = {...answered, unstable: true, timeUs: 1_010_000}
const rewritten: Verdict = {...answered, raw: '192.0.2.1'}

const named = (...names: string[]) => names.map((name, n) => nodeWith(name, `10.0.0.${n + 1}`))
const inZone = (zone: string, node: NodeUnderTest) => ({...node, traits: {zone}})
const abc = named('a', 'b', 'c')

/** What stands between the findings and the totals, without spaces at the ends of lines. */
function pictureOf(run: Run, options: ReportOptions = {color: false}): string {
  const text = shown(matrixReport, run, options)
  const end = text.search(/\n[\d,]+ probes? between /)
  const picture = text.slice(0, end)
  return picture.slice(picture.search(/^(?:[a-z-]+ (?:tcp|udp|icmp|dns)|\d+ (?:paths|sources))\b/m)).trimEnd()
}

const verdicts =
  (...all: readonly (Verdict | undefined)[]) =>
  ({id}: Probe) =>
    all[id]

/** `pod tcp ipv4` over these nodes, by rows. */
const simple = (...all: readonly (Verdict | undefined)[]) => sampleRun(abc, verdicts(...all))

describe('a cell', () => {
  test.each<[what: string, picture: string, run: Run]>([
    [
      'is a letter each: failed, not measured, with a reservation, well, to itself',
      `pod tcp ipv4
     1 2 3
1 a  - X ?
2 b  ~ - ~
3 c  . ? -

Rows are sources, columns destinations.   X FAILED   ? EXCEPTION (not measured)   ~ SUCCEEDED, with a reservation   . SUCCEEDED   - SUCCEEDED, to itself (proves the floater, not the network)`,
      simple(
        ...[answered, failed, unmeasured],
        ...[unstable, answered, rewritten],
        ...[answered, undefined, answered],
      ),
    ],
    [
      'of a floater that does not answer itself says so',
      `pod tcp ipv4
     1 2 3
1 a  X . .
2 b  . ? .
3 c  . . -

Rows are sources, columns destinations.   X FAILED   ? EXCEPTION (not measured)   . SUCCEEDED   - SUCCEEDED, to itself (proves the floater, not the network)`,
      simple(
        ...[failed, answered, answered, answered, unmeasured],
        ...[answered, answered, answered, answered],
      ),
    ],
    [
      'that is not in the plan is blank',
      `pod tcp ipv4
     2 3
1 a  . X
2 b    .

Rows are sources, columns destinations.   X FAILED   . SUCCEEDED   (blank) not in the plan
Columns without a row:   3 c`,
      partOf(simple(), (probe) => (probe.source === 0 && probe.endpoint.node === 2 ? failed : answered)),
    ],
    [
      'of a target that is no node has a column of its own',
      `custom tcp ipv4
     3
1 a  X
2 b  .

custom icmp ipv4
     4
1 a  .
2 b  .

Rows are sources, columns destinations.   X FAILED   . SUCCEEDED
Columns without a row:   3 192.0.2.7:53   4 192.0.2.7`,
      sampleRun(
        named('a', 'b'),
        verdicts(failed, answered, answered, answered),
        {},
        {modes: [], protocols: ['tcp', 'icmp'], customTargets: [{host: '192.0.2.7', port: 53}]},
      ),
    ],
  ])('%s', (_, picture, run) => {
    expect(pictureOf(run)).toBe(picture)
  })

  test('never says that what FAILED or was not measured is well, whichever probe of it comes first', () => {
    const worst = [failed, unmeasured, unstable, answered]
    for (const [rank, bad] of worst.entries())
      for (const better of worst.slice(rank))
        for (const pair of [
          [bad, better],
          [better, bad],
        ] as const)
          expect([rank, firstCell(pair)]).toEqual([rank, 'X?~.'[rank]])
  })
})

/** From a to b and c, and from b to c; nothing else is asked. */
function partOf(full: Run, verdictOf: (probe: Probe) => Verdict): Run {
  const plan = subsetOf(full.plan, {
    from: (node) => node < 2,
    to: (node) => node > 0,
    bothWays: false,
    sample: 2,
  })
  return {...full, plan, results: resultsOf(plan, verdictOf), partial: ['only from a,b']}
}

/** The cell from a to b of five paths laid over one another, of which two have these verdicts. */
function firstCell([one, other]: readonly [Verdict, Verdict]): string | undefined {
  const run = everyPath(({block, source, endpoint}) =>
    source !== 0 || endpoint.node !== 1
      ? answered
      : block.protocol === 'tcp'
        ? one
        : block.protocol === 'udp'
          ? other
          : answered,
  )
  return /^1 a {2}- (.)/m.exec(pictureOf(run))?.[1]
}

function everyPath(verdictOf: (probe: Probe) => Verdict, wish: Partial<PlanWish> = {}): Run {
  const nodes = named('a', 'b').map((node, n) => withHost(node, `192.168.0.${n + 1}`))
  return sampleRun(nodes, verdictOf, {}, {modes: ['pod', 'node'], protocols: ['tcp', 'udp', 'icmp'], ...wish})
}

describe('several paths', () => {
  test('have a matrix each where they are few', () => {
    const run = everyPath(({block}) => (block.protocol === 'udp' ? failed : answered), {
      modes: ['pod'],
      protocols: ['tcp', 'udp'],
    })
    expect(pictureOf(run)).toMatch(
      /^pod tcp ipv4\n {5}1 2\n1 a {2}- \.\n2 b {2}\. -\n\npod udp ipv4\n {5}1 2\n1 a {2}X X\n2 b {2}X X\n/,
    )
  })

  test('are laid over one another where they are many, and that is said', () => {
    const run = everyPath(({block, source}) =>
      block.mode === 'node' && block.protocol === 'udp' && source === 0 ? failed : answered,
    )
    expect(pictureOf(run)).toMatch(
      /^6 paths, of each pair the worst result: pod tcp ipv4, pod udp ipv4, pod icmp ipv4, node tcp ipv4, node udp ipv4, node icmp ipv4\n {5}1 2\n1 a {2}X X\n2 b {2}\. -\n/,
    )
  })

  test('of a path that asks a node at two addresses, the worse one counts, and that is said', () => {
    const run = everyPath(
      ({block, endpoint}) => (block.mode === 'service' && endpoint.port === 2 ? failed : answered),
      {
        modes: ['service'],
        protocols: ['tcp'],
        services: [1, 2].map((port) => ({
          ...{cluster: 'src', type: 'ClusterIP' as const, behind: 'b', nodePort: undefined},
          ...{addresses: [`10.96.0.${port}`], port},
        })),
      },
    )
    expect(pictureOf(run)).toMatch(/^service tcp ipv4: of each pair the worst result\n {5}2\n1 a {2}X\n/)
  })
})

describe('nodes', () => {
  test('stand by cluster and zone, with a line above the rows and a bar between the columns', () => {
    const nodes = [
      inZone('z2', nodeWith('a', '10.0.0.1')),
      inZone('z1', nodeWith('b', '10.0.0.2')),
      inZone('z2', nodeWith('c', '10.0.0.3')),
      inCluster('dst', nodeWith('a', '10.1.0.1')),
    ]
    const run = sampleRun(nodes, ({source, endpoint}) =>
      source === 2 && endpoint.node === 3 ? failed : answered,
    )
    expect(pictureOf(run)).toMatch(
      /^pod tcp ipv4\n {9}1 \| 2 3 \| 4\nsrc z1\n1 src\/b {2}- \| \. \. \| \.\nsrc z2\n2 src\/a {2}\. \| - \. \| \.\n3 src\/c {2}\. \| \. - \| X\ndst\n4 dst\/a {2}\. \| \. \. \| -\n/,
    )
  })

  test('with long names keep both ends of them, and never fill more than half of the line', () => {
    const long = named(...[1, 2].map((n) => `ip-10-0-12-${n}.eu-central-1.compute.internal`))
    const text = pictureOf(
      sampleRun(long, () => answered),
      {color: false, width: 60},
    )
    expect(text).toContain('\n1 ip-10-0-12-1.…pute.internal  - .\n2 ip-10-0-12-2.…pute.internal  . -\n')
    expect(pictureOf(sampleRun(long, () => answered))).toContain(
      '2 ip-10-0-12-2.eu-central-1.compute.internal  . -',
    )
  })

  test('whose columns do not fit follow in blocks, with every row named again', () => {
    const run = sampleRun(named(...Array.from({length: 30}, (_, n) => `n${n}`)), ({source, endpoint}) =>
      source === 0 && endpoint.node === 29 ? failed : answered,
    )
    const lines = pictureOf(run, {color: false, width: 30}).split('\n')
    const [numbers, letters] = [lines.slice(1, 3), lines.filter((line) => line.startsWith(' 1 n0 '))]
    expect(numbers).toEqual(['                11111111112222', '       12345678901234567890123'])
    expect(letters).toEqual([' 1 n0  -......................', ' 1 n0  ......X'])
  })
})

test.each([30, 40, 80, 120])('on a terminal of %i columns no line of the picture is longer', (width) => {
  for (const run of [...Object.values(RUNS), brokenRun(20), brokenRun(120)]) {
    const lines = pictureOf(run, {color: true, width}).split('\n').map(stripVTControlCharacters)
    const own = lines.filter((line) => /^ *\d+ |^ +[\d |]+$/.test(line))
    expect(Math.max(0, ...own.map((line) => line.length))).toBeLessThanOrEqual(width)
  }
})

test('verdict and findings come first, the totals last', () => {
  const text = shown(matrixReport, simple(answered, failed, answered))
  expect(text).toMatch(/^1 of 9 probes failed, 6 could not be measured: a does not reach b/)
  expect(text).toMatch(/^1\. a does not reach b .*\n {3}- 1 probe: timeout\n/m)
  expect(text).toMatch(/\n9 probes between 3 nodes: 2 SUCCEEDED, 1 FAILED, 6 EXCEPTION/)
})

test('of more than 120 nodes there is no picture, and it is said where there is one', () => {
  const text = pictureOf(brokenRun(121))
  expect(text).toBe(
    '121 sources and 121 destinations are more than a terminal can show as a matrix (120 of each). The page has one to zoom and filter: kubectl netdoctor report -o html --output-file report.html (with the name of the saved report where that is not report.json)',
  )
  expect(pictureOf(brokenRun(120))).toContain('120 dst/node-120')
})

test('a run without a probe has no picture', () => {
  expect(shown(matrixReport, RUNS['no probe'])).toMatch(/^Nothing was probed\.\n\n0 probes between 0 nodes/)
})

test('colours change nothing but the colour', () => {
  for (const run of [...Object.values(RUNS), brokenRun(20)]) {
    const painted = shown(matrixReport, run, {color: true})
    expect(stripVTControlCharacters(painted)).toBe(shown(matrixReport, run, {color: false}))
  }
  expect(shown(matrixReport, simple(answered, failed), {color: true})).toContain('\u001b[31mX\u001b[39m')
})

test('hostile names and zones are text on one line', () => {
  const text = shown(matrixReport, RUNS.hostile)
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u)
  expect(text.split('\n').filter((line) => /^\d [ab]/.test(line))).toHaveLength(2)
})
