import {describe, expect, test} from 'vitest'
import type {PlanWish} from '../../src/plan/wish.ts'
import {diagnosed, nodesCalled, pictured, told, type Pictures} from './matrix.ts'

const BOTH: Partial<PlanWish> = {modes: ['pod', 'node']}

interface Case {
  readonly title: string
  readonly names?: string
  readonly pictures: Pictures
  readonly wish?: Partial<PlanWish>
  readonly says: readonly string[]
}

const cases: readonly Case[] = [
  {title: 'all well', pictures: {}, says: []},
  {
    title: 'deaf',
    pictures: {pod: '..x ..x ...'},
    wish: BOTH,
    says: ['node-deaf: c is deaf in the pod network (overlay); its host network works'],
  },
  {
    title: 'mute',
    pictures: {pod: '... ... xx.'},
    says: ['node-mute: c is mute in the pod network (overlay)'],
  },
  {
    title: 'cut off, in the host network too',
    pictures: {pod: '..x ..x xx.', node: '..x ..x xx.'},
    wish: BOTH,
    says: ['node-cut-off: c is cut off in the host network'],
  },
  {
    title: 'deaf in the host network alone',
    pictures: {node: '..x ..x ...'},
    wish: BOTH,
    says: ['node-deaf: c is deaf in the host network; its pod network works'],
  },
  {
    title: 'one pair, one way',
    pictures: {pod: '.x. ... ...'},
    says: ['pair: a does not reach b in the pod network (overlay); the other way works'],
  },
  {
    title: 'one pair, both ways',
    pictures: {pod: '.x. x.. ...'},
    says: ['pair: a and b do not reach each other in the pod network (overlay)'],
  },
  {
    title: 'two nodes: the pair, and neither of them',
    names: 'ab',
    pictures: {pod: '.x ..'},
    says: ['pair: a does not reach b in the pod network (overlay); the other way works'],
  },
  {
    title: 'the overlay',
    pictures: {pod: '.xx x.x xx.'},
    wish: BOTH,
    says: [
      'overlay-down: nothing gets through between nodes in the pod network (overlay); the host network works',
    ],
  },
  {
    title: 'the underlay, and what rests on it',
    pictures: {pod: '.xx x.x xx.', node: '.xx x.x xx.'},
    wish: BOTH,
    says: ['underlay-down: nothing gets through between nodes in the host network'],
  },
  {
    title: 'everything, even at home',
    pictures: {pod: 'xxx xxx xxx'},
    says: [
      'all-down: no floater answers, not even on its own node, in the pod network (overlay): most often the port or the image of the config is wrong',
    ],
  },
  {
    title: 'a floater that does not answer at home, nor to others',
    pictures: {pod: '..x ..x ..x'},
    says: [
      'floater-down: the floater of c answers neither others nor its own node in the pod network (overlay): the floater, its port or a policy is to blame, not the network between nodes',
    ],
  },
  {
    title: 'refused',
    pictures: {pod: '..r ..r ...'},
    says: [
      'refused: connections to c are refused in the pod network (overlay): nothing listens there, or a policy rejects them',
    ],
  },
  {
    title: 'refused on one path',
    pictures: {pod: '.r. ... ...'},
    says: [
      'refused: connections from a to b are refused in the pod network (overlay): nothing listens there, or a policy rejects them',
    ],
  },
  {
    title: 'somebody else',
    pictures: {pod: '..w ..w ...'},
    says: ['wrong-peer: something else than the floater answers to c in the pod network (overlay)'],
  },
  {
    title: 'loss on one path',
    names: 'abcd',
    pictures: {pod: '.u.. .... .... ....'},
    says: ['loss: packets from a to b get lost now and then in the pod network (overlay)'],
  },
  {
    title: 'loss at a node',
    names: 'abcd',
    pictures: {pod: '...u ...u .... ..u.'},
    says: [
      'loss: packets to d get lost now and then in the pod network (overlay)',
      'loss: packets from d to c get lost now and then in the pod network (overlay)',
    ],
  },
  {
    title: 'two faults at once',
    names: 'abcde',
    pictures: {pod: '..x.. ..x.. ..... x.x.. ..x..'},
    says: [
      'node-deaf: c is deaf in the pod network (overlay)',
      'pair: d does not reach a in the pod network (overlay); the other way works',
    ],
  },
]

