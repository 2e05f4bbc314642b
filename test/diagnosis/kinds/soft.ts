import type {FindingKind} from '../../../src/model/finding.ts'
import type {Verdict} from '../../../src/model/result.ts'
import {nodesCalled, pictured, runOf} from '../matrix.ts'
import {answered} from '../../report/sample.ts'
import {node, NOTHING, pair, type Kind} from './case.ts'

const slowly: Verdict = {...answered, timeUs: 80_000}
const hidden: Verdict = {...answered, raw: 'seen as 198.51.100.7'}
const UDP = {protocols: ['tcp', 'udp']} as const
const crosses = ({source, endpoint}: {source: number; endpoint: {node: number | undefined}}) =>
  source !== endpoint.node

export const notWell = {
  loss: {
    found: [
      {
        title: 'on one path',
        run: runOf(nodesCalled('abcd'), [pictured('abcd', {pod: '.u.. .... .... ....'})]),
        first: {
          kind: 'loss',
          subjects: [pair(0, 1)],
          direction: 'outbound',
          layer: 'pod network',
          sentence: 'packets from a to b get lost now and then in the pod network (overlay)',
          evidence: ['1 probe: unstable', 'the only probe that it is about'],
        },
      },
      {
        title: 'two of three on their way to d',
        run: runOf(nodesCalled('abcd'), [pictured('abcd', {pod: '...p ...p .... ....'})]),
        first: {
          kind: 'loss',
          subjects: [node(3)],
          direction: 'inbound',
          sentence: 'packets to d get lost now and then in the pod network (overlay)',
          evidence: ['2 probes: loss', '2 of the 3 probes that it is about: 67 %'],
        },
      },
      {
        title: 'all on their way to d',
        run: runOf(nodesCalled('abcd'), [pictured('abcd', {pod: '...p ...p ...p ....'})]),
        first: {
          kind: 'loss',
          direction: 'inbound',
          evidence: ['3 probes: loss', 'all 3 probes that it is about'],
        },
      },
    ],
    nearMisses: [
      {
        title: 'it never answers',
        run: runOf(nodesCalled('abcd'), [pictured('abcd', {pod: '...x ...x ...x ....'})]),
        first: {kind: 'node-deaf'},
      },
    ],
  },
  slow: {
    found: [
      {
        title: 'all paths of one node',
        run: runOf(nodesCalled('abcdefgh'), [
          (probe) => (crosses(probe) && [probe.source, probe.endpoint.node].includes(3) ? slowly : undefined),
        ]),
        first: {
          kind: 'slow',
          subjects: [node(3)],
          layer: 'pod network',
          sentence: 'what leads to d or starts there takes far longer than the rest: up to 80.0 ms',
          evidence: ['half of all take 0.4 ms at most (tcp)'],
        },
      },
      {
        title: 'one path',
        run: runOf(nodesCalled('abcd'), [
          ({source, endpoint}) => (source === 0 && endpoint.node === 1 ? slowly : undefined),
        ]),
        first: {
          kind: 'slow',
          subjects: [],
          layer: 'pod network',
          sentence: '1 probe takes far longer than the rest: up to 80.0 ms',
        },
      },
      {
        title: 'two paths',
        run: runOf(nodesCalled('abcd'), [
          ({source, endpoint}) => (source === 0 && (endpoint.node ?? 0) > 1 ? slowly : undefined),
        ]),
        first: {
          kind: 'slow',
          subjects: [],
          sentence: '2 probes take far longer than the rest: up to 80.0 ms',
        },
      },
    ],
    nearMisses: [
      {title: 'all alike', run: runOf(nodesCalled('abcd'), [() => slowly]), first: NOTHING},
      {
        title: 'a hundred times as long as the rest, and 40 ms',
        run: runOf(nodesCalled('abcd'), [
          ({source, endpoint}) =>
            source === 0 && endpoint.node === 1 ? {...answered, timeUs: 40_000} : undefined,
        ]),
        first: NOTHING,
      },
      {
        title: 'a packet was lost',
        run: runOf(nodesCalled('abcd'), [
          ({source, endpoint}) =>
            source === 0 && endpoint.node === 1
              ? {...answered, timeUs: 1_000_000, unstable: true}
              : undefined,
        ]),
        first: {kind: 'loss'},
      },
    ],
  },
  rewritten: {
    found: [
      {
        title: 'what one node sends',
        run: runOf(
          nodesCalled('abc'),
          [
            (probe) =>
              probe.block.protocol === 'udp' && probe.source === 1 && crosses(probe) ? hidden : undefined,
          ],
          UDP,
        ),
        first: {
          kind: 'rewritten',
          subjects: [node(1)],
          direction: 'outbound',
          layer: 'pod network',
          sentence:
            'packets from b arrive under another source address: something on the way rewrites it (SNAT, masquerading)',
          evidence: ['its peers have it seen as 198.51.100.7'],
        },
      },
      {
        title: 'what every node sends',
        run: runOf(
          nodesCalled('abc'),
          [(probe) => (probe.block.protocol === 'udp' && crosses(probe) ? hidden : undefined)],
          UDP,
        ),
        first: {
          kind: 'rewritten',
          subjects: [],
          direction: 'outbound',
          layer: 'pod network',
          sentence:
            'packets from every node arrive under another source address: something on the way rewrites it (SNAT, masquerading)',
        },
      },
    ],
    nearMisses: [
      {
        title: 'a size that passed is no address',
        run: runOf(
          nodesCalled('abc'),
          [({block}) => (block.protocol === 'udp' ? {...answered, raw: '1450 bytes'} : undefined)],
          UDP,
        ),
        first: NOTHING,
      },
      {
        title: 'UDP fails: nobody saw anything',
        run: runOf(
          nodesCalled('abc'),
          [pictured('abc', {pod: '... x.x ...'}, ({protocol}) => protocol === 'udp')],
          UDP,
        ),
        first: {kind: 'protocol', subjects: [node(1)]},
      },
    ],
  },
} as const satisfies Partial<Record<FindingKind, Kind>>
