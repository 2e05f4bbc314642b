import {readFile} from 'node:fs/promises'
import {createRequire} from 'node:module'
import type {Page} from 'playwright-core'
import {describe, expect, test} from 'vitest'
import {brokenRun} from '../report/html/reports.ts'
import {cellOf} from './cells.ts'
import {PAGES, pageOf, SCHEMES} from './pages.ts'
import {visits} from './visit.ts'

const {open} = visits()
const require = createRequire(import.meta.url)
const axe = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8')

interface Rule {
  readonly id: string
  readonly help: string
  readonly nodes: readonly {readonly target: readonly string[]; readonly failureSummary?: string}[]
}

/** What axe-core says against the page as it is now, or cannot tell, by its rules for WCAG's A and AA and its best practices. */
async function complaints(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe)
  const found = await page.evaluate<{
    violations: readonly Rule[]
    incomplete: readonly Rule[]
    passes: readonly Rule[]
  }>('axe.run({preload: false})')
  expect(found.passes.map(({id}) => id)).toContain('color-contrast')
  return [...found.violations, ...found.incomplete].flatMap(({id, help, nodes}) =>
    nodes.map(({target, failureSummary = ''}) => `${id}: ${help}: ${target.join(' ')}: ${failureSummary}`),
  )
}

describe.each(SCHEMES)('in %s colours, axe-core has nothing to say', (colorScheme) => {
  test.each(Object.keys(PAGES))('against %s', async (name) => {
    const page = await open(PAGES[name]?.() ?? [], {colorScheme})
    expect(await complaints(page)).toEqual([])
  })

  test.each([3, 60])(
    'against %i nodes with a cell open, answers too, and with nothing left by a filter',
    async (nodes) => {
      const page = await open(pageOf(brokenRun(nodes)), {colorScheme})
      await cellOf(page).focus()
      await page.keyboard.press('n')
      expect(await complaints(page)).toEqual([])
      await page.keyboard.press('Enter')
      await page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true')
      expect(await complaints(page)).toEqual([])
      await page.getByRole('searchbox', {name: 'From node'}).fill('no such node')
      expect(await complaints(page)).toEqual([])
    },
  )
})
