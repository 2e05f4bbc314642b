import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, expect, test} from 'vitest'
import {runCommand} from '../../src/cli/run.ts'
import type {Diff} from '../../src/model/diff.ts'
import type {Run} from '../../src/model/run.ts'
import {DIFF_FORMAT_NAMES} from '../../src/report/diff/format.ts'
import {DIFF_FORMATS} from '../../src/report/diff/index.ts'
import {reportJson} from '../../src/saved/report.ts'
import {DIFFS} from '../report/diffs.ts'
import {answered, nodeWith, sampleRun} from '../report/sample.ts'
import {terminal} from './terminal.ts'

let folder: string
beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'netdoctor-diff-'))))
afterEach(() => rm(folder, {recursive: true}))

async function save(name: string, run: Run): Promise<string> {
  const file = path.join(folder, name)
  await writeFile(file, [...reportJson(run)].join(''))
  return file
}

async function diff({old, now}: Pick<Diff, 'old' | 'now'>, ...flags: string[]) {
  const {io, said, stdout} = terminal()
  const files = [await save('old.json', old), await save('new.json', now)]
  const exitCode = await runCommand(['diff', ...files, ...flags], io)
  return {exitCode, said, stdout: stdout()}
}

const deaf = DIFFS['a node has gone deaf, a pair healed']
const plain = (name: (typeof DIFF_FORMAT_NAMES)[number], of: Diff) =>
  [...DIFF_FORMATS[name](of, {color: false})].join('')

test.each(DIFF_FORMAT_NAMES)('diff -o %s shows what changed, on standard output alone', async (format) => {
  const {stdout, said} = await diff(deaf, '-o', format)
  expect([stdout, said]).toEqual([plain(format, deaf), []])
})

test('diff --output-file writes the form there, and a table to standard output', async () => {
  const file = path.join(folder, 'out.xml')
  const {stdout, said} = await diff(deaf, '-o', 'junit', '--output-file', file)
  expect(said).toEqual([`Wrote ${file}.`])
  expect([await readFile(file, 'utf8'), stdout]).toEqual([plain('junit', deaf), plain('table', deaf)])
})

const unmeasured = {...answered, status: 'EXCEPTION', reason: 'exec-failed', timeUs: 0} as const
const two = [nodeWith('a', '10.0.0.1'), nodeWith('b', '10.0.0.2')]

test.each<[what: string, runs: Pick<Diff, 'old' | 'now'>, exitCode: number]>([
  ['nothing changed', DIFFS['nothing changed'], 0],
  ['something broke', deaf, 1],
  [
    'something healed and nothing broke',
    {old: deaf.now, now: sampleRun(deaf.now.plan.nodes, () => answered)},
    0,
  ],
  [
    'nothing broke, and something could not be measured any more',
    {old: sampleRun(two, () => answered), now: sampleRun(two, ({id}) => (id === 1 ? unmeasured : answered))},
    3,
  ],
  ['nodes are gone and new, and it is slower', DIFFS['nodes gone and new, slower, a part of the plan'], 0],
  ['nothing broke, and what only the later run has FAILED', DIFFS['a new node is deaf'], 1],
  [
    'nothing broke, and what only the later run has could not be measured',
    {
      old: sampleRun(two.slice(0, 1), () => answered),
      now: sampleRun(two, ({id}) => (id === 1 ? unmeasured : answered)),
    },
    3,
  ],
])('diff where %s ends with its code', async (_, runs, exitCode) => {
  expect((await diff(runs)).exitCode).toBe(exitCode)
})

test('diff of runs that have nothing in common is a mistake, never an all-clear', async () => {
  const {exitCode, said, stdout} = await diff({
    old: sampleRun([nodeWith('a', '10.0.0.1')], () => answered),
    now: sampleRun([nodeWith('b', '10.0.0.2')], () => answered),
  })
  expect([exitCode, stdout]).toEqual([2, ''])
  expect(said.join()).toMatch(/old\.json and .*new\.json have no probe in common, so nothing can be said/)
})

test.each<[words: string[], complaint: RegExp]>([
  [[], /^diff needs OLD: the report of the earlier run$/],
  [
    ['a.json', 'b.json', 'c.json'],
    /^"c\.json" means nothing to diff: kubectl netdoctor diff --help has what it takes$/,
  ],
  [
    ['a.json', '-o', 'matrix'],
    /^--output must be one of table, wide, json, junit, html, markdown; found "matrix"/,
  ],
  [['no-such.json'], /^There is no file no-such\.json: /],
])('diff %j is a mistake, told in a sentence', async (words, complaint) => {
  const {io, said, stdout} = terminal()
  expect([await runCommand(['diff', ...words], io), stdout()]).toEqual([2, ''])
  expect(said.join('\n')).toMatch(complaint)
})
