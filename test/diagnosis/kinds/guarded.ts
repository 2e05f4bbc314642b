import type {MeshMark, NetworkPolicy, NodeUnderTest} from '../../../src/model/cluster.ts'
import type {FindingKind} from '../../../src/model/finding.ts'
import type {Run} from '../../../src/model/run.ts'
import type {Probe} from '../../../src/model/plan.ts'
import type {Reason} from '../../../src/model/result.ts'
import type {PlanWish} from '../../../src/plan/wish.ts'
import {besideFloater, inCluster, withNeighbour} from '../../report/sample.ts'
import {faultsOf, nodesCalled, pictured, runOf, type Fault} from '../matrix.ts'
import {node, NOTHING, type Kind, type KindCase} from './case.ts'

/** A policy of everything that floaters do, in both directions; nothing gets through unless told. */
const policy = (name: string, changes: Partial<NetworkPolicy> = {}): NetworkPolicy => ({
  ...{name, floaters: ['pod', 'neighbour'], ingress: [], egress: []},
  ...changes,
})
const DENY = policy('deny-all', {egress: undefined})
const DENY_EGRESS = policy('deny-egress', {ingress: undefined})

/** The same run in a cluster whose namespace has these policies. */
function withPolicies(run: Run, ...policies: readonly NetworkPolicy[]): Run {
  return {...run, clusters: run.clusters.map((cluster) => ({...cluster, policies}))}
}

/** The nodes, some of them with a sidecar. */
function beside(nodes: readonly NodeUnderTest[], names: string, sidecar: string): NodeUnderTest[] {
  return nodes.map((one) => (names.includes(one.name) ? besideFloater(one, sidecar) : one))
}

const crosses = ({source, endpoint}: Probe) => source !== endpoint.node
/** What comes to pods from elsewhere, or, with dns, leaves them. */
const pods: Fault = faultsOf('timeout', (probe) => probe.block.to === 'pod' && crosses(probe))
const podsAndNames: Fault = faultsOf(
  'timeout',
  (probe) => (probe.block.to === 'pod' && crosses(probe)) || probe.block.protocol === 'dns',
)

interface Asked {
  readonly policies: readonly NetworkPolicy[]
  readonly fault?: Fault
  readonly wish?: Partial<PlanWish>
  readonly nodes?: readonly NodeUnderTest[]
}

const run = ({policies, fault = pods, wish = {modes: ['pod', 'node']}, nodes = nodesCalled('abc')}: Asked) =>
  withPolicies(runOf(nodes, [fault], wish), ...policies)

const over = (...protocols: readonly string[]): Fault =>
  faultsOf(
    'timeout',
    (probe) => probe.block.to === 'pod' && crosses(probe) && protocols.includes(probe.block.protocol),
  )
const ALL_PROTOCOLS: Partial<PlanWish> = {modes: ['pod'], protocols: ['tcp', 'udp', 'icmp']}
const NAMES: Partial<PlanWish> = {
  ...{modes: ['pod'], protocols: ['tcp', 'dns']},
  lookups: [{name: 'kubernetes.default.svc'}],
}

const FORBIDDEN = [
  'nothing that it forbids gets through',
  'a pod network that is broken besides, or another rule, would look the same',
]
const TCP_ALONE = 'asked over TCP alone, where a drop in one direction may look like one in both'
const PLAIN = ['6 probes: timeout', TCP_ALONE]

const nearMiss = (title: string, asked: Asked, first: KindCase['first']): KindCase => ({
  title,
  run: run(asked),
  first,
})

