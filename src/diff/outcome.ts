import type {Diff} from '../model/diff.ts'
import {FAILURES} from './change.ts'

/**
 * 1 where something is FAILED of which the older run does not say that it was so before; else 3 where something could not be
 * measured of which it does not say that; else 0.
 */
export function exitCodeOfDiff({counts}: Pick<Diff, 'counts'>): number {
  if (FAILURES.some((change) => counts[change] > 0)) return 1
  return counts.unmeasured + counts['new-unmeasured'] > 0 ? 3 : 0
}
