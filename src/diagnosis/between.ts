import type {Finding, FindingKind, Subject} from '../model/finding.ts'
import {printable} from '../text/printable.ts'
import type {Candidate} from './candidates.ts'
import type {Taken} from './cover.ts'
import {evidenceOf} from './evidence.ts'
import {namesOf} from './names.ts'
import type {Observations, Tally} from './observations.ts'
import {kindByTrouble, sentenceOf, silenceBetween} from './phrases.ts'
import type {Scope} from './scopes.ts'
import type {Suspicion} from './suspicion.ts'

const NODE_KINDS = {inbound: 'node-deaf', outbound: 'node-mute', both: 'node-cut-off'} as const
const NODE_WORDS = {inbound: 'is deaf', outbound: 'is mute', both: 'is cut off'} as const
const WAYS = {inbound: 'to', outbound: 'from', both: 'to and from'} as const

/** What a taken guess says. */
export function suspicionOf(observations: Observations, taken: Taken): Suspicion {
  const {candidate, trouble, probes} = taken
  const {scope, about, direction, against} = candidate
  const shape = shapeOf(observations, candidate, taken.atHome)
  const translated = about.what === 'group' && isTranslated(observations, candidate)
  const kind: FindingKind = translated ? 'cidr-map' : (kindByTrouble(trouble, scope) ?? shape.kind)
  const said = sentenceOf(trouble, scope, shape.path, shape.silence)
  const finding: Omit<Finding, 'explains'> = {
    kind,
    subjects: shape.subjects,
    ...(about.what === 'whole' ? {} : {direction}),
    layer: scope.layer,
    against,
    sentence: translated ? `${said}; the addresses that cidrMap gives lead elsewhere, most likely` : said,
    evidence: evidenceOf(observations, taken),
  }
  return {finding: kind === shape.kind ? {...finding, sentence: said + shape.aside} : finding, probes}
}

interface Shape {
  readonly kind: FindingKind
  readonly subjects: readonly Subject[]
  /** `from a`, `between zone x and zone y`. */
  readonly path: string
  /** What is said of it where nothing answers. */
  readonly silence: string
  /** Behind it. */
  readonly aside: string
}

function shapeOf(observations: Observations, candidate: Candidate, isDead: boolean): Shape {
  const {about, direction, scope} = candidate
  const nameOf = namesOf(observations.run.plan)
  switch (about.what) {
    case 'whole':
      return wholeShape(observations, candidate, isDead)
    case 'node': {
      const name = nameOf(about.node)
      if (isDead)
        return {
          kind: 'floater-down',
          subjects: [{kind: 'node', node: about.node}],
          path: `${WAYS[direction]} ${name}`,
          silence: `the floater of ${name} answers neither others nor its own node`,
          aside: ': the floater, its port or a policy is to blame, not the network between nodes',
        }
      return {
        kind: NODE_KINDS[direction],
        subjects: [{kind: 'node', node: about.node}],
        path: `${WAYS[direction]} ${name}`,
        silence: `${name} ${NODE_WORDS[direction]}`,
        aside: aside(
          observations,
          scope,
          'its',
          ({out, into}, lane, nodes) =>
            (out[lane * nodes + about.node] ?? 0) + (into[lane * nodes + about.node] ?? 0),
        ),
      }
    }
    case 'group': {
      const {partition, value, other} = about
      const subjects = [value, ...(other === undefined ? [] : [other])].map((one): Subject =>
        partition.trait === 'cluster'
          ? {kind: 'cluster', cluster: partition.values[one] ?? ''}
          : {
              kind: 'group',
              trait: partition.trait,
              value: partition.values[one] ?? '',
              nodes: [...partition.of.keys()].filter((node) => partition.of[node] === one),
            },
      )
      const [a, b] = [value, other].map((one) =>
        one === undefined ? 'all others' : `${partition.trait} ${printable(partition.values[one] ?? '')}`,
      ) as [string, string]
      return {
        kind: 'groups',
        subjects,
        path:
          direction === 'both'
            ? `between ${a} and ${b}`
            : direction === 'outbound'
              ? `from ${a} to ${b}`
              : `from ${b} to ${a}`,
        silence: silenceBetween(a, b, direction),
        aside: aside(observations, scope, 'the', ({groups}, lane) => {
          const cells = groups[observations.partitions.indexOf(partition)]
          const size = partition.values.length
          const way = (from: number, to: number) => cells?.[(lane * size + from) * size + to] ?? 0
          return [...partition.values.keys()]
            .filter((to) => to !== value && (other === undefined || to === other))
            .reduce((total, to) => total + way(value, to) + way(to, value), 0)
        }),
      }
    }
  }
}

function wholeShape(observations: Observations, {scope}: Candidate, isDead: boolean): Shape {
  const {layer, side} = scope
  if (side === 'across') {
    const names = new Set(observations.lanes.map(({from}) => from))
    const subjects = [...names].map((cluster) => ({kind: 'cluster', cluster}) as const)
    return {
      kind: 'groups',
      subjects,
      path: 'between clusters',
      silence: 'no cluster reaches another',
      aside: '',
    }
  }
  const clusters = typeof side === 'object' ? [side.inside] : []
  const within = clusters.map((cluster) => ` of cluster ${printable(cluster)}`).join('')
  return {
    kind: isDead ? 'all-down' : layer === 'host network' ? 'underlay-down' : 'overlay-down',
    subjects: clusters.map((cluster) => ({kind: 'cluster', cluster})),
    path: `between all nodes${within}`,
    silence: isDead
      ? `no floater${within} answers, not even on its own node,`
      : `nothing gets through between nodes${within}`,
    aside: isDead
      ? ': most often the port or the image of the config is wrong'
      : aside(observations, scope, 'the', ({out}, lane, nodes) =>
          sum(out.subarray(lane * nodes, (lane + 1) * nodes)),
        ),
  }
}

/** What works beside it: the other network, as far as the same nodes are concerned. */
function aside(
  {lanes, nodes, first}: Observations,
  {layer, only, mode}: Scope,
  whose: string,
  cells: (tally: Tally, lane: number, nodes: number) => number,
): string {
  if (only !== undefined || mode !== undefined) return ''
  const other = layer === 'host network' ? 'pod' : 'node'
  let [failed, measured] = [0, 0]
  for (const [index, {block, leads}] of lanes.entries()) {
    if (block.mode !== other || leads !== 'between') continue
    failed += cells(first.failed, index, nodes)
    measured += cells(first.measured, index, nodes)
  }
  if (measured === 0 || failed > measured / 5) return ''
  return `; ${whose} ${other === 'pod' ? 'pod network' : 'host network'} works`
}

function sum(numbers: Uint32Array): number {
  return numbers.reduce((total, one) => total + one, 0)
}

/** Under other addresses than the nodes have, between clusters, on the way that is broken. */
function isTranslated({run, lanes}: Observations, {scope, about, holds}: Candidate): boolean {
  if (about.what !== 'group' || about.partition.trait !== 'cluster') return false
  return scope.lanes.some((index) => {
    const {block, from, to} = lanes[index] ?? {}
    if (block === undefined || from === to) return false
    if (!holds(block.sources[0] ?? -1, block.endpoints[0]?.node ?? -1)) return false
    return block.endpoints.some(({node, address}) => {
      const floater = block.to && run.plan.nodes[node ?? -1]?.floaters[block.to]?.floater
      return address !== undefined && floater !== undefined && !floater.addresses.includes(address)
    })
  })
}
