import {afterEach, beforeAll, expect, test} from 'vitest'
import {deskForAll} from '../program.ts'
import type {Cluster} from './cluster.ts'
import {AGNHOST_PORT, deployFloaters, succeed, type Family, type Floaters} from './floaters.ts'
import {leftovers} from './leftovers.ts'
import {linkClusters} from './links.ts'
import {existingRecord} from './record.ts'
import {describeOnClusters} from './require.ts'

/** A cluster with a pod on each of its two nodes. */
interface End {
  cluster: Cluster
  floaters: Floaters
}

const NODES = ['n1', 'n2']

/** Pairs of nodes, n1>n2, whose pods do not get through from one end to the other. */
async function broken(from: End, to: End, reachedAs: (address: string) => string, family?: Family) {
  const pairs = NODES.flatMap((source) => NODES.map((target) => [source, target] as const))
  const answers = await Promise.all(
    pairs.map(async ([source, target]) => {
      const address = reachedAs(to.floaters.ip(target, family))
      return (await from.floaters.curlAddress(source, address)).stdout === 'OK'
    }),
  )
  return pairs.filter((_, index) => !answers[index]).map((pair) => pair.join('>'))
}

const itself = (address: string) => address

describeOnClusters(
  'two linked clusters',
  (clusters) => {
    let a: End
    let b: End

    beforeAll(async () => {
      ;[a, b] = await bothEnds(clusters())
    })
    afterEach(async () => {
      await a.cluster.undoFaults()
    })

    /** What is broken from a to b, and from b to a. */
    const bothWays = async (family?: Family) =>
      await Promise.all([broken(a, b, itself, family), broken(b, a, itself, family)])

    test('reach each other, over both families', async () => {
      expect(await bothWays()).toEqual([[], []])
      expect(await bothWays(6)).toEqual([[], []])
      expect(await a.cluster.cidrMapTo(b.cluster)).toEqual({[b.cluster.podRange]: b.cluster.podRange})
    })

    test('show who asks, and reach nodes as well as pods', async () => {
      const path = ['curl', '-s', '-m', '2', `http://${b.floaters.ip('n1')}:${AGNHOST_PORT}/clientip`]
      expect(await succeed(a.floaters.inPod('n2', path))).toContain(`${a.floaters.ip('n2')}:`)
      const {ip = '', v6} = b.cluster.nodes[1] ?? {}
      for (const address of [ip, `[${v6?.ip ?? ''}]`]) {
        const kubelet = ['curl', '-skg', '-m', '2', `https://${address}:10250/`]
        expect((await a.floaters.inPod('n1', kubelet)).exitCode).toBe(0)
        expect((await a.cluster.onNode('n1', kubelet)).exitCode).toBe(0)
      }
    })

    test('drop-cluster breaks one direction, drop-across one pair of it', async () => {
      const undo = await a.cluster.fault('drop-cluster', b.cluster.name)
      expect(await bothWays()).toEqual([['n1>n1', 'n1>n2', 'n2>n1', 'n2>n2'], []])
      expect(await bothWays(6)).toEqual([['n1>n1', 'n1>n2', 'n2>n1', 'n2>n2'], []])
      expect(await a.floaters.brokenPairs()).toEqual([])
      await undo()
      expect(await bothWays()).toEqual([[], []])
      await a.cluster.fault('drop-across', 'n1', b.cluster.name, 'n2')
      expect(await bothWays()).toEqual([['n1>n2'], []])
      expect(await bothWays(6)).toEqual([['n1>n2'], []])
      await expect(a.cluster.fault('drop-cluster', 'nobody')).rejects.toThrow(
        `there is no link to a cluster "nobody", but to ${b.cluster.name}`,
      )
    })

    test('are not linked twice', async () => {
      await expect(linkClusters(b.cluster, a.cluster)).rejects.toThrow('are linked already')
    })

    test('lie on one desk, as contexts of one file', async () => {
      const desk = await deskForAll({a: a.cluster, b: b.cluster})
      try {
        const {stderr} = await desk.run('clean', '--context', 'b')
        expect(stderr).toContain('nothing to remove')
      } finally {
        await desk.remove()
      }
    })

    test('leave nothing at the other when one is taken down', async () => {
      const {name} = b.cluster
      const record = await existingRecord(name)
      const routes = async () => await succeed(a.cluster.onNode('n1', ['ip', 'route']))
      expect((await leftovers(record, [])).join('\n')).toContain('-to-')
      expect(await routes()).toContain(b.cluster.podRange)
      await b.cluster.down()
      expect(await leftovers(record, [])).toEqual([])
      expect(await routes()).not.toContain(b.cluster.podRange)
      expect(await a.floaters.brokenPairs()).toEqual([])
      await expect(a.cluster.cidrMapTo({name})).rejects.toThrow('but to none')
    })
  },
  [
    {nodes: 2, dualStack: true},
    {nodes: 2, dualStack: true},
  ],
)

