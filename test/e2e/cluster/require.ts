import {afterAll, beforeAll, describe, test} from 'vitest'
import type {Cluster} from './cluster.ts'
import {createCluster, type ClusterWish, type EachAsCluster} from './create.ts'
import {createLinked, type LinkWish} from './create-linked.ts'
import {whyNoCluster} from './machine.ts'

/**
 * Tests on machines that can raise clusters. Elsewhere they are skipped and their title says why; under CI=true,
 * where nothing may be skipped, they fail instead.
 */
export function describeWithClusters(title: string, body: () => void): void {
  const reason = whyNoCluster()
  if (reason === undefined) describe(title, body)
  else if (process.env['CI'] === 'true') {
    test(title, () => {
      throw new Error(reason)
    })
  } else describe.skip(`${title} (skipped: ${reason})`, body)
}

/** Tests that share one cluster; it is there from the first of them to the last of all in their file that wish the same. */
export function describeOnCluster(
  title: string,
  body: (cluster: () => Cluster) => void,
  wish: ClusterWish = {},
): void {
  describeOnRaised(
    title,
    JSON.stringify(wish),
    async () => [await createCluster(wish)] as const,
    (clusters) => body(() => clusters()[0]),
  )
}

/** The same with several clusters, which are raised at the same time: a wish each. */
export function describeOnClusters<const Wishes extends readonly ClusterWish[]>(
  title: string,
  body: (clusters: () => EachAsCluster<Wishes>) => void,
  wishes: Wishes,
  link: LinkWish = 'routed',
): void {
  describeOnRaised(title, JSON.stringify([wishes, link]), async () => await createLinked(wishes, link), body)
}

/** What the tests of a file stand on, by what they wish. */
const raising = new Map<string, Promise<readonly Cluster[]>>()
/** How many descriptions of tests are still to come to their end, by what they wish. */
const users = new Map<string, number>()

function describeOnRaised<Clusters extends readonly Cluster[]>(
  title: string,
  wish: string,
  raise: () => Promise<Clusters>,
  body: (clusters: () => Clusters) => void,
): void {
  users.set(wish, (users.get(wish) ?? 0) + 1)
  // In the end of the file: where some of its tests are left out, nobody else is the last.
  afterAll(async () => {
    users.clear()
    await Promise.all([...raising.keys()].map(takeDown))
  })
  describeWithClusters(title, () => {
    let clusters: Clusters | undefined
    beforeAll(async () => {
      const there = raising.get(wish) ?? raise()
      raising.set(wish, there)
      clusters = (await there) as Clusters
    })
    afterAll(async () => {
      const left = (users.get(wish) ?? 0) - 1
      users.set(wish, left)
      if (left === 0) await takeDown(wish)
    })
    body(() => {
      if (clusters === undefined) throw new Error('the clusters are there from the first test on, not before')
      return clusters
    })
  })
}

/** Also those that come up when nobody waits for them any more: the process may live for long. */
async function takeDown(wish: string): Promise<void> {
  const there = await raising.get(wish)?.catch(() => [])
  raising.delete(wish)
  const downs = await Promise.allSettled((there ?? []).map(async (cluster) => await cluster.down()))
  for (const down of downs) if (down.status === 'rejected') throw down.reason
}
