import {describe, expect, test} from 'vitest'
import {INITIAL} from '../../src/config/fields.ts'
import {validateFile, validateFlags} from '../../src/config/validate.ts'

const problemsIn = (text: string) => validateFile(text, 'config.json').problems

describe('a config file', () => {
  test('of the first release is taken as it is', () => {
    const text = JSON.stringify(INITIAL, undefined, 1)
    expect(validateFile(text, 'config.json').fields).toEqual(INITIAL)
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

  test.each([
    ['namespace', 'Kube_System', 'a namespace name (up to 63 lower-case letters, digits and "-")'],
    ['namespace', '', 'a namespace name (up to 63 lower-case letters, digits and "-")'],
    ['namespace', '-a', 'a namespace name (up to 63 lower-case letters, digits and "-")'],
    ['namespace', 'a'.repeat(64), 'a namespace name (up to 63 lower-case letters, digits and "-")'],
    ['version', 'v 1', 'an image tag, such as "v0.2.0"'],
    ['protocol', 'http', '"tcp", "udp", "icmp", "dns", or a list of them'],
    ['protocol', [], '"tcp", "udp", "icmp", "dns", or a list of them'],
    ['protocol', ['tcp', 'http'], '"tcp", "udp", "icmp", "dns", or a list of them'],
    ['podWaitTime', 0, 'a whole number from 1 to 86400'],
    ['podWaitTime', '30', 'a whole number from 1 to 86400'],
    ['port', '0', 'a port from 1 to 65535'],
    ['port', 65_536, 'a port from 1 to 65535'],
    ['port', '8889/tcp', 'a port from 1 to 65535'],
    ['maxNum', 1.5, 'a whole number from 1 to 1000'],
    ['maxNum', null, 'a whole number from 1 to 1000'],
    ['cmdTimeout', true, 'a whole number from 1 to 3600'],
    ['srcKubeConfig', '', 'the path of a kubeconfig file'],
    ['srcKubeConfig', 'a\nb', 'the path of a kubeconfig file'],
    ['srcContext', 7, 'the name of a kubectl context'],
    ['srcImageRepository', 'https://ghcr.io', 'a registry and path, such as "registry.example.com/network"'],
    ['srcImageRepository', 'ghcr.io/', 'a registry and path, such as "registry.example.com/network"'],
    ['dstImageRepository', 'ghcr.io/A', 'a registry and path, such as "registry.example.com/network"'],
    ['retries', 11, 'a whole number from 0 to 10'],
    ['parallel', 0, 'a whole number from 1 to 1000'],
  ])('%s cannot be %j', (name, value, allowed) => {
    const [problem] = problemsIn(JSON.stringify({[name]: value})) ?? []
    const column = `{"${name}":`.length + 1
    expect(problem?.startsWith(`config.json:1:${column}: ${name} must be ${allowed}; found `)).toBe(true)
  })

  test.each([
    ['namespace', 'a'.repeat(63)],
    ['protocol', ['tcp', 'dns']],
    ['port', 8889],
    ['port', '65535'],
    ['retries', 0],
    ['srcImageRepository', 'registry.example.com:5000/a/b-c__d'],
    ['srcImageRepository', 'localhost'],
    ['srcKubeConfig', '~/My Documents/config'],
  ])('%s can be %j', (name, value) => {
    expect(validateFile(JSON.stringify({[name]: value}), 'config.json')).toEqual({fields: {[name]: value}})
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
    'config.json:5:13: retries must be a whole number from 0 to 10; found {}',
    'config.json:6:10: port must be a port from 1 to 65535; found [8889,{}]',
  ])
})

describe('flags', () => {
  test('follow the same rules as the file', () => {
    expect(
      validateFlags({namespace: '123', port: '8080', maxNum: '12', protocol: 'tcp,dns', retries: '0'}),
    ).toEqual({
      fields: {namespace: '123', port: '8080', maxNum: 12, protocol: ['tcp', 'dns'], retries: 0},
    })
  })

  test('are named by what was typed, all wrong ones at once', () => {
    expect(validateFlags({podWaitTime: '1m', srcImageRepository: 'a b', protocol: 'tcp,http'})).toEqual({
      problems: [
        '--pod-wait-time must be a whole number from 1 to 86400; found "1m"',
        '--src-image-repository must be a registry and path, such as "registry.example.com/network"; found "a b"',
        '--protocol must be "tcp", "udp", "icmp", "dns", or a list of them; found "tcp,http"',
      ],
    })
  })
})

test('a byte order mark is passed over', () => {
  expect(validateFile('\uFEFF{"maxNum": 3}', 'config.json').problems).toBeUndefined()
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
  expect(validateFile(text, 'config.json').problems).toEqual(problems)
})
