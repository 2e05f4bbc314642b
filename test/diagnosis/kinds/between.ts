import type {NodeUnderTest} from '../../../src/model/cluster.ts'
import type {FindingKind} from '../../../src/model/finding.ts'
import type {Probe} from '../../../src/model/plan.ts'
import type {PlanWish} from '../../../src/plan/wish.ts'
import {clusterNamed} from '../../plan/wish.ts'
import {inCluster, nodeWith} from '../../report/sample.ts'
import {faultsOf, nodesCalled, pictured, runOf, type Pictures} from '../matrix.ts'
import {failed, node, pair, type Kind} from './case.ts'

const shown = (pictures: Pictures, wish: Partial<PlanWish> = {}, names = 'abc') =>
  runOf(nodesCalled(names), [pictured(names, pictures)], wish)

const HOSTS: Partial<PlanWish> = {modes: ['pod', 'node']}
const PROTOCOLS: Partial<PlanWish> = {protocols: ['tcp', 'udp', 'icmp']}
const NAMES: Partial<PlanWish> = {
  identity: ({node: name, uid}, protocol) => (protocol === 'tcp' ? `${name}/${uid}` : undefined),
}

/** Two nodes in one subnet, two in another. */
const inSubnets = (): NodeUnderTest[] =>
  nodesCalled('abcd').map((one, n) => ({
    ...one,
    addresses: [`192.0.2.${n + 1}`, `198.51.100.${n + 1}`].slice(Number(n > 1)),
  }))

/** Clusters east and west, of two nodes each; west is seen by east under other addresses. */
const TWO: readonly NodeUnderTest[] = [
  inCluster('east', nodeWith('a', '10.0.0.1')),
  inCluster('east', nodeWith('b', '10.0.0.2')),
  inCluster('west', nodeWith('c', '10.9.0.1')),
  inCluster('west', nodeWith('d', '10.9.0.2')),
]
const TRANSLATED: Partial<PlanWish> = {
  clusters: [clusterNamed('east'), clusterNamed('west', {from: '10.9.0.0/16', to: '10.200.0.0/16'})],
}
const UNTRANSLATED: Partial<PlanWish> = {clusters: [clusterNamed('east'), clusterNamed('west')]}
const eastToWest = faultsOf('timeout', ({source, endpoint}) => source < 2 && (endpoint.node ?? 0) > 1)

/** The nodes 0 and 1 are in one cluster, 2 and 3 in another, 4 in a third. */
const acrossClusters = faultsOf(
  'timeout',
  ({source, endpoint}) => Math.floor(source / 2) !== Math.floor((endpoint.node ?? 0) / 2),
)

/** Every third of what crosses the network. */
const isThird = ({source, endpoint}: Probe) =>
  source !== endpoint.node && (source + (endpoint.node ?? 0)) % 3 === 0

/** The pods of c are not reached, and these do not find names. */
const deafServer = (isCutOff: (source: number) => boolean) =>
  runOf(
    nodesCalled('abcd'),
    [
      pictured('abcd', {pod: '..x. ..x. .... ..x.'}, ({protocol}) => protocol === 'tcp'),
      faultsOf('timeout', ({block, source}) => block.protocol === 'dns' && isCutOff(source)),
    ],
    {protocols: ['tcp', 'dns'], lookups: [{name: 'kubernetes.default.svc'}]},
  )

