import type {Locator, Page} from 'playwright-core'
import type {Run} from '../../src/model/run.ts'
import {pathName} from '../../src/plan/modes.ts'
import {probesOf} from '../../src/plan/plan.ts'
import {destinationName, nodeName} from '../../src/report/names.ts'
import {explain} from '../../src/results/explain.ts'
import {isPlain, verdictAt} from '../../src/results/store.ts'

/** The one cell of the matrix that has, or gets, the focus. */
export const cellOf = (page: Page): Locator => page.getByRole('gridcell')
export const tipOf = (page: Page): Locator => page.locator('.tip')
export const labelOf = async (page: Page): Promise<string> =>
  (await cellOf(page).getAttribute('aria-label')) ?? ''

/** What the cell of a source and a target says, in a run of one probe a pair. */
export function wordsOf(run: Run, source: number, target: number): string {
  for (const probe of probesOf(run.plan)) {
    if (probe.source !== source || probe.endpoint.node !== target) continue
    const {status, unstable} = verdictAt(run.results, probe.id, probe.endpoint.address)
    const message = isPlain(run.results, probe) ? '' : `: ${explain(run.plan, run.results, probe)}`
    const to = destinationName(run, probe).replace(' (self)', '')
    return `${nodeName(run, source)} > ${to}: ${status}${unstable ? ' (unstable)' : ''} (${pathName(probe.block)})${message}`
  }
  return `${nodeName(run, source)} > ${nodeName(run, target)}: no probe`
}

/** The colour of the canvas at the middle of the left side of the cell that has the focus, as `r g b`. */
export async function colourUnder(page: Page): Promise<string> {
  const box = await boxOf(page)
  return page.evaluate<string>(`(() => {
    const canvas = document.querySelector('canvas')
    const scale = canvas.width / canvas.clientWidth
    const dot = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true})
    dot.drawImage(canvas, ${box.x + 3} * scale, ${box.y + box.height / 2} * scale, 1, 1, 0, 0, 1, 1)
    return dot.getImageData(0, 0, 1, 1).data.slice(0, 3).join(' ')
  })()`)
}

/** Where the cell lies on the canvas, in CSS pixels. */
export async function boxOf(page: Page) {
  const [cell, canvas] = [await cellOf(page).boundingBox(), await page.locator('canvas').boundingBox()]
  if (cell === null || canvas === null) throw new Error('There is no cell in sight.')
  return {x: cell.x - canvas.x, y: cell.y - canvas.y, width: cell.width, height: cell.height}
}
