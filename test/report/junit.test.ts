import {readFile} from 'node:fs/promises'
import path from 'node:path'
import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {validateXML} from 'xmllint-wasm'
import type {Run} from '../../src/model/run.ts'
import {junitReport} from '../../src/report/junit.ts'
import {anyRun, RUNS} from './samples.ts'
import {answered, nodeWith, nodeWithout, sampleRun} from './sample.ts'
import {pieces, shown} from './shown.ts'

const schema = await readFile(path.join(import.meta.dirname, '../../schemas/junit.xsd'), 'utf8')
const text = (run: Run) => shown(junitReport, run)

async function problemsOf(...xml: string[]): Promise<readonly string[]> {
  const files = xml.map((contents, index) => ({fileName: `${index}.xml`, contents}))
  const {valid, errors} = await validateXML({xml: files, schema})
  expect(valid).toBe(errors.length === 0)
  return errors.map(({message}) => message)
}

test('a test suite a source node, a test case a probe', () => {
  const run = sampleRun(
    [nodeWith('b', '10.0.0.2'), nodeWith('a', '10.0.0.1')],
    ({id}) =>
      [
        answered,
        {
          ...answered,
          status: 'FAILED' as const,
          reason: 'refused' as const,
          timeUs: 500,
          raw: 'Connection <refused>',
        },
        {...answered, timeUs: 1_010_000, unstable: true},
      ][id],
    {partial: ['only from a', 'only to b'], caveats: ['who answered']},
  )
  const properties = `<properties>
<property name="run" value="a1b2c3"/>
<property name="tool" value="kubectl-netdoctor 0.1.0"/>
<property name="startedAt" value="2025-01-02T03:04:05.000Z"/>
<property name="finishedAt" value="2025-01-02T03:04:08.400Z"/>
<property name="namespace" value="kosmos-system"/>
<property name="context" value="context-src"/>
<property name="server" value="https://192.0.2.1:6443"/>
<property name="version" value="v1.35.4"/>
<property name="image" value="ghcr.io/kosmos-io/clusterlink-floater:v0.2.0"/>
<property name="finding 1" value="connections from a to b are refused in the pod network (overlay): nothing listens there, or a policy rejects them (1 probe); 1 probe: refused"/>
<property name="finding 2" value="1 probe was not made: the run ended before (1 probe)"/>
<property name="finding 3" value="packets from b to a get lost now and then in the pod network (overlay) (1 probe); 1 probe: unstable; the only probe that it is about"/>
<property name="partial" value="only from a, only to b"/>
<property name="caveats" value="who answered"/>
</properties>
`
  expect(text(run)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="kubectl netdoctor" tests="4" failures="1" errors="1" time="3.4">
<testsuite name="a" tests="2" failures="1" errors="0" time="0.0009" timestamp="2025-01-02T03:04:05.000Z" hostname="a">
${properties}<testcase name="a (self) (pod, tcp, ipv4)" classname="a" time="0.0004"/>
<testcase name="b (pod, tcp, ipv4)" classname="a" time="0.0005"><failure message="10.0.0.2:8889 refused the connection: nothing listens there, or a policy rejects it" type="refused">Connection &lt;refused&gt;</failure></testcase>
</testsuite>
<testsuite name="b" tests="2" failures="0" errors="1" time="1.01" timestamp="2025-01-02T03:04:05.000Z" hostname="b">
${properties}<testcase name="a (pod, tcp, ipv4)" classname="b" time="1.01"><system-out>answered, but only sometimes or after a lost packet (connected in 1.0 s)</system-out></testcase>
<testcase name="b (self) (pod, tcp, ipv4)" classname="b" time="0"><error message="not tested" type="not-tested"></error></testcase>
</testsuite>
</testsuites>
`)
})

test('names tell clusters and custom targets apart', () => {
  const xml = text(RUNS['two clusters, both families, custom targets'])
  expect([...xml.matchAll(/<testsuite name="(.*?)"/g)].map(([, name]) => name)).toEqual([
    'src/a',
    'src/b',
    'dst/a',
  ])
  expect(xml).toContain('<property name="cluster dst: context" value="context-dst"/>')
  expect(xml).toContain('<testcase name="www.example.com:443 (custom, tcp, name)" classname="dst/a"')
  const names = [...xml.matchAll(/<testcase name="(.*?)" classname="(.*?)"/g)].map(([, ...name]) =>
    name.join(),
  )
  expect(new Set(names).size).toBe(names.length)
})

describe('the schema takes', () => {
  test.each(Object.entries(RUNS))('a run: %s', async (_, run) => {
    expect(await problemsOf(text(run))).toEqual([])
  })

  test('any run', async () => {
    expect(await problemsOf(...fc.sample(anyRun, 200).map(text))).toEqual([])
  })
})

describe('the schema refuses', () => {
  const whole = text(RUNS['failures, nodes without floaters, untested'])

  test.each([
    ['a count that is none', 'failures="1"', 'failures="one"'],
    ['a case without a name', '<testcase name="a (self) (pod, tcp, ipv4)"', '<testcase'],
    ['a time below zero', 'time="0.0004"', 'time="-1"'],
    ['another element', '<system-out>', '<system-out/><script/><system-out>'],
    ['a failure without its reason', ' type="refused"', ''],
    ['a tag that is not closed', '</testsuites>', ''],
    ['markup in a text', 'Connection refused', 'Connection <refused'],
    ['a character that XML cannot hold', 'Connection refused', 'Connection\u001brefused'],
  ])('%s', async (_, found, put) => {
    expect(whole).toContain(found)
    expect(await problemsOf(whole.replace(found, put))).not.toEqual([])
  })
})

test('findings are properties: they change no count that a CI server adds up', () => {
  const run = sampleRun([nodeWith('a', '10.0.0.1'), nodeWithout('b', 'none')], ({id}) =>
    id === 0 ? answered : {...answered, status: 'EXCEPTION', reason: 'no-floater', raw: 'none'},
  )
  const xml = text(run)
  expect(xml).toContain(
    '<property name="finding 1" value="node b could not be measured: it has no floater (3 probes); none"/>',
  )
  expect(xml).toContain('<testsuites name="kubectl netdoctor" tests="4" failures="0" errors="3"')
  expect(xml).not.toContain('name="unexplained"')
})

test('hostile text is text', () => {
  const xml = text(RUNS.hostile)
  expect(xml).not.toMatch(/[^\n\P{Cc}]|[\p{Cf}\p{Cs}\p{Cn}\u2028\u2029]/u)
  expect(xml).not.toMatch(/<script|<!--|]]>/)
  expect(xml).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
  expect(xml.match(/<testcase /g)).toHaveLength(4)
})

test('a suite is there before the next one is made', () => {
  const nodes = Array.from({length: 1000}, (_, n) => nodeWith(`n${n}`, `10.0.${n >> 8}.${n & 255}`))
  const all = pieces(
    junitReport,
    sampleRun(nodes, () => undefined),
  )[Symbol.iterator]()
  const first = Array.from({length: 3}, () => String(all.next().value)).join('')
  expect(first).toContain('<testsuite name="n0" tests="1000"')
})
