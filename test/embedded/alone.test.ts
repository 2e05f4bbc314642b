import {mkdir, readdir, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {openDesk, type Desk} from '../desk/desk.ts'

let desk: Desk
beforeEach(async () => (desk = await openDesk({kubectl: '/bin/false', kubeconfig: '/nowhere'})))
afterEach(() => desk.remove())

const LEFT = {Status: 2, ResultStr: '', srcNodeName: 'a', dstNodeName: 'b', targetIP: '10.0.0.1'}

describe('netdoctor without a command', () => {
  test.each<[string, Record<string, string>, string[]]>([
    ['nothing', {}, ['check', 'init']],
    ['a config', {'config.json': '{}'}, ['check']],
    ['a config with a mistake', {'config.json': '{'}, ['check']],
    ['a report', {'report.json': '{}'}, ['report', 'check']],
    ['a resume', {'resume.json': JSON.stringify([LEFT, LEFT])}, ['resume', 'check']],
    ['a resume of nothing', {'resume.json': '[]', 'report.json': ''}, ['check', 'report']],
    ['a damaged resume', {'resume.json': '[{'}, ['check']],
    ['an empty resume', {'resume.json': ''}, ['check']],
  ])('in a folder with %s', async (_, files, commands) => {
    for (const [file, text] of Object.entries(files)) await writeFile(join(desk.folder, file), text)
    const {exitCode, stdout, stderr, kubectls} = await desk.run()
    expect([exitCode, stderr, kubectls]).toEqual([0, '', []])
    expect([...stdout.matchAll(/^ {2}kubectl netdoctor (\w+)/gm)].map(([, command]) => command)).toEqual(
      commands,
    )
    expect(stdout.split('\n').length).toBeLessThan(10)
    expect(await readdir(desk.folder)).toEqual(Object.keys(files).sort())
  })

  test('counts what is left, and says what is wrong', async () => {
    await writeFile(join(desk.folder, 'resume.json'), JSON.stringify([LEFT, LEFT]))
    expect((await desk.run('--no-color')).stdout).toContain('the 2 probes that did not succeed')
    await writeFile(join(desk.folder, 'resume.json'), '')
    expect((await desk.run()).stdout).toContain('resume.json is empty')
    await rm(join(desk.folder, 'resume.json'))
    await mkdir(join(desk.folder, 'resume.json'))
    expect((await desk.run()).stdout).toContain('Could not read resume.json: it is a folder')
  })

  test.each([['nonsense'], ['-q'], ['--nonsense']])('but with %s it is a mistake', async (word) => {
    const {exitCode, stdout, kubectls} = await desk.run(word)
    expect([exitCode, stdout, kubectls]).toEqual([2, '', []])
  })
})

test('version says what there is, also where no kubectl is', async () => {
  const netdoctor = (await desk.run('--version')).stdout.trim()
  const {exitCode, stdout} = await desk.run('version')
  expect([exitCode, stdout]).toEqual([
    0,
    `netdoctor ${netdoctor}\nNode.js   ${process.versions.node}\nkubectl   it does not say its version\n`,
  ])
  const nowhere = {PATH: desk.folder}
  expect((await desk.start(['version'], nowhere).end).stdout).toContain('kubectl   none on PATH')
  const {stdout: json} = await desk.start(['version', '-o', 'json'], nowhere).end
  expect(JSON.parse(json)).toEqual({netdoctor, node: process.versions.node, kubectl: null})
})

test('help and versions of the program need no kubectl', async () => {
  for (const argv of [['--help'], ['check', '--help'], ['--version'], ['check', '--version']]) {
    const {exitCode, stderr, kubectls} = await desk.run(...argv)
    expect([exitCode, stderr, kubectls]).toEqual([0, '', []])
  }
})
