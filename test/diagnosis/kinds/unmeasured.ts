import type {FindingKind} from '../../../src/model/finding.ts'
import type {Probe} from '../../../src/model/plan.ts'
import {nodeWith, nodeWithout, sampleRun} from '../../report/sample.ts'
import {nodesCalled, pictured, runOf} from '../matrix.ts'
import {exception, node, NOTHING, type Kind} from './case.ts'

/** Those whose sources were too busy to be sure of this target. */
function late(...pairs: readonly (readonly [source: number, target: number])[]) {
  return ({source, endpoint}: Probe) =>
    pairs.some(([from, to]) => source === from && endpoint.node === to)
      ? exception('overloaded', 'waiting for 3 s took 5.0 s')
      : undefined
}

export const notMeasured = {
  'no-floater': {
    found: [
      {
        title: 'a node without one',
        run: sampleRun(
          [nodeWith('a', '10.0.0.1'), nodeWithout('b', 'unschedulable')],
          ({source, endpoint}) => (source === 1 || endpoint.node === 1 ? exception('no-floater') : undefined),
        ),
        first: {
          kind: 'no-floater',
          subjects: [node(1)],
          layer: 'floater',
          sentence: 'node b could not be measured: it has no floater',
          evidence: ['unschedulable'],
        },
      },
    ],
    nearMisses: [
      {
        title: 'it has one, and nobody reaches it',
        run: runOf(nodesCalled('abc'), [pictured('abc', {pod: '..x ..x ...'})]),
        first: {kind: 'node-deaf', subjects: [node(2)]},
      },
    ],
  },
  'source-unusable': {
    found: [
      {
        title: 'exec into one floater',
        run: runOf(nodesCalled('abc'), [
          ({source}) => (source === 0 ? exception('exec-failed', 'Forbidden') : undefined),
        ]),
        first: {
          kind: 'source-unusable',
          subjects: [node(0)],
          layer: 'floater',
          sentence: 'nothing could be probed from node a: exec into its floater failed',
          evidence: ['Forbidden'],
        },
      },
    ],
    nearMisses: [
      {
        title: 'exec works, nothing arrives',
        run: runOf(nodesCalled('abc'), [pictured('abc', {pod: '.xx ... ...'})]),
        first: {kind: 'node-mute', subjects: [node(0)]},
      },
      {
        title: 'exec broke off: what was probed counts',
        run: runOf(nodesCalled('abc'), [
          ({source, endpoint}) =>
            source === 0 && endpoint.node === 2 ? exception('exec-failed', 'EOF') : undefined,
        ]),
        first: {
          kind: 'source-unusable',
          subjects: [node(0)],
          sentence: '1 probe could not be made from node a: exec into its floater failed',
        },
      },
    ],
  },
  'shared-address': {
    found: [
      {
        title: 'two nodes at one address',
        run: runOf(nodesCalled('abc'), [
          ({source, endpoint}) =>
            source === 0 && endpoint.node !== 0
              ? exception('shared-address', 'b and c both have 10.0.1.1')
              : undefined,
        ]),
        first: {
          kind: 'shared-address',
          subjects: [],
          layer: 'floater',
          sentence:
            '2 probes could not be measured: several nodes have the same address, and nobody can say which one answers',
          evidence: ['b and c both have 10.0.1.1'],
        },
      },
    ],
    nearMisses: [
      {
        title: 'somebody else answers, and says so',
        run: runOf(nodesCalled('abc'), [pictured('abc', {pod: '..w ..w ...'})]),
        first: {kind: 'wrong-peer', subjects: [node(2)]},
      },
    ],
  },
  'floater-down': {
    found: [
      {
        title: 'it answers nobody, itself included',
        run: runOf(nodesCalled('abc'), [pictured('abc', {pod: '..x ..x ..x'})]),
        first: {
          kind: 'floater-down',
          subjects: [node(2)],
          direction: 'inbound',
          layer: 'pod network',
          sentence:
            'the floater of c answers neither others nor its own node in the pod network (overlay): the floater, its port or a policy is to blame, not the network between nodes',
        },
      },
      {
        title: 'it does not answer itself alone',
        run: runOf(nodesCalled('abc'), [pictured('abc', {pod: '... ... ..x'})]),
        first: {
          kind: 'floater-down',
          subjects: [node(2)],
          layer: 'floater',
          sentence:
            'the floater of c does not answer on its own node: the floater, its port, or a policy, not the network between nodes',
        },
      },
    ],
    nearMisses: [
      {
        title: 'it answers itself',
        run: runOf(nodesCalled('abc'), [pictured('abc', {pod: '..x ..x ...'})]),
        first: {kind: 'node-deaf', subjects: [node(2)]},
      },
    ],
  },
  'floater-replaced': {
    found: [
      {
        title: 'the target of two',
        run: runOf(nodesCalled('abc'), [
          ({source, endpoint}) =>
            source !== 2 && endpoint.node === 2
              ? exception('floater-replaced', 'floater-c was restarted')
              : undefined,
        ]),
        first: {
          kind: 'floater-replaced',
          subjects: [node(2)],
          layer: 'floater',
          sentence: 'the floater of c went away, or was restarted, while it was probed',
          evidence: ['floater-c was restarted'],
        },
      },
    ],
    nearMisses: [
      {
        title: 'it did not answer while it was there',
        run: runOf(nodesCalled('abc'), [pictured('abc', {pod: '..r ..r ...'})]),
        first: {kind: 'refused', subjects: [node(2)]},
      },
    ],
  },
  'no-address': {
    found: [
      {
        title: 'a node without one of the family',
        run: runOf(nodesCalled('abc'), [
          ({endpoint}) => (endpoint.node === 1 ? exception('no-address') : undefined),
        ]),
        first: {
          kind: 'no-address',
          subjects: [node(1)],
          layer: 'floater',
          sentence: '3 probes of b could not be made: it has no address of the family asked for',
        },
      },
    ],
    nearMisses: [
      {
        title: 'it has one, and that family gets lost on its way there',
        run: runOf(
          nodesCalled('abc'),
          [pictured('abc', {pod: '.x. ... .x.'}, ({ipFamily}) => ipFamily === 'ipv6')],
          {ipFamily: 'auto'},
        ),
        first: {kind: 'family', subjects: [node(1)]},
      },
    ],
  },
  unmeasured: {
    found: [
      {
        title: 'a tool is missing',
        run: runOf(nodesCalled('abc'), [
          ({source}) => (source === 1 ? exception('tool-missing', 'there is no ping') : undefined),
        ]),
        first: {
          kind: 'unmeasured',
          subjects: [node(1)],
          layer: 'floater',
          sentence: '3 probes from b could not be measured',
          evidence: ['there is no ping'],
        },
      },
      {
        title: 'several busy sources got no answer from one that nobody reaches',
        run: runOf(nodesCalled('abcd'), [late([0, 3], [1, 3], [2, 3])]),
        first: {
          kind: 'unmeasured',
          subjects: [node(3)],
          layer: 'floater',
          sentence: 'd may be silent: several sources that were too busy to be sure got no answer from it',
          evidence: ['waiting for 3 s took 5.0 s'],
        },
      },
    ],
    nearMisses: [
      {title: 'all was measured', run: runOf(nodesCalled('abc'), []), first: NOTHING},
      {
        title: 'somebody reaches it',
        run: runOf(nodesCalled('abcd'), [late([0, 3], [1, 3])]),
        first: {kind: 'unmeasured', subjects: [node(0)], sentence: '1 probe from a could not be measured'},
        second: '1 probe from b could not be measured',
      },
      {
        title: 'one source alone got no answer',
        run: runOf(nodesCalled('ab'), [late([0, 1])]),
        first: {kind: 'unmeasured', subjects: [node(0)], sentence: '1 probe from a could not be measured'},
      },
      {
        title: 'they reach nobody else either',
        run: runOf(nodesCalled('abc'), [late([0, 1], [0, 2], [1, 0], [1, 2])]),
        first: {kind: 'unmeasured', subjects: [node(0)], sentence: '2 probes from a could not be measured'},
        second: '2 probes from b could not be measured',
      },
    ],
  },
  'not-tested': {
    found: [
      {
        title: 'the run ended before the last one',
        run: sampleRun(nodesCalled('ab'), () => undefined, {}, {ipFamily: 'ipv4'}),
        first: {
          kind: 'not-tested',
          subjects: [],
          layer: 'floater',
          sentence: '4 probes were not made: the run ended before',
        },
      },
    ],
    nearMisses: [
      {
        title: 'a probe was made, and its answer is lost',
        run: runOf(nodesCalled('ab'), [({id}) => (id === 0 ? exception('lost-output') : undefined)]),
        first: {kind: 'unmeasured', sentence: '1 probe from a could not be measured'},
      },
    ],
  },
} as const satisfies Partial<Record<FindingKind, Kind>>
