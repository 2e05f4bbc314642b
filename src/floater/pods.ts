import * as z from 'zod'
import {isAddress} from '../address/address.ts'
import type {Floater} from '../model/cluster.ts'
import {CONTAINER, TEMPLATE_LABEL} from './labels.ts'
import {sidecarsIn} from './sidecars.ts'

const waiting = z.object({reason: z.string().default(''), message: z.string().default('')})
const terminated = z.object({
  reason: z.string().default(''),
  message: z.string().default(''),
  exitCode: z.number(),
})

/** The parts of a Pod that say whether its floater can be used, and if not, why. Names end up in command lines. */
const podSchema = z.object({
  metadata: z.object({
    name: z
      .string()
      .max(253)
      .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/),
    uid: z.string().max(253),
    labels: z.record(z.string(), z.string()).default({}),
    deletionTimestamp: z.string().optional(),
  }),
  spec: z.object({
    nodeName: z.string().min(1).max(253).optional(),
    affinity: z.unknown().optional(),
    containers: z.array(
      z.object({
        name: z.string(),
        image: z.string(),
        ports: z.array(z.object({containerPort: z.int().min(1).max(65_535)})).default([]),
      }),
    ),
  }),
  status: z.object({
    phase: z.string().default(''),
    reason: z.string().default(''),
    message: z.string().default(''),
    podIP: z.string().optional(),
    podIPs: z.array(z.object({ip: z.string().optional()})).default([]),
    conditions: z
      .array(z.object({type: z.string(), status: z.string(), message: z.string().default('')}))
      .default([]),
    containerStatuses: z
      .array(
        z.object({
          name: z.string(),
          restartCount: z.int().min(0).default(0),
          state: z
            .object({
              running: z.unknown().optional(),
              waiting: waiting.optional(),
              terminated: terminated.optional(),
            })
            .default({}),
          lastState: z.object({terminated: terminated.optional()}).default({}),
        }),
      )
      .default([]),
  }),
})
/** What is not ours is of no use to start a floater: whatever it is, it does not hide the pod. */
const podWithSidecars = z.unknown().transform((item, context) => {
  const {data, error} = podSchema.safeParse(item)
  if (error) {
    context.addIssue('not a pod')
    return z.NEVER
  }
  return {...data, sidecars: sidecarsIn(item)}
})
export type Pod = z.infer<typeof podWithSidecars>

const eventSchema = z.object({type: z.enum(['ADDED', 'MODIFIED', 'DELETED']), object: podWithSidecars})
export type PodEvent = z.infer<typeof eventSchema>

/** A pod of a list; undefined for anything else. */
export function podIn(item: unknown): Pod | undefined {
  return podWithSidecars.safeParse(item).data
}

/** A watch event about a pod; undefined for anything else, bookmarks and errors included. */
export function podEvent(document: unknown): PodEvent | undefined {
  return eventSchema.safeParse(document).data
}

/** The node that the pod is on, or, while it is not scheduled, the one that the DaemonSet meant it for. */
export function nodeOf({spec}: Pod): string | undefined {
  return spec.nodeName ?? intended.safeParse(spec.affinity).data
}

/* The DaemonSet controller pins each pod with a node affinity on metadata.name. */
const intended = z
  .object({
    nodeAffinity: z.object({
      requiredDuringSchedulingIgnoredDuringExecution: z.object({
        nodeSelectorTerms: z.tuple([
          z.object({
            matchFields: z.tuple([
              z.object({key: z.literal('metadata.name'), values: z.tuple([z.string()])}),
            ]),
          }),
        ]),
      }),
    }),
  })
  .transform(
    ({nodeAffinity}) =>
      nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchFields[0]
        .values[0],
  )

/** The pod was made from the present template of the DaemonSet. */
export function isCurrent({metadata}: Pod, template: string): boolean {
  return metadata.labels[TEMPLATE_LABEL] === template
}

/** The floater in a pod of the current template; undefined as long as it cannot be used. */
export function floaterIn(pod: Pod, template: string): Floater | undefined {
  const {metadata, spec, status, sidecars} = pod
  const addresses = [...new Set([status.podIP, ...status.podIPs.map(({ip}) => ip)])].filter(
    (address) => address !== undefined && isAddress(address),
  ) as string[]
  const port = portOf(spec)
  const ready = status.conditions.some(({type, status}) => type === 'Ready' && status === 'True')
  const current = isCurrent(pod, template) && metadata.deletionTimestamp === undefined
  if (!ready || !current || spec.nodeName === undefined || port === undefined || addresses.length === 0)
    return undefined
  const restarts = containerOf(pod)?.restartCount ?? 0
  return {
    ...{pod: metadata.name, uid: metadata.uid, restarts, node: spec.nodeName, addresses, port},
    ...(sidecars.length > 0 ? {sidecars} : {}),
  }
}

/** What the pod says of our own container in it. */
export function containerOf({status}: Pod): Pod['status']['containerStatuses'][number] | undefined {
  return status.containerStatuses.find(({name}) => name === CONTAINER)
}

/** The port that the floater listens on. */
export function portOf({containers}: Pod['spec']): number | undefined {
  return containers.find(({name}) => name === CONTAINER)?.ports[0]?.containerPort
}
