import {describe, expect, test} from 'vitest'
import {UserError} from '../../src/model/error.ts'
import {parseResume} from '../../src/saved/resume.ts'
import {OURS, SEED} from './entries.ts'

const CUSTOM = {
  ...OURS,
  dstNodeName: 'db.example',
  dstCluster: '',
  mode: 'custom',
  ipFamily: 'name',
  check: 'connect',
}

const parse = (value: unknown) => parseResume(JSON.stringify(value), 'resume.json')

function refusal(text: string): string {
  try {
    parseResume(text, 'resume.json')
  } catch (error) {
    if (error instanceof UserError) return `${error.exitCode}: ${error.message}`
    throw error
  }
  return 'not refused'
}

describe('an entry', () => {
  test('of the seed’s tool has three fields that count, and nothing else', () => {
    expect(parse([SEED])).toEqual([{srcNodeName: 'a', dstNodeName: 'b', targetIP: '10.0.0.2'}])
    expect(Object.keys(parse([SEED])[0] ?? {})).toHaveLength(3)
  })

  test('of ours has all that names its probe', () => {
    expect(parse([OURS, CUSTOM])).toEqual([
      {
        srcNodeName: 'a',
        dstNodeName: 'b',
        targetIP: '10.0.0.2',
        srcCluster: 'src',
        dstCluster: 'dst',
        mode: 'pod',
        protocol: 'tcp',
        ipFamily: 'ipv4',
        port: 8889,
        check: 'reply',
      },
      expect.objectContaining({dstNodeName: 'db.example', mode: 'custom', dstCluster: '', port: 8889}),
    ])
  })

  test.each<[string, object]>([
    ['without ResultStr', {...SEED, ResultStr: undefined}],
    ['without targetIP, of a node without a floater', {...SEED, targetIP: undefined}],
    [
      'of a custom target of the seed’s, a command for an address',
      {...SEED, dstNodeName: '', targetIP: 'nc -w 3 h 1'},
    ],
    ['with fields of a later version', {...OURS, since: 'tomorrow'}],
    ['of whatever status', {...OURS, Status: 0}],
  ])('is taken %s', (_, entry) => {
    expect(parse([entry])).toHaveLength(1)
  })

  const custom = 'dstNodeName: a custom target needs an address or host name in dstNodeName, and a port'

  test.each<[string, unknown, string]>([
    ['null', null, 'Invalid input: expected object, received null'],
    ['a word', 'a', 'Invalid input: expected object, received string'],
    ['an array', [SEED], 'Invalid input: expected object, received array'],
    ['no Status', {...SEED, Status: undefined}, 'Status: Invalid input: expected number, received undefined'],
    [
      'a status in words',
      {...SEED, Status: 'FAILED'},
      'Status: Invalid input: expected number, received string',
    ],
    [
      'no source',
      {...SEED, srcNodeName: undefined},
      'srcNodeName: Invalid input: expected string, received undefined',
    ],
    ['an empty source', {...SEED, srcNodeName: ''}, 'srcNodeName: Too small'],
    ['an endless source', {...SEED, srcNodeName: 'x'.repeat(254)}, 'srcNodeName: Too big'],
    ['an endless destination', {...SEED, dstNodeName: 'x'.repeat(254)}, 'dstNodeName: Too big'],
    [
      'a destination that is a list',
      {...SEED, dstNodeName: ['b']},
      'dstNodeName: Invalid input: expected string',
    ],
    ['an address that is a number', {...SEED, targetIP: 10}, 'targetIP: Invalid input: expected string'],
    ['an empty cluster', {...OURS, srcCluster: ''}, 'srcCluster: Too small'],
    ['an unknown mode', {...OURS, mode: 'teleport'}, 'mode: Invalid option: expected one of'],
    ['an unknown protocol', {...OURS, protocol: 'sctp'}, 'protocol: Invalid'],
    ['an unknown family', {...OURS, ipFamily: 'ipx'}, 'ipFamily: Invalid option: expected one of'],
    ['an unknown check', {...OURS, check: 'hope'}, 'check: Invalid option: expected one of'],
    ['port -1', {...OURS, port: -1}, 'port: Too small'],
    ['port 65536', {...OURS, port: 65_536}, 'port: Too big'],
    ['half a port', {...OURS, port: 80.5}, 'port: Invalid input: expected int'],
    ['a port in a string', {...OURS, port: '80'}, 'port: Invalid input: expected number'],
    ['a custom target without a port', {...CUSTOM, port: undefined}, custom],
    ['a custom target without a host', {...CUSTOM, dstNodeName: ''}, custom],
    // What would end up in the script of a pod.
    ['a custom target that is a command', {...CUSTOM, dstNodeName: '$(reboot)'}, custom],
    ['a custom target of two words', {...CUSTOM, dstNodeName: 'db.example /etc/passwd'}, custom],
    ['a custom target of two lines', {...CUSTOM, dstNodeName: 'db.example\n1 db2.example'}, custom],
    ['a custom target with a path', {...CUSTOM, dstNodeName: 'db.example/x'}, custom],
    ['a custom target with a quote', {...CUSTOM, dstNodeName: 'db"'}, custom],
  ])('is refused where it is %s', (_, entry, message) => {
    const said = refusal(JSON.stringify([SEED, entry]))
    expect(said).toContain(`2: resume.json, entry 2: ${message}`)
    expect(said).toMatch(/\. `kubectl netdoctor check` writes a new one\.$/)
  })

  test('that is wrong is told with the others, up to three', () => {
    const wrong = {...SEED, Status: 'x'}
    const said = refusal(JSON.stringify([wrong, SEED, wrong, wrong, wrong]))
    for (const entry of [1, 3, 4]) expect(said).toContain(`entry ${entry}: `)
    expect(said).toContain(' and 1 more. ')
    expect(said).not.toContain('entry 5')
  })
})

