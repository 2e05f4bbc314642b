import {afterEach, beforeEach, expect, test} from 'vitest'
import type {Desk} from '../../desk/desk.ts'
import {abnormal, removeFloaters} from '../abnormal.ts'
import type {Cluster} from '../cluster/cluster.ts'
import {describeOnClusters} from '../cluster/require.ts'
import {deskForAll, everyObject} from '../program.ts'

/** The two as the seed's fields have them, by contexts of one kubeconfig. */
const PAIR = {srcContext: 'a', dstContext: 'b', podWaitTime: 60}

describeOnClusters(
  'check between two linked clusters',
  (getClusters) => {
    let desk: Desk
    let a: Cluster
    let b: Cluster

    beforeEach(async () => {
      ;[a, b] = getClusters()
      desk = await deskForAll({a, b})
      await desk.configure(PAIR)
    })
    afterEach(async () => {
      await a.undoFaults()
      await b.undoFaults()
      await desk.remove()
    })

    const fieldsOfPair = ['srcCluster', 'dstCluster'] as const

    test('both directions in one run, both clusters named, nothing inside of either', async () => {
      const {exitCode, stdout, stderr, kubectls} = await desk.run('check')
      expect(stderr).toContain(`Checking cluster src: context a, server ${a.server}`)
      expect(stderr).toContain(`Checking cluster dst: context b, server ${b.server}`)
      expect(stdout).toContain('8 probes between 4 nodes: 8 SUCCEEDED, 0 FAILED, 0 EXCEPTION')
      expect(stdout).toMatch(/src\/n1 +\| dst\/n2/)
      expect(stdout).toMatch(/dst\/n2 +\| src\/n1/)
      expect(stdout).not.toMatch(/src\/n1 +\| src\/n2/)
      expect(exitCode).toBe(0)
      expect(kubectls.filter((line) => line.includes(' exec '))).toHaveLength(4)
    })

    test('with --intra also the inside of each', async () => {
      const {stdout} = await desk.run('check', '--intra')
      expect(stdout).toContain('16 probes between 4 nodes: 16 SUCCEEDED')
    })

    test('one direction broken between one node and one other: exactly that pair, and resume mends it', async () => {
      const undo = await a.fault('drop-across', 'n1', b.name, 'n2')
      expect((await desk.run('check')).exitCode).toBe(1)
      expect(await abnormal(desk, ...fieldsOfPair)).toEqual(['n1>n2 src dst FAILED timeout'])
      await undo()
      expect((await desk.run('resume')).exitCode).toBe(0)
      expect(await desk.resume()).toEqual([])
    })

    test('everything from one cluster to the other broken: half of the plan', async () => {
      await b.fault('drop-cluster', a.name)
      expect((await desk.run('check', '--retries', '0')).exitCode).toBe(1)
      expect(await abnormal(desk, ...fieldsOfPair)).toEqual(
        ['n1>n1', 'n1>n2', 'n2>n1', 'n2>n2'].map((pair) => `${pair} dst src FAILED timeout`),
      )
    })

    test('the same cluster twice is refused before anything is created', async () => {
      await removeFloaters(desk)
      const before = await everyObject(a)
      await desk.configure({...PAIR, dstContext: 'a'})
      const {exitCode, stderr} = await desk.run('check')
      expect(stderr).toContain('Clusters src and dst of the config are the same cluster')
      expect(exitCode).toBe(2)
      expect(await everyObject(a)).toEqual(before)
    })

    test('one of them cannot be reached: an error, and nothing is created in the other', async () => {
      await removeFloaters(desk)
      const before = await everyObject(a)
      const undo = await b.fault('stop-apiserver')
      const {exitCode, stderr} = await desk.run('check')
      await undo()
      expect(stderr).toContain(`Could not reach the API server ${b.server} (context b)`)
      expect(exitCode).toBe(3)
      expect(await everyObject(a)).toEqual(before)
    })

    test('named in `clusters`, with a label selector for a part of the plan', async () => {
      await a.kubectl(['label', 'node', 'n1', 'example.com/new=yes', '--overwrite'])
      await desk.configure({
        clusters: [
          {name: 'east', context: 'a'},
          {name: 'west', context: 'b'},
        ],
        podWaitTime: 60,
      })
      const {stdout, exitCode} = await desk.run('check', '--from', 'example.com/new=yes', '--both-ways')
      expect(stdout).toContain('4 probes between 4 nodes: 4 SUCCEEDED')
      expect(stdout).toContain('Partial: only from example.com/new=yes')
      expect(stdout).toMatch(/east\/n1 +\| west\/n2/)
      expect(stdout).toMatch(/west\/n2 +\| east\/n1/)
      expect(exitCode).toBe(0)
    })

    test('autoClean leaves both clusters as they were, after a failure too', async () => {
      await removeFloaters(desk)
      const before = [await everyObject(a), await everyObject(b)]
      await a.fault('drop-across', 'n1', b.name, 'n2')
      await desk.configure({...PAIR, autoClean: true})
      const {exitCode, stderr} = await desk.run('check')
      expect(stderr).toContain('removed namespace/kosmos-system')
      expect(exitCode).toBe(1)
      expect([await everyObject(a), await everyObject(b)]).toEqual(before)
    })
  },
  [{nodes: 2}, {nodes: 2}],
)
