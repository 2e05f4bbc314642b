import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {code, tables, type Page} from './pages.ts'
import {titlesIn} from './titles.ts'

/** A test that a row names. */
interface Citation {
  readonly feature: string
  readonly file: string
  readonly title: string
}

/** `[file](path): `title`, `title`; [file](path): `title``. */
export function citationsIn(feature: string, cell: string): Citation[] {
  return [...cell.matchAll(/\[[^\]]+\]\(([^)]+)\):((?:(?!\[[^\]]+\]\()[^])*)/g)].flatMap(
    ([, file = '', rest = '']) => code(rest).map((title) => ({feature, file, title})),
  )
}

/** Whether a test has this title, or may have: a title of many cases with cases that stand in the file. */
export function isIn(titles: readonly string[], text: string, cited: string): boolean {
  const wanted = cited.split(' > ').toReversed()
  return titles.some((title) => {
    const parts = title.split(' > ').toReversed()
    return wanted.every((one, index) => {
      const part = parts[index] ?? ''
      const [, ...cases] = new RegExp(`^${patternOf(part)}$`).exec(one) ?? []
      const areCases =
        cases.length > 0 && cases.every((name) => text.includes(`'${name}'`) || text.includes(`"${name}"`))
      return one === part || areCases
    })
  })
}

/** vitest's `%s` and `$name` as groups. */
function patternOf(title: string): string {
  return title
    .split(/(%[sijdo]|\$\w+)/)
    .map((part, index) => (index % 2 === 1 ? '(.+)' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
    .join('')
}

/** The rows of all tables of the page: what is promised, and the cell with the tests behind it. */
export function rowsOf(page: Page): readonly (readonly string[])[] {
  return tables(page).flatMap(([, ...rows]) => rows)
}

/** Those that no test of the file, which is named as a page in docs/ does, has as its title. */
export async function missingIn(file: string, cited: readonly Citation[]): Promise<readonly Citation[]> {
  const name = path.join(import.meta.dirname, '../../docs', file)
  const [titles, text] = [await titlesIn(name), await readFile(name, 'utf8')]
  return cited.filter((one) => one.file === file && !isIn(titles, text, one.title))
}