const policies: Kind = {
  found: [
    {
      title: 'nothing is let in, and the host network works',
      run: run({policies: [DENY]}),
      first: {
        kind: 'network-policy',
        subjects: [],
        direction: 'inbound',
        layer: 'pod network',
        sentence:
          'nothing gets through between floaters in the pod network (overlay): NetworkPolicy kosmos-system/deny-all forbids it (ingress); the host network works',
        evidence: ['6 probes: timeout', ...FORBIDDEN],
      },
    },
    {
      title: 'nothing is let out, and names are not found either',
      run: run({policies: [DENY_EGRESS], fault: podsAndNames, wish: NAMES}),
      first: {
        kind: 'network-policy',
        direction: 'outbound',
        sentence:
          'nothing gets through between floaters in the pod network (overlay): NetworkPolicy kosmos-system/deny-egress forbids it (egress)',
        evidence: ['9 probes: timeout', ...FORBIDDEN],
      },
    },
    {
      title: 'one says no to what comes, one to what goes',
      run: run({policies: [DENY, DENY_EGRESS]}),
      first: {
        kind: 'network-policy',
        direction: 'both',
        sentence:
          'nothing gets through between floaters in the pod network (overlay): NetworkPolicies kosmos-system/deny-all and kosmos-system/deny-egress forbid it (ingress and egress); the host network works',
        evidence: [
          '6 probes: timeout',
          'nothing that they forbid gets through',
          'a pod network that is broken besides, or another rule, would look the same',
        ],
      },
    },
    {
      title: 'only names are asked for',
      run: run({
        policies: [DENY_EGRESS],
        fault: podsAndNames,
        wish: {modes: ['pod'], protocols: ['dns'], lookups: [{name: 'kubernetes.default.svc'}]},
      }),
      first: {
        kind: 'network-policy',
        direction: 'outbound',
        sentence:
          'what floaters ask of others gets no answer: NetworkPolicy kosmos-system/deny-egress forbids it (egress)',
      },
    },
    {
      title: 'only TCP is let in; pings pass all the same',
      run: run({
        policies: [policy('tcp-only', {ingress: [{peers: 'all', protocols: ['tcp']}], egress: undefined})],
        fault: over('udp'),
        wish: ALL_PROTOCOLS,
      }),
      first: {
        kind: 'network-policy',
        direction: 'inbound',
        sentence:
          'UDP between floaters in the pod network (overlay) does not get through, the rest arrives: NetworkPolicy kosmos-system/tcp-only forbids it (ingress)',
        evidence: [
          '6 probes: timeout',
          'nothing that it forbids gets through',
          'a pod network that is broken besides, or another rule, would look the same',
        ],
      },
    },
    {
      title: 'they are rejected',
      run: run({
        policies: [DENY],
        fault: faultsOf('refused', (probe) => probe.block.to === 'pod' && crosses(probe)),
      }),
      first: {kind: 'network-policy', direction: 'inbound'},
    },
    {
      title: 'floaters on one node are kept apart as well',
      run: run({
        policies: [DENY],
        fault: faultsOf('timeout', ({block}) => block.mode === 'pod'),
        nodes: nodesCalled('abc').map((one, n) => withNeighbour(one, `10.0.${n}.2`)),
        wish: {modes: ['pod', 'node'], sameNode: true},
      }),
      first: {
        kind: 'network-policy',
        direction: 'inbound',
        evidence: ['9 probes: timeout', ...FORBIDDEN],
      },
    },
  ],
  nearMisses: [
    nearMiss('all is well: nobody heeds the policy', {policies: [DENY], fault: () => undefined}, NOTHING),
    nearMiss(
      'one node is deaf, and what is forbidden gets through elsewhere',
      {policies: [DENY], fault: pictured('abc', {pod: '..x ..x ...'})},
      {kind: 'node-deaf', evidence: ['2 probes: timeout']},
    ),
    nearMiss(
      'the policy lets floaters in',
      {policies: [policy('same', {ingress: [{peers: 'floaters'}], egress: undefined})]},
      {kind: 'overlay-down', evidence: PLAIN},
    ),
    nearMiss(
      'another policy lets everything in',
      {policies: [DENY, policy('open', {ingress: [{peers: 'all'}], egress: undefined})]},
      {kind: 'overlay-down', evidence: PLAIN},
    ),
    nearMiss(
      'addresses would tell: evidence, no more',
      {policies: [policy('ranges', {ingress: [{peers: 'addresses'}], egress: undefined})]},
      {
        kind: 'overlay-down',
        evidence: [
          ...PLAIN,
          'NetworkPolicy kosmos-system/ranges selects the floaters (ingress): it may be what drops the packets',
        ],
      },
    ),
    {
      title: 'nodes are let in all the same, and one of them reaches nobody: that is its own',
      run: run({
        policies: [DENY],
        fault: faultsOf(
          'timeout',
          (probe) =>
            crosses(probe) &&
            (probe.block.mode === 'pod' || (probe.block.mode === 'node-to-pod' && probe.source === 2)),
        ),
        nodes: nodesCalled('abcdef'),
        wish: {modes: ['pod', 'node-to-pod']},
      }),
      first: {kind: 'network-policy', evidence: ['30 probes: timeout', ...FORBIDDEN]},
      second: 'c is mute in the pod network (overlay)',
    },
    nearMiss(
      'half of what is let in fails as well',
      {
        policies: [policy('tcp-only', {ingress: [{peers: 'all', protocols: ['tcp']}], egress: undefined})],
        fault: faultsOf(
          'timeout',
          (probe) => crosses(probe) && (probe.block.protocol === 'udp' || probe.source < 2),
        ),
        nodes: nodesCalled('abcd'),
        wish: {modes: ['pod'], protocols: ['tcp', 'udp']},
      },
      {kind: 'protocol'},
    ),
    nearMiss(
      'what is let in fails as well, and works in another cluster',
      {
        policies: [policy('tcp-only', {ingress: [{peers: 'all', protocols: ['tcp']}], egress: undefined})],
        fault: faultsOf(
          'timeout',
          (probe) =>
            crosses(probe) &&
            (probe.endpoint.node ?? 9) < 2 &&
            (probe.block.protocol === 'udp' || probe.source < 2),
        ),
        nodes: nodesCalled('abcdefgh').map((one, n) => (n < 2 ? one : inCluster('dst', one))),
        wish: {modes: ['pod'], protocols: ['tcp', 'udp'], intra: true},
      },
      {kind: 'protocol'},
    ),
    nearMiss(
      'addresses would tell, and one node is deaf: evidence, no more',
      {
        policies: [policy('ranges', {ingress: [{peers: 'addresses'}], egress: undefined})],
        fault: pictured('abc', {pod: '..x ..x ...'}),
      },
      {
        kind: 'node-deaf',
        evidence: [
          '2 probes: timeout',
          'NetworkPolicy kosmos-system/ranges selects the floaters (ingress): it may be what drops the packets',
        ],
      },
    ),
    nearMiss(
      'namespaces would tell, of all floaters alike, and one node is deaf: no evidence',
      {
        policies: [policy('teams', {ingress: [{peers: 'unknown'}], egress: undefined})],
        fault: pictured('abc', {pod: '..x ..x ...'}),
      },
      {kind: 'node-deaf', evidence: ['2 probes: timeout']},
    ),
    nearMiss(
      'namespaces would tell, and nothing gets through: evidence, no more',
      {policies: [policy('teams', {ingress: [{peers: 'unknown'}], egress: undefined})]},
      {
        kind: 'overlay-down',
        evidence: [
          ...PLAIN,
          'NetworkPolicy kosmos-system/teams selects the floaters (ingress): it may be what drops the packets',
        ],
      },
    ),
    nearMiss(
      'the host network is down as well',
      {policies: [DENY], fault: faultsOf('timeout', crosses)},
      {
        kind: 'underlay-down',
        evidence: ['12 probes: timeout', TCP_ALONE],
      },
    ),
    nearMiss(
      'no floater answers, not even itself',
      {policies: [DENY], fault: faultsOf('timeout', () => true), wish: {modes: ['pod']}},
      {kind: 'all-down', evidence: ['9 probes: timeout', TCP_ALONE]},
    ),
    nearMiss(
      'what is let in fails as well',
      {
        policies: [policy('tcp-only', {ingress: [{peers: 'all', protocols: ['tcp']}], egress: undefined})],
        wish: {modes: ['pod'], protocols: ['tcp', 'udp']},
      },
      {kind: 'overlay-down', evidence: ['12 probes: timeout', 'seen over TCP and UDP']},
    ),
    nearMiss(
      'only pods in the nodes’ network are asked',
      {policies: [DENY], fault: faultsOf('timeout', crosses), wish: {modes: ['node']}},
      {kind: 'underlay-down'},
    ),
    nearMiss(
      'large packets alone get lost',
      {
        policies: [policy('ranges', {ingress: [{peers: 'addresses'}]})],
        fault: faultsOf('mtu', (probe) => probe.block.check === 'mtu' && crosses(probe)),
        wish: {modes: ['pod'], mtu: true},
      },
      {kind: 'mtu', evidence: ['6 probes: mtu']},
    ),
  ],
}