const SAME = '10.244.0.0/17'

describeOnClusters(
  'two clusters with the same addresses for pods',
  (clusters) => {
    let a: End
    let b: End

    beforeAll(async () => {
      ;[a, b] = await bothEnds(clusters())
    })

    test('reach each other under other ranges', async () => {
      const [toB, toA] = [await a.cluster.cidrMapTo(b.cluster), await b.cluster.cidrMapTo(a.cluster)]
      expect([Object.keys(toB), Object.keys(toA)]).toEqual([[SAME], [SAME]])
      expect(await broken(a, b, translation(toB))).toEqual([])
      expect(await broken(b, a, translation(toA))).toEqual([])
      const address = translation(toB)(b.floaters.ip('n1'))
      const path = ['curl', '-s', '-m', '2', `http://${address}:${AGNHOST_PORT}/clientip`]
      const asker = translation(toA)(a.floaters.ip('n2'))
      expect(await succeed(a.floaters.inPod('n2', path))).toContain(`${asker}:`)
    })

    test('do not reach each other under their own', async () => {
      // There it is an address of one's own: whatever answers is not the one that is meant.
      const address = b.floaters.ip('n1')
      const hostname = ['curl', '-s', '-m', '2', `http://${address}:${AGNHOST_PORT}/hostname`]
      const meant = await succeed(b.floaters.inPod('n1', hostname))
      expect((await a.floaters.inPod('n1', hostname)).stdout).not.toBe(meant)
    })

    test('drop-cluster knows the other range', async () => {
      await a.cluster.fault('drop-cluster', b.cluster.name)
      const toB = translation(await a.cluster.cidrMapTo(b.cluster))
      expect(await broken(a, b, toB)).toEqual(['n1>n1', 'n1>n2', 'n2>n1', 'n2>n2'])
      await a.cluster.undoFaults()
      expect(await broken(a, b, toB)).toEqual([])
    })
  },
  [
    {nodes: 2, podRange: SAME},
    {nodes: 2, podRange: SAME},
  ],
  'translated',
)

async function bothEnds(clusters: readonly [Cluster, Cluster]): Promise<[End, End]> {
  const [a, b] = clusters
  const [inA, inB] = await Promise.all([deployFloaters(a), deployFloaters(b)])
  return [
    {cluster: a, floaters: inA},
    {cluster: b, floaters: inB},
  ]
}

/** The same host in the other /17. */
function translation(map: Readonly<Record<string, string>>): (address: string) => string {
  const [from = '', to = ''] = Object.entries(map)[0] ?? []
  const [a, b, half] = to.split('.')
  const shift = Number(half) - Number(from.split('.')[2])
  return (address) => {
    const [, , third, fourth] = address.split('.')
    return `${a}.${b}.${Number(third) + shift}.${fourth}`
  }
}
