import type {Page} from 'playwright-core'
import {expect, test} from 'vitest'
import {brokenRun} from '../report/html/reports.ts'
import {boxOf, cellOf, labelOf, tipOf, wordsOf} from './cells.ts'
import {pageOf} from './pages.ts'
import {visits} from './visit.ts'

const {open} = visits()
const run = brokenRun(60)

/** A point of the canvas within the cell of this row and column, as the whole matrix is shown. */
async function placeOf(page: Page, row: number, column: number) {
  const first = await boxOf(page)
  return {x: first.x + (column + 0.5) * first.width, y: first.y + (row + 0.5) * first.height}
}

test('the pointer over a cell shows what its probe says, until it leaves or Escape', async () => {
  const page = await open(pageOf(run))
  const canvas = page.locator('canvas')
  for (const [row, column] of [
    [0, 2],
    [4, 4],
    [30, 31],
    [59, 59],
  ] as const) {
    await canvas.hover({position: await placeOf(page, row, column)})
    expect(await tipOf(page).textContent()).toBe(wordsOf(run, row, column))
    expect(await tipOf(page).isVisible()).toBe(true)
  }
  await page.keyboard.press('Escape')
  expect(await tipOf(page).isVisible()).toBe(false)
  await canvas.hover({position: await placeOf(page, 3, 3)})
  expect(await tipOf(page).isVisible()).toBe(true)
  await page.locator('h1').hover()
  expect(await tipOf(page).isVisible()).toBe(false)
})

test('a click lists the probe with its answer, and Escape leads back to its cell', async () => {
  const page = await open(pageOf(run))
  await page.locator('canvas').click({position: await placeOf(page, 7, 2)})
  const detail = page.locator('#cell')
  expect(await detail.getByRole('heading').textContent()).toBe(wordsOf(run, 7, 2))
  await detail.getByText('answer').click()
  expect(await detail.locator('pre').textContent()).toContain('Connection timed out after 3000 milliseconds')
  await page.keyboard.press('Escape')
  expect(await labelOf(page)).toBe(wordsOf(run, 7, 2))
})

test('zoom: buttons, keys and Ctrl with the wheel; nearer around the point, all of it again, never further', async () => {
  const page = await open(pageOf(run))
  const size = async () => (await boxOf(page)).width
  const whole = await size()
  const click = (name: string) => page.getByRole('button', {name}).click()
  await click('Zoom out')
  expect(await size()).toBeCloseTo(whole, 1)
  await click('Zoom in')
  expect(await size()).toBeCloseTo(whole * 1.6, 1)
  await click('Zoom out')
  expect(await size()).toBeCloseTo(whole, 1)

  await cellOf(page).focus()
  await page.keyboard.press('PageDown')
  await page.keyboard.press('End')
  await page.keyboard.press('+')
  expect(await size()).toBeCloseTo(whole * 1.6, 1)
  for (let n = 0; n < 9; n++) await page.keyboard.press('+')
  expect(await size()).toBe(44)
  expect(await labelOf(page)).toBe(wordsOf(run, 59, 59))
  await expectInSight(page)
  await page.keyboard.press('Home')
  await expectInSight(page)
  await page.keyboard.press('-')
  expect(await size()).toBeCloseTo(44 / 1.6, 1)
  await page.keyboard.press('0')
  expect(await size()).toBeCloseTo(whole, 1)

  await page.keyboard.press('PageUp')
  const point = await placeOf(page, 20, 2)
  const canvas = page.locator('canvas')
  await canvas.hover({position: point})
  await page.keyboard.down('Control')
  for (let n = 0; n < 4; n++) await page.mouse.wheel(0, -100)
  await page.keyboard.up('Control')
  await expect.poll(size).toBeCloseTo(whole * 1.25 ** 4, 1)
  await canvas.hover({position: {x: point.x, y: point.y + 1}})
  expect(await tipOf(page).textContent()).toBe(wordsOf(run, 20, 2))
  await click('Show all')
  expect(await size()).toBeCloseTo(whole, 1)
})

test('what is nearer can be drawn along, and a drag is no click', async () => {
  const page = await open(pageOf(run))
  for (let n = 0; n < 4; n++) await page.getByRole('button', {name: 'Zoom in'}).click()
  const canvas = page.locator('canvas')
  await canvas.scrollIntoViewIfNeeded()
  const box = await canvas.boundingBox()
  const middle = {x: 500, y: 400}
  const at = {x: (box?.x ?? 0) + middle.x, y: (box?.y ?? 0) + middle.y}
  await canvas.hover({position: middle})
  const before = await tipOf(page).textContent()
  await page.mouse.down()
  await page.mouse.move(at.x - 150, at.y - 120, {steps: 5})
  await page.mouse.up()
  expect(await page.locator('#cell').textContent()).toBe('')
  await page.mouse.move(at.x - 150, at.y - 121)
  expect(await tipOf(page).textContent()).toBe(before)
  await page.mouse.move(at.x, at.y)
  expect(await tipOf(page).textContent()).not.toBe(before)
})

/** The cell with the focus lies on the canvas and in the window, not under the names. */
async function expectInSight(page: Page): Promise<void> {
  const [{x, y, width, height}, canvas] = [await boxOf(page), await page.locator('canvas').boundingBox()]
  expect(x).toBeGreaterThanOrEqual(14)
  expect(y).toBeGreaterThanOrEqual(14)
  expect(x + width).toBeLessThanOrEqual((canvas?.width ?? 0) + 0.5)
  expect(y + height).toBeLessThanOrEqual((canvas?.height ?? 0) + 0.5)
  const cell = await cellOf(page).boundingBox()
  expect(cell?.y).toBeGreaterThanOrEqual(0)
  expect((cell?.y ?? 0) + (cell?.height ?? 0)).toBeLessThanOrEqual(900)
}
