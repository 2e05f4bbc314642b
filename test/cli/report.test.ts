import {mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import type {Io} from '../../src/cli/io.ts'
import {report} from '../../src/cli/output.ts'
import {runCommand} from '../../src/cli/run.ts'
import {FORMAT_NAMES} from '../../src/report/format.ts'
import {FORMATS} from '../../src/report/index.ts'
import {reportJson} from '../../src/saved/report.ts'
import {RUNS} from '../report/samples.ts'
import {nodeWith, sampleRun} from '../report/sample.ts'
import {shown} from '../report/shown.ts'

const run = RUNS['failures, nodes without floaters, untested']
const plain = (name: (typeof FORMAT_NAMES)[number], of = run) => shown(FORMATS[name], of)

let folder: string
beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'netdoctor-report-'))))
afterEach(() => rm(folder, {recursive: true}))

/** A terminal, or a pipe, that keeps what it is given. */
function desk(changes: Partial<Io> = {}) {
  const printed: string[] = []
  const said: string[] = []
  const io: Io = {
    out: (text) => Promise.resolve(void printed.push(text)),
    say: (line) => said.push(line),
    rows: () => Promise.reject(new Error('there are no rows')),
    signal: new AbortController().signal,
    env: {},
    home: folder,
    cores: 2,
    width: undefined,
    color: false,
    version: '0.1.0',
    nodeVersion: '20.19.0',
    ...changes,
  }
  return {io, said, printed, stdout: () => printed.join('')}
}

describe('where a report goes', () => {
  test.each(FORMAT_NAMES)('-o %s to standard output', async (format) => {
    const {io, stdout, said} = desk()
    await report(run, {format, file: undefined}, io)
    expect(stdout()).toBe(plain(format))
    expect(said).toEqual([])
  })

  test.each(FORMAT_NAMES)('-o %s into a file, whole, and a table to standard output', async (format) => {
    const {io, stdout} = desk()
    const file = path.join(folder, 'out')
    await writeFile(file, 'what was there before and is much longer'.repeat(1000))
    await report(run, {format, file}, io)
    expect(await readFile(file, 'utf8')).toBe(plain(format))
    expect(stdout()).toBe(plain('table'))
    expect(await readdir(folder)).toEqual(['out'])
  })

  test('a file is never coloured nor wrapped, the terminal is both', async () => {
    const {io, stdout} = desk({color: true, width: 80})
    const file = path.join(folder, 'out')
    await report(run, {format: 'table', file}, io)
    expect(await readFile(file, 'utf8')).toBe(plain('table'))
    expect(stdout()).toBe(shown(FORMATS.table, run, {color: true, width: 80}))
  })

  test('where the file cannot be written, it says why, and the table is shown', async () => {
    const {io, stdout} = desk()
    await expect(report(run, {format: 'json', file: path.join(folder, 'no/such')}, io)).rejects.toThrow(
      /^Could not write .*no\/such: there is no such folder$/,
    )
    expect(stdout()).toBe(plain('table'))
  })

  test('large output goes out in few pieces, while it is made', async () => {
    const nodes = Array.from({length: 100}, (_, n) => nodeWith(`n${n}`, `10.0.0.${n}`))
    const many = sampleRun(nodes, () => undefined)
    const {io, stdout, printed} = desk()
    await report(many, {format: 'json', file: undefined}, io)
    expect(stdout()).toBe(plain('json', many))
    expect(printed.length).toBeGreaterThan(5)
    expect(printed.length).toBeLessThan(50)
  })
})

describe('the command', () => {
  const save = async (name: string, content = [...reportJson(run)].join('')) => {
    const file = path.join(folder, name)
    await writeFile(file, content)
    return file
  }

  test.each(FORMAT_NAMES)('shows a saved run with -o %s, and succeeds whatever it found', async (format) => {
    const {io, stdout, said} = desk()
    expect(await runCommand(['report', await save('old.json'), '-o', format], io)).toBe(0)
    expect(stdout()).toBe(plain(format))
    expect(said).toEqual([])
  })

  test('writes a file beside it', async () => {
    const {io, said} = desk()
    const out = path.join(folder, 'old.xml')
    const argv = ['report', await save('old.json'), '-o', 'junit', '--output-file', out]
    expect(await runCommand(argv, io)).toBe(0)
    expect(await readFile(out, 'utf8')).toBe(plain('junit'))
    expect(said).toEqual([`Wrote ${out}.`])
  })

  test('looks for report.json', async () => {
    const {io, said, stdout} = desk()
    expect(await runCommand(['report'], io)).toBe(2)
    expect(said).toEqual([
      'There is no file report.json: `kubectl netdoctor check` writes report.json, and resume writes resume-report.json.',
    ])
    expect(stdout()).toBe('')
  })

  test.each([
    ['empty', '', /is empty/],
    ['damaged', '{"format":', /damaged: not valid JSON/],
    ['foreign', '{"format": "x"}', /is not a report of kubectl netdoctor/],
    ['of a newer version', '{"format": "kubectl-netdoctor/report", "version": 9}', /written by a newer/],
  ])('says in one sentence that a file is %s', async (_, content, message) => {
    const {io, said, stdout} = desk()
    expect(await runCommand(['report', await save('old.json', content)], io)).toBe(2)
    expect(said).toEqual([expect.stringMatching(message) as string])
    expect(said[0]).not.toContain('\n')
    expect(stdout()).toBe('')
  })

  test('says that a folder is none', async () => {
    const {io, said} = desk()
    expect(await runCommand(['report', folder], io)).toBe(2)
    expect(said).toEqual([`Could not read ${folder}: it is a folder`])
  })

  test('refuses a format that there is not', async () => {
    const {io, said} = desk()
    expect(await runCommand(['report', await save('old.json'), '-o', 'pdf'], io)).toBe(2)
    expect(said.join()).toContain('must be one of table, wide, matrix, json, junit, html, markdown')
  })
})
