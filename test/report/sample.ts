import type {Floater, FloaterKind, FloaterState, NodeUnderTest} from '../../src/model/cluster.ts'
import type {Plan, Probe} from '../../src/model/plan.ts'
import type {Results, Verdict} from '../../src/model/result.ts'
import type {Run} from '../../src/model/run.ts'
import {fullPlan} from '../../src/plan/full.ts'
import type {PlanWish} from '../../src/plan/wish.ts'
import {probesOf} from '../../src/plan/plan.ts'
import {recorder} from '../../src/results/store.ts'

/** A node whose floater in the pod network has these addresses. */
export function nodeWith(name: string, ...addresses: string[]): NodeUnderTest {
  const floater = {pod: `floater-${name}`, uid: `uid-${name}`, restarts: 0, node: name, addresses, port: 8889}
  return {cluster: 'src', name, addresses: [], floaters: {pod: {floater}}}
}

export function nodeWithout(name: string, cause: string): NodeUnderTest {
  return {
    cluster: 'src',
    name,
    addresses: [],
    floaters: {pod: {floater: undefined, absence: 'no-floater', cause}},
  }
}

/** The same node with these addresses of its own, and a floater in its network. */
export function withHost(node: NodeUnderTest, ...addresses: string[]): NodeUnderTest {
  return {...withFloater(node, 'host', addresses), addresses}
}

/** The same node with a second floater in the pod network. */
export function withNeighbour(node: NodeUnderTest, ...addresses: string[]): NodeUnderTest {
  return withFloater(node, 'neighbour', addresses)
}

/** The same node with these beside its floater in the pod network. */
export function besideFloater(node: NodeUnderTest, ...sidecars: readonly string[]): NodeUnderTest {
  const {floater} = node.floaters.pod ?? {}
  return floater === undefined
    ? node
    : {...node, floaters: {...node.floaters, pod: {floater: {...floater, sidecars}}}}
}

function withFloater(node: NodeUnderTest, kind: FloaterKind, addresses: string[]): NodeUnderTest {
  const {name, floaters} = node
  const [pod, uid] = [`floater-${kind}-${name}`, `uid-${kind}-${name}`]
  const state: FloaterState = {floater: {pod, uid, restarts: 0, node: name, addresses, port: 8889}}
  return {...node, floaters: {...floaters, [kind]: state}}
}

/** Its floater of a kind, where it has one. */
export function floaterOn({floaters}: NodeUnderTest, kind: FloaterKind = 'pod'): Floater | undefined {
  return floaters[kind]?.floater
}

/** The same node in another cluster. */
export function inCluster(cluster: string, node: NodeUnderTest): NodeUnderTest {
  return {...node, cluster}
}

export const answered: Verdict = {
  status: 'SUCCEEDED',
  reason: 'answered',
  timeUs: 400,
  raw: '',
  unstable: false,
}

/** A run over these nodes and their clusters; where `verdictOf` gives nothing, the probe was not made. */
export function sampleRun(
  nodes: readonly NodeUnderTest[],
  verdictOf: (probe: Probe) => Verdict | undefined,
  changes: Partial<Run> = {},
  wish: Partial<PlanWish> = {},
): Run {
  const names = [...new Set(nodes.map(({cluster}) => cluster))]
  const plan = fullPlan(nodes, {...POD_TO_POD, clusters: names.map(clusterNamed), ...wish})
  return {
    id: 'a1b2c3',
    tool: '0.1.0',
    startedAt: '2025-01-02T03:04:05.000Z',
    finishedAt: '2025-01-02T03:04:08.400Z',
    namespace: 'kosmos-system',
    clusters: names.map((name, index) => ({
      name,
      context: `context-${name}`,
      server: `https://192.0.2.${index + 1}:6443`,
      version: 'v1.35.4',
      image: 'ghcr.io/kosmos-io/clusterlink-floater:v0.2.0',
    })),
    plan,
    results: resultsOf(plan, verdictOf),
    notCovered: [],
    partial: [],
    caveats: [],
    followUps: [],
    ...changes,
  }
}

/** The probes of a plan with these verdicts; where there is none, the probe was not made. */
export function resultsOf(plan: Plan, verdictOf: (probe: Probe) => Verdict | undefined): Results {
  const {results, record} = recorder(plan.size)
  for (const probe of probesOf(plan)) {
    const verdict = verdictOf(probe)
    if (verdict) record(probe.id, verdict, probe.endpoint.address)
  }
  return results
}

const POD_TO_POD = {
  intra: true,
  modes: ['pod'],
  protocols: ['tcp'],
  ipFamily: 'auto',
  customTargets: [],
  lookups: [],
  port: 8889,
  sameNode: false,
  mtu: false,
  identity: () => undefined,
  services: [],
  apiServers: [],
  sizing: ['src'],
} as const satisfies Partial<PlanWish>

function clusterNamed(name: string): PlanWish['clusters'][number] {
  return {name, connection: {}, imageRepository: '', cidrMap: []}
}
