import * as z from 'zod'
import {isAddress} from '../address/address.ts'
import type {NodeFacts, NodeTraits} from '../model/cluster.ts'
import {naturally} from '../text/order.ts'

/** What is read of a node. */
export const nodeSchema = z.object({
  kind: z.literal('Node'),
  metadata: z.object({
    name: z.string().min(1).max(253),
    uid: z.string().default(''),
    labels: z.record(z.string(), z.string()).default({}),
  }),
  spec: z
    .object({
      podCIDR: z.string().optional(),
      podCIDRs: z.array(z.string()).optional(),
      taints: z
        .array(z.object({key: z.string(), value: z.string().default(''), effect: z.string()}))
        .default([]),
    })
    .default({taints: []}),
  status: z.object({
    conditions: z.array(z.object({type: z.string(), status: z.string()})).default([]),
    addresses: z.array(z.object({type: z.string(), address: z.string()})).default([]),
    nodeInfo: z
      .object({
        osImage: z.string().optional(),
        kernelVersion: z.string().optional(),
        kubeletVersion: z.string().optional(),
        architecture: z.string().optional(),
      })
      .catch({}),
  }),
})

type SeenNode = z.infer<typeof nodeSchema>

export function factsOf(node: SeenNode): NodeFacts {
  const {metadata, spec, status} = node
  return {
    name: metadata.name,
    uid: metadata.uid,
    ready: status.conditions.some(({type, status}) => type === 'Ready' && status === 'True'),
    os: metadata.labels['kubernetes.io/os'] ?? 'linux',
    addresses: status.addresses.flatMap(({type, address}) =>
      type === 'InternalIP' && isAddress(address) ? [address] : [],
    ),
    labels: metadata.labels,
    traits: traitsOf(node),
    taints: spec.taints,
  }
}

/* Well-known labels, and those that came before them (Kubernetes 1.16). */
const ZONES = ['topology.kubernetes.io/zone', 'failure-domain.beta.kubernetes.io/zone'] as const
const ROLE = 'node-role.kubernetes.io/'

function traitsOf({metadata: {labels}, spec, status: {nodeInfo}}: SeenNode): NodeTraits {
  const roles = Object.keys(labels).flatMap((label) =>
    label.startsWith(ROLE) ? [label.slice(ROLE.length)] : [],
  )
  const ranges = spec.podCIDRs ?? (spec.podCIDR === undefined ? [] : [spec.podCIDR])
  const traits: Readonly<Record<keyof NodeTraits, string | undefined>> = {
    zone: ZONES.map((label) => labels[label]).find((zone) => zone !== undefined),
    'pod range': ranges.join(', '),
    os: nodeInfo.osImage,
    kernel: nodeInfo.kernelVersion,
    kubelet: nodeInfo.kubeletVersion,
    architecture: nodeInfo.architecture,
    role: roles.sort(naturally).join(', '),
  }
  return Object.fromEntries(Object.entries(traits).filter(([, value]) => value !== undefined && value !== ''))
}
