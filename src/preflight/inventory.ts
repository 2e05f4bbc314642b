import * as z from 'zod'
import type {NodeFacts} from '../model/cluster.ts'
import {claimIn, type Claim} from '../floater/claim.ts'
import {factsOf, nodeSchema} from './node.ts'
import {FLOATER_NAMES, MANAGED_BY, NODE_PORT_NAME, SERVICE_PREFIX} from '../floater/labels.ts'
import {policySchema, type PolicyObject} from './policies.ts'

const labels = z.record(z.string(), z.string()).default({})

const OUR_NAMES = Object.values(FLOATER_NAMES)

const daemonSetSchema = z.object({
  kind: z.literal('DaemonSet'),
  metadata: z.object({
    name: z.enum(OUR_NAMES),
    labels,
    annotations: labels,
    deletionTimestamp: z.string().optional(),
  }),
})

const serviceSchema = z.object({
  kind: z.literal('Service'),
  metadata: z.object({
    name: z.string().regex(new RegExp(`^(${SERVICE_PREFIX}[0-9a-f]+|${NODE_PORT_NAME})$`)),
    labels,
  }),
})

/* A quota with scopes is for some pods only; whether ours are among them, the trial pod tells. */
const quotaSchema = z.object({
  kind: z.literal('ResourceQuota'),
  metadata: z.object({name: z.string()}),
  spec: z.object({scopes: z.undefined().optional(), scopeSelector: z.undefined().optional()}).default({}),
  status: z
    .object({
      hard: z.record(z.string(), z.string()).default({}),
      used: z.record(z.string(), z.string()).default({}),
    })
    .default({hard: {}, used: {}}),
})

const limitRangeSchema = z.object({
  kind: z.literal('LimitRange'),
  metadata: z.object({name: z.string()}),
  spec: z.object({
    limits: z.array(
      z.object({type: z.string(), default: z.object({cpu: z.string().optional()}).default({})}),
    ),
  }),
})

/** What a namespace and its cluster hold that matters to us, from one `kubectl get`. */
export interface Inventory {
  readonly nodes: readonly NodeFacts[]
  /** Those with the names of ours, whosever they are. */
  readonly daemonSets: readonly {
    readonly name: string
    readonly ours: boolean
    readonly deleting: boolean
    /** Of the run that uses it, or has used it. */
    readonly claim: Claim | undefined
  }[]
  /** Services with the names of ours that are somebody else's. */
  readonly foreignServices: readonly string[]
  /** Services that lead to one floater each, of ours. */
  readonly ourServices: readonly string[]
  /** The NetworkPolicies of the namespace, whatever they select. */
  readonly policies: readonly PolicyObject[]
  readonly quotas: readonly {readonly name: string; readonly podsLeft: number}[]
  /** LimitRanges that give a container without a CPU limit one. */
  readonly cpuLimits: readonly {readonly name: string; readonly cpu: string}[]
}

export const listSchema = z.object({items: z.array(z.unknown())})

export function inventoryFrom(items: readonly unknown[]): Inventory {
  const all = <Schema extends z.ZodType>(schema: Schema) =>
    items.flatMap((item) => {
      const {data} = schema.safeParse(item)
      return data === undefined ? [] : [data]
    })
  const services = all(serviceSchema).map(({metadata}) => ({
    name: metadata.name,
    ours: metadata.labels[MANAGED_BY.key] === MANAGED_BY.value,
  }))
  return {
    nodes: items
      .filter(isNode)
      .map((item) => nodeSchema.parse(item))
      .map(factsOf),
    daemonSets: all(daemonSetSchema).map(({metadata}) => ({
      name: metadata.name,
      ours: metadata.labels[MANAGED_BY.key] === MANAGED_BY.value,
      deleting: metadata.deletionTimestamp !== undefined,
      claim: claimIn(metadata.annotations),
    })),
    foreignServices: services.filter(({ours}) => !ours).map(({name}) => name),
    ourServices: services
      .filter(({ours, name}) => ours && name.startsWith(SERVICE_PREFIX))
      .map(({name}) => name),
    policies: all(policySchema),
    cpuLimits: all(limitRangeSchema).flatMap(({metadata, spec}) =>
      spec.limits.flatMap(({type, default: {cpu}}) =>
        type === 'Container' && cpu !== undefined ? [{name: metadata.name, cpu}] : [],
      ),
    ),
    quotas: all(quotaSchema).flatMap(({metadata, status}) =>
      ['pods', 'count/pods'].flatMap((resource) => {
        const hard = status.hard[resource]
        const used = status.used[resource] ?? '0'
        return hard === undefined ? [] : [{name: metadata.name, podsLeft: countOf(hard) - countOf(used)}]
      }),
    ),
  }
}

/** A node that cannot be read must not be left out in silence: whoever parses the list is told. */
function isNode(item: unknown): boolean {
  return z.object({kind: z.literal('Node')}).safeParse(item).success
}

/** A quantity of objects: Kubernetes writes 1000 as `1k`. */
function countOf(quantity: string): number {
  const [, digits = '', unit = ''] = /^(\d+)([kM]?)$/.exec(quantity) ?? []
  return digits === '' ? NaN : Number(digits) * ({k: 1e3, M: 1e6}[unit] ?? 1)
}
