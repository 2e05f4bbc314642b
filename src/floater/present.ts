import * as z from 'zod'
import type {Kubectl} from '../kubectl/kubectl.ts'
import type {Floater} from '../model/cluster.ts'
import {MANAGED_BY_US} from './labels.ts'
import {describeObstacle, obstacleOf, STARTING} from './obstacle.ts'
import {lastingFloaterIn, podIn} from './pods.ts'

const listSchema = z.object({items: z.array(z.unknown())})

/**
 * The floaters that can be used at this moment, and by name what is known to be wrong with the other pods; undefined where
 * the API server does not say.
 */
export async function presentFloaters(
  kubectl: Kubectl,
  namespace: string,
  templates: readonly string[],
): Promise<
  {readonly floaters: readonly Floater[]; readonly causes: ReadonlyMap<string, string>} | undefined
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
    const floaters: Floater[] = []
    const causes = new Map<string, string>()
    for (const pod of pods) {
      const usable = templates.flatMap((template) => lastingFloaterIn(pod, template) ?? [])
      floaters.push(...usable)
      const obstacle = obstacleOf(pod)
      if (usable.length === 0 && obstacle !== STARTING)
        causes.set(pod.metadata.name, describeObstacle(obstacle))
    }
    return {floaters, causes}
  } catch {
    return undefined
  }
}
