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

/** Tests that share one cluster; it is there from the first of them to the last. */
export function describeOnCluster(
  title: string,
  body: (cluster: () => Cluster) => void,
  wish: ClusterWish = {},
): void {
  describeWithClusters(title, () => {
    let raising: Promise<Cluster> | undefined
    let cluster: Cluster | undefined
    beforeAll(async () => {
      raising = createCluster(wish)
      cluster = await raising
    })
    // Also one that comes up when nobody waits for it any more: the process may live for long.
    afterAll(async () => {
      await (await settled(raising))?.down()
    })
    body(() => {
      if (cluster === undefined) throw new Error('the cluster is there from the first test on, not before')
      return cluster
    })
  })
}

/** The same with several clusters, which are raised at the same time: a wish each. */
export function describeOnClusters<const Wishes extends readonly ClusterWish[]>(
  title: string,
  body: (clusters: () => EachAsCluster<Wishes>) => void,
  wishes: Wishes,
  link: LinkWish = 'routed',
): void {
  describeWithClusters(title, () => {
    let raising: Promise<EachAsCluster<Wishes>> | undefined
    let clusters: EachAsCluster<Wishes> | undefined
    beforeAll(async () => {
      raising = createLinked(wishes, link)
      clusters = await raising
    })
    afterAll(async () => {
      for (const cluster of (await settled(raising)) ?? []) await cluster.down()
    })
    body(() => {
      if (clusters === undefined) throw new Error('the clusters are there from the first test on, not before')
      return clusters
    })
  })
}

/** What came of it; undefined for an error, which whoever began it was told of. */
async function settled<T>(raising: Promise<T> | undefined): Promise<T | undefined> {
  return await raising?.catch(() => undefined)
}
