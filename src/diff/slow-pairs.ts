import {isLater, type Margin} from './margins.ts'
import type {Samples} from './samples.ts'

/** The probes of a path that nothing explains yet, and how many times as long all of the path takes. */
export interface Rest {
  readonly samples: Samples
  readonly left: readonly number[]
  readonly shift: number
}

interface SlowPair {
  readonly nodes: readonly [number, number]
  /** Its probes, by path. */
  readonly parts: readonly Pick<Rest, 'samples' | 'left'>[]
}

/** Pairs of nodes of which every probe is later, both ways and over all paths: of so few, no one may speak against it. */
export function slowPairs(rests: readonly Rest[], margin: Margin): readonly SlowPair[] {
  const late = new Map<string, number>()
  for (const {samples, left, shift} of rests)
    for (const at of left)
      if (isLater(samples.before[at] ?? 0, samples.after[at] ?? 0, margin, shift))
        late.set(keyOf(samples, at), (late.get(keyOf(samples, at)) ?? 0) + 1)
  const candidates = new Set([...late].filter(([, probes]) => probes >= margin.probes).map(([key]) => key))
  if (candidates.size === 0) return []
  const pairs = new Map<string, Map<Samples, number[]>>()
  for (const {samples, left} of rests)
    for (const at of left) {
      const key = keyOf(samples, at)
      if (!candidates.has(key)) continue
      const parts = pairs.get(key) ?? new Map<Samples, number[]>()
      pairs.set(key, parts.set(samples, [...(parts.get(samples) ?? []), at]))
    }
  return [...pairs].flatMap(([key, byPath]) => {
    const parts = [...byPath].map(([samples, left]) => ({samples, left}))
    const probes = parts.reduce((sum, {left}) => sum + left.length, 0)
    const [one = 0, other = 0] = key.split(' ').map(Number)
    return late.get(key) === probes ? [{nodes: [one, other] as const, parts}] : []
  })
}

function keyOf({source, destination}: Samples, at: number): string {
  const [one = 0, other = 0] = [source[at], destination[at]]
  return one < other ? `${one} ${other}` : `${other} ${one}`
}
