import type {Diff} from '../model/diff.ts'

/** 1 where something is FAILED that was not; else 3 where something that was measured could not be measured; else 0. */
export function exitCodeOfDiff({counts}: Pick<Diff, 'counts'>): number {
  if (counts.broken + counts.failing > 0) return 1
  return counts.unmeasured > 0 ? 3 : 0
}
