import * as z from 'zod'
import type {NetworkPolicy, Opening, PortProtocol} from '../model/cluster.ts'
import {CONTAINER_NAME, POLICY_NAME} from '../model/names.ts'
import {floaterKind} from './words.ts'

/** A name as Kubernetes gives one to a container. */
export const containerName = z.string().max(63).regex(CONTAINER_NAME)

const opening = z
  .object({
    peers: z
      .enum(['all', 'floaters', 'others', 'addresses', 'unknown'] satisfies Opening['peers'][])
      .describe(
        'floaters: pods of this cluster, all floaters among them. others: pods, no floater among them. addresses: whom addresses would have to tell. unknown: whom namespaces, or what could not be read, would have to tell; all floaters alike.',
      ),
    protocols: z
      .array(z.enum(['tcp', 'udp', 'dns'] satisfies PortProtocol[]))
      .optional()
      .describe('What of the floaters’ own traffic its ports are about; absent where it names no ports.'),
  })
  .describe('A rule: what it lets through.')

/** A NetworkPolicy that selects floaters. */
export const policy = z.object({
  name: z.string().max(253).regex(POLICY_NAME),
  floaters: z.array(floaterKind).describe('The floaters that it selects.'),
  ingress: z.array(opening).optional().describe('All that may come in; absent where it does not limit that.'),
  egress: z.array(opening).optional().describe('All that may go out; absent where it does not limit that.'),
})

export function savedPolicy({name, floaters, ingress, egress}: NetworkPolicy): z.infer<typeof policy> {
  const saved = ({peers, protocols}: Opening) => ({
    peers,
    ...(protocols === undefined ? {} : {protocols: [...protocols]}),
  })
  return {
    name,
    floaters: [...floaters],
    ...(ingress === undefined ? {} : {ingress: ingress.map(saved)}),
    ...(egress === undefined ? {} : {egress: egress.map(saved)}),
  }
}

/** What a namespace says of a mesh. */
export const mesh = z
  .object({
    mesh: z.string().min(1).max(63).describe('Such as Istio.'),
    mark: z.string().min(1).max(700).describe('The label or annotation, as key=value.'),
  })
  .describe('What the namespace says of the mesh that its pods are to be in; floaters ask to be left out.')
