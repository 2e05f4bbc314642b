/** A mistake that somebody could make in one file, and the tests that must fail then. */
export interface Mistake {
  /** What goes wrong, in words. */
  readonly what: string
  /** Path in the checkout. */
  readonly file: string
  /** A text that occurs exactly once in the file, and what takes its place. */
  readonly from: string
  readonly to: string
  readonly noticedBy: readonly Notice[]
}

/** A test of docs/reliability.md. */
export interface Notice {
  /** The file without `test/` and `.test.ts`. */
  readonly test: string
  /** As it is cited, with vitest's `%s` and `$name`. */
  readonly title: string
  /** Of a test of many cases the one that is run; all of them where none is named. */
  readonly row?: string
}

export const PARTS = ['unit', 'embedded', 'e2e'] as const
export type Part = (typeof PARTS)[number]

/** The project of vitest.config.ts that a test belongs to. */
export function partOf({test}: Pick<Notice, 'test'>): Part {
  const [folder] = test.split('/')
  return folder === 'embedded' || folder === 'e2e' ? folder : 'unit'
}

/** For `vitest -t`, which looks for it in the titles of all that a test is in and its own, with a space between them. */
export function patternOf({title, row}: Omit<Notice, 'test'>): string {
  const cases = title.split(/(%[sijdo]|\$\w+)/)
  const own = cases.map((part, index) => (index % 2 === 1 ? '.+' : escaped(part))).join('')
  return `(?:^| )${row === undefined ? own : escaped(row)}$`
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
