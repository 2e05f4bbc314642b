import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {afterEach, beforeEach, expect, test} from 'vitest'
import {run} from '../../src/cli/init.ts'
import type {Io} from '../../src/cli/io.ts'
import {validate} from '../../src/config/validate.ts'
import {UserError} from '../../src/model/error.ts'

const validateFile = (text: string) => validate({file: {name: 'config.json', text}})

let file: string
beforeEach(
  async () => (file = path.join(await mkdtemp(path.join(tmpdir(), 'netdoctor-init-')), 'config.json')),
)
afterEach(() => rm(path.dirname(file), {recursive: true}))

async function init(args: Record<string, unknown> = {}, env: Io['env'] = {}) {
  const said: string[] = []
  const io: Io = {
    out: () => Promise.reject(new Error('nothing is printed')),
    say: (line) => said.push(line),
    rows: () => Promise.reject(new Error('there are no rows')),
    signal: new AbortController().signal,
    env,
    home: '/home/ann',
    cores: 2,
    width: undefined,
    color: false,
    version: '0.1.0',
    nodeVersion: '20.19.0',
  }
  const exitCode = await run({config: file, ...args}, io)
  return {exitCode, said, text: await readFile(file, 'utf8')}
}

const FIRST_RELEASE = `{
 "namespace": "kosmos-system",
 "version": "v0.2.0",
 "protocol": "tcp",
 "podWaitTime": 30,
 "port": "8889",
 "maxNum": 3,
 "cmdTimeout": 10,
 "srcKubeConfig": "~/.kube/config",
 "srcImageRepository": "ghcr.io/kosmos-io"
}
`

test.each([{}, {KUBECONFIG: ''}])('writes the first release’s file byte for byte, with %j', async (env) => {
  const {exitCode, said, text} = await init({}, env)
  expect(text).toBe(FIRST_RELEASE)
  expect([exitCode, said]).toEqual([0, [`Wrote ${file}.`]])
})

test('names no kubeconfig where KUBECONFIG does', async () => {
  const {text, said} = await init({}, {KUBECONFIG: '/a:/b'})
  expect(text).toBe(FIRST_RELEASE.replace(' "srcKubeConfig": "~/.kube/config",\n', ''))
  expect(said).toEqual([`Wrote ${file}. It names no kubeconfig: KUBECONFIG is set, and kubectl follows it.`])
})

test('sets what flags say, also a kubeconfig beside KUBECONFIG', async () => {
  const flags = {namespace: 'netcheck', 'max-num': '9', kubeconfig: '~/other', 'dst-kubeconfig': '~/second'}
  const {text} = await init(flags, {KUBECONFIG: '/a'})
  expect(validateFile(text).fields).toEqual({
    ...(JSON.parse(FIRST_RELEASE) as object),
    namespace: 'netcheck',
    maxNum: 9,
    srcKubeConfig: '~/other',
    dstKubeConfig: '~/second',
  })
})

test('sets fields of every kind, in the notation of the file', async () => {
  const {text} = await init({
    ...{mode: 'pod,node', 'auto-clean': true, 'node-selector': 'a=b', 'image-pull-secrets': ['a', 'b']},
    ...{floater: 'custom', image: 'a', answer: 'OK', command: ['sh', '-c'], 'dst-context': ''},
  })
  expect(JSON.parse(text)).toEqual({
    ...(JSON.parse(FIRST_RELEASE) as object),
    ...{mode: ['pod', 'node'], autoClean: true, nodeSelector: {a: 'b'}, imagePullSecrets: ['a', 'b']},
    ...{floater: 'custom', image: 'a', answer: 'OK', command: ['sh', '-c']},
  })
})

test('leaves out what cannot stand beside clusters', async () => {
  const {text, said} = await init({clusters: '[{"name": "east"}]'}, {KUBECONFIG: '/a'})
  expect(said).toEqual([`Wrote ${file}.`])
  expect(validateFile(text).fields).toMatchObject({clusters: [{name: 'east'}], maxNum: 3})
})

test('says nothing of KUBECONFIG where a flag names a kubeconfig', async () => {
  expect((await init({kubeconfig: '~/other'}, {KUBECONFIG: '/a'})).said).toEqual([`Wrote ${file}.`])
})

test('writes nothing that check would refuse', async () => {
  await expect(init({'both-ways': true})).rejects.toEqual(
    new UserError(2, '--both-ways needs --from or --to: without them it is both ways'),
  )
})

test('writes nothing where a flag is wrong', async () => {
  await expect(init({'max-num': 'three'})).rejects.toEqual(
    new UserError(2, '--max-num must be a whole number from 1 to 1000; found "three"'),
  )
  await expect(readFile(file)).rejects.toMatchObject({code: 'ENOENT'})
})

test('replaces a file only when told to', async () => {
  await writeFile(file, 'mine')
  await expect(init()).rejects.toEqual(new UserError(2, `${file} is there already; --force replaces it.`))
  expect(await readFile(file, 'utf8')).toBe('mine')
  expect((await init({force: true})).text).toBe(FIRST_RELEASE)
})
