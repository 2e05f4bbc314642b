import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import type {Io} from '../../src/cli/io.ts'
import {loadConfig} from '../../src/cli/options.ts'
import {parse} from '../../src/cli/parse.ts'
import {UserError} from '../../src/model/error.ts'
import {pageCalled} from './page-called.ts'

let folder: string
beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'netdoctor-options-'))))
afterEach(() => rm(folder, {recursive: true}))

/** A command line as `check` reads it, beside a config file. */
async function load(argv: readonly string[], config: object = {}, env: Io['env'] = {}) {
  const file = path.join(folder, 'config.json')
  await writeFile(file, JSON.stringify(config))
  const said: string[] = []
  const io: Io = {
    out: () => Promise.reject(new Error('nothing is printed')),
    say: (line) => said.push(line),
    rows: () => Promise.reject(new Error('there are no rows')),
    signal: new AbortController().signal,
    env,
    home: folder,
    cores: 2,
    width: undefined,
    color: false,
    version: '0.1.0',
    nodeVersion: '20.19.0',
  }
  return {
    config: await loadConfig(await parse([...argv, '--config', file], pageCalled('check')), io),
    said,
    file,
  }
}

test('flags become the config, each in its own notation', async () => {
  const {config} = await load(
    [
      ...['-n', 'netcheck', '--max-num', '7', '--auto-clean', '--ip-family=ipv6', '--intra'],
      ...['--customized-target-ip-list', 'a,b', '--customized-target-ip-list=::1'],
      ...['--customized-target-port-list', '80', '--mode', 'pod'],
      ...['--cidr-map', '10.0.0.0/8=11.0.0.0/8', '--clusters', '[{"name": "east"}, {"name": "west"}]'],
      ...['--from', 'zone=a', '--both-ways', '--sample=5'],
    ],
    {autoClean: false, maxNum: 3},
  )
  const cluster = {
    connection: {},
    imageRepository: 'ghcr.io/kosmos-io',
    cidrMap: [{from: '10.0.0.0/8', to: '11.0.0.0/8'}],
  }
  expect(config).toMatchObject({
    ...{namespace: 'netcheck', maxNum: 7, autoClean: true, ipFamily: 'ipv6', intra: true, modes: ['pod']},
    customTargets: ['a', 'b', '::1'].map((host) => ({host, port: 80})),
    clusters: [
      {name: 'east', ...cluster},
      {name: 'west', ...cluster},
    ],
    subset: {from: 'zone=a', bothWays: true, sample: 5},
  })
})

test('what the file turns on, a flag turns off', async () => {
  const {config} = await load(['--no-auto-clean', '--no-intra'], {autoClean: true, intra: true})
  expect(config).toMatchObject({autoClean: false, intra: false})
})

describe('a command line that means nothing is refused', () => {
  test.each<[string[], string]>([
    [['--auto-clean=yes'], 'Argument unexpected for: auto-clean'],
    [['--auto-clean', '--no-auto-clean'], '--auto-clean is given 2 times'],
    [['--max-num', '1', '--max-num', '2'], '--max-num is given 2 times'],
    [['--no-namespace'], '--namespace has no --no-namespace: only what is true or false has'],
    [['--mode'], 'Not enough arguments following: mode'],
    [['--request-timeout', 'soon'], '--request-timeout must be a time such as 30s or 2m; found "soon"'],
  ])('%j', async (argv, message) => {
    await expect(load(argv)).rejects.toThrow(message)
  })
})

test('mistakes in the file and in the flags are told at once', async () => {
  const loading = load(['--retries', '-1', '--both-ways'], {maxNum: 'three'})
  await expect(loading).rejects.toBeInstanceOf(UserError)
  await expect(loading).rejects.toThrow(
    [
      `${path.join(folder, 'config.json')}:1:11: maxNum must be a whole number from 1 to 1000; found "three"`,
      '--retries must be a whole number from 0 to 10; found "-1"',
      '--both-ways needs --from or --to: without them it is both ways',
    ].join('\n'),
  )
})

test('a kubeconfig that is not there is named with its cluster, all of them at once', async () => {
  await writeFile(path.join(folder, 'there'), '')
  const clusters = [
    {name: 'a', kubeconfig: '~/there'},
    {name: 'b', kubeconfig: '~/gone'},
    {name: 'c', kubeconfig: '~/lost'},
  ]
  const file = path.join(folder, 'config.json')
  await expect(load([], {clusters})).rejects.toThrow(
    [
      `There is no kubeconfig file ${folder}/gone, which ${file} or a flag names for cluster b.`,
      `There is no kubeconfig file ${folder}/lost, which ${file} or a flag names for cluster c.`,
    ].join('\n'),
  )
})

test('what comes before KUBECONFIG is said, unless a flag says it', async () => {
  await writeFile(path.join(folder, 'mine'), '')
  const config = {srcKubeConfig: '~/mine'}
  const env = {KUBECONFIG: '/a:/b'}
  const note = 'KUBECONFIG is set, but srcKubeConfig in the config file comes first: ~/mine'
  expect((await load([], config, env)).said).toEqual([note])
  expect((await load(['--kubeconfig', '~/mine'], config, env)).said).toEqual([])
  expect((await load([], config)).said).toEqual([])
  expect((await load(['-q'], config, env)).said).toEqual([])
})
