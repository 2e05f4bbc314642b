import type {FindingKind} from '../../../src/model/finding.ts'
import type {PlanWish, ServiceUnderTest} from '../../../src/plan/wish.ts'
import {inCluster} from '../../report/sample.ts'
import {faultsOf, nodesCalled, pictured, runOf, type Pictures} from '../matrix.ts'
import {node, pair, type Kind} from './case.ts'

/** A service of ours in front of each node's floater, and the port of one of them on every node. */
function serviceOf(type: ServiceUnderTest['type'], behind: string, last: number): ServiceUnderTest {
  return {
    cluster: 'src',
    type,
    behind,
    addresses: [`10.96.0.${last}`],
    port: 8889,
    nodePort: type === 'NodePort' ? 30_123 : undefined,
  }
}

const SERVICES: Partial<PlanWish> = {
  modes: ['pod', 'service'],
  services: ['a', 'b', 'c', 'd'].map((name, n) => serviceOf('ClusterIP', name, n + 11)),
}
const NODE_PORTS: Partial<PlanWish> = {modes: ['pod', 'nodeport'], services: [serviceOf('NodePort', 'a', 9)]}
const API_SERVER: Partial<PlanWish> = {
  modes: ['pod', 'apiserver'],
  apiServers: [{cluster: 'src', addresses: ['10.96.0.1'], port: 443}],
}
const NAMES: Partial<PlanWish> = {
  protocols: ['tcp', 'dns'],
  lookups: [{name: 'kubernetes.default.svc'}, {name: 'web.example.com'}],
}
const TARGETS: Partial<PlanWish> = {
  customTargets: [
    {host: '192.0.2.80', port: 443},
    {host: '192.0.2.81', port: 443},
  ],
}

const four = (wish: Partial<PlanWish>, pictures: Pictures) =>
  runOf(nodesCalled('abcd'), [pictured('abcd', pictures)], wish)
const asked = (wish: Partial<PlanWish>, ...concerns: Parameters<typeof faultsOf>) =>
  runOf(nodesCalled('abcd'), [faultsOf(...concerns)], wish)

