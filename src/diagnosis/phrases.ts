import type {Direction, FindingKind, Layer} from '../model/finding.ts'
import {PATHS} from '../plan/modes.ts'
import type {Scope} from './scopes.ts'
import type {Trouble} from './observations.ts'

const FAMILIES = {ipv4: 'IPv4', ipv6: 'IPv6', name: 'names'} as const
const ENDS = {pod: 'pods', host: 'nodes', neighbour: 'pods'} as const

/** `in the pod network (overlay)`, `from nodes to pods`. */
export function placeOf({layer, mode}: Pick<Scope, 'layer' | 'mode'>): string {
  if (mode === 'node-to-pod' || mode === 'pod-to-node') {
    const {from, to = 'pod'} = PATHS[mode]
    return `from ${ENDS[from]} to ${ENDS[to]}`
  }
  return `in the ${layerName(layer)}`
}

function layerName(layer: Layer): string {
  return layer === 'pod network' ? 'pod network (overlay)' : layer
}

/** What the fault is confined to, such as `UDP`; empty where it is confined to nothing. */
function confined({only}: Pick<Scope, 'only'>): string {
  switch (only?.by) {
    case 'protocol':
      return only.value.toUpperCase()
    case 'family':
      return FAMILIES[only.value]
    case 'check':
    case undefined:
      return ''
  }
}

/**
 * What is said of a path, by what went wrong on it. `path` is `from a to b` or the like, `where` the network; `silence` is
 * what is said where nothing answers and nothing narrows it down.
 */
export function sentenceOf(
  trouble: Trouble,
  scope: Pick<Scope, 'layer' | 'mode' | 'only'>,
  path: string,
  silence: string,
): string {
  const where = placeOf(scope)
  const part = confined(scope)
  const over = part === '' ? '' : ` over ${part}`
  switch (bySize(trouble, scope.only)) {
    case 'large':
      return `large packets ${path} get lost ${where}, small ones arrive: an MTU on the way is too small for them`
    case 'silent':
      return part === '' ? `${silence} ${where}` : `${part} ${path} gets lost ${where}, the rest arrives`
    case 'refused':
      return `connections ${path} are refused ${where}${over}: nothing listens there, or a policy rejects them`
    case 'impostor':
      return `something else than the floater answers ${path} ${where}${over}`
    case 'lossy':
      return `${scope.only?.by === 'check' ? 'large packets' : 'packets'} ${path} get lost now and then ${where}${over}`
  }
}

/** The trouble is the size where large packets alone are concerned; that these get lost now and then may have other reasons. */
function bySize(trouble: Trouble, only: Scope['only']): Trouble {
  return trouble !== 'lossy' && only?.by === 'check' ? 'large' : trouble
}

/** The kind that the trouble makes it, whatever it is about; undefined where it is about what is broken. */
export function kindByTrouble(trouble: Trouble, {only}: Pick<Scope, 'only'>): FindingKind | undefined {
  switch (bySize(trouble, only)) {
    case 'large':
      return 'mtu'
    case 'silent':
      return only?.by === 'check' ? undefined : only?.by
    case 'refused':
      return 'refused'
    case 'impostor':
      return 'wrong-peer'
    case 'lossy':
      return 'loss'
  }
}

/** What is said of two sides where nothing answers, seen from the first. */
export function silenceBetween(a: string, b: string, direction: Direction): string {
  if (direction === 'both') return `${a} and ${b} do not reach each other`
  return direction === 'outbound' ? `${a} does not reach ${b}` : `${b} do not reach ${a}`
}
