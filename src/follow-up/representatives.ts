import {markOf} from '../diagnosis/mark.ts'
import type {Diagnosis, FindingKind} from '../model/finding.ts'
import type {FindingMark} from '../model/follow-up.ts'
import type {Probe} from '../model/plan.ts'
import type {Measured} from '../model/run.ts'
import {reach} from '../plan/modes.ts'
import {probesOf} from '../plan/plan.ts'

/** What a finding makes one ask: `path` between two floaters, `size` of packets on it, `outward` what is no floater's own address. */
export type Topic = 'path' | 'size' | 'outward'

/** Nothing is asked where no packet was sent, or none was lost. */
const TOPICS: Readonly<Record<FindingKind, Topic | undefined>> = {
  'node-deaf': 'path',
  'node-mute': 'path',
  'node-cut-off': 'path',
  pair: 'path',
  groups: 'path',
  'overlay-down': 'path',
  'underlay-down': 'path',
  'all-down': 'path',
  'network-policy': 'path',
  mesh: 'path',
  protocol: 'path',
  family: 'path',
  refused: 'path',
  'wrong-peer': 'path',
  'cidr-map': 'path',
  scattered: 'path',
  'floater-down': 'path',
  mtu: 'size',
  loss: 'size',
  services: 'outward',
  nodeport: 'outward',
  dns: 'outward',
  apiserver: 'outward',
  target: 'outward',
  slow: undefined,
  rewritten: undefined,
  'no-floater': undefined,
  'source-unusable': undefined,
  'shared-address': undefined,
  'floater-replaced': undefined,
  'no-address': undefined,
  unmeasured: undefined,
  'not-tested': undefined,
}

const FAILED = 2

export interface Representative {
  readonly finding: FindingMark
  readonly topic: Topic
  readonly probe: Probe
}

/** For each of the first findings the probe that stands for it, where there is one that FAILED and can be asked about. */
export function representatives(
  {plan, results}: Measured,
  {findings, findingOf}: Diagnosis,
  most: number,
): readonly Representative[] {
  const best = new Map<number, Representative & {readonly rank: number}>()
  for (const probe of probesOf(plan)) {
    if (results.status[probe.id] !== FAILED) continue
    const number = findingOf[probe.id] ?? 0
    const finding = findings[number - 1]
    const topic = finding === undefined || number > most ? undefined : TOPICS[finding.kind]
    if (
      finding === undefined ||
      topic === undefined ||
      plan.nodes[probe.source]?.floaters[probe.block.from]?.floater === undefined
    )
      continue
    const rank = rankOf(topic, probe)
    if (rank !== undefined && rank < (best.get(number)?.rank ?? Infinity))
      best.set(number, {finding: markOf(finding), topic, probe, rank})
  }
  return [...best].sort(([a], [b]) => a - b).map(([, {rank: _, ...one}]) => one)
}

/** The lower the plainer: TCP, a whole answer, an address; undefined for one that stands for nothing. */
function rankOf(topic: Topic, probe: Probe): number | undefined {
  const {block, endpoint} = probe
  if (reach(probe) === 'self') return undefined
  const isBetween = block.to !== undefined && endpoint.node !== undefined && endpoint.address !== undefined
  if (topic !== 'outward' && !isBetween) return undefined
  if (topic === 'outward' && endpoint.address === undefined && block.protocol !== 'dns') return undefined
  const doubts = [
    reach(probe) !== 'network',
    block.protocol !== 'tcp',
    block.check === 'mtu' && topic !== 'size',
  ]
  return doubts.reduce((rank, doubt) => 2 * rank + Number(doubt), 0)
}
