import type {Reason, Results} from '../model/result.ts'
import {REASONS, reasonAt, statusAt} from '../results/store.ts'
import {count} from '../text/wording.ts'

/** The command that says what a reason means and what to do: what there is of it where there is nothing but the program. */
function explanationOf(name: string): string {
  return `kubectl netdoctor explain ${name}`
}

/** A line for each reason of what is not SUCCEEDED, and of what is unstable: how many probes have it, and what explains it. */
export function* reasonLines(results: Results): Generator<string> {
  const counts = new Map<Reason, number>()
  for (let id = 0; id < results.size; id++) {
    if (statusAt(results, id) === 'SUCCEEDED' && results.unstable[id] !== 1) continue
    const reason = reasonAt(results, id)
    counts.set(reason, (counts.get(reason) ?? 0) + 1)
  }
  for (const reason of REASONS) {
    const probes = counts.get(reason)
    const name = reason === 'answered' ? 'unstable' : reason
    if (probes !== undefined) yield `${name}: ${count(probes, 'probe')}, see ${explanationOf(name)}\n`
  }
}
