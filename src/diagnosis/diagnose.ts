import type {Diagnosis, Finding} from '../model/finding.ts'
import type {Run} from '../model/run.ts'
import {statusAt} from '../results/store.ts'
import {unmeasured} from './unmeasured.ts'

/** Reads the matrix: the fewest findings that explain all that is not SUCCEEDED. */
export function diagnose(run: Run): Diagnosis {
  const {results} = run
  const findingOf = new Uint32Array(results.size)
  const findings = unmeasured(run).map(({finding, probes}, index): Finding => {
    for (const id of probes) findingOf[id] = index + 1
    return {...finding, explains: probes.length}
  })
  let unexplained = 0
  for (let id = 0; id < results.size; id++)
    if (statusAt(results, id) !== 'SUCCEEDED' && findingOf[id] === 0) unexplained++
  return {findings, findingOf, unexplained}
}
