import type {Run} from '../model/run.ts'
import {tally} from '../results/store.ts'

/**
 * The exit code of a run: 0 all succeeded, 1 something FAILED, 2 nothing to probe, 3 something could not be measured
 * or covered, 128 and the signal's number when interrupted.
 */
export function exitCodeOf({results, notCovered, interrupted}: Run): number {
  if (interrupted !== undefined) return exitCodeOfSignal(interrupted)
  const {FAILED, EXCEPTION} = tally(results)
  if (results.size === 0) return 2
  if (FAILED > 0) return 1
  return EXCEPTION > 0 || notCovered.some(({leftOut}) => !leftOut) ? 3 : 0
}

/** POSIX; the three that end a run. */
const SIGNAL_NUMBERS: Readonly<Record<string, number>> = {SIGHUP: 1, SIGINT: 2, SIGTERM: 15}

export function exitCodeOfSignal(signal: string): number {
  return 128 + (SIGNAL_NUMBERS[signal] ?? 0)
}
