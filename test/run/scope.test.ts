import {describe, expect, test} from 'vitest'
import type {Config} from '../../src/model/config.ts'
import type {ResumeEntry} from '../../src/model/resume.ts'
import {checkScope, resumeScope} from '../../src/run/scope.ts'
import type {ClearedSite} from '../../src/run/site.ts'
import {failure, fakeKubectl} from '../kubectl/fake.ts'
import {DEFAULTS} from '../plan/wish.ts'

const NAMES = ['a', 'b', 'c', 'd']
const SITES = [
  {
    cluster: {name: 'src', connection: {}, imageRepository: '', cidrMap: []},
    kubectl: fakeKubectl(() => failure('not to be asked')),
    clearance: {nodes: NAMES.map((name) => ({name})), notCovered: []},
  },
] as unknown as ClearedSite[]

describe('behind the services of a check', () => {
  test.each<[Partial<Config['subset']>, readonly string[], string[]]>([
    [{}, NAMES, ['a', 'b']],
    [{}, ['c'], ['c']],
    [{}, [], []],
    [{from: 'a'}, NAMES, ['a', 'b']],
    // A row to another node would not be asked for.
    [{to: 'c'}, NAMES, ['c', 'a']],
    [{to: 'c,d'}, NAMES, ['c', 'd']],
    [{to: 'c'}, ['a', 'b'], ['a', 'b']],
    [{from: 'd', to: 'b,c'}, ['b', 'c', 'd'], ['b', 'c']],
  ])('with %j, of %j, are %j', async (subset, candidates, chosen) => {
    const scope = await checkScope({...DEFAULTS, subset: {bothWays: false, ...subset}}, SITES)
    expect(scope.behind('src', candidates, 'ClusterIP')).toEqual(chosen)
  })
})

describe('behind the services of a resume', () => {
  const entry = (mode: ResumeEntry['mode'], dstNodeName: string): ResumeEntry => ({
    srcNodeName: 'a',
    dstNodeName,
    targetIP: '10.96.0.1',
    srcCluster: 'src',
    dstCluster: 'src',
    ...(mode === undefined ? {} : {mode}),
    protocol: 'tcp',
  })

  test.each<[string, ResumeEntry[], string[]]>([
    [
      'those that it names',
      [entry('service', 'c'), entry('service', 'd'), entry('service', 'c')],
      ['c', 'd'],
    ],
    ['one that has gone', [entry('service', 'gone')], ['gone']],
    ['any two, where it names none', [entry('nodeport', 'c')], ['a', 'c']],
    ['no node of another mode', [entry('pod', 'd'), entry('service', 'b')], ['b']],
  ])('are %s', (_, entries, chosen) => {
    expect(
      resumeScope(DEFAULTS, entries, 'resume.json', SITES).behind('src', ['a', 'c', 'd'], 'ClusterIP'),
    ).toEqual(chosen)
  })

  test('nobody of another cluster is', () => {
    const scope = resumeScope(DEFAULTS, [entry('service', 'c')], 'resume.json', SITES)
    expect(scope.behind('dst', ['x', 'y', 'z'], 'ClusterIP')).toEqual(['x', 'y'])
  })
})
