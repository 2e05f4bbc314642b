import {describe, expect, test, vi} from 'vitest'
import {flagFields} from '../../src/cli/options.ts'
import type {Arguments} from '../../src/cli/page.ts'
import {EVERYWHERE, PAGES as COMMANDS} from '../../src/cli/pages.ts'
import {runCommand} from '../../src/cli/run.ts'
import {DEFAULTS, FIELD_NAMES, FIELDS} from '../../src/config/fields.ts'
import {normalise} from '../../src/config/normalise.ts'
import {validate} from '../../src/config/validate.ts'
import {flavourOf} from '../../src/floater/flavour.ts'
import type {Config} from '../../src/model/config.ts'
import type {Run} from '../../src/model/run.ts'
import {PATHS} from '../../src/plan/modes.ts'
import {FORMAT_NAMES} from '../../src/report/format.ts'
import {exitCodeOf} from '../../src/run/outcome.ts'
import {terminal} from '../cli/terminal.ts'
import {answered, nodeWith, sampleRun} from '../report/sample.ts'
import {blocks, code, commandLines, page, pages, tableOf, tables} from './pages.ts'

/* The commands as they are, but that they only check what they were given. */
const judged = vi.hoisted(() => vi.fn<(args: Arguments) => Promise<number>>())
vi.mock(import('../../src/cli/check.ts'), async (real) => ({...(await real()), run: judged}))
vi.mock(import('../../src/cli/clean.ts'), async (real) => ({...(await real()), run: judged}))
vi.mock(import('../../src/cli/diff.ts'), async (real) => ({...(await real()), run: judged}))
vi.mock(import('../../src/cli/explain.ts'), async (real) => ({...(await real()), run: judged}))
vi.mock(import('../../src/cli/init.ts'), async (real) => ({...(await real()), run: judged}))
vi.mock(import('../../src/cli/report.ts'), async (real) => ({...(await real()), run: judged}))
vi.mock(import('../../src/cli/resume.ts'), async (real) => ({...(await real()), run: judged}))
vi.mock(import('../../src/cli/version.ts'), async (real) => ({...(await real()), run: judged}))
vi.mock(import('../../src/cli/completion.ts'), async (real) => ({...(await real()), run: judged}))
judged.mockImplementation((args) => Promise.resolve(flagFields(args)).then(() => 0))

const README = await page('README.md')
const CONFIG = await page('docs/config.md')
const PROBING = await page('docs/probing.md')
const REPORTS = await page('docs/reports.md')
const PAGES = await pages()

