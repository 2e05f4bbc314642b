import {describe, expect, test} from 'vitest'
import {DEFAULTS, FIELDS} from '../../src/config/fields.ts'
import {overview, pageHelp} from '../../src/cli/help.ts'
import {parse} from '../../src/cli/parse.ts'
import {EVERYWHERE, PAGES} from '../../src/cli/pages.ts'
import {runCommand} from '../../src/cli/run.ts'
import {readLine} from '../../src/cli/words.ts'
import {pageCalled} from './page-called.ts'
import {terminal} from './terminal.ts'

/** The smallest terminal that people use; the last of its lines is the prompt that follows. */
const SCREEN = {lines: 24 - 1, columns: 80}

const sizeOf = (text: string) => {
  const lines = text.trimEnd().split('\n')
  return {lines: lines.length, columns: Math.max(...lines.map((line) => line.length))}
}

test.each<[string, string]>([
  ['the overview', overview(SCREEN.columns)],
  ...PAGES.map((page): [string, string] => [page.name, pageHelp(page, false, SCREEN.columns)]),
])('the help of %s fits a screen of 24 lines and 80 columns', (_, text) => {
  const {lines, columns} = sizeOf(text)
  expect(lines).toBeLessThanOrEqual(SCREEN.lines)
  expect(columns).toBeLessThanOrEqual(SCREEN.columns)
})

test('the overview has every command', () => {
  for (const {name, describe} of PAGES)
    expect(overview()).toMatch(new RegExp(`^  ${name}.*  ${describe}$`, 'm'))
})

test('where nobody says how wide the screen is, it is that one', () => {
  expect(overview()).toBe(overview(SCREEN.columns))
  expect(pageHelp(pageCalled('check'), true)).toBe(pageHelp(pageCalled('check'), true, SCREEN.columns))
})

test.each(PAGES.map((page) => [page.name, page] as const))(
  '--help-all of %s has every flag and example',
  (_, page) => {
    const text = pageHelp(page, true)
    for (const {name} of [...page.flags, ...EVERYWHERE]) {
      if (name !== 'help-all') expect(text).toMatch(new RegExp(`--${name}(?![-\\w])`))
    }
    for (const [line] of page.examples) expect(text).toContain(`kubectl netdoctor ${line}`)
    expect(text).not.toContain('--help-all')
  },
)

test.each(PAGES.map((page) => [page.name, page] as const))(
  '--help of %s has the commonest flags, two examples, and says where the rest is',
  (_, page) => {
    const text = pageHelp(page, false)
    const flags = page.flags.map(({name}) => name)
    expect(flags).toEqual(expect.arrayContaining([...(page.usual ?? [])]))
    for (const name of page.usual ?? flags) expect(text).toMatch(new RegExp(`--${name}(?![-\\w])`))
    for (const [line] of page.examples.slice(0, 2)) expect(text).toContain(`kubectl netdoctor ${line}`)
    const total = flags.length + EVERYWHERE.length
    expect(text.includes(`--help-all shows all ${total}`)).toBe(page.usual !== undefined)
  },
)

test('a narrow terminal wraps, a wide one has its limit', () => {
  expect(sizeOf(pageHelp(pageCalled('report'), false, 70)).columns).toBeLessThanOrEqual(70)
  expect(sizeOf(pageHelp(pageCalled('check'), true, 300)).columns).toBeLessThanOrEqual(110)
})

test.each([
  ...(['mode', 'protocol', 'targetHostToLookup', 'floater', 'namespace'] as const),
  ...(['port', 'podWaitTime', 'parallel', 'cmdTimeout', 'retries'] as const),
])('the flag of %s says what holds without it', (field) => {
  expect(FIELDS[field].describe).toContain(`(${DEFAULTS[field]})`)
})

test('a flag says what it takes, which words, and what holds without it', () => {
  expect(pageHelp(pageCalled('report'), false)).toContain(
    [
      '  -o, --output NAME       form of the report: table, wide, matrix, json, junit,',
      '                          html, markdown (table)',
      '      --output-file FILE  write the report there, and print a table',
    ].join('\n'),
  )
})

test.each([
  [['check', '--help'], pageHelp(pageCalled('check'), false)],
  [['check', '-h', '--mode'], pageHelp(pageCalled('check'), false)],
  [['check', '-vh'], pageHelp(pageCalled('check'), false)],
  [['-h', 'check', '--nonsense'], pageHelp(pageCalled('check'), false)],
  [['help', 'check'], pageHelp(pageCalled('check'), false)],
  [['check', '--help-all'], pageHelp(pageCalled('check'), true)],
  [['--help'], overview()],
  [['help'], overview()],
  [['--version'], '0.1.0\n'],
  [['check', '--version'], '0.1.0\n'],
])('%j', async (argv, text) => {
  const {io, said, stdout} = terminal()
  expect(await runCommand(argv, io)).toBe(0)
  expect([stdout(), said]).toEqual([text, []])
})

describe('every example can be typed', () => {
  const examples = PAGES.flatMap((page) => page.examples.map(([line]) => [line, page] as const))
  test.each(examples)('%s', async (line, page) => {
    const {page: read, rest} = readLine(line.split(' '))
    expect(read).toBe(page)
    expect(await parse(rest, page)).toBeDefined()
  })
})
