import {mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {runCommand} from '../../src/cli/run.ts'
import {SHIM, SHIM_TEXT} from '../../src/cli/shim.ts'
import {terminal} from './terminal.ts'

let home: string
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'netdoctor-completion-'))
  for (const folder of ['krew', 'bin', 'elsewhere']) await mkdir(path.join(home, folder))
  await writeFile(path.join(home, 'krew', 'kubectl-netdoctor'), '', {mode: 0o755})
})
afterEach(() => rm(home, {recursive: true}))

/** The command on a PATH that holds nothing but the folders of this test. */
async function completion(...argv: string[]) {
  const PATH = ['bin', 'krew'].map((folder) => path.join(home, folder)).join(path.delimiter)
  const {io, said, stdout} = terminal({env: {PATH}, home})
  // kubectl itself is looked for on the PATH of the test: only what is said of it depends on that.
  const exitCode = await runCommand(['completion', ...argv], io)
  return {exitCode, said: said.join('\n'), stdout: stdout()}
}

const shimIn = (folder: string) => path.join(home, folder, SHIM)

describe('install', () => {
  test('puts a program beside kubectl-netdoctor, says so, and how to undo it', async () => {
    const {exitCode, said, stdout} = await completion('install')
    expect([exitCode, stdout]).toEqual([0, ''])
    expect(await readFile(shimIn('krew'), 'utf8')).toBe(SHIM_TEXT)
    expect((await stat(shimIn('krew'))).mode & 0o777 & 0o755).toBe(0o755)
    expect(await readdir(path.join(home, 'bin'))).toEqual([])
    expect(said).toContain(`Wrote ${shimIn('krew')} (kubectl-netdoctor is there, too)`)
    expect(said).toContain('kubectl netdoctor completion uninstall')
    expect(said).not.toContain('itself is not on PATH')
  })

  test('a second time changes nothing', async () => {
    await completion('install')
    const {exitCode, said} = await completion('install')
    expect([exitCode, said]).toEqual([0, expect.stringContaining(`${shimIn('krew')} is there already.`)])
  })

  test('goes where it is told, and says what is missing there', async () => {
    await rm(path.join(home, 'krew', 'kubectl-netdoctor'))
    const {said} = await completion('install', '--dir=~/elsewhere')
    expect(await readFile(shimIn('elsewhere'), 'utf8')).toBe(SHIM_TEXT)
    expect(said).toContain('put it on PATH, or kubectl will not look there')
    expect(said).toContain('kubectl-netdoctor itself is not on PATH yet')
  })

  test.each([
    ['a foreign file', 'bin', [], async () => await writeFile(shimIn('bin'), 'mine')],
    ['one that cannot be read', 'bin', [], async () => await mkdir(shimIn('bin'))],
    [
      'a foreign file where it is told to go',
      'bin',
      ['--dir=~/bin'],
      async () => await writeFile(shimIn('bin'), ''),
    ],
  ])('never replaces %s', async (_, folder, flags, prepare) => {
    await prepare()
    const {exitCode, said} = await completion('install', ...flags)
    expect([exitCode, said]).toEqual([
      2,
      expect.stringMatching(`^${shimIn(folder)} is not of netdoctor's making`),
    ])
    expect(await readdir(path.join(home, 'krew'))).toEqual(['kubectl-netdoctor'])
  })

  test('there must be such a folder', async () => {
    const {exitCode, said} = await completion('install', '--dir', path.join(home, 'gone'))
    expect([exitCode, said]).toEqual([2, `${home}/gone is no folder that you can write to.`])
  })

  test('is not for Windows, and says what takes its place', async () => {
    const {io, said} = terminal({env: {OS: 'Windows_NT'}})
    expect(await runCommand(['completion', 'install'], io)).toBe(2)
    expect(said.join()).toContain('put kubectl_complete-netdoctor.cmd, which is in the zip')
  })
})

describe('uninstall', () => {
  test('undoes it, and leaves what is not ours', async () => {
    await completion('install')
    await writeFile(shimIn('bin'), 'mine')
    const {exitCode, said} = await completion('uninstall')
    expect(exitCode).toBe(0)
    expect(said.split('\n')).toEqual([
      `${shimIn('bin')} is not of netdoctor's making, and stays.`,
      `Removed ${shimIn('krew')}.`,
    ])
    expect([await readdir(path.join(home, 'krew')), await readdir(path.join(home, 'bin'))]).toEqual([
      ['kubectl-netdoctor'],
      [SHIM],
    ])
  })

  test('where there is nothing', async () => {
    expect(await completion('uninstall')).toMatchObject({exitCode: 0, said: `There is no ${SHIM} to remove.`})
  })

  test('in a folder that is named', async () => {
    await completion('install', '--dir=~/elsewhere')
    expect((await completion('uninstall')).said).toBe(`There is no ${SHIM} to remove.`)
    await completion('uninstall', '--dir=~/elsewhere')
    expect(await readdir(path.join(home, 'elsewhere'))).toEqual([])
  })
})

test.each(['bash', 'zsh', 'fish'])(
  '%s gets lines for its start file, and nothing is written',
  async (shell) => {
    const {exitCode, said, stdout} = await completion(shell)
    expect([exitCode, said]).toEqual([0, ''])
    expect(stdout).toMatch(/^# /)
    expect(stdout).toContain(`kubectl completion ${shell}`)
    expect(await readdir(path.join(home, 'krew'))).toEqual(['kubectl-netdoctor'])
  },
)

test('alone, it explains; a folder alone means nothing', async () => {
  expect(await completion()).toMatchObject({
    exitCode: 0,
    said: '',
    stdout: expect.stringContaining(SHIM) as string,
  })
  expect(await completion('bash', '--dir=~/bin')).toMatchObject({
    exitCode: 2,
    said: '--dir goes with completion install and completion uninstall.',
  })
})
