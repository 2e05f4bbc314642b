import type {Cluster} from './cluster.ts'
import {createCluster, type ClusterWish} from './create.ts'
import {linkClusters} from './links.ts'

/** How clusters are joined, each with each: their pods reached under their own addresses, or under others. */
export type LinkWish = 'routed' | 'translated' | 'none'

/** A cluster for each wish, in their order. */
export type EachAsCluster<Wishes extends readonly ClusterWish[]> = {
  readonly [Index in keyof Wishes]: Cluster
}

/** Raises clusters at the same time and joins them; none is left where one does not come up. */
export async function createLinked<const Wishes extends readonly ClusterWish[]>(
  wishes: Wishes,
  link: LinkWish,
): Promise<EachAsCluster<Wishes>> {
  const outcomes = await Promise.allSettled(wishes.map(createCluster))
  const clusters = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
  try {
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
    if (link !== 'none') await linkAll(clusters, link)
    return clusters as unknown as EachAsCluster<Wishes>
  } catch (error) {
    for (const cluster of clusters) await cluster.down()
    throw error
  }
}

async function linkAll(clusters: readonly Cluster[], link: LinkWish): Promise<void> {
  const pairs = clusters.flatMap((one, index) =>
    clusters.slice(index + 1).map((other) => [one, other] as const),
  )
  for (const [one, other] of pairs) await linkClusters(one, other, {translated: link === 'translated'})
}
