import {describe, expect, test} from 'vitest'
import {validate} from '../../src/config/validate.ts'

const validateFile = (text: string) => validate({file: {name: 'config.json', text}})

/** The problems of a file with one field a line, the first on line 2. */
const problemsIn = (fields: Record<string, unknown>) =>
  validateFile(
    `{\n${Object.entries(fields)
      .map(([name, value]) => ` "${name}": ${JSON.stringify(value)}`)
      .join(',\n')}\n}`,
  ).problems

describe('several clusters', () => {
  const clusters = [{name: 'east'}, {name: 'west'}]

  test('name what src and dst would name', () => {
    expect(
      problemsIn({
        ...{srcKubeConfig: 'a', srcContext: 'a', srcImageRepository: 'a'},
        clusters,
        ...{dstKubeConfig: 'a', dstContext: 'a', dstImageRepository: 'a'},
      }),
    ).toEqual([
      'config.json:2:2: srcKubeConfig cannot stand beside clusters: write it as "kubeconfig" of a cluster there',
      'config.json:3:2: srcContext cannot stand beside clusters: write it as "context" of a cluster there',
      'config.json:4:2: srcImageRepository cannot stand beside clusters: write it as "imageRepository" of a cluster there',
      'config.json:6:2: dstKubeConfig cannot stand beside clusters: write it as "kubeconfig" of a cluster there',
      'config.json:7:2: dstContext cannot stand beside clusters: write it as "context" of a cluster there',
      'config.json:8:2: dstImageRepository cannot stand beside clusters: write it as "imageRepository" of a cluster there',
    ])
  })

  test('leave no second cluster to name', () => {
    expect(problemsIn({clusters, dstImageRepository: 'a'})).toEqual([
      'config.json:3:2: dstImageRepository cannot stand beside clusters: write it as "imageRepository" of a cluster there',
    ])
  })

  test('stand beside fields that are not set, and a cidrMap', () => {
    const cidrMap = {'10.0.0.0/8': '11.0.0.0/8'}
    expect(problemsIn({clusters, dstKubeConfig: '', dstImageRepository: '', cidrMap})).toBeUndefined()
  })

  test('have a name each', () => {
    expect(problemsIn({clusters: [{name: 'a'}, {name: 'b'}, {name: 'a'}]})).toEqual([
      'config.json:2:49: clusters[2].name is "a", and so is clusters[0].name',
    ])
  })
})

describe('a second cluster', () => {
  test('has a kubeconfig or a context', () => {
    expect(problemsIn({dstImageRepository: 'a'})).toEqual([
      'config.json:2:2: dstImageRepository is for a second cluster, which neither dstKubeConfig nor dstContext names',
    ])
  })
  test.each([{dstKubeConfig: 'a'}, {dstContext: 'a'}])('%j is enough', (second) => {
    expect(problemsIn({dstImageRepository: 'a', ...second})).toBeUndefined()
  })
})

describe('a cidrMap', () => {
  test.each<[Record<string, string>, string[]]>([
    [{'10.244.0.0/16': '10.10.0.0/16', '10.245.0.0/16': '10.11.0.0/16', '2001:db8::/48': 'fd00::/48'}, []],
    [{'0.0.0.0/0': '0.0.0.0/0', '::/0': '::/0'}, []],
    [
      {'10.244.0.0/16': '10.10.0.0/20'},
      ['2:14: cidrMap["10.244.0.0/16"] has prefix length 16, what it maps to has 20: they must be equal'],
    ],
    [{'10.244.0.0/16': 'fd00::/16'}, ['2:14: cidrMap["10.244.0.0/16"] maps IPv4 to IPv6 or the reverse']],
    [
      {'10.244.1.0/16': '10.10.0.1/16'},
      [
        '2:14: cidrMap["10.244.1.0/16"] has bits set after the prefix: 10.244.1.0/16 would be 10.244.0.0/16',
        '2:14: cidrMap["10.244.1.0/16"] has bits set after the prefix: 10.10.0.1/16 would be 10.10.0.0/16',
      ],
    ],
    [
      {'10.244.0.0/16': '10.10.0.0/16', '10.0.0.0/8': '11.0.0.0/8'},
      ['2:45: cidrMap["10.0.0.0/8"] overlaps with "10.244.0.0/16"'],
    ],
    [
      {'2001:db8::/48': 'fd00::/48', '2001:DB8:0::/48': 'fd01::/48'},
      ['2:42: cidrMap["2001:DB8:0::/48"] overlaps with "2001:db8::/48"'],
    ],
  ])('%j: %j', (cidrMap, problems) => {
    expect(problemsIn({cidrMap}) ?? []).toEqual(problems.map((problem) => `config.json:${problem}`))
  })

  test('of a cluster follows the same rules', () => {
    const clusters = [{name: 'a'}, {name: 'b', cidrMap: {'10.0.0.1/8': '11.0.0.0/8'}}]
    expect(problemsIn({clusters})).toEqual([
      'config.json:2:51: clusters[1].cidrMap["10.0.0.1/8"] has bits set after the prefix: 10.0.0.1/8 would be 10.0.0.0/8',
    ])
  })
})

