import type {FindingKind} from '../../src/model/finding.ts'
import type {NetworkPolicy} from '../../src/model/cluster.ts'
import type {Check, Probe, ProtocolName} from '../../src/model/plan.ts'
import type {Verdict} from '../../src/model/result.ts'
import {answered} from '../report/sample.ts'
import {ofGuards} from './made-up-guards.ts'

/** What a packet crosses: from one node to another, between pods or between the nodes themselves. */
export interface Way {
  readonly mode: 'pod' | 'node'
  readonly protocol: ProtocolName
  readonly check: Check
  readonly source: number
  readonly target: number
}

/** Something broken in a made-up cluster, and what a finding may call it. */
export interface MadeUpFault {
  /** The nodes that it may be said to be about; none where it is about all, or about what is no node. */
  readonly nodes: ReadonlySet<number>
  readonly kinds: readonly FindingKind[]
  /** What it breaks of what is between nodes, and so of all that goes that way. */
  readonly breaksWay?: (way: Way) => boolean
  /** What it breaks of services, ports and names themselves. */
  readonly breaksProbe?: (probe: Probe) => boolean
  readonly verdict: Verdict
  /** NetworkPolicies of the first cluster that it comes from. */
  readonly policies?: readonly NetworkPolicy[]
  /** The nodes whose floaters have a mesh's proxy beside them. */
  readonly meshed?: ReadonlySet<number>
}

/** What a made-up cluster is like, as far as faults are concerned. */
export interface Setting {
  readonly size: number
  readonly protocols: readonly ProtocolName[]
  readonly hosts: boolean
  readonly services: boolean
  readonly nodePorts: boolean
  readonly names: boolean
  readonly mtu: boolean
  readonly zoneOf: (node: number) => number
  /** 0 for all, where there is one cluster. */
  readonly clusterOf: (node: number) => number
  readonly clusters: number
  /** The node that the only name server is on, as far as pods ask it; undefined where there is one on every node. */
  readonly nameServer: number | undefined
}

const timeout: Verdict = {...answered, status: 'FAILED', reason: 'timeout', timeUs: 0}
const refused: Verdict = {...timeout, reason: 'refused', raw: 'Connection refused'}
const impostor: Verdict = {...timeout, reason: 'wrong-peer', raw: 'HTTP 200: hello'}
const large: Verdict = {...timeout, reason: 'mtu'}
const lossy: Verdict = {...answered, unstable: true}

const NOBODY: ReadonlySet<number> = new Set()
const inPods = ({mode}: Way): boolean => mode === 'pod'

/** One of the faults that such a cluster can have. */
export function faultOf(random: () => number, setting: Setting): MadeUpFault {
  const {size, services, nodePorts, names, mtu, clusters} = setting
  const node = Math.floor(random() * size)
  const other = (node + 1 + Math.floor(random() * (size - 1))) % size
  const often = () => random() < 0.7
  const makers = [
    ...ofNode(node, setting),
    ...ofPair(node, other),
    ...ofGroups(setting),
    ...ofLoss(node, other, often),
    ...ofGuards(node, setting),
    ...(mtu ? ofSize(node) : []),
    ...(services ? ofServices(node) : []),
    ...(nodePorts ? [portOf(node, setting)] : []),
    ...(names ? ofNames(node) : []),
    ...(clusters > 1 ? ofClusters(setting) : []),
  ]
  return makers[Math.floor(random() * makers.length)] ?? {nodes: NOBODY, kinds: [], verdict: timeout}
}

function ofNode(node: number, {protocols}: Setting): MadeUpFault[] {
  const nodes = new Set([node])
  const into = (verdict: Verdict, kind: FindingKind): MadeUpFault => ({
    nodes,
    kinds: [kind],
    breaksWay: (way) => inPods(way) && way.target === node,
    verdict,
  })
  return [
    into(timeout, 'node-deaf'),
    into(refused, 'refused'),
    into(impostor, 'wrong-peer'),
    {
      nodes,
      kinds: ['node-mute'],
      breaksWay: (way) => inPods(way) && way.source === node,
      verdict: timeout,
    },
    {
      nodes,
      kinds: ['node-cut-off'],
      breaksWay: ({source, target}) => source === node || target === node,
      verdict: timeout,
    },
    {
      nodes,
      kinds: protocols.length > 1 ? ['protocol'] : ['node-deaf'],
      breaksWay: ({target, protocol}) => target === node && protocol === protocols.at(-1),
      verdict: timeout,
    },
  ]
}

