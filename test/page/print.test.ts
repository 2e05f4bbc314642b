import type {Page} from 'playwright-core'
import {describe, expect, test} from 'vitest'
import {brokenRun} from '../report/html/reports.ts'
import {colourUnder} from './cells.ts'
import {PAGES, pageOf, SCHEMES} from './pages.ts'
import {visits} from './visit.ts'

const {open} = visits()

/** A4 without margins of 1 cm, at 96 dots an inch. */
const PAPER = {width: 718, height: 1047}

async function printed(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.setViewportSize(PAPER)
  await page.emulateMedia({media: 'print', colorScheme})
}

/** The words that can be read, each line once. */
const linesOf = async (page: Page, selector = 'body') =>
  new Set(
    (
      await page
        .locator(selector)
        .evaluateAll((all: {innerText: string}[]) => all.map((one) => one.innerText))
    )
      .join('\n')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  )

describe.each(SCHEMES)('on paper, from a screen in %s colours', (colorScheme) => {
  test.each(Object.keys(PAGES))(
    'stands every word of %s, open answers too, and nothing is cut off',
    async (name) => {
      const page = await open(PAGES[name]?.() ?? [], {colorScheme, viewport: PAPER})
      await page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true')
      const onScreen = await linesOf(page)
      const toWork = await linesOf(page, '.filters, .tools button, #keys, #list button')
      await page.evaluate('for (const one of document.querySelectorAll("details")) one.open = false')
      await printed(page, colorScheme)
      const onPaper = await linesOf(page)
      expect([...onScreen].filter((line) => !onPaper.has(line) && !toWork.has(line))).toEqual([])
      expect([...onPaper].filter((line) => toWork.has(line) && !onScreen.has(line))).toEqual([])
      expect(
        await page.evaluate<string[]>(
          `[...document.querySelectorAll('body *')].filter((one) => one.checkVisibility() && !one.closest('[role=grid]'))
          .filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5 || (getComputedStyle(one).overflowY !== 'visible' && one.scrollHeight > one.clientHeight))
          .map((one) => one.tagName + ' ' + one.className + ' ' + one.textContent.slice(0, 60))`,
        ),
      ).toEqual([])
    },
  )

  test('the matrix is dark on white, as wide as the paper at most, and its cells are square', async () => {
    const page = await open(pageOf(brokenRun(3)), {colorScheme})
    await printed(page, colorScheme)
    await expect.poll(() => colourUnder(page)).toBe('185 223 200')
    expect(await page.evaluate<string>('getComputedStyle(document.body).backgroundColor')).toBe(
      'rgb(251, 251, 250)',
    )
    const canvas = page.locator('canvas')
    expect((await canvas.boundingBox())?.width).toBeLessThanOrEqual(PAPER.width)
    // A printer's pages are narrower than the window for which it was painted.
    const ratio = await page.evaluate<number>(
      `(({width, height, style}) => (style.width = '300px', width / height))(document.querySelector('canvas'))`,
    )
    const box = await canvas.boundingBox()
    expect(box?.width).toBe(300)
    expect(300 / (box?.height ?? 0)).toBeCloseTo(ratio, 1)
    expect(await page.locator('.legend').isVisible()).toBe(true)
  })
})

test('that there is more than the table shows stands on paper, too', async () => {
  const page = await open(pageOf(brokenRun(60)))
  await printed(page, 'light')
  expect(await page.getByText('The first 100 of 119 probes.').isVisible()).toBe(true)
  expect(await page.getByRole('button').count()).toBe(0)
})
