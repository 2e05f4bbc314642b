import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {Ajv2020} from 'ajv/dist/2020.js'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {runCommand} from '../../src/cli/run.ts'
import {DIFF_FORMAT_NAMES} from '../../src/report/diff/format.ts'
import {FORMAT_NAMES} from '../../src/report/format.ts'
import {parseReport, reportJson} from '../../src/saved/report.ts'
import type {Run} from '../../src/model/run.ts'
import {terminal} from '../cli/terminal.ts'
import {answered, resultsOf} from '../report/sample.ts'

/**
 * Written by the program as it was before nodes had traits, and plans the second floater, NodePorts and sizes of packets:
 * three nodes, of which the last has no floater, both families, a custom target. Never to be written anew.
 */
const OLDER = path.join(import.meta.dirname, 'older/report-1-before-traits.json')

let folder: string
let older: Run
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'netdoctor-older-'))
  older = parseReport(await readFile(OLDER, 'utf8'), 'report.json')
})
afterAll(() => rm(folder, {recursive: true}))

async function ended(...words: string[]) {
  const {io, said, stdout} = terminal()
  const exitCode = await runCommand(words, io)
  return {exitCode, said: said.join('\n'), stdout: stdout()}
}

/** A run of today over the same nodes, in which every floater answers. */
async function ofToday(): Promise<string> {
  const file = path.join(folder, 'today.json')
  const nodes = older.plan.nodes.map((node) => ({...node, traits: {zone: 'z1', kernel: '6.1.0'}}))
  const plan = {...older.plan, nodes}
  const today: Run = {
    ...{...older, id: 'today', startedAt: '2026-01-02T03:04:05.000Z', plan},
    results: resultsOf(plan, () => answered),
  }
  await writeFile(file, [...reportJson(today)].join(''))
  return file
}

test('what was asked afterwards, and does not say about which finding, is left out', async () => {
  const saved = JSON.parse(await readFile(OLDER, 'utf8')) as object
  const asked = {probe: 0, answers: []}
  const marked = {finding: {kind: 'pair', nodes: [0, 1]}, ...asked}
  const {followUps} = parseReport(JSON.stringify({...saved, followUps: [asked, marked]}), 'report.json')
  expect(followUps).toEqual([marked])
})

describe('a report of an older version of the format', () => {
  test('says what it said then', () => {
    expect(older.plan.nodes.map(({name, traits}) => [name, traits])).toEqual([
      ['node-a', undefined],
      ['node-b', undefined],
      ['node-c', undefined],
    ])
    expect(older.plan.size).toBe(21)
  })

  test('fits the schema of today', async () => {
    const schema = path.join(import.meta.dirname, '../../schemas/report.schema.json')
    const valid = new Ajv2020({formats: {'date-time': true, ipv4: true, ipv6: true}}).compile(
      JSON.parse(await readFile(schema, 'utf8')) as object,
    )
    expect(valid(JSON.parse(await readFile(OLDER, 'utf8'))), JSON.stringify(valid.errors)).toBe(true)
  })

  test.each(FORMAT_NAMES)('is shown by report -o %s', async (format) => {
    const {exitCode, said, stdout} = await ended('report', OLDER, '-o', format)
    expect([exitCode, said]).toEqual([0, ''])
    expect(stdout).toContain('node-a')
    expect(stdout).toMatch(/refused/)
  })

  test.each(DIFF_FORMAT_NAMES)('is compared with one of today by diff -o %s, either way', async (format) => {
    const today = await ofToday()
    const healed = await ended('diff', OLDER, today, '-o', format)
    const broke = await ended('diff', today, OLDER, '-o', format)
    expect([healed.exitCode, healed.said, broke.exitCode, broke.said]).toEqual([0, '', 1, ''])
    expect(healed.stdout).toContain('3 healed, 11 SUCCEEDED that had not been measured')
    expect(broke.stdout).toContain('3 of 21 probes broke')
  })
})

test.each([['report'], ['diff']])(
  '%s refuses a report of a newer version in one clear sentence',
  async (command) => {
    const newer = path.join(folder, 'newer.json')
    await writeFile(
      newer,
      '{"format": "kubectl-netdoctor/report", "version": 2, "tool": "9.0.0", "rows": []}',
    )
    const {exitCode, said, stdout} = await ended(command, newer)
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(said).toBe(
      `${newer} has version 2 of the format, written by a newer kubectl netdoctor (9.0.0); this one reads version 1. Update kubectl netdoctor.`,
    )
  },
)
