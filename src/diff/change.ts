import type {Change} from '../model/diff.ts'
import type {Results, Verdict} from '../model/result.ts'
import {reasonAt, statusAt} from '../results/store.ts'

/** In the order in which they are told: what is worst comes first. */
export const CHANGES = [
  'broken',
  'failing',
  'new-failed',
  'unmeasured',
  'new-unmeasured',
  'unstable',
  'reason',
  'healed',
  'measured',
  'failed',
  'missing',
  'well',
] as const satisfies readonly Change[]

/** Of probes that the newer run alone has. */
export const NEW_ALONE: readonly Change[] = ['new-failed', 'new-unmeasured']

/** FAILED, and the older run does not say that it was so before. */
export const FAILURES: readonly Change[] = ['broken', 'failing', 'new-failed']

/** A result as far as a change goes by it. */
export type Outcome = Pick<Verdict, 'status' | 'reason' | 'unstable'>

export function outcomeAt(results: Results, id: number): Outcome {
  return {
    status: statusAt(results, id),
    reason: reasonAt(results, id),
    unstable: results.unstable[id] === 1,
  }
}

/** What a probe is that the older run does not have; nothing to tell where it SUCCEEDED. */
export function changeOfNew({status}: Outcome): Change | undefined {
  if (status === 'SUCCEEDED') return undefined
  return status === 'FAILED' ? 'new-failed' : 'new-unmeasured'
}

/** What became of a probe. What was not measured neither broke nor healed. */
export function changeOf(before: Outcome, after: Outcome): Change {
  const isSame = before.status === after.status && before.reason === after.reason
  switch (after.status) {
    case 'FAILED':
      if (before.status === 'SUCCEEDED') return 'broken'
      if (before.status === 'EXCEPTION') return 'failing'
      return isSame ? 'failed' : 'reason'
    case 'EXCEPTION':
      if (before.status !== 'EXCEPTION') return 'unmeasured'
      return isSame ? 'missing' : 'reason'
    case 'SUCCEEDED':
      if (before.status === 'FAILED') return 'healed'
      if (before.status === 'EXCEPTION') return 'measured'
      return after.unstable && !before.unstable ? 'unstable' : 'well'
  }
}
