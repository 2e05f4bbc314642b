import type {NetworkPolicy} from '../../src/model/cluster.ts'
import type {Probe} from '../../src/model/plan.ts'
import type {Verdict} from '../../src/model/result.ts'
import {reach} from '../../src/plan/modes.ts'
import {answered} from '../report/sample.ts'
import type {MadeUpFault, Setting, Way} from './made-up-faults.ts'

const timeout: Verdict = {...answered, status: 'FAILED', reason: 'timeout', timeUs: 0}
const reset: Verdict = {...timeout, reason: 'reset'}

const policy = (name: string, limits: Pick<NetworkPolicy, 'ingress' | 'egress'>): NetworkPolicy => ({
  ...{name, floaters: ['pod']},
  ...limits,
})

/** Policies that are heeded, and proxies that let no TCP through. */
export function ofGuards(node: number, setting: Setting): MadeUpFault[] {
  return [...ofPolicies(setting), ...ofMeshes(node, setting)]
}

/** In the first cluster; where there is one, in all. */
function ofPolicies({clusterOf, protocols}: Setting): MadeUpFault[] {
  const isHere = (node: number) => clusterOf(node) === 0
  // The name server is in another namespace.
  const into = ({mode, protocol, target}: Way) => mode === 'pod' && protocol !== 'dns' && isHere(target)
  const leaves = (probe: Probe) =>
    probe.block.from === 'pod' && isHere(probe.source) && reach(probe) === 'network'
  const heeded = {nodes: new Set<number>(), kinds: ['network-policy'], verdict: timeout} as const
  return [
    {...heeded, breaksWay: into, policies: [policy('deny-ingress', {ingress: []})]},
    {...heeded, breaksProbe: leaves, policies: [policy('deny-egress', {egress: []})]},
    ...(protocols.includes('udp')
      ? [
          {
            ...heeded,
            breaksWay: (way: Way) => into(way) && way.protocol === 'udp',
            policies: [policy('tcp-only', {ingress: [{peers: 'all', protocols: ['tcp']} as const]})],
          },
        ]
      : []),
  ]
}

/** One node, or, where anything but TCP is asked, all of them. */
function ofMeshes(node: number, {size, protocols}: Setting): MadeUpFault[] {
  const all = Array.from({length: size}, (_, one) => one)
  const between = (meshed: readonly number[]): MadeUpFault => {
    const nodes = new Set(meshed)
    return {
      ...{nodes, kinds: ['mesh'], verdict: reset, meshed: nodes},
      breaksWay: ({mode, protocol, target}) => mode === 'pod' && protocol === 'tcp' && nodes.has(target),
    }
  }
  return [between([node]), ...(protocols.length > 1 ? [between(all)] : [])]
}

/** Policies that break nothing: one that nobody heeds, one that lets floaters through, one of addresses that are let through. */
export const HARMLESS: readonly NetworkPolicy[] = [
  policy('unheeded', {ingress: []}),
  policy('unheeded-both', {ingress: [], egress: []}),
  policy('same-namespace', {ingress: [{peers: 'floaters'}]}),
  policy('ranges', {ingress: [{peers: 'addresses'}], egress: [{peers: 'addresses'}]}),
]
