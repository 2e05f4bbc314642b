import * as z from 'zod'
import type {Kubectl} from '../kubectl/kubectl.ts'
import type {Floater} from '../model/cluster.ts'
import {MANAGED_BY_US} from './labels.ts'
import {describeObstacle, obstacleOf, STARTING} from './obstacle.ts'
import {containerOf, podIn} from './pods.ts'

const listSchema = z.object({items: z.array(z.unknown())})

/**
 * The floaters that run at this moment, ready or not: a sidecar's readiness, and that of a node that no longer reports, is another
 * matter. And by uid what happened to each pod last, which may be long ago where it runs; undefined where the API server does not say.
 */
export async function presentFloaters(
  kubectl: Kubectl,
  namespace: string,
): Promise<
  | {
      readonly floaters: readonly Pick<Floater, 'uid' | 'restarts'>[]
      readonly causes: ReadonlyMap<string, string>
    }
  | undefined
> {
  const {ok, stdout} = await kubectl.run([
    'get',
    'pods',
    `--namespace=${namespace}`,
    `--selector=${MANAGED_BY_US}`,
    '-o',
    'json',
  ])
  if (!ok) return undefined
  try {
    const pods = listSchema.parse(JSON.parse(stdout)).items.flatMap((item) => podIn(item) ?? [])
    const floaters = pods.flatMap((pod) => {
      const {uid, deletionTimestamp} = pod.metadata
      const container = containerOf(pod)
      const runs = container?.state.running !== undefined && deletionTimestamp === undefined
      return runs ? [{uid, restarts: container.restartCount}] : []
    })
    const causes = pods.flatMap((pod): [string, string][] => {
      const obstacle = obstacleOf(pod)
      return obstacle === STARTING ? [] : [[pod.metadata.uid, describeObstacle(obstacle)]]
    })
    return {floaters, causes: new Map(causes)}
  } catch {
    return undefined
  }
}
