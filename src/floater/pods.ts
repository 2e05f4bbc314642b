import * as z from 'zod'
import {isAddress} from '../address/address.ts'
import type {Floater} from '../model/cluster.ts'
import {printable, printableUpTo} from '../text/printable.ts'
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
          state: z.object({waiting: waiting.optional(), terminated: terminated.optional()}).default({}),
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
  return floaterWhere(['Ready'], pod, template)
}

/** The same as far as it is known: of a node that no longer reports, Kubernetes calls every pod not ready. */
export function lastingFloaterIn(pod: Pod, template: string): Floater | undefined {
  return floaterWhere(['Ready', 'ContainersReady'], pod, template)
}

/** One of the pod's conditions must be true. */
function floaterWhere(conditions: readonly string[], pod: Pod, template: string): Floater | undefined {
  const {metadata, spec, status, sidecars} = pod
  const addresses = [...new Set([status.podIP, ...status.podIPs.map(({ip}) => ip)])].filter(
    (address) => address !== undefined && isAddress(address),
  ) as string[]
  const port = portOf(spec)
  const ready = status.conditions.some(({type, status}) => conditions.includes(type) && status === 'True')
  const current = isCurrent(pod, template) && metadata.deletionTimestamp === undefined
  if (!ready || !current || spec.nodeName === undefined || port === undefined || addresses.length === 0)
    return undefined
  const restarts = status.containerStatuses.find(({name}) => name === CONTAINER)?.restartCount ?? 0
  return {
    ...{pod: metadata.name, uid: metadata.uid, restarts, node: spec.nodeName, addresses, port},
    ...(sidecars.length > 0 ? {sidecars} : {}),
  }
}

/** What keeps a pod from being ready, in a few words, and whether it can still get better by itself. */
export interface Obstacle {
  readonly text: string
  readonly hopeless: boolean
  /** A whole sentence. */
  readonly remedy?: string
}

/** What is wrong, and what to do about it where that is known. */
export function describeObstacle({text, remedy}: Obstacle): string {
  return remedy === undefined ? text : `${text}. ${remedy}`
}

/** States of a container that the kubelet does not try to leave. Kubernetes: pkg/kubelet/images/types.go. */
const HOPELESS = ['InvalidImageName', 'ErrImageNeverPull']

/** Nothing is known to be wrong with it. */
export const STARTING: Obstacle = {text: 'its pod is still starting', hopeless: false}

export function obstacleOf(pod: Pod): Obstacle {
  const container = pod.status.containerStatuses.find(({name}) => name === CONTAINER)
  const {waiting, terminated} = container?.state ?? {}
  const image = pod.spec.containers.find(({name}) => name === CONTAINER)?.image ?? ''
  const died = terminated ?? container?.lastState.terminated
  if (pod.metadata.deletionTimestamp !== undefined) return {text: 'its pod is being deleted', hopeless: false}
  if (waiting && /image/i.test(waiting.reason)) {
    return {
      text: `${waiting.reason} ${image} (${pullError(waiting.message)})`,
      hopeless: HOPELESS.includes(waiting.reason),
      remedy: 'Set srcImageRepository to a registry that the node can reach and that has the image.',
    }
  }
  if (died) {
    const why = [died.reason, lastWords(died.message)].filter(Boolean).join(': ')
    return {
      text: `its container ended with exit code ${died.exitCode} (${printableUpTo(200, why)})`,
      hopeless: false,
      ...(/address already in use/i.test(why) ? {remedy: takenPort(pod)} : {}),
    }
  }
  if (waiting && waiting.reason !== '' && waiting.reason !== 'ContainerCreating') {
    return {text: `${waiting.reason} ${printableUpTo(200, waiting.message)}`.trim(), hopeless: false}
  }
  const scheduling = pod.status.conditions.find(
    ({type, status}) => type === 'PodScheduled' && status === 'False',
  )
  if (scheduling) {
    // What it says of preemption repeats the rest, at length.
    const why = scheduling.message.replace(/\.? (no new claims to deallocate, )?preemption: .*/s, '')
    return {
      text: `its pod is not scheduled: ${printableUpTo(200, why)}`,
      hopeless: false,
      ...(why.includes('free ports') ? {remedy: takenPort(pod)} : {}),
    }
  }
  const {phase, reason, message} = pod.status
  if (phase === 'Failed')
    return {
      text: `its pod ended: ${printableUpTo(200, [reason, message].filter(Boolean).join(': '))}`,
      hopeless: false,
    }
  return STARTING
}

/** What a container said last, which is the end of its log where it has no message: of a crash of Go's, how it begins. */
function lastWords(message: string): string {
  const lines = message.split('\n').filter((line) => line.trim() !== '')
  return lines.find((line) => /^(panic|fatal error): /.test(line)) ?? lines.at(-1) ?? ''
}

function takenPort({spec}: Pod): string {
  const port = portOf(spec)
  return `Port ${port ?? 'of the floater'} is taken on the node: set another with --port.`
}

function portOf({containers}: Pod['spec']): number | undefined {
  return containers.find(({name}) => name === CONTAINER)?.ports[0]?.containerPort
}

/** The kubelet's message wraps the cause in several layers; the last one is what happened. */
function pullError(message: string): string {
  // The image's own name must not be read as a cause.
  const text = printable(message).replace(/"[^"]*"/g, '')
  if (/\bnot found\b/i.test(text)) return 'not found'
  if (/unauthorized|denied|forbidden/i.test(text)) return 'access denied'
  return (
    printableUpTo(
      160,
      printable(message)
        .split(/: (?=[^"]*$)/)
        .at(-1) ?? text,
    ) || 'no reason given'
  )
}

/** Before Kubernetes 1.31 a back-off does not repeat the error that led to it: keeps what was said before. */
export function afterPullError(now: Obstacle, before: Obstacle | undefined): Obstacle {
  const wordless = /^ImagePullBackOff .*\(Back-off pulling image "[^"]*"\)$/.test(now.text)
  if (!wordless || before === undefined || !/^(ErrImagePull|ImagePullBackOff) /.test(before.text)) return now
  return {...now, text: before.text.replace(/^ErrImagePull/, 'ImagePullBackOff')}
}
