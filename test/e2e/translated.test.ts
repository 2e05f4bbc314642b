import {afterEach, expect, test} from 'vitest'
import type {Desk} from '../desk/desk.ts'
import {abnormal, putAway} from './abnormal.ts'
import {describeOnClusters} from './cluster/require.ts'
import {deskForAll} from './program.ts'

const SAME_RANGE = '10.200.128.0/17'

describeOnClusters(
  'two clusters with the same pod range, and a mesh that translates it',
  (getClusters) => {
    let desk: Desk
    afterEach(async () => {
      await putAway(desk)
    })

    test('cidrMap: each is reached under the addresses that the other sees; without it, nobody is taken for another', async () => {
      const [a, b] = getClusters()
      desk = await deskForAll({a, b})
      const clusters = [
        {name: 'a', context: 'a', cidrMap: await b.cidrMapTo(a)},
        {name: 'b', context: 'b', cidrMap: await a.cidrMapTo(b)},
      ]
      await desk.configure({clusters, podWaitTime: 60})
      const translated = await desk.run('check')
      expect(translated.stdout).toContain('8 probes between 4 nodes: 8 SUCCEEDED, 0 FAILED, 0 EXCEPTION')
      expect(translated.exitCode).toBe(0)

      await desk.configure({clusters: clusters.map(({name, context}) => ({name, context})), podWaitTime: 60})
      const untranslated = await desk.run('check', '--retries', '0')
      expect(untranslated.exitCode).not.toBe(0)
      expect(untranslated.stdout).toContain(' 0 SUCCEEDED')
      for (const row of await abnormal(desk)) expect(row).toMatch(/FAILED|EXCEPTION shared-address/)
    })
  },
  [
    {nodes: 2, podRange: SAME_RANGE},
    {nodes: 2, podRange: SAME_RANGE},
  ],
  'translated',
)
