import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {UserError} from '../../src/model/error.ts'
import type {Run} from '../../src/model/run.ts'
import {FORMAT_NAMES} from '../../src/report/format.ts'
import {FORMATS} from '../../src/report/index.ts'
import {parseReport, reportJson, runIdIn} from '../../src/saved/report.ts'
import {RUNS} from '../report/samples.ts'
import {answered, nodeWith, sampleRun} from '../report/sample.ts'
import {shown} from '../report/shown.ts'

const text = (run: Run) => [...reportJson(run)].join('')

/** The message that the file is refused with. */
function refusal(content: string): string {
  try {
    parseReport(content, 'old.json')
  } catch (error) {
    expect(error).toBeInstanceOf(UserError)
    expect(error).toMatchObject({exitCode: 2})
    return (error as UserError).message
  }
  return 'it was taken'
}

describe('what was saved comes back', () => {
  test.each(Object.entries(RUNS))('of a run: %s', (_, run) => {
    expect(parseReport(text(run), 'report.json')).toStrictEqual(run)
  })

  test('of lookups at a name server of each family, of a name server by its name, and of the pod’s own', () => {
    const servers = ['10.96.0.10', 'fd00::a', 'ns.example']
    const lookups = [{name: 'web.example'}, ...servers.map((server) => ({name: 'web.example', server}))]
    const run = sampleRun([nodeWith('a', '10.0.0.1')], () => answered, {}, {protocols: ['dns'], lookups})
    expect(parseReport(text(run), 'report.json')).toStrictEqual(run)
  })

  test('of what was asked afterwards, with all that is known of it, with nothing, and with why nothing was asked', () => {
    const packets = {received: 1, sent: 2, refused: 0}
    const answer = {question: 'again', asker: 1, status: 'FAILED', reason: 'timeout', raw: ''} as const
    const asked = {finding: {kind: 'pair', nodes: [0, 1]}, probe: 1} as const
    const followUps = [
      {
        ...asked,
        answers: [answer],
        arrivals: {idle: packets, asked: {...packets, unread: 3}},
        route: {hops: ['192.0.2.1', '']},
      },
      {...asked, answers: []},
      {...asked, answers: [], omitted: 'no time was left'},
    ]
    const nodes = [nodeWith('a', '10.0.0.1'), nodeWith('b', '10.0.0.2')]
    const run = sampleRun(nodes, () => answered, {followUps})
    expect(parseReport(text(run), 'report.json')).toStrictEqual(run)
  })

  test('without anything that was asked afterwards, as older ones are', () => {
    const run = RUNS['all well']
    const {followUps, ...older} = JSON.parse(text(run)) as {followUps: unknown}
    expect(followUps).toEqual([])
    expect(parseReport(JSON.stringify(older), 'report.json')).toStrictEqual(run)
  })

  test('by its words: another version may number them differently', () => {
    const run = RUNS['failures, nodes without floaters, untested']
    const saved = JSON.parse(text(run)) as {
      statuses: string[]
      reasons: string[]
      columns: Record<'status' | 'reason', [number, number][]>
    }
    for (const [words, column] of [
      [saved.statuses, saved.columns.status],
      [saved.reasons, saved.columns.reason],
    ] as const) {
      words.reverse()
      for (const pair of column) pair[0] = words.length - 1 - pair[0]
    }
    expect(parseReport(JSON.stringify(saved), 'report.json')).toEqual(run)
  })

  test('with a byte order mark, and with fields that a later release added', () => {
    const run = RUNS['all well']
    const saved = {...(JSON.parse(text(run)) as object), findings: []}
    expect(parseReport(`\uFEFF${JSON.stringify(saved)}`, 'report.json')).toEqual(run)
  })
})