const ISTIO = 'istio-proxy'
const TCP_UDP: Partial<PlanWish> = {modes: ['pod'], protocols: ['tcp', 'udp']}

/** TCP that is about the floaters of these nodes, in this direction. */
const tcp = (names: string, way: 'to' | 'from' | 'both', reason: Reason = 'reset'): Fault =>
  faultsOf(reason, (probe) => {
    const [source, target] = [probe.source, probe.endpoint.node].map((n) =>
      names.includes('abcd'[n ?? 9] ?? '-'),
    )
    if (probe.block.protocol !== 'tcp' || probe.block.mode === 'node' || !crosses(probe)) return false
    return (way !== 'from' && target === true) || (way !== 'to' && source === true)
  })

interface Meshed {
  readonly names: string
  readonly fault: Fault
  readonly wish?: Partial<PlanWish>
  readonly sidecar?: string
  readonly mark?: MeshMark
}

const inMesh = ({names, fault, wish = TCP_UDP, sidecar = ISTIO, mark}: Meshed): Run => {
  const one = runOf(beside(nodesCalled('abcd'), names, sidecar), [fault], wish)
  return mark === undefined
    ? one
    : {...one, clusters: one.clusters.map((cluster) => ({...cluster, mesh: mark}))}
}

const mesh: Kind = {
  found: [
    {
      title: 'no TCP passes where each floater has a sidecar, and UDP does',
      run: inMesh({
        ...{names: 'abcd', fault: tcp('abcd', 'to')},
        mark: {mesh: 'Istio', mark: 'istio-injection=enabled'},
      }),
      first: {
        kind: 'mesh',
        subjects: [],
        direction: 'inbound',
        layer: 'pod network',
        sentence:
          'TCP to floaters fails in the pod network (overlay), the rest arrives: a sidecar stands there, istio-proxy (Istio)',
        evidence: [
          '12 probes: reset',
          'all TCP that has to pass that sidecar fails',
          'what is not TCP arrives on the same paths',
          'something else that drops TCP there would look the same',
          'the namespace asks for Istio: istio-injection=enabled',
        ],
      },
    },
    {
      title: 'two of four have one, and others do not reach them',
      run: inMesh({names: 'cd', fault: tcp('cd', 'to', 'timeout'), wish: {modes: ['pod']}}),
      first: {
        kind: 'mesh',
        subjects: [node(2), node(3)],
        direction: 'inbound',
        sentence:
          'TCP to the floaters of c and d fails in the pod network (overlay), the rest arrives: a sidecar stands there, istio-proxy (Istio)',
        evidence: [
          '6 probes: timeout',
          'all TCP that has to pass that sidecar fails',
          'where no sidecar has part, it arrives',
          'something else that drops TCP there would look the same',
        ],
      },
    },
    {
      title: 'nodes do not reach pods, pods in the mesh do',
      run: inMesh({
        ...{names: 'abcd', sidecar: 'linkerd-proxy'},
        fault: faultsOf('reset', (probe) => probe.block.mode === 'node-to-pod' && crosses(probe)),
        wish: {modes: ['pod', 'node-to-pod']},
      }),
      first: {
        kind: 'mesh',
        subjects: [],
        direction: 'inbound',
        sentence:
          'TCP from outside the mesh to floaters fails in the pod network (overlay), the rest arrives: a sidecar stands there, linkerd-proxy (Linkerd)',
      },
    },
    {
      title: 'nothing leaves through it',
      run: inMesh({names: 'a', fault: tcp('a', 'from', 'refused')}),
      first: {kind: 'mesh', subjects: [node(0)], direction: 'outbound'},
    },
    {
      title: 'neither in nor out',
      run: inMesh({names: 'a', fault: tcp('a', 'both', 'wrong-peer')}),
      first: {kind: 'mesh', subjects: [node(0)], direction: 'both'},
    },
  ],
  nearMisses: [
    {
      title: 'one node has one, and TCP alone was asked: as deaf as any',
      run: inMesh({names: 'd', fault: tcp('d', 'to', 'timeout'), wish: {modes: ['pod']}}),
      first: {
        kind: 'node-deaf',
        evidence: [
          '3 probes: timeout',
          'istio-proxy (Istio) stands beside the floaters: it may be what holds TCP up',
        ],
      },
    },
    {
      title: 'all is well',
      run: inMesh({names: 'abcd', fault: () => undefined}),
      first: NOTHING,
    },
    {
      title: 'UDP fails on the same paths',
      run: inMesh({
        names: 'd',
        fault: faultsOf('timeout', ({source, endpoint}) => source !== 3 && endpoint.node === 3),
      }),
      first: {kind: 'node-deaf', evidence: ['6 probes: timeout', 'seen over TCP and UDP']},
    },
    {
      title: 'the node beneath is not reached either',
      run: inMesh({
        ...{names: 'd', wish: {modes: ['pod', 'node']}},
        fault: faultsOf('timeout', ({source, endpoint}) => source !== 3 && endpoint.node === 3),
      }),
      first: {kind: 'node-deaf', layer: 'host network', evidence: ['6 probes: timeout']},
    },
    {
      title: 'nothing else was asked: evidence, no more',
      run: inMesh({names: 'abcd', fault: tcp('abcd', 'to', 'timeout'), wish: {modes: ['pod', 'node']}}),
      first: {
        kind: 'overlay-down',
        evidence: [
          '12 probes: timeout',
          TCP_ALONE,
          'istio-proxy (Istio) stands beside the floaters: it may be what holds TCP up',
        ],
      },
    },
    {
      title: 'of four in the mesh, one is not reached',
      run: inMesh({names: 'abcd', fault: tcp('d', 'to', 'timeout'), wish: {modes: ['pod']}}),
      first: {kind: 'node-deaf', evidence: ['3 probes: timeout']},
    },
    {
      title: 'what stands there is no proxy that is known: evidence, no more',
      run: inMesh({names: 'abcd', sidecar: 'watcher', fault: tcp('abcd', 'to', 'timeout')}),
      first: {
        kind: 'protocol',
        evidence: [
          '12 probes: timeout',
          TCP_ALONE,
          'watcher stands beside the floaters: it may be what holds TCP up',
        ],
      },
    },
    {
      title: 'the namespace asks for a mesh, and no floater is in it',
      run: inMesh({
        ...{names: '', fault: tcp('abcd', 'to', 'timeout')},
        mark: {mesh: 'Istio', mark: 'istio-injection=enabled'},
      }),
      first: {kind: 'protocol', evidence: ['12 probes: timeout', TCP_ALONE]},
    },
  ],
}

export const guarded = {'network-policy': policies, mesh} satisfies Partial<Record<FindingKind, Kind>>