describe('a name', () => {
  test.each(['__proto__', 'constructor', 'a\uFEFF', 'a/b', '../../etc', '\u001b[2J', '$(reboot)', '名前'])(
    '%j is a name and no more',
    (name) => {
      expect(parse([{...SEED, srcNodeName: name, dstNodeName: name}])).toEqual([
        {srcNodeName: name, dstNodeName: name, targetIP: '10.0.0.2'},
      ])
    },
  )

  test('of a field cannot reach what entries inherit', () => {
    const text = `[{"__proto__": {"mode": "custom"}, "Status": 2, "srcNodeName": "a", "dstNodeName": "b", "targetIP": ""}]`
    expect(parseResume(text, 'resume.json')[0]?.mode).toBeUndefined()
  })
})

test('an empty array says that nothing is left', () => {
  expect(parseResume('[]', 'resume.json')).toEqual([])
  expect(parseResume(' [\n]\n', 'resume.json')).toEqual([])
  expect(parseResume('\uFEFF[]', 'resume.json')).toEqual([])
})

describe('a file is refused', () => {
  test.each<[string, string, string]>([
    ['that is empty', '', 'resume.json is empty: it says nothing about any probe'],
    ['of spaces', ' \n\t\n', 'resume.json is empty: it says nothing about any probe'],
    ['that holds an object', '{}', 'resume.json: must be an array of probes'],
    ['that holds null', 'null', 'resume.json: must be an array of probes'],
    [
      'that was cut short',
      '[\n {"Status": 2,\n  "src',
      'resume.json:3:3: damaged: not valid JSON (UnexpectedEndOfString)',
    ],
    [
      'that lacks its end',
      '[\n {"Status": 2}\n',
      'resume.json:3:1: damaged: not valid JSON (CloseBracketExpected)',
    ],
    [
      'with a comma too many',
      '[\n {"Status": 2},\n]',
      'resume.json:3:1: damaged: not valid JSON (ValueExpected)',
    ],
    [
      'with a comma too few',
      '[\n {"Status": 2}\n {}]',
      'resume.json:3:2: damaged: not valid JSON (CommaExpected)',
    ],
    ['with a comment', '[ // none\n]', 'resume.json:1:3: damaged: not valid JSON (InvalidCommentToken)'],
    ['with something behind it', '[]\n[]', 'resume.json:2:1: damaged: not valid JSON (EndOfFileExpected)'],
    ['of other words', 'oops', 'resume.json:1:1: damaged: not valid JSON (InvalidSymbol)'],
  ])('%s', (_, text, message) => {
    expect(refusal(text)).toBe(`2: ${message}. \`kubectl netdoctor check\` writes a new one.`)
  })

  test.each([
    ['open to no end', '['.repeat(1_000_000)],
    ['of zeroes, as a power cut leaves them', '\0'.repeat(4096)],
    ['with a mark of byte order', '\uFEFF{'],
  ])('%s', (_, text) => {
    expect(refusal(text)).toMatch(
      /^2: resume\.json.*damaged: .*`kubectl netdoctor check` writes a new one\.$/,
    )
  })
})
