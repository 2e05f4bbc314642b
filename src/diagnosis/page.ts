import type {FindingKind} from '../model/finding.ts'

/** The page that says what a finding means and what to look at next, as a path in the repository. */
export function findingPage(kind: FindingKind): string {
  return `docs/diagnosis.md#${kind}`
}
