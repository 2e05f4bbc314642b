import type {Plan} from '../model/plan.ts'
import type {Results} from '../model/result.ts'
import {isSelf, probesOf} from '../plan/plan.ts'
import {statusAt} from '../results/store.ts'

/** What a reader must not take for proved. */
export function caveatsOf(plan: Plan, results: Results): string[] {
  let [floaters, customs, across] = [false, false, false]
  for (const probe of probesOf(plan)) {
    if (statusAt(results, probe.id) !== 'SUCCEEDED') continue
    if (probe.block.check === 'connect') customs = true
    else floaters = true
    across ||= !isSelf(probe)
  }
  return [
    ...(floaters
      ? ['who answered. This floater says only OK, so any other at the same address would pass for it']
      : []),
    ...(customs ? ['what customized targets answer. A connection is all that is asked of them'] : []),
    ...((floaters || customs) && !across ? ['the network. No probe that succeeded left its own node'] : []),
  ]
}
