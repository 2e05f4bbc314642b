import type {Reason, Verdict} from '../model/result.ts'

/** It answered as it should. `note`: what is worth knowing even so. */
export function answered(timeUs: number, unstable = false, note = ''): Verdict {
  return {status: 'SUCCEEDED', reason: 'answered', timeUs, raw: note, unstable}
}

export function failed(reason: Reason, timeUs: number, raw: string): Verdict {
  return {status: 'FAILED', reason, timeUs, raw, unstable: false}
}

/** What a program may be late on a machine that has time for it; microseconds. */
const LATE_US = 1_000_000

/**
 * Nothing came in time; but where the program was so late to see that its time was over, it was kept from running, and may have
 * missed as well what did come. `seconds`: how long it was told to wait; undefined where nobody can say. Some programs wait
 * so long several `times`.
 */
export function silent(tookUs: number, seconds: number | undefined, raw: string, times = 1): Verdict {
  if (seconds === undefined || tookUs <= times * seconds * 1_000_000 + LATE_US)
    return failed('timeout', tookUs, raw)
  const took = (tookUs / 1_000_000).toFixed(1)
  return {
    ...unmeasured(`waiting for ${seconds} s took ${took} s: the node, or the floater, is overloaded`),
    reason: 'overloaded',
  }
}

/** The probing program itself could not do its work. */
export function unmeasured(raw: string): Verdict {
  return {status: 'EXCEPTION', reason: 'probe-error', timeUs: 0, raw, unstable: false}
}
