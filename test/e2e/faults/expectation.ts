import type {Reason} from '../../../src/model/result.ts'
import {effectOf, type Broken} from './effects.ts'
import {routeOf, type Terrain} from './route.ts'
import {wordsOf, type SeenProbe} from './seen.ts'

/** What a probe must come to; where it may be an EXCEPTION as well, nothing else about it is certain. */
export type Expectation =
  | {status: 'SUCCEEDED'; orException: boolean}
  | {status: 'FAILED'; reasons: readonly Reason[]; orException: boolean}
  | {status: 'EXCEPTION'; reasons: readonly Reason[]}

/** What must come of a probe while these faults are in force: the first that its packets meet decides. */
export function expected(probe: SeenProbe, faults: readonly Broken[], dnsOn: string): Expectation {
  const effects = faults.map(effectOf)
  const masquerading = new Set(faults.flatMap(([fault, node = '']) => (fault === 'masquerade' ? [node] : [])))
  const terrain: Terrain = {dnsOn, masquerading}
  for (const hop of routeOf(probe, terrain)) {
    // Of two rules in one chain either may come first.
    const reasons = effects.flatMap((effect) => effect(hop, probe) ?? [])
    if (reasons.length > 0) return {status: 'FAILED', reasons, orException: false}
  }
  return {status: 'SUCCEEDED', orException: false}
}

/** What a report says otherwise than it must, a line each. */
export function differences(
  probes: readonly SeenProbe[],
  expect: (probe: SeenProbe) => Expectation,
): string[] {
  return probes.flatMap((probe) => {
    const wanted = expect(probe)
    const verdict = `${wordsOf(probe)}: ${probe.status} ${probe.reason}`
    if (wanted.status !== 'EXCEPTION' && wanted.orException && probe.status === 'EXCEPTION') return []
    if (probe.status === wanted.status) {
      const isTold = wanted.status === 'SUCCEEDED' || wanted.reasons.includes(probe.reason)
      return isTold ? [] : [`wrong reason  ${verdict}, must be ${wanted.reasons.join(' or ')}`]
    }
    const kind =
      wanted.status === 'SUCCEEDED' ? 'false alarm' : probe.status === 'SUCCEEDED' ? 'missed' : 'wrong status'
    return [`${kind}  ${verdict}, must be ${wanted.status}`]
  })
}
