import {expect, test} from 'vitest'
import {findingPage} from '../../src/diagnosis/page.ts'
import {findingKind} from '../../src/schema/words.ts'
import {page} from './pages.ts'

const [FILE = ''] = findingPage('pair').split('#')
const {text} = await page(FILE)
const sections = text.split(/^### /m).slice(1)

test('every kind of finding has a section, and no section is without a kind', () => {
  const named = sections.map((section) => `${FILE}#${section.split('\n')[0] ?? ''}`)
  expect(named.toSorted()).toEqual(findingKind.options.map(findingPage).toSorted())
})

test.each(sections.map((section) => [section.split('\n')[0], section]))(
  '%s: what it means, and what to look at',
  (_, section) => {
    const [, meaning = '', next = ''] = (section.split(/^## /m)[0] ?? '').trim().split(/\n\n+/)
    expect(meaning.length).toBeGreaterThan(40)
    expect(next.length).toBeGreaterThan(15)
  },
)
