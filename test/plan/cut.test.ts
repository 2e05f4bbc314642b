import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {Plan, Probe} from '../../src/model/plan.ts'
import {subsetOf, type Subset} from '../../src/plan/cut.ts'
import {reach} from '../../src/plan/modes.ts'
import {batchOf, probeAt, probesOf, sourcesOf} from '../../src/plan/plan.ts'
import {nodeWith} from '../report/sample.ts'
import {anyPlan} from './any-plan.ts'
import {pairOf, planOf} from './wish.ts'

const WHOLE: Subset = {from: undefined, to: undefined, bothWays: false, sample: undefined}
const named =
  ({nodes}: Plan, ...names: string[]) =>
  (node: number) =>
    names.includes(nodes[node]?.name ?? '')

const abc = ['a', 'b', 'c'].map((name, n) => nodeWith(name, `10.0.0.${n + 1}`))
const plan = planOf(abc, {customTargets: [{host: 'db', port: 5432}]})

describe('the subset', () => {
  test.each<[string, Partial<Subset>, string[]]>([
    ['from a', {from: named(plan, 'a')}, ['a -> a', 'a -> b', 'a -> c', 'a -> db:5432']],
    ['to a', {to: named(plan, 'a')}, ['a -> a', 'b -> a', 'c -> a']],
    ['from a to b', {from: named(plan, 'a'), to: named(plan, 'b')}, ['a -> b']],
    [
      'from a to b and back',
      {from: named(plan, 'a'), to: named(plan, 'b'), bothWays: true},
      ['a -> b', 'b -> a'],
    ],
    [
      'from a and back',
      {from: named(plan, 'a'), bothWays: true},
      ['a -> a', 'a -> b', 'a -> c', 'b -> a', 'c -> a', 'a -> db:5432'],
    ],
    [
      'to a and back',
      {to: named(plan, 'a'), bothWays: true},
      ['a -> a', 'a -> b', 'a -> c', 'b -> a', 'c -> a'],
    ],
    ['from nobody', {from: () => false}, []],
  ])('%s', (_, subset, pairs) => {
    const cut = subsetOf(plan, {...WHOLE, ...subset})
    expect([...probesOf(cut)].map((probe) => pairOf(cut, probe))).toEqual(pairs)
    expect(cut.size).toBe(pairs.length)
  })

  test('of everything is the plan as it was, without a list a source', () => {
    expect(subsetOf(plan, WHOLE)).toEqual(plan)
  })
})

/** What identifies a probe, whatever its number. */
function labelOf(of: Plan, probe: Probe): string {
  const {mode, from, to, check, ipFamily} = probe.block
  return [pairOf(of, probe), mode, from, to, check, ipFamily, probe.endpoint.address].join(' ')
}

/** A subset by the numbers of nodes, so that a property can choose it. */
const anySubset = fc.record({
  from: fc.option(fc.array(fc.nat(17))),
  to: fc.option(fc.array(fc.nat(17))),
  bothWays: fc.boolean(),
})

describe('any subset of any plan', () => {
  test('has the probes that its words say, and no others', () => {
    fc.assert(
      fc.property(anyPlan, anySubset, (full, {from, to, bothWays}) => {
        const isIn = (chosen: number[] | null) => (node: number) => chosen === null || chosen.includes(node)
        const expected = [...probesOf(full)].filter(({source, endpoint: {node}}) => {
          const forth = isIn(from)(source) && (node === undefined ? to === null : isIn(to)(node))
          const back = bothWays && node !== undefined && isIn(from)(node) && isIn(to)(source)
          return forth || back
        })
        const cut = subsetOf(full, {
          from: from === null ? undefined : isIn(from),
          to: to === null ? undefined : isIn(to),
          bothWays,
          sample: undefined,
        })
        const probes = [...probesOf(cut)]
        expect(probes.map((probe) => labelOf(cut, probe))).toEqual(
          expected.map((probe) => labelOf(full, probe)),
        )
        expect(probes.map(({id}) => id)).toEqual(Array.from({length: cut.size}, (_, id) => id))
      }),
    )
  })

  test('has each of its probes in one batch, of its own source', () => {
    fc.assert(
      fc.property(
        anyPlan,
        anySubset,
        fc.option(fc.integer({min: 1, max: 4})),
        (full, {from, bothWays}, sample) => {
          const cut = subsetOf(full, {
            from: from === null ? undefined : (node) => from.includes(node),
            to: undefined,
            bothWays,
            sample: sample ?? undefined,
          })
          const batches = sourcesOf(cut).map((source) => {
            const batch = batchOf(cut, source)
            expect(batch.every((probe) => probe.source === source.node)).toBe(true)
            expect(batch.length).toBeGreaterThan(0)
            return batch
          })
          expect(batches.flat().sort((a, b) => a.id - b.id)).toEqual([...probesOf(cut)])
          expect(cut.blocks.reduce((sum, {size}) => sum + size, 0)).toBe(cut.size)
        },
      ),
    )
  })

  test('has no endpoint that nobody asks', () => {
    fc.assert(
      fc.property(anyPlan, fc.array(fc.nat(17)), (full, to) => {
        const cut = subsetOf(full, {...WHOLE, to: (node) => to.includes(node)})
        const asked = new Set([...probesOf(cut)].map(({endpoint}) => endpoint))
        expect(new Set(cut.blocks.flatMap(({endpoints}) => endpoints))).toEqual(asked)
      }),
    )
  })
})

