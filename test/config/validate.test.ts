import {describe, expect, test} from 'vitest'
import {INITIAL} from '../../src/config/fields.ts'
import {validate} from '../../src/config/validate.ts'

const validateFile = (text: string) => validate({file: {name: 'config.json', text}})

const problemsIn = (text: string) => validateFile(text).problems

describe('a config file', () => {
  test('of the first release is taken as it is', () => {
    const text = JSON.stringify(INITIAL, undefined, 1)
    expect(validateFile(text).fields).toEqual(INITIAL)
  })

  test('that lacks a comma is told where, and after which field', () => {
    const secondSample = `{
 "namespace": "kosmos-system",
 "version": "v0.2.0",
 "protocol": "tcp",
 "podWaitTime": 30,
 "port": "8889",
 "maxNum": 3,
 "cmdTimeout": 10,
 "srcKubeConfig": "~/.kube/src-config",
 "srcImageRepository": "ghcr.io/kosmos-io"
 "dstKubeConfig": "~/.kube/dst-config",
 "dstImageRepository": "ghcr.io/kosmos-io"
}
`
    expect(problemsIn(secondSample)).toEqual([
      'config.json:11:2: expected a comma after "srcImageRepository"',
    ])
  })

  test.each([
    ['', 'config.json:1:1: the file is empty. Write one with `kubectl netdoctor init --force`.'],
    [' \n\t', 'config.json:1:1: the file is empty. Write one with `kubectl netdoctor init --force`.'],
    ['[]', 'config.json:1:1: must be an object: { "namespace": ... }'],
    ['"tcp"', 'config.json:1:1: must be an object: { "namespace": ... }'],
    ['null', 'config.json:1:1: must be an object: { "namespace": ... }'],
    ['{"maxNum": 3,}', 'config.json:1:14: expected a field name in double quotes'],
    ['{"maxNum": 3}}', 'config.json:1:14: expected nothing more after the closing }'],
    ['{"maxNum" 3}', 'config.json:1:11: expected a colon after the field name'],
    ['{"maxNum": 3 // three\n}', 'config.json:1:14: JSON has no comments'],
    ['{"namespace": "a', 'config.json:1:15: a text has no closing quote'],
  ])('%j is refused: %s', (text, problem) => {
    expect(problemsIn(text)?.[0]).toBe(problem)
  })

  test.each(['{"maxNum": 3', '{', '{"namespace": tcp}', "{'maxNum': 3}", '{"maxNum":}', '{"maxNum": 03}'])(
    '%j is refused with a position',
    (text) => {
      expect(problemsIn(text)?.[0]).toMatch(/^config\.json:1:\d+: [^(]+$/)
    },
  )

  test('with Windows line ends has its mistakes on the right lines', () => {
    expect(problemsIn('{\r\n "maxNum": 3,\r\n "retries": -1\r\n}\r\n')).toEqual([
      'config.json:3:13: retries must be a whole number from 0 to 10; found -1',
    ])
  })
})

describe('a field', () => {
  test.each([
    ['Namespace', 'namespace'],
    ['src_kube_config', 'srcKubeConfig'],
    ['srcImageRepositry', 'srcImageRepository'],
    ['cmdTimeOut', 'cmdTimeout'],
    ['retires', 'retries'],
    ['customizedTargetIpList', 'customizedTargetIPList'],
    ['mod', 'mode'],
  ])('%s is unknown, and %s is suggested', (typed, meant) => {
    expect(problemsIn(`{"${typed}": 1}`)).toEqual([
      `config.json:1:2: unknown field "${typed}"; did you mean "${meant}"?`,
    ])
  })

  test.each(['colour', '__proto__', 'constructor', '', 'x\u001b[31m'])(
    '%j is unknown, and nothing is suggested',
    (name) => {
      expect(problemsIn(JSON.stringify({}).replace('}', `${JSON.stringify(name)}: 1}`))).toEqual([
        `config.json:1:2: unknown field "${name.replace('\u001b[31m', '')}"`,
      ])
    },
  )

  test('that stands there twice is named at its second place', () => {
    expect(problemsIn('{"maxNum": 3,\n "maxNum": 4}')).toEqual([
      'config.json:2:2: "maxNum" stands here a second time',
    ])
  })
})

test('all mistakes are told at once, in the order of the file', () => {
  const text = `{
 "namespace": "Kube",
 "colour": "red",
 "maxNum": "3"
 "retries": {"deep": [1]},
 "port": [8889, {}]
}`
  expect(problemsIn(text)).toEqual([
    'config.json:2:15: namespace must be a namespace name (up to 63 lower-case letters, digits and "-"); found "Kube"',
    'config.json:3:2: unknown field "colour"',
    'config.json:4:12: maxNum must be a whole number from 1 to 1000; found "3"',
    'config.json:5:2: expected a comma after "maxNum"',
    'config.json:5:13: retries must be a whole number from 0 to 10; found {"deep":[1]}',
    'config.json:6:10: port must be a port from 1 to 65535; found [8889,{}]',
  ])
})

test('a byte order mark is passed over', () => {
  expect(validateFile('\uFEFF{"maxNum": 3}').problems).toBeUndefined()
})

test.each([
  ['{maxNum: 3}', ['config.json:1:2: this is not JSON; texts stand in double quotes']],
  [
    '{"namespace": "a\tb"}',
    [
      'config.json:1:15: a text holds a control character; a tab is written \\t',
      'config.json:1:15: namespace must be a namespace name (up to 63 lower-case letters, digits and "-"); found "a\\tb"',
    ],
  ],
])('%j: each slip is told once', (text, problems) => {
  expect(validateFile(text).problems).toEqual(problems)
})

test('$schema is for editors', () => {
  expect(validateFile('{"$schema": "./config.schema.json", "maxNum": 3}')).toEqual({
    fields: {maxNum: 3},
  })
  expect(problemsIn('{"$schema": 1}')).toEqual([
    'config.json:1:13: $schema must be the address of a JSON Schema; found 1',
  ])
})

test('an empty file of another name is written under that name', () => {
  expect(validate({file: {name: 'my checks.json', text: ''}}).problems).toEqual([
    "my checks.json:1:1: the file is empty. Write one with `kubectl netdoctor init --config='my checks.json' --force`.",
  ])
})

test('an empty list means nothing, but one of tolerations: that nothing is tolerated', () => {
  expect(validateFile('{"tolerations": [], "imagePullSecrets": []}')).toEqual({fields: {tolerations: []}})
})

test('what a later release of the first tool writes for nothing means nothing', () => {
  const text = `{
 "namespace": "kosmos-system",
 "version": "0.2.1",
 "mode": "",
 "protocol": "tcp",
 "podWaitTime": 30,
 "port": "8889",
 "customizedTargetPortList": [],
 "customizedTargetIPList": [],
 "targetDNSServer": "",
 "targetHostToLookup": "",
 "maxNum": 3,
 "cmdTimeout": 10,
 "autoClean": false,
 "srcKubeConfig": "~/.kube/config",
 "srcImageRepository": "ghcr.io/kosmos-io",
 "dstKubeConfig": "",
 "dstImageRepository": ""
}`
  expect(validateFile(text)).toEqual({
    fields: {...INITIAL, version: '0.2.1', autoClean: false},
  })
})

describe('inside of a value', () => {
  const text = `{
 "clusters": [
  {"name": "east", "kontext": "a", "context": 1},
  {"kubeconfig": "~/west", "cidrMap": {"10.0.0.0": "10.0.0.0/8", "10.1.0.0/16": "there"}},
  "north",
  {"name": "south", "name": "South"}
 ],
 "tolerations": [{"key": "a", "operator": "exists", "affect": "NoExecute"}],
 "customizedTargetIPList": ["10.0.0.1", "10.1"],
 "customizedTargetPortList": [80, 0]
}`

  test('each slip has its place', () => {
    expect(problemsIn(text)).toEqual([
      'config.json:3:20: unknown field "kontext" in clusters[0]; did you mean "context"?',
      'config.json:3:47: clusters[0].context must be the name of a kubectl context; found 1',
      'config.json:4:3: clusters[1] has no "name"',
      'config.json:4:40: clusters[1].cidrMap["10.0.0.0"] must be a range of addresses, such as "10.244.0.0/16"; found "10.0.0.0"',
      'config.json:4:81: clusters[1].cidrMap["10.1.0.0/16"] must be a range of addresses, such as "10.244.0.0/16"; found "there"',
      'config.json:5:3: clusters[2] must be an object, such as {"name": "east", "context": "east-admin"}; found "north"',
      'config.json:6:21: "name" stands here a second time',
      'config.json:8:43: tolerations[0].operator must be "Exists", "Equal"; found "exists"; did you mean "Exists"?',
      'config.json:8:53: unknown field "affect" in tolerations[0]; did you mean "effect"?',
      'config.json:9:41: customizedTargetIPList[1] must be an IPv4 or IPv6 address, or a host name; found "10.1"',
      'config.json:10:35: customizedTargetPortList[1] must be a port from 1 to 65535; found 0',
    ])
  })
})

test.each([
  '['.repeat(100_000),
  '{"clusters":'.repeat(100_000),
  `{"a": ${'['.repeat(200)}${']'.repeat(200)}}`,
])('brackets without end are refused (%#)', (text) => {
  expect(problemsIn(text)).toEqual([
    expect.stringMatching(/^config\.json:1:\d+: brackets within brackets without end$/),
  ])
})
