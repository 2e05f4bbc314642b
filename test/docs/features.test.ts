import {describe, expect, test} from 'vitest'
import {citationsIn, isIn, missingIn, rowsOf} from './citations.ts'
import {page} from './pages.ts'

/** How many rows each has at least: a table that cannot be read must not pass for none. */
const PAGES = {'docs/features.md': 80, 'docs/reliability.md': 15} as const

describe.each(Object.entries(PAGES))('%s', async (name, least) => {
  const rows = rowsOf(await page(name))
  const cited = rows.flatMap(([feature = '', cell = '']) => citationsIn(feature, cell))

  test('every row names a test', () => {
    expect(rows.length).toBeGreaterThan(least)
    for (const [feature = '', cell = ''] of rows)
      expect([feature, citationsIn(feature, cell).length]).toEqual([
        feature,
        expect.toSatisfy((n: number) => n > 0),
      ])
  })

  test.each([...new Set(cited.map(({file}) => file))])('the tests are there, in %s', async (file) => {
    expect(await missingIn(file, cited)).toEqual([])
  })
})

test('a title that no test has is not found', () => {
  const titles = ['a part > is %s, and more', 'is whole']
  const text = `test.each(['blue', "it's red"])`
  const found = (cited: string) => isIn(titles, text, cited)
  expect(
    ['is whole', 'is blue, and more', 'a part > is %s, and more', "is it's red, and more"].map(found),
  ).toEqual([true, true, true, true])
  expect(['whole', 'is green, and more', 'is blue', 'another part > is whole'].map(found)).toEqual([
    false,
    false,
    false,
    false,
  ])
})
