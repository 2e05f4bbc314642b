import {readFile} from 'node:fs/promises'
import path from 'node:path'
import {Ajv2020} from 'ajv/dist/2020.js'
import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {Run} from '../../src/model/run.ts'
import {reportJson} from '../../src/saved/report.ts'
import {resumeJson} from '../../src/saved/resume.ts'
import {schemaFiles} from '../../src/schema/files.ts'
import {anyRun, RUNS} from '../report/samples.ts'

const read = async (name: string) =>
  JSON.parse(await readFile(path.join(import.meta.dirname, '../../schemas', name), 'utf8')) as object
const validator = async (name: string) =>
  new Ajv2020({allErrors: true, formats: {'date-time': true, ipv4: true, ipv6: true}}).compile(
    await read(name),
  )

test.each(Object.entries(schemaFiles()))('schemas/%s is what the code says', async (name, schema) => {
  expect(await read(name), 'run: node --import tsx scripts/report-schemas.ts').toEqual(
    JSON.parse(JSON.stringify(schema)),
  )
  expect(schema).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:kubectl-netdoctor:schema:${name.split('.')[0] ?? ''}:1`,
    title: expect.stringMatching(/, version 1$/) as string,
  })
})

describe('report.json', async () => {
  const valid = await validator('report.schema.json')
  const saved = (run: Run) => JSON.parse([...reportJson(run)].join('')) as Record<string, unknown>

  test.each(Object.entries(RUNS))('fits its schema: %s', (_, run) => {
    expect(valid(saved(run)), JSON.stringify(valid.errors)).toBe(true)
  })

  test('fits its schema, whatever the run', () => {
    fc.assert(fc.property(anyRun, (run) => valid(saved(run))))
  })

  test.each<[string, object]>([
    ['another format', {format: 'x'}],
    ['another version', {version: 2}],
    ['no clusters', {clusters: undefined}],
    ['a time that is none', {finishedAt: 'now'}],
    ['a field that nobody knows', {finding: []}],
    ['columns that are rows', {columns: []}],
    ['a status that nobody knows', {statuses: ['FINE']}],
  ])('spoilt is refused: %s', (_, change) => {
    const spoilt = {...saved(RUNS['all well']), ...change}
    expect(valid(JSON.parse(JSON.stringify(spoilt)))).toBe(false)
  })
})

describe('resume.json', async () => {
  const valid = await validator('resume.schema.json')
  const left = (run: Run) => JSON.parse([...resumeJson(run)].join('')) as object[]

  test.each(Object.entries(RUNS))('fits its schema: %s', (_, run) => {
    expect(valid(left(run)), JSON.stringify(valid.errors)).toBe(true)
  })

  test('of the first release fits as well', () => {
    expect(
      valid([{Status: 2, ResultStr: 'exit 28', srcNodeName: 'a', dstNodeName: 'b', targetIP: '10.0.0.2'}]),
    ).toBe(true)
  })

  test.each<[string, object]>([
    ['a status that nobody knows', {Status: 3}],
    ['no source', {srcNodeName: undefined}],
    ['a port out of range', {port: 65_536}],
    ['an unknown protocol', {protocol: 'pigeon'}],
  ])('spoilt is refused: %s', (_, change) => {
    const [entry] = left(RUNS['failures, nodes without floaters, untested'])
    expect(valid(JSON.parse(JSON.stringify([{...entry, ...change}])))).toBe(false)
  })
})
