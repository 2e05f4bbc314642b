import {describe, expect, test} from 'vitest'
import {INITIAL, notYetRun, type ConfigFields} from '../../src/config/fields.ts'
import {normalise} from '../../src/config/normalise.ts'

const surroundings = {home: '/home/ann', identity: {}}

test('where nothing is set, the defaults hold and kubectl finds its own kubeconfig', () => {
  expect(normalise({}, {}, surroundings)).toEqual({
    namespace: 'kosmos-system',
    version: 'v0.2.0',
    port: 8889,
    podWaitTime: 30,
    cmdTimeout: 10,
    parallel: 64,
    retries: 1,
    clusters: [{name: 'src', connection: {}, imageRepository: 'ghcr.io/kosmos-io'}],
  })
})

test('a flag beats the file, and the file beats the defaults', () => {
  const config = normalise(
    {...INITIAL, namespace: 'from-file', cmdTimeout: 5},
    {namespace: 'from-flag'},
    surroundings,
  )
  expect(config).toMatchObject({namespace: 'from-flag', cmdTimeout: 5, podWaitTime: 30, maxNum: 3})
})

describe('a kubeconfig path', () => {
  test.each([
    ['~/.kube/config', '/home/ann/.kube/config'],
    ['~', '/home/ann'],
    ['~bob/config', '~bob/config'],
    ['/tmp/~/config', '/tmp/~/config'],
    ['config', 'config'],
  ])('%s means %s', (srcKubeConfig, kubeconfig) => {
    const {clusters} = normalise({srcKubeConfig}, {}, surroundings)
    expect(clusters[0]?.connection).toEqual({kubeconfig})
  })
})

describe('a second cluster', () => {
  test('has what it names, and the first one’s for the rest', () => {
    const {clusters} = normalise(
      {srcKubeConfig: '~/src', srcContext: 'a', srcImageRepository: 'example.com/a', dstContext: 'b'},
      {},
      {...surroundings, identity: {as: 'auditor', asGroups: ['ops'], requestTimeout: '5s'}},
    )
    const identity = {as: 'auditor', asGroups: ['ops'], requestTimeout: '5s'}
    expect(clusters).toEqual([
      {
        name: 'src',
        connection: {kubeconfig: '/home/ann/src', context: 'a', ...identity},
        imageRepository: 'example.com/a',
      },
      {
        name: 'dst',
        connection: {kubeconfig: '/home/ann/src', context: 'b', ...identity},
        imageRepository: 'example.com/a',
      },
    ])
  })

  test('has its own kubeconfig and registry', () => {
    const {clusters} = normalise(
      {srcContext: 'a', dstKubeConfig: '~/dst', dstImageRepository: 'example.com/b'},
      {},
      surroundings,
    )
    expect(clusters[1]).toEqual({
      name: 'dst',
      connection: {kubeconfig: '/home/ann/dst'},
      imageRepository: 'example.com/b',
    })
  })
})

test.each<[ConfigFields, string[]]>([
  [{}, []],
  [{protocol: 'tcp'}, []],
  [{protocol: ['tcp', 'udp', 'dns']}, ['protocol udp, dns: this version probes with tcp only']],
  [
    {protocol: 'icmp', dstKubeConfig: 'x', dstContext: 'y'},
    [
      'protocol icmp: this version probes with tcp only',
      'dstKubeConfig: this version checks one cluster only; leave the dst fields out',
    ],
  ],
  [{dstContext: 'y'}, ['dstContext: this version checks one cluster only; leave the dst fields out']],
])('of %j, %j is not run yet', (fields, sentences) => {
  expect(notYetRun(fields)).toEqual(sentences)
})
