import * as z from 'zod'
import {CONTAINER_NAME} from '../model/names.ts'
import {CONTAINER} from './labels.ts'

const name = z.string().max(63)

/** Containers that run as long as the pod does are ordinary ones, and since 1.28 such as are called init containers. */
const running = z.array(z.object({name, restartPolicy: z.string().optional()}))

const annotated = z.object({
  metadata: z.object({annotations: z.record(z.string(), z.unknown()).default({})}),
})
const contained = z.object({
  spec: z.object({containers: running.default([]), initContainers: running.default([])}),
})

/** Istio's CNI plugin says here that the node's proxy takes the pod's packets. */
const AMBIENT = {key: 'ambient.istio.io/redirection', value: 'enabled'} as const

/** What admission webhooks and plugins have put before a floater, as model/cluster.ts has it. A pod that cannot be read has nothing. */
export function sidecarsIn(pod: unknown): string[] {
  const spec = contained.safeParse(pod).data?.spec
  const annotations = annotated.safeParse(pod).data?.metadata.annotations ?? {}
  const added = [
    ...(spec?.containers ?? []),
    ...(spec?.initContainers ?? []).filter(({restartPolicy}) => restartPolicy === 'Always'),
  ].map((one) => one.name)
  const isTaken = annotations[AMBIENT.key] === AMBIENT.value
  return [...new Set([...added, ...(isTaken ? ['ztunnel'] : [])])].filter(
    (one) => one !== CONTAINER && CONTAINER_NAME.test(one),
  )
}