export const outward = {
  services: {
    found: [
      {
        title: 'from one node',
        run: four(SERVICES, {service: '.... .... .... xxx.'}),
        first: {
          kind: 'services',
          subjects: [node(3)],
          layer: 'services',
          sentence:
            'services do not work from d, and do from elsewhere: its service proxy is broken or behind',
          evidence: ['3 probes: timeout'],
        },
      },
      {
        title: 'from all',
        run: four(SERVICES, {service: '.xxx x.xx xx.x xxx.'}),
        first: {
          kind: 'services',
          subjects: [],
          layer: 'services',
          sentence: 'services (ClusterIP) cannot be reached from any node',
        },
      },
      {
        title: 'one of ours, from all',
        run: four(SERVICES, {service: '..x. ..x. .... ..x.'}),
        first: {
          kind: 'services',
          subjects: [node(2)],
          layer: 'services',
          sentence: 'the service in front of c cannot be reached from any node',
        },
      },
      {
        title: 'one of them, from one node',
        run: four(SERVICES, {service: '.x.. .... .... ....'}),
        first: {
          kind: 'services',
          subjects: [node(0)],
          layer: 'services',
          sentence: '33 % of what a asks of services (ClusterIP) fails',
        },
      },
    ],
    nearMisses: [
      {
        title: 'the floater behind is not reached at its own address either',
        run: four(SERVICES, {pod: '..x. ..x. .... ..x.', service: '..x. ..x. .... ..x.'}),
        first: {kind: 'node-deaf', subjects: [node(2)]},
      },
      {
        title: 'the floater behind refuses, at its own address, too',
        run: four(SERVICES, {pod: '..r. ..r. .... ..r.', service: '..r. ..r. .... ..r.'}),
        first: {kind: 'refused', subjects: [node(2)]},
      },
      {
        title: 'all services, and a node that reaches no pod',
        run: four(SERVICES, {pod: '.... .... .... xxx.', service: '.xxx x.xx xx.x xxx.'}),
        first: {
          kind: 'services',
          subjects: [],
          sentence: 'services (ClusterIP) cannot be reached from any node',
        },
        second: 'd is mute in the pod network (overlay)',
      },
      {
        title: 'whoever asks services reaches no pod either',
        run: four(SERVICES, {pod: '.... .... .... xxx.', service: '.... .... .... xxx.'}),
        first: {kind: 'node-mute', subjects: [node(3)]},
      },
      {
        title: 'the way to the floater behind one of them is broken',
        run: four(SERVICES, {pod: '.x.. .... .... ....', service: '.x.. .... .... ....'}),
        first: {kind: 'pair', subjects: [pair(0, 1)], direction: 'outbound'},
      },
    ],
  },
  nodeport: {
    found: [
      {
        title: 'the port of one node',
        run: four(NODE_PORTS, {nodeport: '..x. ..x. ..x. ..x.'}),
        first: {
          kind: 'nodeport',
          subjects: [node(2)],
          layer: 'services',
          sentence: 'the NodePort of c cannot be reached from any node',
        },
      },
      {
        title: 'from one node',
        run: four(NODE_PORTS, {nodeport: '.... .... .... xxxx'}),
        first: {
          kind: 'nodeport',
          subjects: [node(3)],
          layer: 'services',
          sentence: 'ports of nodes (NodePort) cannot be reached from d, and can from elsewhere',
        },
      },
      {
        title: 'from all',
        run: four(NODE_PORTS, {nodeport: 'xxxx xxxx xxxx xxxx'}),
        first: {
          kind: 'nodeport',
          subjects: [],
          layer: 'services',
          sentence: 'ports of nodes (NodePort) cannot be reached from any node',
        },
      },
    ],
    nearMisses: [
      {
        title: 'the way from the node with the port to the floater behind it is broken',
        run: four(NODE_PORTS, {pod: '.... .... x... ....', nodeport: '..x. ..x. ..x. ..x.'}),
        first: {kind: 'pair', subjects: [pair(2, 0)], direction: 'outbound'},
      },
    ],
  },
  dns: {
    found: [
      {
        title: 'from all of one cluster; the other has its own name servers',
        run: runOf(
          nodesCalled('abc').map((one, n) => (n < 2 ? one : inCluster('dst', one))),
          [faultsOf('timeout', ({block, source}) => block.protocol === 'dns' && source < 2)],
          NAMES,
        ),
        first: {
          kind: 'dns',
          subjects: [{kind: 'cluster', cluster: 'src'}],
          layer: 'names',
          sentence: 'DNS does not work from any node of cluster src',
          evidence: ['4 probes: timeout'],
        },
      },
      {
        title: 'from all but one',
        run: asked(NAMES, 'timeout', ({block, source}) => block.protocol === 'dns' && source !== 2),
        first: {
          kind: 'dns',
          subjects: [],
          layer: 'names',
          sentence: 'DNS does not work from any node but c',
          evidence: ['6 probes: timeout'],
        },
      },
      {
        title: 'on one node',
        run: asked(NAMES, 'timeout', ({source, block}) => source === 1 && block.protocol === 'dns'),
        first: {
          kind: 'dns',
          subjects: [node(1)],
          layer: 'names',
          sentence: 'DNS does not work from b, and does from elsewhere',
        },
      },
      {
        title: 'everywhere',
        run: asked(NAMES, 'timeout', ({block}) => block.protocol === 'dns'),
        first: {kind: 'dns', subjects: [], layer: 'names', sentence: 'DNS does not work from any node'},
      },
      {
        title: 'one name',
        run: asked(NAMES, 'name-unresolved', ({endpoint}) => endpoint.lookup === 'web.example.com'),
        first: {
          kind: 'dns',
          subjects: [{kind: 'target', target: 'web.example.com'}],
          layer: 'names',
          sentence: 'web.example.com cannot be looked up from any node',
        },
      },
      {
        title: 'one of two name servers',
        run: asked(
          {
            ...NAMES,
            lookups: ['192.0.2.53', '192.0.2.54'].map((server) => ({name: 'web.example.com', server})),
          },
          'timeout',
          ({endpoint}) => endpoint.address === '192.0.2.53',
        ),
        first: {
          kind: 'dns',
          subjects: [{kind: 'target', target: 'web.example.com'}],
          layer: 'names',
          sentence: 'web.example.com cannot be looked up at 192.0.2.53 from any node',
        },
      },
      {
        title: 'the only node that asks',
        run: runOf(nodesCalled('a'), [faultsOf('timeout', ({block}) => block.protocol === 'dns')], NAMES),
        first: {kind: 'dns', subjects: [node(0)], sentence: 'all of what a asks of DNS fails'},
      },
    ],
    nearMisses: [
      {
        title: 'the node reaches no pod either',
        run: asked(NAMES, 'timeout', ({source, endpoint}) => source === 1 && endpoint.node !== 1),
        first: {kind: 'node-mute', subjects: [node(1)]},
      },
      {
        title: 'no pod reaches another, nor a name server',
        run: asked(NAMES, 'timeout', ({source, endpoint}) => source !== endpoint.node),
        first: {kind: 'overlay-down'},
      },
    ],
  },
  apiserver: {
    found: [
      {
        title: 'from one node',
        run: asked(API_SERVER, 'timeout', ({source, block}) => source === 2 && block.mode === 'apiserver'),
        first: {
          kind: 'apiserver',
          subjects: [node(2)],
          layer: 'outside',
          sentence: 'the API server cannot be reached from c, and can from elsewhere',
        },
      },
      {
        title: 'from all',
        run: asked(API_SERVER, 'refused', ({block}) => block.mode === 'apiserver'),
        first: {
          kind: 'apiserver',
          subjects: [],
          layer: 'outside',
          sentence: 'the API server cannot be reached from any node',
        },
      },
    ],
    nearMisses: [
      {
        title: 'the node reaches no pod either',
        run: asked(API_SERVER, 'timeout', ({source, endpoint}) => source === 2 && endpoint.node !== 2),
        first: {kind: 'node-mute', subjects: [node(2)]},
      },
    ],
  },
  target: {
    found: [
      {
        title: 'one target, from all',
        run: asked(TARGETS, 'timeout', ({endpoint}) => endpoint.address === '192.0.2.80'),
        first: {
          kind: 'target',
          subjects: [{kind: 'target', target: '192.0.2.80:443'}],
          layer: 'outside',
          sentence: '192.0.2.80:443 cannot be reached from any node',
        },
      },
      {
        title: 'all targets, from one node',
        run: asked(TARGETS, 'timeout', ({source, block}) => source === 0 && block.mode === 'custom'),
        first: {
          kind: 'target',
          subjects: [node(0)],
          layer: 'outside',
          sentence: 'targets outside cannot be reached from a, and can from elsewhere',
        },
      },
      {
        title: 'all targets, from all',
        run: asked(TARGETS, 'timeout', ({block}) => block.mode === 'custom'),
        first: {
          kind: 'target',
          subjects: [],
          layer: 'outside',
          sentence: 'targets outside cannot be reached from any node',
        },
      },
    ],
    nearMisses: [
      {
        title: 'one target, from one node: half of what it asks',
        run: asked(
          TARGETS,
          'timeout',
          ({source, endpoint}) => source === 0 && endpoint.address === '192.0.2.80',
        ),
        first: {
          kind: 'target',
          subjects: [node(0)],
          sentence: '50 % of what a asks of targets outside fails',
        },
      },
    ],
  },
} as const satisfies Partial<Record<FindingKind, Kind>>
