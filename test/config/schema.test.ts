import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {Ajv} from 'ajv'
import formats from 'ajv-formats'
import {describe, expect, test} from 'vitest'
import {DEFAULTS, FIELD_NAMES, INITIAL} from '../../src/config/fields.ts'
import {validate} from '../../src/config/validate.ts'

const validateFile = (text: string) => validate({file: {name: 'config.json', text}})

interface Schema {
  readonly properties: Readonly<Record<string, {readonly description?: string; readonly default?: unknown}>>
}

const file = path.join(import.meta.dirname, '../../schemas/config.schema.json')
const schema = JSON.parse(await readFile(file, 'utf8')) as Schema

// ajv-formats is CommonJS: its function is `default` of what is imported, also for the types.
const ajv = formats.default(new Ajv({strict: true, allErrors: true}))
const accepts = ajv.compile(schema)

/** What each of the two judges says. */
const judged = (config: unknown) => ({
  bySchema: accepts(config),
  byUs: validateFile(JSON.stringify(config)).problems === undefined,
})

test('has every field, with a description, and the defaults', () => {
  expect(Object.keys(schema.properties)).toEqual(['$schema', ...FIELD_NAMES])
  for (const name of FIELD_NAMES) {
    expect(schema.properties[name]?.description).toMatch(/\S/)
    expect([name, schema.properties[name]?.default]).toEqual([
      name,
      (DEFAULTS as Readonly<Record<string, unknown>>)[name],
    ])
  }
})

/** Of the first tool's later releases. */
const LATER = {
  ...{...INITIAL, version: '0.2.1', mode: 'node', autoClean: false},
  ...{customizedTargetPortList: [], customizedTargetIPList: [], targetDNSServer: '', targetHostToLookup: ''},
  ...{dstKubeConfig: '', dstImageRepository: ''},
}

describe('takes what the program takes', () => {
  test.each<[Record<string, unknown>]>([
    [{}],
    [INITIAL],
    [{...INITIAL, dstKubeConfig: '~/.kube/dst-config', dstImageRepository: 'ghcr.io/kosmos-io'}],
    [LATER],
    [{$schema: './schemas/config.schema.json', mode: ['pod', 'node'], protocol: ['tcp']}],
    [
      {
        customizedTargetIPList: ['10.0.0.1', '2001:db8::1', '::ffff:10.0.0.1', 'db.example.com'],
        customizedTargetPortList: [80, '65535'],
      },
    ],
    [{clusters: [{name: 'east', cidrMap: {'10.0.0.0/8': '11.0.0.0/8', '2001:db8::/48': 'fd00::/48'}}]}],
    [{tolerations: [{operator: 'Exists'}], nodeSelector: {'a/b': '', c: 'd'}, from: 'a in (b, c)'}],
    [{floater: 'custom', image: 'a', answer: 'OK', command: ['sh', '-c']}],
  ])('%j', (config) => {
    expect(judged(config)).toEqual({bySchema: true, byUs: true})
  })
})

describe('refuses what the program refuses', () => {
  test.each<[unknown]>([
    ...[[], 'tcp', null, {colour: 'red'}, {$schema: 1}].map((config): [unknown] => [config]),
    [{namespace: 'Kube_System'}],
    [{version: ''}],
    [{mode: 'pods'}],
    [{mode: []}],
    [{protocol: ['tcp', 'http']}],
    [{podWaitTime: '30'}],
    [{podWaitTime: 1.5}],
    [{port: '65536'}],
    [{port: 0}],
    [{maxNum: 1001}],
    [{srcKubeConfig: ''}],
    [{srcImageRepository: 'https://ghcr.io'}],
    [{ipFamily: 'IPv6'}],
    [{from: 'a b'}],
    [{bothWays: 'yes', from: 'a'}],
    [{sample: 0}],
    [{customizedTargetIPList: ['10.1'], customizedTargetPortList: [80]}],
    [{customizedTargetIPList: ['10.0.0.256'], customizedTargetPortList: [80]}],
    [{customizedTargetIPList: ['fe80::1%eth0'], customizedTargetPortList: [80]}],
    [{customizedTargetIPList: ['a'], customizedTargetPortList: ['http']}],
    [{customizedTargetIPList: new Array(1001).fill('a'), customizedTargetPortList: [80]}],
    [{targetDNSServer: '10.96.0.10:53'}],
    [{clusters: []}],
    [{clusters: [{}]}],
    [{clusters: [{name: 'a', port: 1}]}],
    [{cidrMap: {'10.0.0.0': '11.0.0.0/8'}}],
    [{cidrMap: {'10.0.0.0/8': 'there'}}],
    [{floater: 'curl'}],
    [{image: 'a:'}],
    [{imagePullSecrets: ['A']}],
    [{nodeSelector: {'a b': 'c'}}],
    [{nodeSelector: {a: 'b c'}}],
    [{tolerations: [{operator: 'exists', key: 'a'}]}],
    [{tolerations: [{keys: 'a', operator: 'Exists'}]}],
    [{priorityClassName: 'A'}],
    [{floater: 'custom', image: 'a', answer: 'a\n'}],
    [{floater: 'custom', image: 'a', answer: 'OK', command: []}],
    [{autoClean: null}],
  ])('%.100j', (config) => {
    expect(judged(config)).toEqual({bySchema: false, byUs: false})
  })
})
