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

function describeOnRaised<Clusters extends readonly Cluster[]>(
  title: string,
  wish: string,
  raise: () => Promise<Clusters>,
  body: (clusters: () => Clusters) => void,
): void {
  // Of the file, not of what is described: others in it may wish the same.
  afterAll(takeDownRaised)
  describeWithClusters(title, () => {
    let clusters: Clusters | undefined
    beforeAll(async () => {
      const there = (raising.get(wish) ?? raise()) as Promise<Clusters>
      raising.set(wish, there)
      clusters = await there
    })
    body(() => {
      if (clusters === undefined) throw new Error('the clusters are there from the first test on, not before')
      return clusters
    })
  })
}

/** Also those that come up when nobody waits for them any more: the process may live for long. */
async function takeDownRaised(): Promise<void> {
  const all = [...raising.values()]
  raising.clear()
  for (const there of all) for (const cluster of await there.catch(() => [])) await cluster.down()
}
