import fc from 'fast-check'
import type {NodeUnderTest} from '../../src/model/cluster.ts'
import type {Verdict} from '../../src/model/result.ts'
import type {Run} from '../../src/model/run.ts'
import {subsetOf} from '../../src/plan/cut.ts'
import {REASONS, STATUSES} from '../../src/results/store.ts'
import {
  answered,
  besideFloater,
  inCluster,
  nodeWith,
  nodeWithout,
  resultsOf,
  sampleRun,
  withHost,
  withNeighbour,
} from './sample.ts'

const refused: Verdict = {...answered, status: 'FAILED', reason: 'refused', raw: 'Connection refused'}
const noFloater: Verdict = {...answered, status: 'EXCEPTION', reason: 'no-floater', timeUs: 0, raw: 'none'}

/** Text that would break out of a terminal, a line, JSON, XML or HTML, if anything let it. */
export const HOSTILE = `"'\\\n\r\t\u0000\u0008\u001b[2J\u009b1m\u007f\u202e\u2028\ufffe\ud800]]></failure><!--&amp;<script>alert(1)</script>{address}`

/** Runs of every kind, by what is special about them. */
export const RUNS = {
  'all well': sampleRun([nodeWith('a', '10.0.0.1'), nodeWith('b', '10.0.0.2')], () => answered),
  'failures, nodes without floaters, untested': sampleRun(
    [nodeWith('a', '10.0.0.1'), nodeWith('b', '10.0.0.2'), nodeWithout('c', 'unschedulable')],
    ({id}) => [answered, refused, noFloater, undefined, {...answered, timeUs: 1_010_000, unstable: true}][id],
    {
      interrupted: 'SIGINT',
      partial: ['only from a', 'only to b'],
      notCovered: [{cluster: 'src', node: 'w', cause: 'it runs windows', leftOut: false}],
      caveats: ['who answered'],
    },
  ),
  'two clusters, both families, custom targets': sampleRun(
    [
      {...nodeWith('a', '10.0.0.1', 'fd00::1'), traits: {zone: 'z1', kernel: '6.1.0'}},
      nodeWith('b', '10.0.0.2', 'fd00::2'),
      inCluster('dst', nodeWith('a', '10.1.0.1')),
    ],
    ({id}) => (id % 3 === 0 ? refused : answered),
    {},
    {
      customTargets: [
        {host: 'www.example.com', port: 443},
        {host: '192.0.2.7', port: 53},
      ],
    },
  ),
  'a policy, a mesh and sidecars between the floaters': sampleRun(
    [
      besideFloater(nodeWith('a', '10.0.0.1'), 'istio-proxy', 'watcher'),
      nodeWith('b', '10.0.0.2'),
      nodeWith('c', '10.0.0.3'),
    ],
    ({source, endpoint}) => (source === endpoint.node ? answered : refused),
    {
      namespace: HOSTILE,
      clusters: [
        {
          ...{name: 'src', context: 'c', server: 'https://192.0.2.1:6443', version: 'v1.35.4', image: 'i'},
          policies: [
            {name: 'deny-all', floaters: ['pod', 'neighbour'], ingress: []},
            {name: 'dns', floaters: ['pod'], egress: [{peers: 'unknown', protocols: ['dns']}]},
          ],
          mesh: {mesh: HOSTILE.slice(0, 60), mark: `istio.io/rev=${HOSTILE}`},
        },
      ],
    },
  ),
  'every mode, protocol and kind of floater': sampleRun(
    ['a', 'b'].map((name, n) =>
      withNeighbour(
        withHost(nodeWith(name, `10.0.0.${n + 1}`, `fd00::${n + 1}`), `192.168.0.${n + 1}`),
        `10.0.1.${n + 1}`,
      ),
    ),
    ({id}) => [answered, refused, noFloater, undefined][id % 4],
    {},
    {
      modes: ['pod', 'node', 'node-to-pod', 'pod-to-node', 'service', 'nodeport', 'apiserver'],
      protocols: ['tcp', 'udp', 'icmp', 'dns'],
      mtu: true,
      sameNode: true,
      identity: ({uid}) => uid,
      lookups: [{name: 'web.example'}, {name: 'web.example', server: 'ns.example'}],
      customTargets: [{host: 'www.example.com', port: 443}],
      services: (['ClusterIP', 'NodePort'] as const).map((type) => ({
        cluster: 'src',
        type,
        behind: 'b',
        addresses: ['10.96.0.9'],
        port: 8889,
        nodePort: type === 'NodePort' ? 30_123 : undefined,
      })),
      apiServers: [{cluster: 'src', addresses: ['10.96.0.1'], port: 443}],
    },
  ),
  hostile: sampleRun(
    [{...nodeWith(`a${HOSTILE}`, '10.0.0.1'), traits: {zone: HOSTILE}}, nodeWithout(`b${HOSTILE}`, HOSTILE)],
    ({id}) =>
      [
        {...refused, reason: 'wrong-peer' as const, raw: HOSTILE},
        {...noFloater, raw: HOSTILE},
        {...noFloater, reason: 'probe-error' as const, raw: HOSTILE},
        {...answered, unstable: true},
      ][id],
    {
      namespace: HOSTILE,
      notCovered: [{cluster: 'src', node: HOSTILE, cause: HOSTILE, leftOut: false}],
      partial: [HOSTILE],
      caveats: [HOSTILE],
      clusters: [{name: 'src', context: HOSTILE, server: HOSTILE, version: HOSTILE, image: HOSTILE}],
    },
  ),
  'no probe': sampleRun([], () => undefined),
} satisfies Readonly<Record<string, Run>>

