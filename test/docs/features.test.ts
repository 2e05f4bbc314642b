import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {describe, expect, test} from 'vitest'
import {code, page, tables} from './pages.ts'
import {titlesIn} from './titles.ts'

const PAGE = await page('docs/features.md')

/** A test that a row names. */
interface Citation {
  readonly feature: string
  readonly file: string
  readonly title: string
}

/** `[file](path): `title`, `title`; [file](path): `title``. */
function citationsIn(feature: string, cell: string): Citation[] {
  return [...cell.matchAll(/\[[^\]]+\]\(([^)]+)\):((?:(?!\[[^\]]+\]\()[^])*)/g)].flatMap(
    ([, file = '', rest = '']) => code(rest).map((title) => ({feature, file, title})),
  )
}

/** Whether a test has this title, or may have: a title of many cases with cases that stand in the file. */
function isIn(titles: readonly string[], text: string, cited: string): boolean {
  const wanted = cited.split(' > ').toReversed()
  return titles.some((title) => {
    const parts = title.split(' > ').toReversed()
    return wanted.every((one, index) => {
      const part = parts[index] ?? ''
      const [, ...cases] = new RegExp(`^${patternOf(part)}$`).exec(one) ?? []
      const areCases =
        cases.length > 0 && cases.every((name) => text.includes(`'${name}'`) || text.includes(`"${name}"`))
      return one === part || areCases
    })
  })
}

/** vitest's `%s` and `$name` as groups. */
function patternOf(title: string): string {
  return title
    .split(/(%[sijdo]|\$\w+)/)
    .map((part, index) => (index % 2 === 1 ? '(.+)' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
    .join('')
}

const rows = tables(PAGE).flatMap(([, ...rows]) => rows)

test('every row names a test', () => {
  expect(rows.length).toBeGreaterThan(80)
  for (const [feature = '', cell = ''] of rows)
    expect([feature, citationsIn(feature, cell).length]).toEqual([
      feature,
      expect.toSatisfy((n: number) => n > 0),
    ])
})

describe('the tests are there', () => {
  const cited = rows.flatMap(([feature = '', cell = '']) => citationsIn(feature, cell))

  test.each([...new Set(cited.map(({file}) => file))])('in %s', async (file) => {
    const name = path.join(import.meta.dirname, '../../docs', file)
    const [titles, text] = [await titlesIn(name), await readFile(name, 'utf8')]
    const missing = cited.filter((one) => one.file === file && !isIn(titles, text, one.title))
    expect(missing).toEqual([])
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