describe('custom targets', () => {
  const hosts = {customizedTargetIPList: ['10.0.0.1']}
  const ports = {customizedTargetPortList: [80]}
  test.each<[Record<string, unknown>, string[] | undefined]>([
    [{...hosts, ...ports}, undefined],
    [{customizedTargetIPList: [], customizedTargetPortList: []}, undefined],
    [{...hosts, protocol: ['icmp', 'dns']}, undefined],
    [
      hosts,
      ['config.json:2:2: customizedTargetIPList needs customizedTargetPortList: protocol tcp asks a port'],
    ],
    [
      {...hosts, protocol: ['icmp', 'udp', 'tcp']},
      [
        'config.json:2:2: customizedTargetIPList needs customizedTargetPortList: protocol udp, tcp asks a port',
      ],
    ],
    [
      {...ports, protocol: 'icmp'},
      ['config.json:2:2: customizedTargetPortList needs customizedTargetIPList: the ports of what?'],
    ],
  ])('%j: %j', (fields, problems) => {
    expect(problemsIn(fields)).toEqual(problems)
  })
})

describe('both ways', () => {
  test.each([{from: 'n1'}, {to: 'n1'}])('%j is enough', (subset) => {
    expect(problemsIn({bothWays: true, ...subset})).toBeUndefined()
  })
  test('of everything are no choice', () => {
    expect(problemsIn({bothWays: true})).toEqual([
      'config.json:2:2: bothWays needs from or to: without them it is both ways',
    ])
    expect(problemsIn({bothWays: false})).toBeUndefined()
  })
})

describe('a custom floater', () => {
  test.each<[Record<string, unknown>, string[] | undefined]>([
    [{floater: 'custom', image: 'a', answer: 'OK'}, undefined],
    [{floater: 'custom', image: 'a', answer: 'OK', command: ['sh']}, undefined],
    [{floater: 'agnhost', image: 'a'}, undefined],
    [
      {floater: 'custom'},
      ['config.json:2:2: floater "custom" needs image', 'config.json:2:2: floater "custom" needs answer'],
    ],
    [
      {command: ['sh'], floater: 'agnhost', answer: 'OK'},
      [
        'config.json:2:2: command is for floater "custom" only',
        'config.json:4:2: answer is for floater "custom" only',
      ],
    ],
    [{answer: 'OK'}, ['config.json:2:2: answer is for floater "custom" only']],
  ])('%j: %j', (fields, problems) => {
    expect(problemsIn(fields)).toEqual(problems)
  })
})

test.each<[Record<string, unknown>, string[]]>([
  [{operator: 'Exists'}, []],
  [{key: 'a'}, []],
  [{key: 'a', operator: 'Exists', value: '', effect: 'NoExecute', tolerationSeconds: 3}, []],
  [{}, ['without a key needs operator "Exists"']],
  [{operator: 'Equal', value: 'a'}, ['without a key needs operator "Exists"']],
  [{key: 'a', operator: 'Exists', value: 'b'}, ['has operator "Exists", which takes no value']],
  [
    {key: 'a', effect: 'NoSchedule', tolerationSeconds: 3},
    ['has tolerationSeconds, which need effect "NoExecute"'],
  ],
])('of a toleration %j: %j', (toleration, sentences) => {
  expect(problemsIn({tolerations: [{key: 'b'}, toleration]}) ?? []).toEqual(
    sentences.map((sentence) => `config.json:2:30: tolerations[1] ${sentence}`),
  )
})

describe('what does not go together', () => {
  test('is told with everything else, in the order of the file', () => {
    expect(problemsIn({answer: 'OK', maxNum: 0, dstImageRepository: 'a', colour: 'red'})).toEqual([
      'config.json:2:2: answer is for floater "custom" only',
      'config.json:3:12: maxNum must be a whole number from 1 to 1000; found 0',
      'config.json:4:2: dstImageRepository is for a second cluster, which neither dstKubeConfig nor dstContext names',
      'config.json:5:2: unknown field "colour"',
    ])
  })

  test.each<Record<string, unknown>>([
    {answer: 'OK', floater: 'costum'},
    {answer: 'OK', floter: 'custom'},
    {customizedTargetIPList: ['10.0.0.1'], customizedTargetPortList: [0]},
    {dstImageRepository: 'a', dstContext: 7},
  ])('is not guessed at where the other half of it is wrong: %j', (fields) => {
    expect(problemsIn(fields)).toHaveLength(1)
  })

  test('is not looked for in a file that is no JSON', () => {
    expect(validateFile('{"answer": "OK"\n "floater": "custom"}').problems).toEqual([
      'config.json:2:2: expected a comma after "answer"',
    ])
  })

  test('is named as it was given, in the file or as a flag', () => {
    const file = {name: 'config.json', text: '{"dstImageRepository": "a",\n "answer": "OK"}'}
    const flags = {
      ...{floater: ['agnhost'], bothWays: [true], cidrMap: ['10.0.0.1/8=11.0.0.0/8']},
      customizedTargetIPList: ['a'],
    }
    expect(validate({file, flags}).problems).toEqual([
      'config.json:1:2: dstImageRepository is for a second cluster, which neither dstKubeConfig nor dstContext names',
      'config.json:2:2: answer is for --floater "custom" only',
      '--cidr-map["10.0.0.1/8"] has bits set after the prefix: 10.0.0.1/8 would be 10.0.0.0/8',
      '--customized-target-ip-list needs --customized-target-port-list: protocol tcp asks a port',
      '--both-ways needs --from or --to: without them it is both ways',
    ])
  })

  test('may be mended by a flag', () => {
    const file = {name: 'config.json', text: '{"dstImageRepository": "a", "answer": "OK", "bothWays": true}'}
    const flags = {dstImageRepository: [''], floater: ['custom'], image: ['a'], bothWays: [false]}
    expect(validate({file, flags})).toEqual({
      fields: {answer: 'OK', floater: 'custom', image: 'a', bothWays: false},
    })
  })
})
