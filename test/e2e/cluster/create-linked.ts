import type {Cluster} from './cluster.ts'
import {createClusters, type ClusterWish, type EachAsCluster} from './create.ts'
import {linkClusters} from './links.ts'

/** How clusters are joined, each with each: their pods reached under their own addresses, or under others. */
export type LinkWish = 'routed' | 'translated' | 'none'

/** Raises clusters at the same time and joins them; none is left where that fails. */
export async function createLinked<const Wishes extends readonly ClusterWish[]>(
  wishes: Wishes,
  link: LinkWish,
): Promise<EachAsCluster<Wishes>> {
  const clusters = await createClusters(wishes)
  try {
    if (link !== 'none') await linkAll(clusters, link)
    return clusters
  } catch (error) {
    await Promise.allSettled(clusters.map(async (cluster) => await cluster.down()))
    throw error
  }
}

async function linkAll(clusters: readonly Cluster[], link: LinkWish): Promise<void> {
  const pairs = clusters.flatMap((one, index) =>
    clusters.slice(index + 1).map((other) => [one, other] as const),
  )
  for (const [one, other] of pairs) await linkClusters(one, other, {translated: link === 'translated'})
}
