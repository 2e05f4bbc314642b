import fc from 'fast-check'
import {expect, test} from 'vitest'
import type {Run} from '../../../src/model/run.ts'
import {diagnose} from '../../../src/diagnosis/diagnose.ts'
import {probesOf} from '../../../src/plan/plan.ts'
import {cellsOf, probesAt, SEVERITIES} from '../../../src/report/html/client/cells.ts'
import {probeView, unpack} from '../../../src/report/html/client/data.ts'
import {pack} from '../../../src/report/html/pack.ts'
import {destinationName, nodeName} from '../../../src/report/names.ts'
import {explain} from '../../../src/results/explain.ts'
import {isPlain, statusAt, verdictAt} from '../../../src/results/store.ts'
import {printable, printableLines} from '../../../src/text/printable.ts'
import {nodeWith, sampleRun} from '../sample.ts'
import {anyRun} from '../samples.ts'
import {brokenRun} from './reports.ts'

const unpacked = (run: Run) => unpack(Buffer.from(pack(run, diagnose(run))).toString('base64'))

test("the page's script reads of any run what other formats say", async () => {
  await fc.assert(
    fc.asyncProperty(anyRun, async (run) => {
      const data = await unpacked(run)
      expect(data.told.size).toBe(run.plan.size)
      for (const probe of probesOf(run.plan)) {
        const view = probeView(data, probe.id)
        const verdict = verdictAt(run.results, probe.id, probe.endpoint.address)
        expect(view).toMatchObject({
          from: nodeName(run, probe.source),
          to: destinationName(run, probe),
          outcome: {status: verdict.status, reason: verdict.reason, unstable: verdict.unstable},
        })
        if (isPlain(run.results, probe)) continue
        expect(view.message).toBe(printable(explain(run.plan, run.results, probe)))
        expect(view.raw).toBe(printableLines(verdict.raw))
      }
    }),
  )
})

test('a cell is as bad as the worst of its probes', async () => {
  const run = brokenRun(6)
  const data = await unpacked(run)
  const cells = cellsOf(data, () => true, 'group')
  for (const [row, source] of cells.rows.entries())
    for (const [column, target] of cells.columns.entries()) {
      const probes = [...probesOf(run.plan)].filter(
        (probe) => probe.source === source && probe.endpoint.node === target,
      )
      expect(probesAt(data, cells, row, column)).toEqual(probes.map(({id}) => id))
      const severity = SEVERITIES[cells.severity[row * cells.columns.length + column] ?? 0]
      const status = statusAt(run.results, probes[0]?.id ?? 0)
      expect(severity).toEqual(
        status === 'SUCCEEDED' ? expect.stringMatching(/succeeded|noted/) : status.toLowerCase(),
      )
    }
})

test('what fails most stands first where that is asked for, and what is not wanted is not there', async () => {
  const data = await unpacked(brokenRun(6))
  expect(cellsOf(data, () => true, 'worst').columns[0]).toBe(2)
  expect(cellsOf(data, (id) => data.source[id] === 1, 'name').rows).toEqual([1])
})

test('a million probes with answers of their own take at most 5 MB', () => {
  const nodes = Array.from({length: 1000}, (_, n) => nodeWith(`node-${n}`, `10.0.${n >> 8}.${n & 255}`))
  const run = sampleRun(nodes, ({id}) => ({
    ...{status: 'FAILED', reason: 'wrong-peer', unstable: false},
    ...{timeUs: 200 + ((id * 7919) % 900_000), raw: `<html>${(id * 2_654_435_761) % 4_294_967_296}</html>`},
  }))
  const size = Math.ceil(pack(run, diagnose(run)).length / 3) * 4
  expect(size).toBeLessThan(5_000_000)
  expect(size).toBeGreaterThan(100_000)
})

test('nodes stand with those of their cluster and zone, in the order of the plan', async () => {
  const zoned = (name: string, zone: string) => ({...nodeWith(name, `10.0.0.${name}`), traits: {zone}})
  const run = sampleRun([zoned('1', 'west'), zoned('2', 'east'), zoned('3', 'west')], () => undefined)
  const data = await unpacked(run)
  expect(data.told.nodes.map(({group}) => group)).toEqual(['west', 'east', 'west'])
  expect(cellsOf(data, () => true, 'group').rows).toEqual([0, 2, 1])
})