test('of any plan each probe is found by its number, and no other number is one', () => {
  fc.assert(
    fc.property(anyPlan, anySubset, (full, {from}) => {
      const cut = subsetOf(full, {...WHOLE, from: from === null ? undefined : (node) => from.includes(node)})
      for (const plan of [full, cut]) {
        for (const probe of probesOf(plan)) expect(probeAt(plan, probe.id)).toEqual(probe)
        expect([probeAt(plan, -1), probeAt(plan, plan.size)]).toEqual([undefined, undefined])
      }
    }),
    {numRuns: 30},
  )
})

describe('a sample', () => {
  const all = (count: number) =>
    planOf(Array.from({length: count}, (_, n) => nodeWith(`n${n}`, `10.0.${n >> 8}.${(n & 255) + 1}`)))

  test('of K gives each source K others, or all there are, and never itself', () => {
    fc.assert(
      fc.property(fc.integer({min: 2, max: 40}), fc.integer({min: 1, max: 45}), (count, sample) => {
        const cut = subsetOf(all(count), {...WHOLE, sample})
        expect(sourcesOf(cut)).toHaveLength(count)
        for (const source of sourcesOf(cut)) {
          const targets = batchOf(cut, source).map(({endpoint}) => endpoint.node)
          expect(new Set(targets).size).toBe(Math.min(sample, count - 1))
          expect(targets).toHaveLength(Math.min(sample, count - 1))
          expect(targets).not.toContain(source.node)
        }
      }),
    )
  })

  test('leaves no node that nobody asks, and asks none much more often than others', () => {
    fc.assert(
      fc.property(fc.integer({min: 2, max: 60}), fc.integer({min: 1, max: 10}), (count, sample) => {
        const asked = new Array<number>(count).fill(0)
        for (const {endpoint} of probesOf(subsetOf(all(count), {...WHOLE, sample})))
          asked[endpoint.node ?? -1] = (asked[endpoint.node ?? -1] ?? 0) + 1
        expect(Math.min(...asked)).toBeGreaterThan(0)
        expect(Math.max(...asked)).toBeLessThanOrEqual(3 * Math.min(sample, count - 1))
      }),
    )
  })

  test('of any plan is part of it, with at most K of each kind a source', () => {
    fc.assert(
      fc.property(anyPlan, fc.integer({min: 1, max: 4}), (full, sample) => {
        const cut = subsetOf(full, {...WHOLE, sample})
        const whole = new Set([...probesOf(full)].map((probe) => labelOf(full, probe)))
        const probes = [...probesOf(cut)]
        const labels = probes.map((probe) => labelOf(cut, probe))
        expect(labels.every((label) => whole.has(label))).toBe(true)
        expect(new Set(labels).size).toBe(labels.length)
        expect(probes.some((probe) => reach(probe) === 'self')).toBe(false)
        for (const {mode, size, sources, picks = []} of cut.blocks) {
          // As a saved report has them.
          for (const row of picks) expect(row).toEqual(row.toSorted((a, b) => a - b))
          // What the user names one by one is never left to chance.
          if (mode !== 'custom') expect(size).toBeLessThanOrEqual(sample * sources.length)
        }
        const customs = (plan: Plan) =>
          plan.blocks.filter(({mode}) => mode === 'custom').map(({size}) => size)
        expect(customs(cut)).toEqual(customs(full))
      }),
    )
  })

  test('takes away no row that stays on the node, where one was asked for', () => {
    const full = planOf(abc, {sameNode: true})
    const cut = subsetOf(full, {...WHOLE, sample: 1})
    const pairs = [...probesOf(cut)].map((probe) => `${pairOf(cut, probe)} ${reach(probe)}`)
    expect(pairs).toEqual([
      'a -> b network',
      'b -> c network',
      'c -> a network',
      'a -> a same-node',
      'b -> b same-node',
      'c -> c same-node',
    ])
  })

  test('is of what the subset leaves', () => {
    const full = all(10)
    const cut = subsetOf(full, {
      ...WHOLE,
      from: named(full, 'n0'),
      to: named(full, 'n0', 'n3', 'n7'),
      sample: 2,
    })
    expect([...probesOf(cut)].map((probe) => pairOf(cut, probe))).toEqual(['n0 -> n3', 'n0 -> n7'])
  })
})
