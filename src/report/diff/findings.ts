import {FAILURES} from '../../diff/change.ts'
import type {Diff} from '../../model/diff.ts'
import type {Diagnosis} from '../../model/finding.ts'

/** The findings of what is FAILED and was not so before, as those of a run are shown: each with how much of that it explains. */
export function asDiagnosis({findings, findingOf, counts}: Diff): Diagnosis {
  const explained = findings.reduce((sum, {explains}) => sum + explains, 0)
  return {
    findings: findings.map(({finding, explains}) => ({...finding, explains})),
    findingOf,
    unexplained: FAILURES.reduce((sum, change) => sum + counts[change], 0) - explained,
  }
}
