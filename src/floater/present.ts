import * as z from 'zod'
import type {Kubectl} from '../kubectl/kubectl.ts'
import type {Floater} from '../model/cluster.ts'
import {MANAGED_BY_US} from './labels.ts'
import {lastingFloaterIn, podIn} from './pods.ts'

const listSchema = z.object({items: z.array(z.unknown())})

/** The floaters that are there at this moment; undefined where the API server does not say. */
export async function presentFloaters(
  kubectl: Kubectl,
  namespace: string,
  templates: readonly string[],
): Promise<Floater[] | undefined> {
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
    return listSchema.parse(JSON.parse(stdout)).items.flatMap((item) => {
      const pod = podIn(item)
      return pod === undefined ? [] : templates.flatMap((template) => lastingFloaterIn(pod, template) ?? [])
    })
  } catch {
    return undefined
  }
}
