import type {Page} from 'playwright-core'
import {describe, expect, test} from 'vitest'
import {brokenRun} from '../report/html/reports.ts'
import {cellOf, colourUnder, labelOf, tipOf, wordsOf} from './cells.ts'
import {PAGES, pageOf, SCHEMES} from './pages.ts'
import {visits} from './visit.ts'

const {open} = visits()

/** Everything on the page that can be worked, in its order. */
const CONTROLS = `[...document.querySelectorAll('select, input, button, summary, a, [tabindex="0"]')].filter((one) => one.checkVisibility())`

/** The numbers of the controls that Tab goes to, each where it can be seen that it has the focus. */
async function walked(page: Page): Promise<readonly number[]> {
  const steps: number[] = []
  for (;;) {
    await page.keyboard.press('Tab')
    const {at, isSeen} = await page.evaluate<{at: number; isSeen: boolean}>(`(() => {
      const one = document.activeElement
      const {outlineStyle, outlineWidth} = getComputedStyle(one)
      const {top, bottom, left, right} = one.getBoundingClientRect()
      const isInSight = bottom > 0 && top < innerHeight && right > 0 && left < innerWidth
      const isSeen = isInSight && outlineStyle === 'solid' && parseFloat(outlineWidth) >= 2
      return {at: ${CONTROLS}.indexOf(one), isSeen}
    })()`)
    if (at === -1 || steps.includes(at)) return steps
    steps.push(isSeen ? at : NaN)
  }
}

const hasFocus = (page: Page, selector: string) =>
  page.evaluate<boolean>(`document.activeElement === document.querySelector('${selector}')`)

describe.each(SCHEMES)('in %s colours', (colorScheme) => {
  test.each(Object.keys(PAGES))(
    'Tab goes through every control of %s, and it is seen where it is',
    async (name) => {
      const page = await open(PAGES[name]?.() ?? [], {colorScheme})
      const count = await page.evaluate<number>(`${CONTROLS}.length`)
      expect(await walked(page)).toEqual(Array.from({length: count}, (_, at) => at))
    },
  )

  test('arrow keys go to every cell, which says what its probe says and has its colour', async () => {
    const run = brokenRun(3)
    const page = await open(pageOf(run), {colorScheme})
    await cellOf(page).focus()
    const colours = new Map<string, Set<string>>()
    for (let row = 0; row < 3; row++) {
      for (let column = 0; column < 3; column++) {
        if (column > 0) await page.keyboard.press('ArrowRight')
        expect(await labelOf(page)).toBe(wordsOf(run, row, column))
        expect(await tipOf(page).textContent()).toBe(wordsOf(run, row, column))
        expect(await tipOf(page).isVisible()).toBe(true)
        const [, words = ''] = /: (FAILED|SUCCEEDED(?: \(unstable\))?)/.exec(await labelOf(page)) ?? []
        colours.set(words, (colours.get(words) ?? new Set()).add(await colourUnder(page)))
      }
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Home')
    }
    expect([...colours.keys()].toSorted()).toEqual(['FAILED', 'SUCCEEDED', 'SUCCEEDED (unstable)'])
    expect([...colours.values()].map(({size}) => size)).toEqual([1, 1, 1])
    expect(new Set([...colours.values()].flatMap((one) => [...one])).size).toBe(3)
  })
})

test('of 60 nodes, Home, End, Page Up and Page Down go to the ends, n and p to what is not plain', async () => {
  const run = brokenRun(60)
  const page = await open(pageOf(run))
  await cellOf(page).focus()
  const after = async (key: string) => {
    await page.keyboard.press(key)
    return labelOf(page)
  }
  // The second cluster's nodes stand behind the first one's, as in the plan.
  expect(await after('End')).toBe(wordsOf(run, 0, 59))
  expect(await after('ArrowRight')).toBe(wordsOf(run, 0, 59))
  expect(await after('PageDown')).toBe(wordsOf(run, 59, 59))
  expect(await after('Home')).toBe(wordsOf(run, 59, 0))
  expect(await after('PageUp')).toBe(wordsOf(run, 0, 0))
  const forwards: string[] = []
  for (let label = await after('n'); !forwards.includes(label); label = await after('n')) forwards.push(label)
  const notPlain = Array.from({length: 3600}, (_, at) => wordsOf(run, Math.floor(at / 60), at % 60)).filter(
    (words) => !/: SUCCEEDED \([^)]*\)$/.test(words),
  )
  expect(forwards).toEqual(notPlain)
  expect(await after('p')).toBe(forwards.at(-1))
  expect(await after('p')).toBe(forwards.at(-2))
})

test('Escape takes the words away; Enter lists the probe, and Escape goes back to the cell', async () => {
  const run = brokenRun(3)
  const page = await open(pageOf(run))
  await cellOf(page).focus()
  expect(await tipOf(page).isVisible()).toBe(true)
  await page.keyboard.press('Escape')
  expect(await tipOf(page).isVisible()).toBe(false)
  await page.keyboard.press('n')
  await page.keyboard.press('n')
  await page.keyboard.press('Enter')
  const detail = page.locator('#cell')
  expect(await hasFocus(page, '#cell')).toBe(true)
  expect(await detail.getByRole('heading').textContent()).toBe(wordsOf(run, 0, 2))
  expect(await detail.locator('tbody tr').count()).toBe(1)
  for (const words of ['node-1', 'node-3', '10.0.0.3 port 8889', '3.0 s', 'FAILED', 'no connection to'])
    expect(await detail.locator('tbody tr').textContent()).toContain(words)
  await page.keyboard.press('Escape')
  expect(await detail.textContent()).toBe('')
  expect(await hasFocus(page, '[role=gridcell]')).toBe(true)
  expect(await tipOf(page).textContent()).toBe(wordsOf(run, 0, 2))
})

test('an answer opens and closes with Enter; more rows come with Enter, and the focus is not lost', async () => {
  const page = await open(pageOf(brokenRun(60)))
  const answer = page.locator('#list details').first()
  await answer.locator('summary').focus()
  await page.keyboard.press('Enter')
  expect(await answer.locator('pre').isVisible()).toBe(true)
  expect(await answer.locator('pre').textContent()).toContain('Connection timed out after 3000 milliseconds')
  await page.keyboard.press('Enter')
  expect(await answer.locator('pre').isVisible()).toBe(false)
  const rows = page.locator('#list tbody tr')
  expect(await rows.count()).toBe(100)
  await page.getByRole('button', {name: 'Show more (19 left)'}).focus()
  await page.keyboard.press('Enter')
  expect(await rows.count()).toBe(119)
  expect(await page.evaluate<string>('document.activeElement.getAttribute("aria-label")')).toBe(
    'Table of probes',
  )
})