function ofPair(node: number, other: number): MadeUpFault[] {
  const nodes = new Set([node, other])
  return [
    {
      nodes,
      kinds: ['pair'],
      breaksWay: ({source, target}) => source === node && target === other,
      verdict: timeout,
    },
    {
      nodes,
      kinds: ['pair'],
      breaksWay: (way) => inPods(way) && nodes.has(way.source) && nodes.has(way.target),
      verdict: timeout,
    },
  ]
}

function ofGroups({zoneOf, size, hosts}: Setting): MadeUpFault[] {
  const lonely = [0, 1].filter((zone) => nodesIn(size, zoneOf, zone).length === 1)
  return [
    {
      nodes: new Set(nodesIn(size, () => 0, 0)),
      kinds: lonely.length > 0 ? ['groups', 'node-cut-off'] : ['groups'],
      breaksWay: ({source, target}) => zoneOf(source) !== zoneOf(target),
      verdict: timeout,
    },
    {nodes: NOBODY, kinds: ['overlay-down'], breaksWay: inPods, verdict: timeout},
    {
      nodes: NOBODY,
      kinds: [hosts ? 'underlay-down' : 'overlay-down'],
      breaksWay: () => true,
      verdict: timeout,
    },
  ]
}

function ofLoss(node: number, other: number, often: () => boolean): MadeUpFault[] {
  return [
    {
      nodes: new Set([node]),
      kinds: ['loss'],
      breaksWay: ({source, target}) => (source === node || target === node) && often(),
      verdict: lossy,
    },
    {
      nodes: new Set([node, other]),
      kinds: ['loss'],
      breaksWay: ({source, target}) => source === node && target === other && often(),
      verdict: lossy,
    },
  ]
}

function ofSize(node: number): MadeUpFault[] {
  const isLarge = (way: Way) => inPods(way) && way.check === 'mtu'
  return [
    {nodes: NOBODY, kinds: ['mtu'], breaksWay: isLarge, verdict: large},
    {
      nodes: new Set([node]),
      kinds: ['mtu'],
      breaksWay: (way) => isLarge(way) && way.source === node,
      verdict: large,
    },
  ]
}

function ofServices(node: number): MadeUpFault[] {
  const isService = ({block}: Probe) => block.mode === 'service'
  return [
    {nodes: NOBODY, kinds: ['services'], breaksProbe: isService, verdict: timeout},
    ...[
      (probe: Probe) => isService(probe) && probe.source === node,
      (probe: Probe) => isService(probe) && probe.endpoint.node === node,
    ].map((breaksProbe): MadeUpFault => ({
      nodes: new Set([node]),
      kinds: ['services'],
      breaksProbe,
      verdict: timeout,
    })),
  ]
}

function portOf(node: number, {nodePorts}: Setting): MadeUpFault {
  return {
    nodes: new Set([node]),
    kinds: ['nodeport'],
    breaksProbe: ({block, endpoint}) => nodePorts && block.mode === 'nodeport' && endpoint.node === node,
    verdict: timeout,
  }
}

function ofNames(node: number): MadeUpFault[] {
  const isName = ({block}: Probe) => block.protocol === 'dns'
  return [
    {nodes: NOBODY, kinds: ['dns'], breaksProbe: isName, verdict: timeout},
    {
      nodes: new Set([node]),
      kinds: ['dns'],
      breaksProbe: (probe) => isName(probe) && probe.source === node,
      verdict: timeout,
    },
  ]
}

function ofClusters({clusterOf, size}: Setting): MadeUpFault[] {
  const all = new Set(nodesIn(size, () => 0, 0))
  return [
    {
      nodes: all,
      kinds: ['groups'],
      breaksWay: ({source, target}) => clusterOf(source) === 0 && clusterOf(target) === 1,
      verdict: timeout,
    },
    {
      nodes: all,
      kinds: ['groups'],
      breaksWay: (way) => inPods(way) && clusterOf(way.source) !== clusterOf(way.target),
      verdict: timeout,
    },
    {
      nodes: new Set(nodesIn(size, clusterOf, 1)),
      kinds: ['overlay-down'],
      breaksWay: (way) => inPods(way) && clusterOf(way.source) === 1 && clusterOf(way.target) === 1,
      verdict: timeout,
    },
  ]
}

function nodesIn(size: number, groupOf: (node: number) => number, group: number): number[] {
  return Array.from({length: size}, (_, node) => node).filter((node) => groupOf(node) === group)
}
