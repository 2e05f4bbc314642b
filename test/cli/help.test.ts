import {describe, expect, test} from 'vitest'
import {overview, pageHelp} from '../../src/cli/help.ts'
import {parse} from '../../src/cli/parse.ts'
import {PAGES} from '../../src/cli/pages.ts'
import {runCommand} from '../../src/cli/run.ts'
import {readLine} from '../../src/cli/words.ts'
import {pageCalled} from './page-called.ts'
import {terminal} from './terminal.ts'

/** Lines of a screen, and columns where there is no terminal. */
const SCREEN = {lines: 50, columns: 100}

const sizeOf = (text: string) => {
  const lines = text.trimEnd().split('\n')
  return {lines: lines.length, columns: Math.max(...lines.map((line) => line.length))}
}

test.each<[string, string]>([
  ['the overview', overview()],
  ...PAGES.map((page): [string, string] => [page.name, pageHelp(page, false)]),
])('the help of %s fits a screen', (_, text) => {
  const {lines, columns} = sizeOf(text)
  expect(lines).toBeLessThanOrEqual(SCREEN.lines)
  expect(columns).toBeLessThanOrEqual(SCREEN.columns)
})

test('the overview has every command', () => {
  for (const {name, describe} of PAGES)
    expect(overview()).toMatch(new RegExp(`^  ${name}.*  ${describe}$`, 'm'))
})

test.each(PAGES.map((page) => [page.name, page] as const))('--help-all of %s has every flag', (_, page) => {
  const text = pageHelp(page, true)
  for (const {name} of page.flags) expect(text).toMatch(new RegExp(`--${name}\\b`))
  for (const rare of page.rare ?? [])
    expect(pageHelp(page, false)).not.toMatch(new RegExp(`--${rare}[^-\\w]`))
})

test('what --help leaves out, it says where to find; what is left out is there', () => {
  for (const page of PAGES) {
    expect(pageHelp(page, false).includes('--help-all')).toBe(page.rare !== undefined)
    expect(pageHelp(page, true)).not.toContain('--help-all')
  }
})

test('a narrow terminal wraps, a wide one has its limit', () => {
  expect(sizeOf(pageHelp(pageCalled('report'), false, 70)).columns).toBeLessThanOrEqual(70)
  expect(sizeOf(pageHelp(pageCalled('check'), true, 300)).columns).toBeLessThanOrEqual(110)
})

test('a flag says what it takes, which words, and what holds without it', () => {
  expect(pageHelp(pageCalled('report'), false)).toContain(
    [
      '  -o, --output NAME       form of the report: table, wide, json, junit (table)',
      '      --output-file FILE  write the report there, and a table to standard output',
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
