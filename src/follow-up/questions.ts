import {isIP} from 'node:net'
import {familyOf} from '../address/address.ts'
import type {Floater, FloaterKind} from '../model/cluster.ts'
import type {Diagnosis} from '../model/finding.ts'
import type {Endpoint, Plan, Probe, ProtocolName} from '../model/plan.ts'
import type {Measured} from '../model/run.ts'
import type {Source} from '../plan/plan.ts'
import {reasonAt} from '../results/store.ts'
import type {Ask, Inquiry} from './inquiry.ts'
import {representatives, type Representative} from './representatives.ts'

/** What the floaters of a run can do. */
export interface Abilities {
  readonly udp: boolean
  readonly identity: (floater: Floater, protocol: ProtocolName, kind: FloaterKind) => string | undefined
}

/** Findings beyond these are not asked about; reports for people end there as well. */
const MOST_FINDINGS = 10
/** Where every kubelet listens: that a node's own address answers there says that packets pass. */
const KUBELET_PORT = 10_250
/** So often is asked again what FAILED: packets of others are fewer, so that what arrives can be told from them. */
const TIMES = 3

/** What is to be asked, for each finding that something can be asked about. */
export function inquiriesOf(run: Measured, diagnosis: Diagnosis, abilities: Abilities): readonly Inquiry[] {
  return representatives(run, diagnosis, MOST_FINDINGS).map((one) => {
    switch (one.topic) {
      case 'path':
        return aboutPath(run, one, abilities)
      case 'size':
        return aboutSize(run, one, abilities)
      case 'outward':
        return aboutOutward(run, one, abilities)
    }
  })
}

/** Does it arrive, and does anything else? */
function aboutPath({plan, results}: Measured, one: Representative, abilities: Abilities): Inquiry {
  const {probe} = one
  const {block, endpoint} = probe
  const target = targetOf(probe)
  const asked = new Set(plan.blocks.flatMap(({mode, protocol}) => (mode === block.mode ? [protocol] : [])))
  const others = (['icmp', 'tcp', 'udp'] as const).filter(
    (protocol) => !asked.has(protocol) && (protocol !== 'udp' || abilities.udp),
  )
  const isSilent = ['timeout', 'no-route', 'connect-failed'].includes(reasonAt(results, probe.id))
  const counted =
    target !== undefined && target.kind !== 'host' && block.protocol !== 'dns' ? target : undefined
  return inquiry(plan, one, {
    asks: [
      ...(Array(block.protocol === 'icmp' ? 1 : TIMES).fill(again(probe)) as Ask[]),
      ...others.flatMap((protocol) => overOther(plan, probe, protocol, abilities)),
      ...ofItsNode(plan, probe),
    ],
    ...(isSilent && endpoint.address !== undefined ? {route: endpoint.address} : {}),
    ...(counted === undefined ? {} : {second: {counted}}),
  })
}

/** Which sizes pass, from here and from another node? */
function aboutSize({plan}: Pick<Measured, 'plan'>, one: Representative, abilities: Abilities): Inquiry {
  const {probe} = one
  const target = overOther(plan, probe, 'tcp', abilities)[0]?.endpoint
  const sizes: readonly Ask[] =
    target === undefined
      ? []
      : [
          {question: 'small', protocol: 'tcp', check: 'reply', endpoint: target},
          {question: 'large', protocol: 'tcp', check: 'mtu', endpoint: target},
        ]
  const other = neighbourOf(plan, probe)
  return inquiry(plan, one, {
    asks: [
      ...sizes,
      ...(probe.block.protocol === 'icmp' && probe.block.check !== 'mtu'
        ? [again(probe)]
        : overOther(plan, probe, 'icmp', abilities)),
      ...ofItsNode(plan, probe).filter(({question}) => question === 'node-ping'),
    ],
    ...(other === undefined || sizes.length === 0 ? {} : {second: {neighbour: {asker: other, asks: sizes}}}),
  })
}

/** Does what is behind it answer, and does it answer others? */
function aboutOutward({plan, results}: Measured, one: Representative, abilities: Abilities): Inquiry {
  const {probe} = one
  const {block, endpoint} = probe
  const other = neighbourOf(plan, probe)
  const {address = ''} = endpoint
  const isForeign = block.mode === 'custom' || block.mode === 'apiserver' || block.protocol === 'dns'
  const isPlainAddress = isIP(address) > 0
  const ping: Ask = {
    question: 'ping',
    protocol: 'icmp',
    check: 'reply',
    endpoint: {node: undefined, address, port: 0},
  }
  return inquiry(plan, one, {
    asks: [
      again(probe),
      ...behind(plan, probe, abilities),
      ...(block.mode === 'nodeport' ? ofItsNode(plan, probe) : []),
      ...(isForeign && block.mode !== 'apiserver' && isPlainAddress && block.protocol !== 'icmp'
        ? [ping]
        : []),
    ],
    ...(block.mode === 'custom' && isPlainAddress && reasonAt(results, probe.id) === 'timeout'
      ? {route: address}
      : {}),
    ...(other === undefined ? {} : {second: {neighbour: {asker: other, asks: [again(probe)]}}}),
  })
}

