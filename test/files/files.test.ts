import {execFile} from 'node:child_process'
import {lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {promisify} from 'node:util'
import {afterEach, beforeEach, expect, test} from 'vitest'
import {readText, writeAtomically} from '../../src/files/files.ts'
import {UserError} from '../../src/model/error.ts'

let folder: string
beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'netdoctor-files-'))))
afterEach(() => rm(folder, {recursive: true}))

test('a file is replaced by the whole of the new one, and nothing else is left', async () => {
  const file = path.join(folder, 'report.json')
  await writeAtomically(file, ['old'])
  await writeAtomically(file, ['a', 'é', '', '🙂'])
  expect(await readFile(file, 'utf8')).toBe('aé🙂')
  expect(await readdir(folder)).toEqual(['report.json'])
})

test('what a link leads to is written, and the link stays', async () => {
  await mkdir(path.join(folder, 'runs'))
  await writeFile(path.join(folder, 'runs/today'), 'old')
  await symlink('runs/today', path.join(folder, 'latest'))
  await writeAtomically(path.join(folder, 'latest'), ['new'])
  expect(await readFile(path.join(folder, 'runs/today'), 'utf8')).toBe('new')
  expect((await lstat(path.join(folder, 'latest'))).isSymbolicLink()).toBe(true)
})

test('a pipe is written to, and stays one', async () => {
  const pipe = path.join(folder, 'pipe')
  await promisify(execFile)('mkfifo', [pipe])
  const [text] = await Promise.all([readFile(pipe, 'utf8'), writeAtomically(pipe, ['a', 'b'])])
  expect(text).toBe('ab')
  expect((await lstat(pipe)).isFIFO()).toBe(true)
  expect(await readdir(folder)).toEqual(['pipe'])
})

test('a million chunks arrive in order', async () => {
  const file = path.join(folder, 'report.json')
  await writeAtomically(
    file,
    Array.from({length: 1_000_000}, (_, n) => `${n % 10}`),
  )
  expect(await readFile(file, 'utf8')).toBe('0123456789'.repeat(100_000))
})

test('where the new one ends in the middle, the old one stays whole', async () => {
  const file = path.join(folder, 'report.json')
  await writeFile(file, 'old')
  function* broken() {
    yield 'x'.repeat(1_000_000)
    throw new Error('no more')
  }
  await expect(writeAtomically(file, broken())).rejects.toEqual(
    new UserError(2, `Could not write ${file}: no more`),
  )
  expect(await readFile(file, 'utf8')).toBe('old')
  expect(await readdir(folder)).toEqual(['report.json'])
})

test('where nothing can be written, it says so', async () => {
  const file = path.join(folder, 'no', 'such', 'folder', 'report.json')
  const failure: unknown = await writeAtomically(file, ['x']).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(UserError)
  expect(failure).toMatchObject({
    exitCode: 2,
    message: expect.stringContaining(`Could not write ${file}: `) as string,
  })
})

test('reading tells a missing file from one that cannot be read', async () => {
  const file = path.join(folder, 'config.json')
  expect(await readText(file)).toBeUndefined()
  await writeFile(file, '')
  expect(await readText(file)).toBe('')
  await expect(readText(folder)).rejects.toMatchObject({exitCode: 2})
})