test.each(cases)('$title', ({names = 'abc', pictures, wish = {}, says}) => {
  const diagnosis = diagnosed(nodesCalled(names), [pictured(names, pictures)], wish)
  expect(told(diagnosis)).toEqual(says)
  expect(diagnosis.unexplained).toBe(0)
})

describe('one of several', () => {
  const PROTOCOLS: Partial<PlanWish> = {protocols: ['tcp', 'udp', 'icmp']}

  test.each<[string, Partial<PlanWish>, string, ReturnType<typeof pictured>, string[]]>([
    [
      'only UDP, everywhere',
      PROTOCOLS,
      'abc',
      pictured('abc', {pod: '.xx x.x xx.'}, ({protocol}) => protocol === 'udp'),
      ['protocol: UDP between all nodes gets lost in the pod network (overlay), the rest arrives'],
    ],
    [
      'only ICMP, to one node',
      PROTOCOLS,
      'abc',
      pictured('abc', {pod: '..x ..x ...'}, ({protocol}) => protocol === 'icmp'),
      ['protocol: ICMP to c gets lost in the pod network (overlay), the rest arrives'],
    ],
    [
      'only ICMP, on one path',
      PROTOCOLS,
      'abc',
      pictured('abc', {pod: '..x ... ...'}, ({protocol}) => protocol === 'icmp'),
      ['protocol: ICMP from a to c gets lost in the pod network (overlay), the rest arrives'],
    ],
    [
      'only IPv6',
      {ipFamily: 'auto'},
      'abc',
      pictured('abc', {pod: '.xx x.x xx.'}, ({ipFamily}) => ipFamily === 'ipv6'),
      ['family: IPv6 between all nodes gets lost in the pod network (overlay), the rest arrives'],
    ],
    [
      'only large packets, of one node',
      {mtu: true},
      'abc',
      pictured('abc', {pod: '... ... ll.'}, ({check}) => check === 'mtu'),
      [
        'mtu: large packets from c get lost in the pod network (overlay), small ones arrive: an MTU on the way is too small for them',
      ],
    ],
    [
      'all protocols: none is to blame',
      PROTOCOLS,
      'abc',
      pictured('abc', {pod: '..x ..x ...'}),
      ['node-deaf: c is deaf in the pod network (overlay)'],
    ],
  ])('%s', (_, wish, names, fault, says) => {
    expect(told(diagnosed(nodesCalled(names), [fault], wish))).toEqual(says)
  })
})

describe('groups', () => {
  const zone = (...names: string[]) =>
    Object.fromEntries(names.map((name, n) => [name, {zone: n < names.length / 2 ? 'east' : 'west'}]))

  test('a zone against another, one way and both; the kernel that is the same says nothing', () => {
    const nodes = nodesCalled('abcd', zone('a', 'b', 'c', 'd'))
    const oneWay = diagnosed(nodes, [pictured('abcd', {pod: '..xx ..xx .... ....'})])
    expect(told(oneWay)).toEqual(['groups: zone east does not reach zone west in the pod network (overlay)'])
    const bothWays = diagnosed(nodes, [pictured('abcd', {pod: '..xx ..xx xx.. xx..'})], BOTH)
    expect(told(bothWays)).toEqual([
      'groups: zone east and zone west do not reach each other in the pod network (overlay); the host network works',
    ])
    expect(bothWays.findings[0]?.subjects).toMatchObject([
      {kind: 'group', trait: 'zone', value: 'east', nodes: [0, 1]},
      {kind: 'group', trait: 'zone', value: 'west', nodes: [2, 3]},
    ])
  })

  test('a node of a zone is no zone', () => {
    const nodes = nodesCalled('abcd', zone('a', 'b', 'c', 'd'))
    expect(told(diagnosed(nodes, [pictured('abcd', {pod: '...x ...x ...x xxx.'})]))).toEqual([
      'node-cut-off: d is cut off in the pod network (overlay)',
    ])
  })

  test('a kernel against all others', () => {
    const kernels = ['6.1', '6.1', '5.10', '5.10', '6.6', '6.6']
    const nodes = nodesCalled(
      'abcdef',
      Object.fromEntries('abcdef'.split('').map((name, n) => [name, {kernel: kernels[n] ?? ''}])),
    )
    const picture = '..xx.. ..xx.. xx..xx xx..xx ..xx.. ..xx..'
    expect(told(diagnosed(nodes, [pictured('abcdef', {pod: picture})]))).toEqual([
      'groups: kernel 5.10 and all others do not reach each other in the pod network (overlay)',
    ])
  })
})
