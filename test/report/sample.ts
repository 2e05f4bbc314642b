import type {NodeUnderTest} from '../../src/model/cluster.ts'
import type {Probe} from '../../src/model/plan.ts'
import type {Verdict} from '../../src/model/result.ts'
import type {Run} from '../../src/model/run.ts'
import {podToPodPlan, probesOf} from '../../src/plan/plan.ts'
import {recorder} from '../../src/results/store.ts'

/** A node whose floater has this address. */
export function nodeWith(name: string, ...addresses: string[]): NodeUnderTest {
  const floater = {pod: `floater-${name}`, uid: `uid-${name}`, restarts: 0, node: name, addresses, port: 8889}
  return {cluster: 'src', name, floater}
}

export function nodeWithout(name: string, cause: string): NodeUnderTest {
  return {cluster: 'src', name, floater: undefined, cause}
}

export const answered: Verdict = {
  status: 'SUCCEEDED',
  reason: 'answered',
  timeUs: 400,
  raw: '',
  unstable: false,
}

/** A run over these nodes; where `verdictOf` gives nothing, the probe was not made. */
export function sampleRun(
  nodes: readonly NodeUnderTest[],
  verdictOf: (probe: Probe) => Verdict | undefined,
  changes: Partial<Run> = {},
): Run {
  const plan = podToPodPlan(nodes, 8889)
  const {results, record} = recorder(plan.size)
  for (const probe of probesOf(plan)) {
    const verdict = verdictOf(probe)
    if (verdict) record(probe.id, verdict, probe.endpoint.address)
  }
  return {
    id: 'a1b2c3',
    tool: '0.1.0',
    startedAt: '2025-01-02T03:04:05.000Z',
    finishedAt: '2025-01-02T03:04:08.400Z',
    namespace: 'kosmos-system',
    image: 'ghcr.io/kosmos-io/clusterlink-floater:v0.2.0',
    clusters: [{name: 'src', context: 'staging', server: 'https://192.0.2.1:6443', version: 'v1.35.4'}],
    plan,
    results,
    notCovered: [],
    caveats: [],
    ...changes,
  }
}
