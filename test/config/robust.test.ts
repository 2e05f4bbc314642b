import fc from 'fast-check'
import {expect, test} from 'vitest'
import {FIELD_NAMES} from '../../src/config/fields.ts'
import {normalise} from '../../src/config/normalise.ts'
import {validate, type Validated} from '../../src/config/validate.ts'

const validateFile = (text: string) => validate({file: {name: 'config.json', text}})

/** A config in which every field is right, to be mutated. */
const RIGHT: Readonly<Record<string, unknown>> = {
  $schema: './schemas/config.schema.json',
  ...{mode: ['pod', 'node'], protocol: ['tcp', 'udp'], ipFamily: 'ipv4', from: 'n1,n2', to: 'zone in (a, b)'},
  ...{bothWays: true, sample: 5, sameNode: false, mtu: true, intra: true, autoClean: false},
  ...{customizedTargetIPList: ['10.0.0.1', '::1', 'db'], customizedTargetPortList: [80, '443']},
  ...{targetDNSServer: '10.96.0.10', targetHostToLookup: 'kubernetes.default'},
  clusters: [
    {name: 'east', kubeconfig: '~/east', context: 'a', imageRepository: 'example.com/a'},
    {name: 'west', cidrMap: {'10.0.0.0/8': '11.0.0.0/8', '2001:db8::/48': 'fd00::/48'}},
  ],
  cidrMap: {'10.244.0.0/16': '10.10.0.0/16'},
  ...{namespace: 'netcheck', floater: 'custom', version: 'v1', image: 'example.com/a:v1', port: '8889'},
  ...{imagePullSecrets: ['regcred'], podWaitTime: 30, nodeSelector: {'kubernetes.io/os': 'linux'}},
  tolerations: [{key: 'a', operator: 'Equal', value: 'b', effect: 'NoExecute', tolerationSeconds: 5}],
  ...{priorityClassName: 'high', command: ['sh', '-c'], answer: 'OK'},
  ...{maxNum: 3, parallel: 64, cmdTimeout: 10, retries: 1},
}
const rightText = JSON.stringify(RIGHT, undefined, 1)

/** Nothing throws; there are fields, which can be normalised, or sentences on one line each. */
function assertJudged({fields, problems}: Validated, start = 'config.json:'): void {
  if (problems === undefined) {
    normalise(fields, {home: '/home/ann', identity: {}})
    return
  }
  // An `expect` for each of so many would take most of the time.
  const odd = problems.find(
    (problem) => !problem.startsWith(start) || /[\p{Cc}\u2028\u2029]|undefined|\[object /u.test(problem),
  )
  if (odd !== undefined || problems.length === 0) expect.fail(`not a sentence: ${odd ?? 'nothing'}`)
}

test('the config to mutate is right', () => {
  expect(validateFile(rightText).problems).toBeUndefined()
})

test('any text is judged', () => {
  const texts = fc.oneof(
    fc.string({unit: 'binary'}),
    fc.json(),
    fc
      .array(
        fc.constantFrom(
          ...['{', '}', '[', ']', ':', ',', '"', '\\', ' ', '\n', '\t'],
          'null',
          '1e999',
          '"name"',
          '"a":',
          '\u0000',
          '//',
        ),
      )
      .map((some) => some.join('')),
  )
  fc.assert(
    fc.property(texts, (text) => assertJudged(validateFile(text))),
    {numRuns: 4000},
  )
})

test('a right config with other bytes in places is judged', () => {
  const edit = fc.tuple(fc.nat(rightText.length), fc.nat(20), fc.string({maxLength: 10, unit: 'binary'}))
  fc.assert(
    fc.property(fc.array(edit, {minLength: 1, maxLength: 3}), (edits) => {
      const text = edits.reduce(
        (now, [at, cut, put]) => now.slice(0, at) + put + now.slice(at + cut),
        rightText,
      )
      assertJudged(validateFile(text))
    }),
    {numRuns: 3000},
  )
})

/** Values of any kind, those that fields have among them. */
const anyValue = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(...Object.values(RIGHT)),
  fc.constantFrom('', [], {}, null, [{}], [null], {'10.0.0.0/8': '10.0.0.0/8'}, '__proto__'),
)

test('a right config with other values, and less of them, is judged', () => {
  const changes = fc.dictionary(
    fc.constantFrom(...FIELD_NAMES, 'colour', 'clusters', 'tolerations'),
    anyValue,
  )
  fc.assert(
    fc.property(fc.subarray(Object.keys(RIGHT)), changes, (kept, changed) => {
      const config = {...Object.fromEntries(kept.map((name) => [name, RIGHT[name]])), ...changed}
      assertJudged(validateFile(JSON.stringify(config)))
    }),
    {numRuns: 3000},
  )
})

test('any flag is judged', () => {
  const typed = fc.array(
    fc.oneof(fc.string(), fc.boolean(), fc.json(), fc.constantFrom('a=b', 'a,b', '[{}]')),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...FIELD_NAMES), typed), (flags) =>
      assertJudged(validate({flags}), ''),
    ),
    {numRuns: 3000},
  )
})
