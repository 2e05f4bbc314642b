import * as z from 'zod'
import type {FloaterKind, FloaterState, Trait} from '../model/cluster.ts'
import type {FindingKind} from '../model/finding.ts'
import type {FollowUpQuestion} from '../model/follow-up.ts'
import type {Block} from '../model/plan.ts'
import {REASONS, STATUSES} from '../results/store.ts'

/** The words of a union of the model; the compiler asks for each of them. */
const words = <Word extends string>(all: Readonly<Record<Word, true>>) =>
  z.enum(Object.keys(all) as [Word, ...Word[]])

/** Optional texts; the compiler asks for each of them. */
const texts = <Name extends string>(all: Readonly<Record<Name, string>>) =>
  Object.fromEntries(
    Object.entries<string>(all).map(([name, meaning]) => [
      name,
      z.string().max(1000).optional().describe(meaning),
    ]),
  ) as Record<Name, z.ZodOptional<z.ZodString>>

export const status = z
  .enum(STATUSES)
  .describe(
    'FAILED: the network, or the thing asked, answered wrong or not at all. EXCEPTION: it could not be measured.',
  )
export const reason = z.enum(REASONS).describe('Why a probe has its status.')
export const mode = words<Block['mode']>({
  pod: true,
  node: true,
  'node-to-pod': true,
  'pod-to-node': true,
  service: true,
  nodeport: true,
  apiserver: true,
  custom: true,
}).describe('What was probed; "custom" is a custom target.')
export const protocol = words<Block['protocol']>({tcp: true, udp: true, icmp: true, dns: true})
export const ipFamily = words<Block['ipFamily']>({ipv4: true, ipv6: true, name: true}).describe(
  '"name": a host name, for which the pod’s resolver chooses, or which was looked up.',
)
export const check = words<Block['check']>({reply: true, connect: true, mtu: true}).describe(
  '"reply": the floater’s own answer was asked for; "connect": no more than a connection; "mtu": the answer to a body of several full-size packets, and over icmp the largest packet that passes.',
)
export const findingKind = words<FindingKind>({
  'node-deaf': true,
  'node-mute': true,
  'node-cut-off': true,
  pair: true,
  groups: true,
  'overlay-down': true,
  'underlay-down': true,
  'all-down': true,
  'network-policy': true,
  mesh: true,
  protocol: true,
  family: true,
  mtu: true,
  refused: true,
  'wrong-peer': true,
  'cidr-map': true,
  scattered: true,
  services: true,
  nodeport: true,
  dns: true,
  apiserver: true,
  target: true,
  loss: true,
  slow: true,
  rewritten: true,
  'no-floater': true,
  'source-unusable': true,
  'shared-address': true,
  'floater-down': true,
  'floater-replaced': true,
  'no-address': true,
  unmeasured: true,
  'not-tested': true,
}).describe('What is broken; docs/diagnosis.md says what each means.')
export const followUpQuestion = words<FollowUpQuestion>({
  again: true,
  small: true,
  large: true,
  ping: true,
  tcp: true,
  udp: true,
  'node-ping': true,
  'node-port': true,
  floater: true,
}).describe(
  'again: what had FAILED. small, large: a request over TCP without a body, and with one of several full-size packets. ping, tcp, udp: the same address over that. node-ping, node-port: the own address of the target’s node, and the kubelet’s port there. floater: the floater behind a service, at its own address.',
)
export const absence = words<Extract<FloaterState, {floater: undefined}>['absence']>({
  'no-floater': true,
  'node-gone': true,
})
export const floaterKind = words<FloaterKind>({pod: true, host: true, neighbour: true}).describe(
  'pod: in the pod network. host: in the node’s own network. neighbour: a second one in the pod network.',
)
export const traits = z
  .object(
    texts<Trait>({
      zone: 'topology.kubernetes.io/zone.',
      'pod range': 'spec.podCIDRs, separated by commas.',
      os: 'The name of its system, with the version.',
      kernel: 'Of the kernel, the version.',
      kubelet: 'Of the kubelet, the version.',
      architecture: 'Such as amd64.',
      role: 'Separated by commas.',
    }),
  )
  .describe('What it may have in common with others; what the cluster does not say is absent.')
export const port = z.int().min(0).max(65_535).describe('0 where the protocol has none.')