export const betweenNodes = {
  'node-deaf': {
    found: [
      {
        title: 'nothing reaches c, and the name server there is reached from c alone',
        run: deafServer((source) => source !== 2),
        first: {
          kind: 'node-deaf',
          subjects: [node(2)],
          direction: 'inbound',
          evidence: ['6 probes: timeout'],
        },
      },
      {
        title: 'nothing reaches c',
        run: shown({pod: '..x ..x ...'}, HOSTS),
        first: {
          kind: 'node-deaf',
          subjects: [node(2)],
          direction: 'inbound',
          layer: 'pod network',
          sentence: 'c is deaf in the pod network (overlay); its host network works',
        },
      },
    ],
    nearMisses: [
      {
        title: 'names are resolved from elsewhere too: two findings',
        run: deafServer((source) => source === 0),
        first: {kind: 'node-deaf', subjects: [node(2)]},
        second: 'DNS does not work from a, and does from elsewhere',
      },
      {
        title: 'c finds no names either: two findings',
        run: deafServer(() => true),
        first: {kind: 'dns', subjects: []},
        second: 'c is deaf in the pod network (overlay)',
      },
      {
        title: 'of three others, one reaches c',
        run: shown({pod: '..x. ..x. .... ....'}, {}, 'abcd'),
        first: {kind: 'pair', subjects: [pair(0, 2)], direction: 'outbound'},
      },
    ],
  },
  'node-mute': {
    found: [
      {
        title: 'nothing from c arrives',
        run: shown({pod: '... ... xx.'}),
        first: {
          kind: 'node-mute',
          subjects: [node(2)],
          direction: 'outbound',
          layer: 'pod network',
          sentence: 'c is mute in the pod network (overlay)',
        },
      },
    ],
    nearMisses: [
      {
        title: 'nothing from c arrives over UDP alone',
        run: runOf(
          nodesCalled('abc'),
          [pictured('abc', {pod: '... ... xx.'}, ({protocol}) => protocol === 'udp')],
          PROTOCOLS,
        ),
        first: {kind: 'protocol', subjects: [node(2)], direction: 'outbound'},
      },
    ],
  },
  'node-cut-off': {
    found: [
      {
        title: 'nothing to or from c',
        run: shown({pod: '..x ..x xx.'}),
        first: {
          kind: 'node-cut-off',
          subjects: [node(2)],
          direction: 'both',
          layer: 'pod network',
          sentence: 'c is cut off in the pod network (overlay)',
        },
      },
    ],
    nearMisses: [
      {
        title: 'c is refused, and times out itself',
        run: shown({pod: '..r ..r xx.'}),
        first: {kind: 'node-mute', subjects: [node(2)]},
      },
    ],
  },
  pair: {
    found: [
      {
        title: 'a does not reach b',
        run: shown({pod: '.x. ... ...'}),
        first: {
          kind: 'pair',
          subjects: [pair(0, 1)],
          direction: 'outbound',
          layer: 'pod network',
          sentence: 'a does not reach b in the pod network (overlay); the other way works',
        },
      },
    ],
    nearMisses: [
      {
        title: 'the other way is broken by something else: nobody says that it works',
        run: shown({pod: '...x. ...x. ...x. ....x ...x.'}, {}, 'abcde'),
        first: {kind: 'node-deaf', subjects: [node(3)]},
        second: 'd does not reach e in the pod network (overlay)',
      },
      {
        title: 'a refuses itself: no network is between',
        run: shown({pod: 'r.. ... ...'}),
        first: {kind: 'floater-down', subjects: [node(0)]},
      },
    ],
  },
  groups: {
    found: [
      {
        title: 'a subnet against another, one way',
        run: runOf(inSubnets(), [pictured('abcd', {pod: '..xx ..xx .... ....'})]),
        first: {
          kind: 'groups',
          subjects: [
            {kind: 'group', trait: 'subnet', value: '192.0.2.0/24', nodes: [0, 1]},
            {kind: 'group', trait: 'subnet', value: '198.51.100.0/24', nodes: [2, 3]},
          ],
          direction: 'outbound',
          layer: 'pod network',
          sentence: 'subnet 192.0.2.0/24 does not reach subnet 198.51.100.0/24 in the pod network (overlay)',
        },
      },
    ],
    nearMisses: [
      {
        title: 'the same failures, all nodes in one subnet',
        run: shown({pod: '..xx ..xx .... ....'}, {}, 'abcd'),
        first: {kind: 'pair'},
      },
      {
        title: 'loss on one path of two between the zones',
        run: runOf(nodesCalled('abc', {a: {zone: 'east'}, b: {zone: 'west'}, c: {zone: 'west'}}), [
          pictured('abc', {pod: '.u. ... ...'}),
        ]),
        first: {kind: 'loss', subjects: [pair(0, 1)]},
      },
      {
        title: 'one path between the subnets',
        run: runOf(inSubnets(), [pictured('abcd', {pod: '..x. .... .... ....'})]),
        first: {kind: 'pair', subjects: [pair(0, 2)]},
      },
    ],
  },
  'overlay-down': {
    found: [
      {
        title: 'no pod of another node answers',
        run: shown({pod: '.xx x.x xx.'}, HOSTS),
        first: {
          kind: 'overlay-down',
          subjects: [],
          layer: 'pod network',
          sentence: 'nothing gets through between nodes in the pod network (overlay); the host network works',
        },
      },
    ],
    nearMisses: [
      {
        title: 'two clusters reach no node of each other: each works',
        run: runOf(TWO, [acrossClusters], UNTRANSLATED),
        first: {
          kind: 'groups',
          subjects: [
            {kind: 'cluster', cluster: 'east'},
            {kind: 'cluster', cluster: 'west'},
          ],
          direction: 'both',
          sentence: 'cluster east and cluster west do not reach each other in the pod network (overlay)',
        },
      },
      {
        title: 'three clusters, likewise',
        run: runOf([...TWO, inCluster('north', nodeWith('e', '10.8.0.1'))], [acrossClusters], {
          clusters: ['east', 'west', 'north'].map((name) => clusterNamed(name)),
        }),
        first: {
          kind: 'groups',
          sentence: 'no cluster reaches another in the pod network (overlay)',
        },
      },
      {
        title: 'two nodes still reach each other',
        run: shown({pod: '..xx ..xx xx.x xxx.'}, {}, 'abcd'),
        first: {kind: 'node-cut-off'},
      },
    ],
  },
  'underlay-down': {
    found: [
      {
        title: 'no node reaches another, nor do pods',
        run: shown({pod: '.xx x.x xx.', node: '.xx x.x xx.'}, HOSTS),
        first: {
          kind: 'underlay-down',
          subjects: [],
          layer: 'host network',
          sentence: 'nothing gets through between nodes in the host network',
        },
      },
    ],
    nearMisses: [
      {
        title: 'no pod does, and one node',
        run: shown({pod: '.xx x.x xx.', node: '.x. ... ...'}, HOSTS),
        first: {kind: 'overlay-down', layer: 'pod network'},
      },
    ],
  },
  'all-down': {
    found: [
      {
        title: 'no floater answers itself',
        run: shown({pod: 'xxx xxx xxx'}),
        first: {
          kind: 'all-down',
          subjects: [],
          layer: 'pod network',
          sentence:
            'no floater answers, not even on its own node, in the pod network (overlay): most often the port or the image of the config is wrong',
        },
      },
    ],
    nearMisses: [
      {
        title: 'one of three does not answer itself',
        run: shown({pod: 'xxx x.x xx.'}),
        first: {kind: 'overlay-down'},
      },
    ],
  },
  protocol: {
    found: [
      {
        title: 'UDP alone gets lost, everywhere',
        run: runOf(
          nodesCalled('abc'),
          [pictured('abc', {pod: '.xx x.x xx.'}, ({protocol}) => protocol === 'udp')],
          PROTOCOLS,
        ),
        first: {
          kind: 'protocol',
          subjects: [],
          layer: 'pod network',
          sentence: 'UDP between all nodes gets lost in the pod network (overlay), the rest arrives',
        },
      },
      {
        title: 'pings of one node alone, those to itself as well, in both networks',
        run: runOf(
          nodesCalled('abcd'),
          [
            pictured(
              'abcd',
              {pod: '..x. ..x. xx.x ..x.', node: '..x. ..x. xxxx ..x.'},
              ({protocol}) => protocol === 'icmp',
            ),
          ],
          {...HOSTS, ...PROTOCOLS},
        ),
        first: {
          kind: 'protocol',
          subjects: [node(2)],
          direction: 'both',
          layer: 'host network',
          sentence: 'ICMP to and from c gets lost in the host network, the rest arrives',
        },
      },
    ],
    nearMisses: [
      {
        title: 'UDP is all that was asked',
        run: shown({pod: '.xx x.x xx.'}, {protocols: ['udp']}),
        first: {kind: 'overlay-down'},
      },
    ],
  },
  family: {
    found: [
      {
        title: 'IPv6 alone gets lost',
        run: runOf(
          nodesCalled('abc'),
          [pictured('abc', {pod: '.xx x.x xx.'}, ({ipFamily}) => ipFamily === 'ipv6')],
          {ipFamily: 'auto'},
        ),
        first: {
          kind: 'family',
          subjects: [],
          layer: 'pod network',
          sentence: 'IPv6 between all nodes gets lost in the pod network (overlay), the rest arrives',
        },
      },
    ],
    nearMisses: [
      {
        title: 'both families get lost',
        run: shown({pod: '.xx x.x xx.'}, {ipFamily: 'auto'}),
        first: {kind: 'overlay-down'},
      },
    ],
  },
  mtu: {
    found: [
      {
        title: 'large packets alone get lost on their way from c',
        run: runOf(
          nodesCalled('abc'),
          [pictured('abc', {pod: '... ... ll.'}, ({check}) => check === 'mtu')],
          {mtu: true},
        ),
        first: {
          kind: 'mtu',
          subjects: [node(2)],
          direction: 'outbound',
          layer: 'pod network',
          sentence:
            'large packets from c get lost in the pod network (overlay), small ones arrive: an MTU on the way is too small for them',
        },
      },
    ],
    nearMisses: [
      {
        title: 'large packets get lost now and then',
        run: runOf(
          nodesCalled('abc'),
          [pictured('abc', {pod: '... ... uu.'}, ({check}) => check === 'mtu')],
          {
            mtu: true,
          },
        ),
        first: {
          kind: 'loss',
          subjects: [node(2)],
          sentence: 'large packets from c get lost now and then in the pod network (overlay)',
        },
      },
      {
        title: 'small packets get lost, too',
        run: shown({pod: '... ... xx.'}, {mtu: true}),
        first: {kind: 'node-mute'},
      },
    ],
  },
  refused: {
    found: [
      {
        title: 'c refuses all others',
        run: shown({pod: '..r ..r ...'}),
        first: {
          kind: 'refused',
          subjects: [node(2)],
          direction: 'inbound',
          layer: 'pod network',
          sentence:
            'connections to c are refused in the pod network (overlay): nothing listens there, or a policy rejects them',
        },
      },
    ],
    nearMisses: [
      {
        title: 'c refuses itself as well: its floater is down',
        run: shown({pod: '..r ..r ..r'}),
        first: {kind: 'refused', subjects: [node(2)]},
      },
    ],
  },
  'wrong-peer': {
    found: [
      {
        title: 'the floater of b answers in place of that of c',
        run: runOf(
          nodesCalled('abc'),
          [
            ({endpoint, source}) =>
              endpoint.node === 2 && source !== 2 ? failed('wrong-peer', 'HTTP 200: b/uid-b\n') : undefined,
          ],
          NAMES,
        ),
        first: {
          kind: 'wrong-peer',
          subjects: [node(2)],
          direction: 'inbound',
          layer: 'pod network',
          sentence: 'something else than the floater answers to c in the pod network (overlay)',
          evidence: ['2 probes: wrong-peer', 'the floater of b answers in its place'],
        },
      },
      {
        title: 'a stranger answers one, the floater of a the others',
        run: runOf(
          nodesCalled('abcd'),
          [
            ({endpoint, source}) =>
              endpoint.node === 3 && source !== 3
                ? failed('wrong-peer', source === 2 ? 'HTTP 404: not found' : 'HTTP 200: a/uid-a')
                : undefined,
          ],
          NAMES,
        ),
        first: {
          kind: 'wrong-peer',
          subjects: [node(3)],
          direction: 'inbound',
          evidence: [
            '3 probes: wrong-peer',
            'the floater of a answers in its place (2 probes)',
            'it says: HTTP 404: not found (1 probe)',
          ],
        },
      },
      {
        title: 'a floater that nobody knows any more',
        run: runOf(
          nodesCalled('abc'),
          [
            ({endpoint, source}) =>
              endpoint.node === 2 && source !== 2 ? failed('wrong-peer', 'HTTP 200: b/uid-old') : undefined,
          ],
          NAMES,
        ),
        first: {
          kind: 'wrong-peer',
          direction: 'inbound',
          evidence: ['2 probes: wrong-peer', 'it says: HTTP 200: b/uid-old'],
        },
      },
    ],
    nearMisses: [
      {title: 'nobody answers', run: shown({pod: '..x ..x ...'}, NAMES), first: {kind: 'node-deaf'}},
    ],
  },
  'cidr-map': {
    found: [
      {
        title: 'nothing arrives at the addresses that cidrMap gives',
        run: runOf(TWO, [eastToWest], TRANSLATED),
        first: {
          kind: 'cidr-map',
          subjects: [
            {kind: 'cluster', cluster: 'east'},
            {kind: 'cluster', cluster: 'west'},
          ],
          direction: 'outbound',
          layer: 'pod network',
          sentence:
            'cluster east does not reach cluster west in the pod network (overlay); the addresses that cidrMap gives lead elsewhere, most likely',
        },
      },
    ],
    nearMisses: [
      {
        title: 'nothing arrives, and nothing is translated',
        run: runOf(TWO, [eastToWest], UNTRANSLATED),
        first: {
          kind: 'groups',
          subjects: [
            {kind: 'cluster', cluster: 'east'},
            {kind: 'cluster', cluster: 'west'},
          ],
          sentence: 'cluster east does not reach cluster west in the pod network (overlay)',
        },
      },
      {
        title: 'nothing arrives at one node, whose address is translated as the others are',
        run: runOf(
          TWO,
          [faultsOf('timeout', ({source, endpoint}) => source !== 3 && endpoint.node === 3)],
          TRANSLATED,
        ),
        first: {kind: 'node-deaf', subjects: [node(3)]},
      },
      {
        title: 'nothing arrives from the other cluster, which sees no other addresses',
        run: runOf(
          TWO,
          [faultsOf('timeout', ({source, endpoint}) => source > 1 && (endpoint.node ?? 9) < 2)],
          TRANSLATED,
        ),
        first: {
          kind: 'groups',
          sentence: 'cluster west does not reach cluster east in the pod network (overlay)',
        },
      },
    ],
  },
  scattered: {
    found: [
      {
        title: 'every third path between fourteen nodes',
        run: runOf(nodesCalled('abcdefghijklmn'), [faultsOf('timeout', isThird)]),
        first: {
          kind: 'scattered',
          subjects: [],
          layer: 'pod network',
          sentence: '30 pairs of nodes, in no pattern, get no answer: 33 % of what crosses the network',
        },
      },
    ],
    nearMisses: [
      {
        title: 'as many that have one node in common',
        run: runOf(nodesCalled('abcdefghij'), [
          faultsOf('timeout', ({source, endpoint}) => source !== endpoint.node && endpoint.node === 0),
        ]),
        first: {kind: 'node-deaf', subjects: [node(0)]},
      },
      {
        title: 'three paths: they are told one by one',
        run: runOf(nodesCalled('abcdefghij'), [
          faultsOf('timeout', ({source, endpoint}) =>
            [1, 12, 23].includes(source * 10 + (endpoint.node ?? 0)),
          ),
        ]),
        first: {kind: 'pair'},
      },
    ],
  },
} as const satisfies Partial<Record<FindingKind, Kind>>
