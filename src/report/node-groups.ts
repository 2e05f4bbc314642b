import type {Run} from '../model/run.ts'
import {printable} from '../text/printable.ts'

/** What each node stands with in the matrix: its cluster, where there are several, and its zone, where that is known. */
export function nodeGroups({plan, clusters}: Run): readonly string[] {
  return plan.nodes.map(({cluster, traits}) =>
    [clusters.length > 1 ? cluster : '', traits?.zone ?? '']
      .filter((part) => part !== '')
      .map(printable)
      .join(' '),
  )
}
