import type {Diagnosis} from '../model/finding.ts'
import type {Reason} from '../model/result.ts'
import type {Run} from '../model/run.ts'
import {isSteady, REASONS, reasonAt} from '../results/store.ts'
import {count} from '../text/wording.ts'

/**
 * A line for each word that can be looked up: the kinds of findings, then the reasons of what is not SUCCEEDED and of what is
 * unstable; how many have it, and the command that explains it: what there is of it where there is nothing but the program.
 */
export function* wordLines(run: Run, {findings}: Diagnosis): Generator<string> {
  const kinds = counted(findings.map(({kind}) => kind))
  const reasons = counted(reasonsOf(run))
  const words = [...kinds.keys(), ...REASONS.map(wordOf).filter((name) => reasons.has(name))]
  for (const word of new Set(words)) {
    const [alike = 0, probes = 0] = [kinds.get(word), reasons.get(word)]
    const amounts = [
      ...(alike > 0 ? [count(alike, 'finding')] : []),
      ...(probes > 0 ? [count(probes, 'probe')] : []),
    ]
    yield `${word}: ${amounts.join(', ')}, see kubectl netdoctor explain ${word}\n`
  }
}

function* reasonsOf({results}: Run): Generator<string> {
  for (let id = 0; id < results.size; id++) {
    if (!isSteady(results, id)) yield wordOf(reasonAt(results, id))
  }
}

/** What the reports call a reason of what is not plainly SUCCEEDED. */
function wordOf(reason: Reason): string {
  return reason === 'answered' ? 'unstable' : reason
}

function counted(words: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}