function inquiry(
  plan: Plan,
  {finding, probe}: Representative,
  {asks, ...more}: Pick<Inquiry, 'route' | 'second'> & {readonly asks: readonly Ask[]},
): Inquiry {
  const asker: Source = {node: probe.source, kind: probe.block.from}
  const {node, behind: last = node} = probe.endpoint
  const target: Source | undefined =
    last === undefined ? undefined : {node: last, kind: probe.block.to ?? 'pod'}
  const floaters = [asker, target, more.second?.neighbour?.asker].filter((one) => one !== undefined)
  return {
    finding,
    probe,
    own: {asker, asks},
    ...more,
    floaters: floaters.filter(({node: at}) => plan.nodes[at] !== undefined),
  }
}

function again({block, endpoint}: Probe): Ask {
  return {question: 'again', protocol: block.protocol, check: block.check, endpoint}
}

/** The floater that a probe leads to, where it is asked at its own address. */
function targetOf({block, endpoint}: Probe): Source | undefined {
  return block.to === undefined || endpoint.node === undefined
    ? undefined
    : {node: endpoint.node, kind: block.to}
}

const OTHER = {icmp: 'ping', tcp: 'tcp', udp: 'udp'} as const

function overOther(plan: Plan, probe: Probe, protocol: keyof typeof OTHER, abilities: Abilities): Ask[] {
  const target = targetOf(probe)
  const floater = target && plan.nodes[target.node]?.floaters[target.kind]?.floater
  const {node, address} = probe.endpoint
  if (target === undefined || floater === undefined || address === undefined) return []
  const identity = abilities.identity(floater, protocol, target.kind)
  const endpoint: Endpoint = {
    node,
    address,
    port: protocol === 'icmp' ? 0 : floater.port,
    ...(identity === undefined ? {} : {identity}),
  }
  return [{question: OTHER[protocol], protocol, check: 'reply', endpoint}]
}

/** The own address of the node where the target is: in another cluster, who knows whose it is. */
function ofItsNode({nodes}: Plan, {block, source, endpoint}: Probe): Ask[] {
  const node = nodes[endpoint.node ?? -1]
  if (node === undefined || block.to === 'host' || node.cluster !== nodes[source]?.cluster) return []
  if (endpoint.node === source) return []
  const address = node.addresses.find((one) => familyOf(one) === block.ipFamily)
  if (address === undefined) return []
  const own = {node: endpoint.node, address}
  return [
    {question: 'node-ping', protocol: 'icmp', check: 'reply', endpoint: {...own, port: 0}},
    {question: 'node-port', protocol: 'tcp', check: 'connect', endpoint: {...own, port: KUBELET_PORT}},
  ]
}

/** The floater to which a service or a node's port leads, at its own address. */
function behind({nodes}: Plan, {block, source, endpoint}: Probe, {identity}: Abilities): Ask[] {
  if (block.mode !== 'service' && block.mode !== 'nodeport') return []
  const {behind: last = endpoint.node} = endpoint
  const floater = nodes[last ?? -1]?.floaters.pod?.floater
  const address = floater?.addresses.find((one) => familyOf(one) === block.ipFamily)
  if (last === undefined || floater === undefined || address === undefined) return []
  if (nodes[last]?.cluster !== nodes[source]?.cluster) return []
  const own = identity(floater, 'tcp', 'pod')
  const at: Endpoint = {
    node: last,
    address,
    port: floater.port,
    ...(own === undefined ? {} : {identity: own}),
  }
  return [{question: 'floater', protocol: 'tcp', check: 'reply', endpoint: at}]
}

/** Another floater like the one that asked, in its cluster, that is not the target's. */
function neighbourOf({nodes}: Plan, {source, block, endpoint}: Probe): Source | undefined {
  const cluster = nodes[source]?.cluster
  const taken = [source, endpoint.node, endpoint.behind]
  const node = nodes.findIndex(
    (one, index) =>
      one.cluster === cluster && !taken.includes(index) && one.floaters[block.from]?.floater !== undefined,
  )
  return node < 0 ? undefined : {node, kind: block.from}
}
