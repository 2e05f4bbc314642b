import * as z from 'zod'
import {POLICY_NAME} from '../model/names.ts'
import type {FloaterKind, NetworkPolicy, Opening, PortProtocol} from '../model/cluster.ts'
import {selectorSchema, selects, worst, type Selected} from './selector.ts'

const portSchema = z.object({
  protocol: z.string().default('TCP'),
  port: z.union([z.number(), z.string()]).nullish(),
  endPort: z.number().nullish(),
})
const peerSchema = z.object({
  podSelector: selectorSchema.nullish(),
  namespaceSelector: selectorSchema.nullish(),
  ipBlock: z.unknown().optional(),
})
const rule = z.object({
  from: z.array(peerSchema).nullish(),
  to: z.array(peerSchema).nullish(),
  ports: z.array(portSchema).nullish(),
})
/* A rule that cannot be read may let anything through. */
const rules = z.array(rule.or(z.unknown().transform(() => undefined))).nullish()

/** A NetworkPolicy as the cluster has it. */
export const policySchema = z.object({
  kind: z.literal('NetworkPolicy'),
  metadata: z.object({
    name: z.string().max(253).regex(POLICY_NAME),
  }),
  spec: z
    .object({
      podSelector: selectorSchema.default({}),
      policyTypes: z.array(z.string()).nullish(),
      ingress: rules,
      egress: rules,
    })
    .default({podSelector: {}}),
})
export type PolicyObject = z.infer<typeof policySchema>
type Rule = z.infer<typeof rule>

/** A kind of floater as policies see it. */
export interface SeenFloater {
  readonly kind: FloaterKind
  readonly labels: Readonly<Record<string, string>>
  readonly ports: readonly {readonly name: string; readonly number: number; readonly protocol: string}[]
}

/** What policies are about. */
export interface Selectable {
  readonly floaters: readonly SeenFloater[]
  /** Of the namespace; undefined where they are not known. */
  readonly namespaceLabels: Readonly<Record<string, string>> | undefined
}

/** Those of the policies that may select floaters, and what they let through. */
export function policiesOn(
  {floaters, namespaceLabels}: Selectable,
  policies: readonly PolicyObject[],
): NetworkPolicy[] {
  // Pods in the nodes' network are held by no policy, and known by no label.
  const held = floaters.filter(({kind}) => kind !== 'host')
  return policies.flatMap(({metadata: {name}, spec}) => {
    const selected = held.filter(({labels}) => selects(spec.podSelector, labels) !== 'no')
    if (selected.length === 0) return []
    const types = spec.policyTypes ?? ['Ingress', ...((spec.egress ?? []).length > 0 ? ['Egress'] : [])]
    const openings = (all: typeof spec.ingress) =>
      (all ?? []).flatMap((one) => openingsOf(one, {floaters: held, namespaceLabels}))
    return [
      {
        name,
        floaters: selected.map(({kind}) => kind),
        ...(types.includes('Ingress') ? {ingress: openings(spec.ingress)} : {}),
        ...(types.includes('Egress') ? {egress: openings(spec.egress)} : {}),
      },
    ]
  })
}

/** Whether it limits anything. */
export function isLimiting({ingress, egress}: NetworkPolicy): boolean {
  return [ingress, egress].some(
    (openings) =>
      openings?.every(({peers, protocols}) => peers !== 'all' || protocols !== undefined) ?? false,
  )
}

function openingsOf(one: Rule | undefined, about: Selectable): Opening[] {
  if (one === undefined) return [{peers: 'unknown'}]
  const named = [...(one.from ?? []), ...(one.to ?? [])]
  const peers: Opening['peers'][] = named.length === 0 ? ['all'] : named.map((peer) => peersOf(peer, about))
  const ports = one.ports ?? []
  const protocols = ports.length === 0 ? {} : {protocols: protocolsOf(ports, about.floaters)}
  return [...new Set(peers)].map((kind) => ({peers: kind, ...protocols}))
}

function peersOf(
  {podSelector, namespaceSelector, ipBlock}: z.infer<typeof peerSchema>,
  {floaters, namespaceLabels}: Selectable,
): Opening['peers'] {
  if (ipBlock != null) return 'addresses'
  if (podSelector == null && namespaceSelector == null) return 'unknown'
  const isHere: Selected =
    namespaceSelector == null || isEmpty(namespaceSelector)
      ? 'yes'
      : namespaceLabels === undefined
        ? 'maybe'
        : selects(namespaceSelector, namespaceLabels)
  const each = floaters.map(({labels}) => worst([isHere, selects(podSelector ?? {}, labels)]))
  if (each.every((one) => one === 'yes')) return 'floaters'
  return each.every((one) => one === 'no') ? 'others' : 'unknown'
}

function isEmpty({matchLabels, matchExpressions}: z.infer<typeof selectorSchema>): boolean {
  return Object.keys(matchLabels ?? {}).length === 0 && (matchExpressions ?? []).length === 0
}

const DNS_PORT = 53

function protocolsOf(
  ports: readonly z.infer<typeof portSchema>[],
  floaters: readonly SeenFloater[],
): PortProtocol[] {
  const own = floaters.flatMap((floater) => floater.ports)
  const found = ports.flatMap((entry): PortProtocol[] => {
    const protocol = ({TCP: 'tcp', UDP: 'udp'} as const)[entry.protocol]
    if (protocol === undefined) return []
    const isOwn = own.some((one) => one.protocol === entry.protocol && covers(entry, one.number, one.name))
    // A port by name is the peer's: a name server's may be called anything.
    const isDns = protocol === 'udp' && (typeof entry.port === 'string' || covers(entry, DNS_PORT, ''))
    return [...(isOwn ? [protocol] : []), ...(isDns ? (['dns'] as const) : [])]
  })
  return [...new Set(found)]
}

function covers({port, endPort}: z.infer<typeof portSchema>, number: number, name: string): boolean {
  if (port == null) return true
  if (typeof port === 'string') return port === name
  return port <= number && number <= (endPort ?? port)
}
