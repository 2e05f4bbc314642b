import type {Plan} from '../model/plan.ts'
import {sourcesOf} from '../plan/plan.ts'

/* Measured with kubectl 1.35 on two cores; seconds. */
const KUBECTL_CPU = 0.08
const KUBECTL_WALL = 0.15
/** A probe that is answered, 64 at a time in a floater without a CPU limit. */
const PROBE_WALL = 0.0015

/** About how long probing takes where everything answers, in seconds. */
export function probingSeconds(plan: Plan, maxNum: number, cores: number): number {
  const sources = sourcesOf(plan).length
  if (sources === 0) return 0
  const each = KUBECTL_WALL + (plan.size / sources) * PROBE_WALL
  return Math.max((sources * KUBECTL_CPU) / cores, Math.ceil(sources / maxNum) * each)
}

/** Source floaters at once where the user says nothing: a kubectl takes some 45 MB of memory while its probes wait. */
export function sourcesAtOnce(cores: number): number {
  return Math.min(64, 8 * cores)
}

/** Says so where `maxNum` makes a long run much longer. */
export function heldBack(plan: Plan, maxNum: number, cores: number): string | undefined {
  const [limited, free] = [maxNum, sourcesAtOnce(cores)].map((most) => probingSeconds(plan, most, cores))
  if (limited === undefined || free === undefined || limited < 10 || limited < 2 * free) return undefined
  return `maxNum lets ${maxNum} of ${sourcesOf(plan).length} nodes probe at once: without it, probing takes about ${Math.ceil(free)} s instead of ${Math.ceil(limited)} s.`
}
