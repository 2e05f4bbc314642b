// What the HTML report weighs, and how soon Chromium shows it, at 3, 60 and 1,000 nodes. Goals: at most 5 MB, first picture
// within 2 s.
//
//     node --import tsx --import ./scripts/inlining.js test/bench/html.ts [NODES...]
import {mkdtemp, rm, stat, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {pathToFileURL} from 'node:url'
import type {Browser} from 'playwright-core'
import type {Run} from '../../src/model/run.ts'
import {htmlReport} from '../../src/report/html/html.ts'
import {isSteady} from '../../src/results/store.ts'
import {launched} from '../page/chromium.ts'
import {brokenRun} from '../report/html/reports.ts'
import {pieces} from '../report/shown.ts'

const MOST_MB = 5
const MOST_MS = 2000

interface Shown {
  /** Milliseconds from the beginning of the navigation. */
  readonly firstPicture: number
  /** Until the matrix stands, too. */
  readonly matrix: number
}

/** The broken network of the pictures, with times as spread as measured ones: about 0.5 ms, each its own. */
function runOf(nodes: number): Run {
  const run = brokenRun(nodes)
  let state = 1
  const random = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32
  for (let id = 0; id < run.plan.size; id++)
    if (isSteady(run.results, id))
      run.results.timeUs[id] = Math.round(500 * Math.exp(2 * (random() + random() + random() - 1.5)))
  return run
}

/** Opens the page in a new window; the middle one of three, by its first picture. */
async function opened(browser: Browser, url: string): Promise<Shown> {
  const all: Shown[] = []
  for (let round = 0; round < 3; round++) {
    const page = await browser.newPage({viewport: {width: 1280, height: 900}})
    await page.goto(url, {waitUntil: 'commit'})
    await page.waitForSelector('[data-ready]', {timeout: 120_000})
    const matrix = await page.evaluate(() => performance.now())
    await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0)
    const firstPicture = await page.evaluate(
      () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
    )
    all.push({firstPicture, matrix})
    await page.close()
  }
  return all.sort((a, b) => a.firstPicture - b.firstPicture)[1] ?? {firstPicture: NaN, matrix: NaN}
}

const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [3, 60, 1000]
const folder = await mkdtemp(path.join(tmpdir(), 'netdoctor-html-'))
const browser = await launched()
try {
  for (const nodes of sizes) {
    const run = runOf(nodes)
    const file = path.join(folder, `${nodes}.html`)
    const started = performance.now()
    await writeFile(file, pieces(htmlReport, run))
    const made = (performance.now() - started) / 1000
    const megabytes = (await stat(file)).size / 1e6
    const {firstPicture, matrix} = await opened(browser, pathToFileURL(file).href)
    const over = [
      ...(megabytes > MOST_MB ? [`more than ${MOST_MB} MB`] : []),
      ...(firstPicture > MOST_MS ? [`first picture later than ${MOST_MS / 1000} s`] : []),
    ]
    console.log(
      `${nodes} nodes, ${run.plan.size.toLocaleString('en')} probes: ${megabytes.toFixed(2)} MB, made in ${made.toFixed(1)} s; first picture after ${(firstPicture / 1000).toFixed(2)} s, matrix after ${(matrix / 1000).toFixed(2)} s${over.length > 0 ? `; OVER THE GOAL: ${over.join(', ')}` : ''}`,
    )
  }
} finally {
  await browser.close()
  await rm(folder, {recursive: true})
}
