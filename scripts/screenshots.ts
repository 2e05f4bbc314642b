// Makes pictures of the HTML report, light and dark, of 3, 60 and 1,000 nodes:
//
//     node --import tsx --import ./scripts/inlining.js scripts/screenshots.ts FOLDER
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {pathToFileURL} from 'node:url'
import {htmlReport} from '../src/report/html/html.ts'
import {launched} from '../test/page/chromium.ts'
import {brokenRun} from '../test/report/html/reports.ts'
import {shown} from '../test/report/shown.ts'

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('Name a folder for the pictures.')
await mkdir(folder, {recursive: true})
const pages = await mkdtemp(path.join(tmpdir(), 'netdoctor-pages-'))
const browser = await launched()
try {
  for (const nodes of [3, 60, 1000]) {
    const file = path.join(pages, `${nodes}.html`)
    await writeFile(file, shown(htmlReport, brokenRun(nodes)))
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await browser.newPage({colorScheme, viewport: {width: 1280, height: 900}})
      await page.goto(pathToFileURL(file).href)
      await page.waitForSelector('[data-ready]')
      await page.screenshot({path: path.join(folder, `${nodes}-${colorScheme}.png`), fullPage: nodes <= 60})
      if (nodes > 60) {
        await page.locator('#matrix').scrollIntoViewIfNeeded()
        await page
          .locator('#matrix')
          .screenshot({path: path.join(folder, `${nodes}-${colorScheme}-matrix.png`)})
      }
      await page.close()
    }
  }
} finally {
  await browser.close()
  await rm(pages, {recursive: true})
}
