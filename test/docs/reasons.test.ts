import {readdir} from 'node:fs/promises'
import path from 'node:path'
import {describe, expect, test} from 'vitest'
import {runCommand} from '../../src/cli/run.ts'
import type {Reason} from '../../src/model/result.ts'
import {wordLines} from '../../src/report/words.ts'
import {REASONS, recorder} from '../../src/results/store.ts'
import {terminal} from '../cli/terminal.ts'
import {nodeWith, sampleRun} from '../report/sample.ts'
import {blocks, page} from './pages.ts'

const FOLDER = 'docs/reasons'
/** What rules of iptables do. */
const CHAINS = new Set(['REJECT'])
const INDEX = await page(`${FOLDER}/README.md`)

/** The words of a run without a finding, each of whose probes has one of these reasons. */
function linesOf(reasons: readonly Reason[], unstable: boolean): string[] {
  const {results, record} = recorder(reasons.length)
  for (const [id, reason] of reasons.entries()) {
    const status = reason === 'answered' ? 'SUCCEEDED' : 'FAILED'
    record(id, {status, reason, timeUs: 0, raw: '', unstable}, undefined)
  }
  const run = {...sampleRun([nodeWith('a', '192.0.2.1')], () => undefined), results}
  return [...wordLines(run, {findings: [], findingOf: new Uint32Array(), unexplained: 0})]
}

test('every reason has a page, and no page is without a reason', async () => {
  const files = await readdir(path.join(import.meta.dirname, '../..', FOLDER))
  const named = [...REASONS.map((reason) => `${reason}.md`), 'README.md']
  expect(files.toSorted()).toEqual(named.toSorted())
})

test('the list of reasons has each once', () => {
  const linked = [...INDEX.text.matchAll(/\[([-a-z]+)\]\(\1\.md\)/g)].map(([, reason]) => reason)
  expect(linked.toSorted()).toEqual([...REASONS].toSorted())
})

describe.each(REASONS)('the page of %s', async (reason) => {
  const {text} = await page(`${FOLDER}/${reason}.md`)

  test('has the shape of all', () => {
    expect(text.startsWith(`# \`${reason}\``)).toBe(true)
    expect([...text.matchAll(/^## (.+)$/gm)].map(([, title]) => title)).toEqual([
      'What it means',
      'Look further',
      'Mend',
    ])
  })

  test('says which status it is', () => {
    const heading = [...INDEX.text.matchAll(/^(FAILED|EXCEPTION|SUCCEEDED)[^]*?(?=\n\n)/gm)]
    const [, status] = heading.find(([list]) => list.includes(`[${reason}]`)) ?? []
    expect(text.split('\n')[2]).toMatch(new RegExp(`^${status}\\b`))
  })

  test('has commands whose words in capitals the list explains, and which no shell takes for patterns', () => {
    const lines = blocks({name: reason, text}).flatMap((block) => block.text.trim().split('\n'))
    const unquoted = lines.map((line) => line.replace(/'[^']*'|"[^"]*"/g, ''))
    const capitals = unquoted.flatMap((line) => line.match(/(?<![-\w])[A-Z]{3,}(?![-\w:])/g) ?? [])
    const explained = /## The commands on these pages\n\n([^]*?)```/.exec(INDEX.text)?.[1] ?? ''
    expect(
      capitals.filter((word) => !new RegExp(`\\b${word}\\b`).test(explained) && !CHAINS.has(word)),
    ).toEqual([])
    expect(unquoted.filter((line) => /[*?[{]/.test(line))).toEqual([])
  })

  test('is printed by the command that the report names', async () => {
    const [line = ''] = linesOf([reason], true)
    const [, named = ''] = /: 1 probe, see kubectl netdoctor explain ([-a-z]+)\n$/.exec(line) ?? []
    const {io, stdout} = terminal()
    expect(await runCommand(['explain', named], io)).toBe(0)
    expect(stdout().split('\n')).toContain(text.split('\n')[0]?.replace('# ', '').replaceAll('`', ''))
    expect(stdout()).toContain('\nMend\n\n- ')
  })
})

test('each reason is named once, with how many probes have it; what plainly succeeded is not', () => {
  expect(linesOf(['timeout', 'answered', 'refused', 'timeout'], false)).toEqual([
    'timeout: 2 probes, see kubectl netdoctor explain timeout\n',
    'refused: 1 probe, see kubectl netdoctor explain refused\n',
  ])
  expect(linesOf(['answered'], true)).toEqual(['unstable: 1 probe, see kubectl netdoctor explain unstable\n'])
})