/** Lines and spans of code that begin with another program than netdoctor. */
const OTHERS =
  /^(?!\$? ?kubectl netdoctor)(?:kubectl|tcpdump|iptables-save|archive|grep|npm|ping|ip|mtr) .*$|`(?:kubectl(?! netdoctor)|iptables|node|npm|xattr) [^`]*`/gm

/** Gives the command line to the program's own parser; what it complains of. */
async function complaints(argv: readonly string[]): Promise<string> {
  const {io, said} = terminal()
  const exitCode = await runCommand(argv, io)
  return exitCode === 0 ? '' : said.join('\n')
}

describe('command lines', () => {
  const lines = PAGES.flatMap((one) => commandLines(one).map((argv) => [one.name, argv] as const))
  const runnable = lines.filter(([, [first = '']]) => !['--help', '--version'].includes(first))

  test.each(runnable)('%s: %j is understood', async (_, argv) => {
    judged.mockClear()
    expect(await complaints(argv)).toBe('')
    expect(judged).toHaveBeenCalledOnce()
  })

  test.each([
    [['chek'], 'Did you mean `kubectl netdoctor check`?'],
    [['check', '--colour'], 'Did you mean --color?'],
    [['check', '--mode', 'pods'], '--mode must be'],
    [['check', '-o', 'yaml'], 'must be one of'],
  ])('%j would not be', async (argv, complaint) => {
    expect(await complaints(argv)).toContain(complaint)
  })
})

test('every block of JSON is a config that is taken', () => {
  const configs = PAGES.flatMap(blocks).filter(({kind}) => kind === 'json')
  expect(configs.length).toBeGreaterThan(0)
  for (const {text} of configs)
    expect(validate({file: {name: 'config.json', text}}).problems, text).toBeUndefined()
})

describe('the tables of config.json', () => {
  const rows = tables(CONFIG)
    .filter(([heading]) => heading?.[0] === 'field')
    .flatMap(([, ...rows]) => rows)
  const cells = (column: number) => rows.map((row) => row[column] ?? '')

  test('have every field, in the order of --help, and its flag, and nothing else', () => {
    expect(cells(0).flatMap(code)).toEqual(FIELD_NAMES)
    const flags = cells(1)
      .flatMap(code)
      .map((flag) => flag.split(' ')[0])
    expect(flags.filter((flag) => flag !== '-n')).toEqual(FIELD_NAMES.map((name) => `--${FIELDS[name].flag}`))
  })

  test('have the defaults', () => {
    for (const row of rows) {
      const [names = '', , shown = ''] = row
      for (const name of code(names)) {
        const value = (DEFAULTS as Readonly<Record<string, string | number | boolean>>)[name]
        if (value !== undefined)
          expect([name, code(shown)]).toEqual([name, expect.arrayContaining([String(value)])])
        else expect([name, shown]).toEqual([name, expect.stringMatching(/\S/)])
      }
    }
  })
})

test('every flag of every command is told of, and no other', () => {
  // Not those of other programs, which have lines and spans of their own.
  const told = PAGES.map(({text}) => text.replace(OTHERS, '')).join('\n')
  const shown = [...told.matchAll(/(?<![\w-])--(?:no-)?([a-z][-a-z]+)/g)].map(([, flag]) => flag)
  const flags = [...EVERYWHERE, ...COMMANDS.flatMap((command) => command.flags)].map(({name}) => name)
  expect([...new Set(shown)].sort()).toEqual([...new Set([...flags, 'version'])].sort())
})

test('the modes have the protocols that the table says', () => {
  const shown = tableOf(PROBING, '`mode`').map(([mode = '', , , protocols = '']) => [
    code(mode)[0],
    protocols.replace(/ \(.*\)$/, '').split(', '),
  ])
  expect(Object.fromEntries(shown)).toEqual(
    Object.fromEntries(Object.entries(PATHS).map(([mode, {protocols}]) => [mode, protocols])),
  )
})

test('the floaters prove what the table says', () => {
  const floater = {node: 'n1', pod: 'p', uid: 'u', restarts: 0, addresses: ['10.0.0.1'], port: 8889}
  const rows = tableOf(PROBING, '`floater`')
  const names = rows.flatMap(([name = '']) => code(name))
  expect(FIELDS.floater.schema.options).toEqual(names)
  for (const [index, [, identity = '', udp = '', , , , rewritten = '']] of rows.entries()) {
    const flavour = FIELDS.floater.schema.options[index] ?? 'custom'
    const config = normalise({floater: flavour, answer: 'hello'}, {home: '/', identity: {}}) satisfies Config
    const chosen = flavourOf(config)
    expect([flavour, identity.startsWith('proved')]).toEqual([
      flavour,
      chosen.identity(floater, 'tcp', 'pod') !== undefined,
    ])
    expect([flavour, udp, rewritten.startsWith('yes')]).toEqual([
      flavour,
      chosen.udp ? 'yes' : 'refused',
      chosen.udp,
    ])
  }
})

test('the forms of a report are those that there are', () => {
  expect(tableOf(REPORTS, '`-o`').flatMap(([name = '']) => code(name))).toEqual(FORMAT_NAMES)
})

test('the exit codes are those that runs end with', () => {
  const nodes = [nodeWith('a', '10.0.0.1')]
  const failed = {status: 'FAILED', reason: 'timeout', timeUs: 0, raw: '', unstable: false} as const
  const codeOf = (verdict: typeof failed | typeof answered | undefined, changes: Partial<Run> = {}) =>
    exitCodeOf(sampleRun(nodes, () => verdict, changes))
  const rows = tableOf(README, 'code')
  expect(rows.map(([codes]) => codes)).toEqual([
    `${codeOf(answered)}`,
    `${codeOf(failed)}`,
    `${exitCodeOf(sampleRun([], () => undefined))}`,
    `${codeOf(undefined)}`,
    ['SIGINT', 'SIGTERM', 'SIGHUP'].map((interrupted) => codeOf(answered, {interrupted})).join(', '),
  ])
  const words = ['SUCCEEDED', 'FAILED', 'nothing to probe', 'could not be measured', 'SIGINT']
  for (const [index, [, meaning]] of rows.entries()) expect(meaning).toContain(words[index])
})
