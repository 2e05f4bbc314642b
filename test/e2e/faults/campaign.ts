import * as fc from 'fast-check'
import type {Broken} from './effects.ts'

const NODES = ['n1', 'n2', 'n3'] as const
const node = fc.constantFrom(...NODES)
/** From one node to another. */
const way = fc
  .shuffledSubarray([...NODES], {minLength: 2, maxLength: 2})
  .map(([from = '', to = '']) => [from, to] as const)

const ON_ONE = [
  'deaf',
  'mute',
  'cut',
  'cut6',
  'overlay-down',
  'masquerade',
  'mtu',
  'icmp-drop',
  'udp-drop',
  'dns-drop',
] as const
const BETWEEN = [
  'drop',
  'drop-tcp',
  'drop-udp',
  'drop-icmp',
  'reset',
  'no-route',
  'drop6',
  'drop-icmp6',
  'reset6',
  'no-route6',
  'impostor',
  'host-drop',
  'host-reset',
] as const

const fault: fc.Arbitrary<Broken> = fc.oneof(
  {weight: ON_ONE.length, arbitrary: fc.tuple(fc.constantFrom(...ON_ONE), node)},
  {
    weight: BETWEEN.length,
    arbitrary: fc.tuple(fc.constantFrom(...BETWEEN), way).map(([name, nodes]): Broken => [name, ...nodes]),
  },
  {weight: 1, arbitrary: way.map((nodes): Broken => ['loss', ...nodes, '1'])},
)

/** Pairs of faults of the network, the same for the same seed. */
export function pairsOf(seed: number, count: number): readonly (readonly Broken[])[] {
  const pair = fc.uniqueArray(fault, {minLength: 2, maxLength: 2, selector: (one) => one.join(' ')})
  return fc.sample(pair, {seed, numRuns: count})
}
