import * as z from 'zod'
import type {Kubectl} from '../kubectl/kubectl.ts'
import type {Floater} from '../model/cluster.ts'
import {FLOATER_PODS} from './labels.ts'
import {floaterIn, podIn} from './pods.ts'

const listSchema = z.object({items: z.array(z.unknown())})

/** The floaters that can be used at this moment; undefined where the API server does not say. */
export async function presentFloaters(
  kubectl: Kubectl,
  namespace: string,
  template: string,
): Promise<Floater[] | undefined> {
  const {ok, stdout} = await kubectl.run([
    'get',
    'pods',
    `--namespace=${namespace}`,
    `--selector=${FLOATER_PODS}`,
    '-o',
    'json',
  ])
  if (!ok) return undefined
  try {
    return listSchema.parse(JSON.parse(stdout)).items.flatMap((item) => {
      const pod = podIn(item)
      return (pod && floaterIn(pod, template)) ?? []
    })
  } catch {
    return undefined
  }
}
