import type {Layer} from '../model/finding.ts'
import type {Block} from '../model/plan.ts'
import type {Lane} from './lanes.ts'

/** Lanes that one fault may break together. */
export interface Scope {
  readonly lanes: readonly number[]
  /** 1 for each lane that is in it. */
  readonly holds: Uint8Array
  readonly layer: Layer
  /** Lanes that must be broken too, for the rest to follow from them. */
  readonly root?: readonly number[]
  /** The one mode that is meant, where the layer does not say it. */
  readonly mode?: Block['mode']
  /** What of the layer is meant, where others of the layer were asked for too. */
  readonly only?: Filter
  /** Absent: all clusters, and between them. */
  readonly side?: {readonly inside: string} | 'across'
}

type Filter =
  | {readonly by: 'protocol'; readonly value: Block['protocol']}
  | {readonly by: 'family'; readonly value: Block['ipFamily']}
  | {readonly by: 'check'; readonly value: 'mtu'}

interface Level {
  readonly layer: Layer
  readonly modes: readonly Block['mode'][]
  readonly mode?: Block['mode']
  readonly root?: Block['mode']
}

/* The pod network rests on that of the nodes: what breaks the latter breaks both. */
const LEVELS: readonly Level[] = [
  {layer: 'host network', modes: ['node', 'pod', 'node-to-pod', 'pod-to-node'], root: 'node'},
  {layer: 'pod network', modes: ['pod', 'node-to-pod']},
  {layer: 'pod network', modes: ['pod', 'node-to-pod', 'pod-to-node'], root: 'pod'},
  {layer: 'host network', modes: ['node']},
  {layer: 'pod network', modes: ['pod']},
  {layer: 'pod network', modes: ['node-to-pod'], mode: 'node-to-pod'},
  {layer: 'pod network', modes: ['pod-to-node'], mode: 'pod-to-node'},
]

/** Every scope that the lanes between floaters allow, the widest first; no two of the same lanes. */
export function scopesOf(lanes: readonly Lane[]): readonly Scope[] {
  const scopes: Scope[] = []
  const seen = new Set<string>()
  for (const side of sidesOf(lanes)) {
    for (const {layer, modes, mode, root} of LEVELS) {
      const members = [...lanes.entries()].filter(
        ([, lane]) => lane.leads === 'between' && modes.includes(lane.block.mode) && isOn(side, lane),
      )
      for (const only of [undefined, ...filtersOf(members.map(([, lane]) => lane))]) {
        const chosen = members
          .filter(([, lane]) => only === undefined || passes(only, lane))
          .map(([index]) => index)
        const rooted = chosen.filter((index) => lanes[index]?.block.mode === root)
        const key = chosen.join()
        if (chosen.length === 0 || seen.has(key) || (root !== undefined && rooted.length === 0)) continue
        seen.add(key)
        const holds = new Uint8Array(lanes.length)
        for (const index of chosen) holds[index] = 1
        scopes.push({
          lanes: chosen,
          holds,
          layer,
          ...(root === undefined ? {} : {root: rooted}),
          ...(mode === undefined ? {} : {mode}),
          ...(only === undefined ? {} : {only}),
          ...(side === undefined ? {} : {side}),
        })
      }
    }
  }
  return scopes
}

function sidesOf(lanes: readonly Lane[]): readonly Scope['side'][] {
  const inner = new Set(lanes.flatMap(({from, to}) => (from === to ? [from] : [])))
  const across = lanes.some(({from, to}) => to !== undefined && from !== to)
  return across ? [undefined, ...[...inner].map((inside) => ({inside})), 'across'] : [undefined]
}

function isOn(side: Scope['side'], {from, to}: Lane): boolean {
  if (side === undefined) return true
  return side === 'across' ? from !== to : from === side.inside && to === side.inside
}

/** What parts the lanes. */
function filtersOf(lanes: readonly Lane[]): readonly Filter[] {
  const protocols = [...new Set(lanes.map(({block}) => block.protocol))]
  const families = [...new Set(lanes.map(({block}) => block.ipFamily))]
  return [
    ...(protocols.length > 1 ? protocols.map((value): Filter => ({by: 'protocol', value})) : []),
    ...(families.length > 1 ? families.map((value): Filter => ({by: 'family', value})) : []),
    ...(lanes.some(({block}) => block.check === 'mtu') ? [{by: 'check', value: 'mtu'} as const] : []),
  ]
}

function passes({by, value}: Filter, {block}: Lane): boolean {
  switch (by) {
    case 'protocol':
      return block.protocol === value
    case 'family':
      return block.ipFamily === value
    case 'check':
      return block.check === value
  }
}
