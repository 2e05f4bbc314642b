import type {Page} from '../../src/cli/page.ts'
import {PAGES} from '../../src/cli/pages.ts'

export function pageCalled(name: string): Page {
  const page = PAGES.find((one) => one.name === name)
  if (page === undefined) throw new Error(`there is no command ${name}`)
  return page
}
