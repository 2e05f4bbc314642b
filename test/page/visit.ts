import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {pathToFileURL} from 'node:url'
import type {Browser, BrowserContextOptions, Page} from 'playwright-core'
import {afterAll, afterEach, beforeAll, expect} from 'vitest'
import {launched} from './chromium.ts'

/** Opens pages in a browser that lives as long as the file of tests; each page as long as its test. */
export interface Visits {
  readonly open: (html: Iterable<string>, options?: BrowserContextOptions) => Promise<Page>
  /** What was unwanted so far; afterwards it counts as wanted. */
  readonly heard: () => readonly string[]
}

/**
 * One browser for the tests of a file. After every test, whatever it was about: no page sent or loaded anything, opened a
 * dialog, threw, or was told by Chromium of a violation of its Content-Security-Policy.
 */
export function visits(): Visits {
  let browser: Browser
  let folder = ''
  let pages: Page[] = []
  const unwanted: string[] = []

  const heard = () => unwanted.splice(0)

  beforeAll(async () => {
    browser = await launched()
    folder = await mkdtemp(path.join(tmpdir(), 'netdoctor-page-'))
  })
  afterEach(async () => {
    await Promise.all(pages.map((page) => page.close()))
    pages = []
    expect(heard()).toEqual([])
  })
  afterAll(async () => {
    await browser.close()
    await rm(folder, {recursive: true})
  })

  return {
    heard,
    async open(html, options = {}) {
      const file = path.join(folder, `${pages.length}.html`)
      await writeFile(file, html)
      const {href} = pathToFileURL(file)
      const page = await browser.newPage({viewport: {width: 1280, height: 900}, ...options})
      pages.push(page)
      page.setDefaultTimeout(20_000)
      page.on('request', (request) => {
        if (request.url() !== href) unwanted.push(`request: ${request.url()}`)
      })
      page.on('console', (message) => unwanted.push(`console: ${message.text()}`))
      page.on('pageerror', (error) => unwanted.push(`error: ${error.message}`))
      page.on('dialog', (dialog) => {
        unwanted.push(`dialog: ${dialog.message()}`)
        void dialog.dismiss()
      })
      await page.goto(href)
      if ((await page.locator('#matrix').count()) > 0) await page.waitForSelector('[data-ready]')
      return page
    },
  }
}
