import {BaseSequencer, type TestSpecification} from 'vitest/node'

/** Those that take minutes, the longest first. */
const LONG = [
  'e2e/faults.test.ts',
  'e2e/process-faults.test.ts',
  'e2e/findings.test.ts',
  'e2e/scheduling.test.ts',
  'e2e/flags.test.ts',
  'e2e/check.test.ts',
  'e2e/paths.test.ts',
  'e2e/targets.test.ts',
  'e2e/two-clusters.test.ts',
  'e2e/cluster.test.ts',
  'e2e/three-nodes.test.ts',
  'e2e/two-nodes.test.ts',
]

/** Files of tests that take long begin early, so that nothing is left to run alone in the end. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rankOf = ({moduleId}: TestSpecification) => {
      const rank = LONG.findIndex((name) => moduleId.endsWith(`/test/${name}`))
      return rank === -1 ? LONG.length : rank
    }
    return (await super.sort(files)).sort((a, b) => rankOf(a) - rankOf(b))
  }
}
