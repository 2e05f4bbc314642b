import {readFile} from 'node:fs/promises'
import path from 'node:path'
import ts from 'typescript'
import {expect, test} from 'vitest'
import {citationsIn, rowsOf} from '../docs/citations.ts'
import {page} from '../docs/pages.ts'
import {patternOf} from './mistake.ts'
import {MISTAKES} from './mistakes.ts'

const cited = rowsOf(await page('docs/reliability.md'))
  .flatMap(([promise = '', cell = '']) => citationsIn(promise, cell))
  .map(({file, title}) => `${file.replace(/^\.\.\/test\/|\.test\.ts$/g, '')}: ${title}`)
const notices = MISTAKES.flatMap(({noticedBy}) => noticedBy)

test('each test of docs/reliability.md has a mistake that it must notice, and nothing else has', () => {
  const held = new Set(notices.map((one) => `${one.test}: ${one.title}`))
  expect(cited.filter((one) => !held.has(one))).toEqual([])
  expect([...held].filter((one) => !cited.includes(one))).toEqual([])
  expect(cited.length).toBeGreaterThan(70)
})

test.each(MISTAKES)('$file: $what: what is changed is there once, and still makes sense', async (mistake) => {
  const {file, from, to} = mistake
  const text = await readFile(path.join(import.meta.dirname, '../..', file), 'utf8')
  const pieces = text.split(from)
  expect(pieces).toHaveLength(2)
  expect(to).not.toBe(from)
  if (!file.endsWith('.ts')) return
  const {diagnostics = []} = ts.transpileModule(pieces.join(to), {fileName: file, reportDiagnostics: true})
  expect(diagnostics.map(({messageText}) => messageText)).toEqual([])
})

test('a case that is run is one of its test', () => {
  const rows = notices.flatMap(({row, ...one}) => (row === undefined ? [] : [{...one, row}]))
  expect(rows.filter((one) => !new RegExp(patternOf({title: one.title})).test(one.row))).toEqual([])
})