const name = fc.oneof(fc.domain(), fc.string({minLength: 1, maxLength: 20, unit: 'binary'}))
const verdict: fc.Arbitrary<Verdict | undefined> = fc.option(
  fc.record({
    status: fc.constantFrom(...STATUSES),
    reason: fc.constantFrom(...REASONS),
    timeUs: fc.integer({min: 0, max: 0xff_ff_ff_ff}),
    raw: fc.oneof(fc.string({maxLength: 60, unit: 'binary'}), fc.constantFrom('', HOSTILE, 'after 12 ms')),
    unstable: fc.boolean(),
  }),
  {nil: undefined},
)
const node: fc.Arbitrary<NodeUnderTest> = fc
  .tuple(name, fc.constantFrom('src', 'dst'), fc.option(fc.tuple(fc.ipV4(), fc.ipV6())), fc.nat(2))
  .map(([called, cluster, addresses, families]) =>
    inCluster(
      cluster,
      addresses === null
        ? nodeWithout(called, HOSTILE)
        : nodeWith(called, ...(families === 2 ? addresses : [addresses[families] ?? ''])),
    ),
  )

const QUESTIONS = [
  'again',
  'small',
  'large',
  'ping',
  'tcp',
  'udp',
  'node-ping',
  'node-port',
  'floater',
] as const
const counts = fc.record(
  {received: fc.nat(6), sent: fc.nat(6), refused: fc.nat(6), unread: fc.constantFrom(0, 768)},
  {requiredKeys: ['received', 'sent', 'refused']},
)
const foreign = fc.oneof(fc.string(), fc.constant(HOSTILE))
const cause = fc.record({cause: foreign})

/** Whatever could have been answered afterwards about the probes of a run. */
export function followUps({plan}: Pick<Run, 'plan'>): fc.Arbitrary<Run['followUps']> {
  if (plan.size === 0) return fc.constant([])
  const answer = fc.record({
    question: fc.oneof(fc.constant('again' as const), fc.constantFrom(...QUESTIONS)),
    asker: fc.oneof(fc.constant(0), fc.nat(plan.nodes.length - 1)),
    status: fc.oneof(fc.constant('FAILED' as const), fc.constantFrom(...STATUSES)),
    reason: fc.oneof(fc.constantFrom('timeout' as const, 'refused' as const), fc.constantFrom(...REASONS)),
    raw: foreign,
  })
  const hops = fc.array(fc.oneof(fc.constant(''), fc.ipV4()), {maxLength: 5})
  return fc.array(
    fc.record(
      {
        finding: fc.oneof(
          fc.constant({kind: 'pair', nodes: [0, 1]}),
          fc.record({
            kind: foreign.map((text) => text.slice(0, 100)),
            nodes: fc.array(fc.nat(9), {maxLength: 3}),
          }),
        ),
        probe: fc.oneof(fc.constant(Math.min(1, plan.size - 1)), fc.nat(plan.size - 1)),
        answers: fc.array(answer, {maxLength: 6}),
        arrivals: fc.oneof(
          {
            weight: 4,
            arbitrary: fc.record({
              idle: fc.oneof(fc.constant({received: 0, sent: 0, refused: 0}), counts),
              asked: counts,
            }),
          },
          {weight: 1, arbitrary: cause},
        ),
        route: fc.oneof(fc.record({hops}), cause),
        omitted: foreign,
      },
      {requiredKeys: ['finding', 'probe', 'answers']},
    ),
    {maxLength: 3},
  )
}

/** Any run that could be: clusters, families, custom targets, a cut plan, and whatever verdicts. */
export const anyRun: fc.Arbitrary<Run> = fc
  .record({
    nodes: fc.uniqueArray(node, {maxLength: 6, selector: (one) => `${one.cluster}/${one.name}`}),
    customTargets: fc.array(
      fc.record({host: fc.oneof(fc.domain(), fc.ipV4()), port: fc.integer({min: 1, max: 65_535})}),
      {maxLength: 2},
    ),
    verdicts: fc.array(verdict, {minLength: 1, maxLength: 30}),
    partial: fc.array(fc.string(), {maxLength: 2}),
    sample: fc.option(fc.integer({min: 1, max: 3}), {nil: undefined}),
    interrupted: fc.constantFrom(undefined, 'SIGINT'),
  })
  .map(({nodes, customTargets, verdicts, partial, sample, interrupted}) => {
    const whole = sampleRun(nodes, () => undefined, {partial}, {customTargets})
    const plan = subsetOf(whole.plan, {from: undefined, to: undefined, bothWays: false, sample})
    const results = resultsOf(plan, ({id}) => verdicts[id % verdicts.length])
    return {...whole, plan, results, ...(interrupted === undefined ? {} : {interrupted})}
  })
  .chain((run) => followUps(run).map((asked) => ({...run, followUps: asked})))