describe('a file that is none is refused with what is wrong', () => {
  const whole = text(RUNS['all well'])

  test.each([
    [
      'empty',
      '',
      /^old\.json is empty: it says nothing about any run\. `kubectl netdoctor check` writes a new one\.$/,
    ],
    ['of spaces', ' \n\t', /^old\.json is empty: it says nothing about any run\. /],
    ['cut off', whole.slice(0, -20), /^old\.json:\d+:\d+: damaged: not valid JSON \(\w+\)\. `kubectl/],
    ['not JSON', 'nodes: []', /^old\.json:1:1: damaged: not valid JSON/],
    ['nested without end', '['.repeat(1_000_000), /^old\.json: damaged: not valid JSON\. /],
    [
      'a resume.json',
      '[]',
      /^old\.json is not a report of kubectl netdoctor: it looks like a resume\.json\. Name/,
    ],
    [
      'a config.json',
      '{"namespace": "x"}',
      /^old\.json is not a report of kubectl netdoctor\. Name a report\.json\.$/,
    ],
    ['a number', '1', /^old\.json is not a report/],
    [
      'of a newer version',
      whole.replace('"version":1', '"version":2').replace('0.1.0', '3.2.1'),
      /^old\.json has version 2 of the format, written by a newer kubectl netdoctor \(3\.2\.1\); this one reads version 1\. Update kubectl netdoctor\.$/,
    ],
    [
      'of a newer version that does not say whose',
      '{"format": "kubectl-netdoctor/report", "version": 2}',
      /^old\.json has version 2 of the format, written by a newer kubectl netdoctor; this one reads version 1\. /,
    ],
    ['of version 0', whole.replace('"version":1', '"version":0'), /^old\.json is not a report/],
  ])('%s', (_, content, message) => expect(refusal(content)).toMatch(message))
})

describe('a file that contradicts itself is refused with the place', () => {
  type Path = readonly (string | number)[]
  const run = sampleRun(
    [nodeWith('a', '10.0.0.1'), nodeWith('b', '10.0.0.2')],
    () => ({...answered, raw: 'x'}),
    {notCovered: [{cluster: 'src', node: 'w', cause: 'windows', leftOut: false}]},
    {customTargets: [{host: 'www.example.com', port: 443}]},
  )

  function spoilt(path: Path, value: unknown, of: Run = run): string {
    const saved = JSON.parse(text(of)) as Record<string | number, unknown>
    let place = saved
    for (const key of path.slice(0, -1)) place = place[key] as typeof place
    place[path.at(-1) ?? ''] = value
    return JSON.stringify(saved)
  }

  test.each<[path: Path, value: unknown, message: string]>([
    // Of the wrong kind.
    [['startedAt'], 'yesterday', 'startedAt: '],
    [['interrupted'], '\u001b[2J', 'interrupted: '],
    [['clusters', 0, 'server'], 7, 'clusters.0.server: '],
    [['clusters', 0, 'policies'], 'deny-all', 'clusters.0.policies: '],
    [['clusters', 0, 'policies'], [{name: '\u001b[2J', floaters: []}], 'clusters.0.policies.0.name: '],
    [['clusters', 0, 'policies'], [{name: 'p', floaters: ['x']}], 'clusters.0.policies.0.floaters.0: '],
    [
      ['clusters', 0, 'policies'],
      [{name: 'p', floaters: [], ingress: [{}]}],
      'clusters.0.policies.0.ingress.0.peers: ',
    ],
    [['clusters', 0, 'mesh'], {mesh: 'Istio'}, 'clusters.0.mesh.mark: '],
    [['nodes', 0, 'floaters', 'pod', 'floater', 'sidecars'], ['\u001b[2J'], 'nodes.0'],
    [['nodes', 0, 'floaters', 'pod', 'floater', 'addresses', 0], 'localhost', 'nodes.0'],
    [['nodes', 0, 'name'], '', 'nodes.0'],
    [['blocks', 0, 'mode'], 'pigeon', 'blocks.0.mode: '],
    [['blocks', 0, 'endpoints', 0, 'port'], 70_000, 'blocks.0.endpoints.0.port: '],
    [['blocks', 0, 'sources'], [], 'blocks.0.sources: '],
    [['reasons', 0], 'because', 'reasons.0: '],
    [['texts', 1], 'x'.repeat(10_001), 'texts.1: '],
    [['columns', 'timeUs', 2], 2 ** 32, 'columns.timeUs.2: '],
    [['columns', 'timeUs', 2], -1, 'columns.timeUs.2: '],
    [['columns', 'timeUs', 2], 0.5, 'columns.timeUs.2: '],
    [['columns', 'status'], [[1, 0]], 'columns.status.0.1: '],
    [['partial'], undefined, 'partial: '],
    // Each part is well formed.
    [['clusters'], [run.clusters[0], run.clusters[0]], 'clusters: has one of them twice'],
    [['followUps'], [{probe: 6, answers: []}], 'followUps: there is no probe 6'],
    [
      ['followUps'],
      [
        {
          probe: 5,
          answers: [0, 2].map((asker) => ({
            question: 'again',
            asker,
            status: 'FAILED',
            reason: 'timeout',
            raw: '',
          })),
        },
      ],
      'followUps: there is no node 2',
    ],
    [['clusters', 0, 'name'], 'dst', 'nodes.0: there is no cluster "src"'],
    [['notCovered', 0, 'cluster'], 'dst', 'notCovered.0: there is no cluster "dst"'],
    [['nodes', 1, 'name'], 'a', 'nodes: has one of them twice'],
    [['blocks', 0, 'sources'], [0, 2], 'blocks.0.sources: there is no node 2'],
    [['blocks', 0, 'sources'], [0, 0], 'blocks.0.sources: has one of them twice'],
    [['blocks', 0, 'sources'], [0], 'blocks.0: first and size do not fit its sources and endpoints'],
    [['blocks', 0, 'size'], 5, 'blocks.0: first and size do not fit'],
    [['blocks', 1, 'first'], 5, 'blocks.1: first and size do not fit'],
    [['blocks', 0, 'endpoints', 0, 'node'], 9, 'blocks.0.endpoints: there is no node 9'],
    [['blocks', 0, 'endpoints', 0, 'behind'], 9, 'blocks.0.endpoints: there is no node 9'],
    [
      ['blocks', 0, 'endpoints', 0, 'node'],
      undefined,
      'blocks.0.endpoints: some have a node and some have none',
    ],
    [
      ['blocks', 0, 'endpoints', 0, 'address'],
      'fd00::1',
      'blocks.0.endpoints.0.address: must be an ipv4 address',
    ],
    [['blocks', 1, 'endpoints', 0, 'address'], 'a b', 'blocks.1.endpoints.0.address: must be a host name'],
    [
      ['blocks', 1, 'endpoints', 0, 'address'],
      undefined,
      'blocks.1.endpoints.0: a custom target has an address',
    ],
    [
      ['blocks', 1, 'endpoints', 0, 'node'],
      0,
      'blocks.1.endpoints.0: a custom target has an address, and no node',
    ],
    [['blocks', 0, 'picks'], [[0, 1]], 'blocks.0.picks: has 1 rows for 2 sources'],
    [
      ['blocks', 0, 'picks'],
      [
        [0, 1],
        [1, 0],
      ],
      'blocks.0.picks.1: must be rising indexes below 2',
    ],
    [
      ['blocks', 0, 'picks'],
      [
        [0, 1],
        [0, 2],
      ],
      'blocks.0.picks.1: must be rising indexes below 2',
    ],
    [
      ['blocks', 0, 'picks'],
      [
        [0, 0],
        [0, 1],
      ],
      'blocks.0.picks.0: must be rising indexes below 2',
    ],
    [['blocks', 0, 'picks'], [[1, 1], [0]], 'blocks.0.picks.0: must be rising indexes below 2'],
    [['blocks', 0, 'picks'], [[2], [0]], 'blocks.0.picks.0: must be rising indexes below 2'],
    [['blocks', 0, 'picks'], [[0, 1], [0]], 'blocks.0: first and size do not fit'],
    [['blocks', 0, 'picks'], [[], []], 'blocks.0: first and size do not fit'],
    [['columns', 'timeUs'], [1, 2, 3], 'columns.timeUs: has 3 values for 6 probes'],
    [['columns', 'status'], [[1, 5]], 'columns.status: has values for 5 of 6 probes'],
    [['columns', 'status'], [[1, 7]], 'columns.status: has values for more than 6 probes'],
    [['columns', 'status'], [[3, 6]], 'columns.status: 3 is not below 3'],
    [['columns', 'reason'], [[99, 6]], 'columns.reason: 99 is not below '],
    [['columns', 'unstable'], [[2, 6]], 'columns.unstable: 2 is not below 2'],
    [['columns', 'text'], [[2, 6]], 'columns.text: 2 is not below 2'],
    [['columns', 'text'], [[1, Number.MAX_SAFE_INTEGER]], 'columns.text: has values for more than 6 probes'],
  ])('%j is %j', (path, value, message) => {
    const said = refusal(spoilt(path, value))
    expect(said).toContain(`old.json: damaged: ${message}`)
    expect(said).toMatch(/\. `kubectl netdoctor check` writes a new one\.$/)
    expect(said).not.toMatch(/\p{Cc}/u)
  })

  test.each<[string, unknown, string]>([
    ['lookup', 'a b', 'blocks.0.endpoints.0.lookup: must be a host name'],
    ['lookup', undefined, 'blocks.0.endpoints.0.lookup: must be a host name'],
    ['address', 'a b', 'blocks.0.endpoints.0.address: must be a host name'],
  ])('a name that is looked up, with the %s %j, is none', (field, value, message) => {
    const lookups = [{name: 'web.example', server: 'ns.example'}]
    const ofNames = sampleRun(
      [nodeWith('a', '10.0.0.1')],
      () => answered,
      {},
      {modes: [], protocols: ['dns'], lookups},
    )
    expect(refusal(spoilt(['blocks', 0, 'endpoints', 0, field], value, ofNames))).toContain(message)
  })

  test('nodes of several clusters are no sources of one block', () => {
    const two = JSON.parse(text(RUNS['two clusters, both families, custom targets'])) as {
      blocks: {sources: number[]; endpoints: {node: number}[]}[]
    }
    const spoil = (change: (block: (typeof two.blocks)[number]) => void) => {
      const copy = structuredClone(two)
      for (const block of copy.blocks.slice(0, 1)) change(block)
      return refusal(JSON.stringify(copy))
    }
    expect(spoil((block) => (block.sources = [0, 2]))).toContain('blocks.0.sources: are of several clusters')
    expect(spoil(({endpoints: [first]}) => (first ? (first.node = 2) : 0))).toContain(
      'blocks.0.endpoints: are of several clusters',
    )
  })

  test('a small file cannot claim a plan that takes all memory', () => {
    const saved = JSON.parse(text(run)) as {
      nodes: object[]
      blocks: {sources: number[]; endpoints: object[]; first: number; size: number}[]
      columns: object
    }
    const [first] = saved.blocks
    if (first === undefined) throw new Error('There is a block')
    const n = 20_000
    saved.nodes = Array.from({length: n}, (_, i) => ({...saved.nodes[0], name: `n${i}`}))
    first.sources = Array.from({length: n}, (_, i) => i)
    first.endpoints = Array.from({length: n}, (_, i) => ({node: i, port: 1}))
    first.size = n * n
    saved.blocks = [first]
    saved.columns = {...saved.columns, status: [[1, n * n]]}
    expect(refusal(JSON.stringify(saved))).toContain(`columns.timeUs: has 6 values for ${n * n} probes`)
  })

  test('whatever is changed in it, it is taken or refused, never a crash', () => {
    const content = text(RUNS['failures, nodes without floaters, untested'])
    fc.assert(
      fc.property(
        fc.nat(content.length - 1),
        fc.nat(8),
        fc.constantFrom('', '0', '-1', '"', '[', '}', 'null', '1e9', ',"a":'),
        (at, length, put) => {
          try {
            const back = parseReport(content.slice(0, at) + put + content.slice(at + length), 'old.json')
            for (const name of FORMAT_NAMES) expect(shown(FORMATS[name], back)).not.toBe('')
          } catch (error) {
            expect(error).toBeInstanceOf(UserError)
          }
        },
      ),
      {numRuns: 500},
    )
  })
})

test('whose report it is can be read of any that is whole, and of nothing else', () => {
  for (const run of Object.values(RUNS)) expect(runIdIn([...reportJson(run)].join(''))).toBe(run.id)
  const text = [...reportJson(RUNS['all well'])].join('')
  for (const other of ['', '{', '[]', '{"run":"a1"}', text.slice(0, -5)])
    expect(runIdIn(other)).toBeUndefined()
})
