import {describe, expect, test} from 'vitest'
import {INITIAL, type ConfigFields} from '../../src/config/fields.ts'
import {normalise} from '../../src/config/normalise.ts'

const surroundings = {home: '/home/ann', identity: {}}

const normalised = (fields: ConfigFields) => normalise(fields, surroundings)

test('where nothing is set, the defaults hold and kubectl finds its own kubeconfig', () => {
  expect(normalised({})).toEqual({
    namespace: 'kosmos-system',
    version: 'v0.2.0',
    port: 8889,
    podWaitTime: 30,
    cmdTimeout: 10,
    parallel: 64,
    retries: 1,
    clusters: [{name: 'src', connection: {}, imageRepository: 'ghcr.io/kosmos-io', cidrMap: []}],
    intra: false,
    modes: ['pod'],
    protocols: ['tcp'],
    ipFamily: 'auto',
    customTargets: [],
    subset: {bothWays: false},
    lookups: [{name: 'kubernetes.default.svc'}],
    floater: {flavour: 'clusterlink-floater', imagePullSecrets: [], nodeSelector: {}},
    sameNode: false,
    mtu: false,
    autoClean: false,
  })
})

test('what is set holds', () => {
  const fields: ConfigFields = {
    ...INITIAL,
    namespace: 'netcheck',
    version: 'v1',
    port: 80,
    podWaitTime: 1,
    cmdTimeout: 2,
    parallel: 4,
    retries: 0,
    intra: true,
    ipFamily: 'ipv6',
    from: 'n1,n2',
    to: 'zone=a',
    bothWays: true,
    sample: 6,
    autoClean: true,
  }
  expect(normalised(fields)).toMatchObject({
    ...{namespace: 'netcheck', version: 'v1', port: 80, podWaitTime: 1, maxNum: 3, cmdTimeout: 2},
    ...{parallel: 4, retries: 0, intra: true, ipFamily: 'ipv6', autoClean: true},
    subset: {from: 'n1,n2', to: 'zone=a', bothWays: true, sample: 6},
  })
})

describe('a kubeconfig path', () => {
  test.each([
    ['~/.kube/config', '/home/ann/.kube/config'],
    ['~', '/home/ann'],
    ['~bob/config', '~bob/config'],
    ['/tmp/~/config', '/tmp/~/config'],
    ['config', 'config'],
  ])('%s means %s', (srcKubeConfig, kubeconfig) => {
    const {clusters} = normalised({srcKubeConfig})
    expect(clusters[0]?.connection).toEqual({kubeconfig})
  })
})

describe('a second cluster', () => {
  test('has what it names, and the first one’s for the rest', () => {
    const identity = {as: 'auditor', asGroups: ['ops'], requestTimeout: '5s'}
    const {clusters} = normalise(
      {srcKubeConfig: '~/src', srcContext: 'a', srcImageRepository: 'example.com/a', dstContext: 'b'},
      {...surroundings, identity},
    )
    expect(clusters).toEqual([
      {
        name: 'src',
        connection: {kubeconfig: '/home/ann/src', context: 'a', ...identity},
        imageRepository: 'example.com/a',
        cidrMap: [],
      },
      {
        name: 'dst',
        connection: {kubeconfig: '/home/ann/src', context: 'b', ...identity},
        imageRepository: 'example.com/a',
        cidrMap: [],
      },
    ])
  })

  test('has its own kubeconfig and registry', () => {
    const {clusters} = normalised({
      srcContext: 'a',
      dstKubeConfig: '~/dst',
      dstImageRepository: 'example.com/b',
    })
    expect(clusters[1]).toEqual({
      name: 'dst',
      connection: {kubeconfig: '/home/ann/dst'},
      imageRepository: 'example.com/b',
      cidrMap: [],
    })
  })

  test('without any field that names it, there is none', () => {
    expect(normalised({srcContext: 'a'}).clusters).toHaveLength(1)
  })
})

test('clusters have the names, and a cidrMap that is for all, where they have none of their own', () => {
  const {clusters} = normalised({
    clusters: [
      {name: 'east', kubeconfig: '~/east', context: 'admin', imageRepository: 'example.com/east'},
      {name: 'west', cidrMap: {'2001:DB8:0::/48': 'FD00::/48'}},
      {name: 'north', cidrMap: {}},
    ],
    cidrMap: {'10.244.0.0/16': '10.10.0.0/16'},
  })
  expect(clusters).toEqual([
    {
      name: 'east',
      connection: {kubeconfig: '/home/ann/east', context: 'admin'},
      imageRepository: 'example.com/east',
      cidrMap: [{from: '10.244.0.0/16', to: '10.10.0.0/16'}],
    },
    {
      name: 'west',
      connection: {},
      imageRepository: 'ghcr.io/kosmos-io',
      cidrMap: [{from: '2001:db8::/48', to: 'fd00::/48'}],
    },
    {name: 'north', connection: {}, imageRepository: 'ghcr.io/kosmos-io', cidrMap: []},
  ])
})

describe('custom targets', () => {
  const targets: ConfigFields = {
    customizedTargetIPList: ['10.0.0.1', 'DB.example.com', '2001:DB8:0::1'],
    customizedTargetPortList: ['443', 53],
  }

  test('are every port of every host, and alone where no mode is set', () => {
    expect(normalised(targets)).toMatchObject({
      modes: [],
      customTargets: [
        {host: '10.0.0.1', port: 443},
        {host: '10.0.0.1', port: 53},
        {host: 'db.example.com', port: 443},
        {host: 'db.example.com', port: 53},
        {host: '2001:db8::1', port: 443},
        {host: '2001:db8::1', port: 53},
      ],
    })
  })

  test('stand beside a mode that is set', () => {
    expect(normalised({...targets, mode: 'pod'}).modes).toEqual(['pod'])
  })

  test('are each probed once', () => {
    const {customTargets} = normalised({
      customizedTargetIPList: ['::1', '0::1', 'a', 'A'],
      customizedTargetPortList: ['80', 80],
    })
    expect(customTargets).toEqual([
      {host: '::1', port: 80},
      {host: 'a', port: 80},
    ])
  })
})
