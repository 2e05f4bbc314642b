import {describe, expect, test} from 'vitest'
import {diagnose} from '../../src/diagnosis/diagnose.ts'
import type {FindingKind} from '../../src/model/finding.ts'
import {findingKind} from '../../src/schema/words.ts'
import {betweenNodes} from './kinds/between.ts'
import type {Kind, KindCase} from './kinds/case.ts'
import {guarded} from './kinds/guarded.ts'
import {outward} from './kinds/outward.ts'
import {notWell} from './kinds/soft.ts'
import {notMeasured} from './kinds/unmeasured.ts'

const KINDS: Readonly<Record<FindingKind, Kind>> = {
  ...betweenNodes,
  ...guarded,
  ...outward,
  ...notWell,
  ...notMeasured,
}
const all = Object.entries(KINDS)

function rows(of: keyof Kind): [kind: string, title: string, one: KindCase][] {
  return all.flatMap(([kind, {[of]: cases}]) =>
    cases.map((one): [string, string, KindCase] => [kind, one.title, one]),
  )
}

test('every kind has a case where it is found, and one where it is not', () => {
  expect(Object.keys(KINDS).sort()).toEqual([...findingKind.options].sort())
  for (const [kind, {found, nearMisses}] of all) {
    expect(found.map(({first}) => first.kind)).toContain(kind)
    expect(nearMisses, kind).not.toEqual([])
  }
})

describe('found first', () => {
  test.each(rows('found'))('%s: %s', (kind, _, {run, first}) => {
    const {findings, unexplained} = diagnose(run)
    expect(findings[0]).toMatchObject({kind, ...first})
    expect(findings[0]?.direction).toBe(first.direction)
    expect(unexplained).toBe(0)
  })
})

describe('near misses', () => {
  test.each(rows('nearMisses'))('%s: %s', (_, __, {run, first, second}) => {
    const {findings, unexplained} = diagnose(run)
    if (first.kind === undefined) expect(findings).toEqual([])
    else expect(findings[0]).toMatchObject(first)
    if (second !== undefined) expect(findings[1]?.sentence).toBe(second)
    expect(unexplained).toBe(0)
  })
})
