import type {Page} from 'playwright-core'
import {describe, expect, test} from 'vitest'
import {diagnose} from '../../src/diagnosis/diagnose.ts'
import type {Probe} from '../../src/model/plan.ts'
import type {Run} from '../../src/model/run.ts'
import {probesOf} from '../../src/plan/plan.ts'
import {destinationName, nodeName} from '../../src/report/names.ts'
import {isPlain, statusAt, verdictAt} from '../../src/results/store.ts'
import {count} from '../../src/text/wording.ts'
import {brokenRun} from '../report/html/reports.ts'
import {RUNS} from '../report/samples.ts'
import {cellOf, labelOf} from './cells.ts'
import {pageOf} from './pages.ts'
import {visits} from './visit.ts'

const {open} = visits()
const TESTED = {
  '60 nodes': brokenRun(60),
  'every mode': RUNS['every mode, protocol and kind of floater'],
  'two clusters': RUNS['two clusters, both families, custom targets'],
} as const

const choice = (page: Page, name: string) => page.getByRole('combobox', {name, exact: true})
const part = (page: Page, name: string) => page.getByRole('searchbox', {name})
const statusOf = (page: Page) => page.getByRole('status').textContent()

/** What the page says of the probes that are left. */
function said(run: Run, isLeft: (probe: Probe) => boolean): string {
  const probes = [...probesOf(run.plan)].filter(isLeft)
  const sources = new Set(probes.map(({source}) => source))
  const targets = new Set(
    probes.map(
      ({endpoint, block}) => endpoint.node ?? destinationName(run, {id: 0, block, source: -1, endpoint}),
    ),
  )
  return `${probes.length.toLocaleString('en')} of ${count(run.plan.size, 'probe')}, ${count(sources.size, 'source')}, ${count(targets.size, 'target')}`
}

describe.each(Object.entries(TESTED))('of %s', (_, run) => {
  const blocks = run.plan.blocks
  const {findings, findingOf} = diagnose(run)
  const isOf = ({id}: Probe, status: string) => statusAt(run.results, id) === status
  const toName = (probe: Probe) => destinationName(run, {...probe, source: -1})

  test('every choice leaves as many probes, sources and targets as the run has of them', async () => {
    const page = await open(pageOf(run))
    const choices: [title: string, value: string, isLeft: (probe: Probe) => boolean][] = [
      ...blocks.flatMap(({mode, protocol, ipFamily}): typeof choices => [
        ['Mode', mode, ({block}) => block.mode === mode],
        ['Protocol', protocol, ({block}) => block.protocol === protocol],
        ['Family', ipFamily, ({block}) => block.ipFamily === ipFamily],
      ]),
      ['Result', 'not plainly SUCCEEDED', (probe) => !isPlain(run.results, probe)],
      ['Result', 'FAILED', (probe) => isOf(probe, 'FAILED')],
      ['Result', 'EXCEPTION', (probe) => isOf(probe, 'EXCEPTION')],
      [
        'Result',
        'SUCCEEDED with a reservation',
        (probe) => isOf(probe, 'SUCCEEDED') && !isPlain(run.results, probe),
      ],
      ['Result', 'plainly SUCCEEDED', (probe) => isPlain(run.results, probe)],
      ...findings.map(({sentence}, index): (typeof choices)[number] => [
        'Finding',
        `${index + 1}. ${sentence}`,
        ({id}) => findingOf[id] === index + 1,
      ]),
      [
        'Finding',
        'explained by none',
        (probe) => !isOf(probe, 'SUCCEEDED') && (findingOf[probe.id] ?? 0) === 0,
      ],
    ]
    for (const [title, value, isLeft] of new Map(
      choices.map((one) => [one.slice(0, 2).join(), one]),
    ).values()) {
      const field = choice(page, title)
      await field.selectOption({label: value})
      expect([title, value, await statusOf(page)]).toEqual([title, value, said(run, isLeft)])
      await field.selectOption({index: 0})
    }
    expect(await statusOf(page)).toBe(said(run, () => true))
  })

  test('parts of names, in whatever case, and several filters at once; Reset takes all back', async () => {
    const page = await open(pageOf(run))
    const last = run.plan.nodes.length - 1
    const [from, to] = [nodeName(run, 0), nodeName(run, last)]
    const holds = (name: string, part: string) => name.toLowerCase().includes(part.toLowerCase())
    const isFrom = ({source}: Probe) => holds(nodeName(run, source), from)
    await part(page, 'From node').fill(` ${from.toUpperCase()} `)
    expect(await statusOf(page)).toBe(said(run, isFrom))
    await part(page, 'To node').fill(to)
    expect(await statusOf(page)).toBe(said(run, (probe) => isFrom(probe) && holds(toName(probe), to)))
    await part(page, 'To node').fill('')
    await choice(page, 'Result').selectOption({label: 'FAILED'})
    expect(await statusOf(page)).toBe(said(run, (probe) => isFrom(probe) && isOf(probe, 'FAILED')))
    const failed = [...probesOf(run.plan)].filter((probe) => isFrom(probe) && isOf(probe, 'FAILED'))
    expect(await page.locator('#list tbody tr').count()).toBe(Math.min(100, failed.length))
    await page.getByRole('button', {name: 'Reset'}).click()
    await expect.poll(() => statusOf(page)).toBe(said(run, () => true))
  })

  test('the table has what is not plain, FAILED first, and grows to all of it', async () => {
    const page = await open(pageOf(run))
    const more = page.getByRole('button', {name: 'Show more'})
    while (await more.isVisible()) await more.click()
    const shown = await page.locator('#list tbody td:nth-child(6)').allTextContents()
    const notPlain = [...probesOf(run.plan)]
      .filter((probe) => !isPlain(run.results, probe))
      .map(({id}) => verdictAt(run.results, id, undefined))
    const wanted = (['FAILED', 'EXCEPTION', 'SUCCEEDED'] as const).flatMap((status) =>
      notPlain
        .filter((one) => one.status === status)
        .map(({unstable}) => (unstable ? `${status} (unstable)` : status)),
    )
    expect(shown).toEqual(wanted)
  })
})

test('what no filter leaves is said to be nothing, not to be well', async () => {
  const page = await open(pageOf(brokenRun(3)))
  await part(page, 'From node').fill('no such node')
  expect(await statusOf(page)).toBe('0 of 9 probes, 0 sources, 0 targets')
  expect(await page.locator('#list').textContent()).toBe('The filters leave no probe.')
  expect(await page.locator('canvas').isVisible()).toBe(false)
  expect(await page.evaluate<string>('document.querySelector("main").innerText')).not.toMatch(
    /plainly SUCCEEDED\./,
  )
})

describe('order', () => {
  const run = brokenRun(60)
  const lines = async (page: Page, key: 'ArrowDown' | 'ArrowRight') => {
    const names: string[] = []
    await cellOf(page).focus()
    await page.keyboard.press('Home')
    await page.keyboard.press('PageUp')
    for (let n = 0; n < 60; n++) {
      names.push((await labelOf(page)).split(/ > |: /)[key === 'ArrowDown' ? 0 : 1] ?? '')
      await page.keyboard.press(key)
    }
    return names
  }
  const byNumber = Array.from({length: 60}, (_, n) => `${n < 30 ? 'src' : 'dst'}/node-${n + 1}`)
  const byName = [...byNumber.slice(30), ...byNumber.slice(0, 30)]
  const [mute, deaf] = ['src/node-5', 'src/node-3']
  const others = byName.filter((name) => name !== deaf)

  test.each([
    ['by cluster and zone', byNumber, byNumber],
    ['by name', byName, byName],
    // The mute one is worst of the sources, the deaf one of the targets, which itself has nothing to complain of.
    ['most failures first', [mute, ...others.filter((name) => name !== mute), deaf], [deaf, ...others]],
  ] as const)('%s', async (order, rows, columns) => {
    const page = await open(pageOf(run))
    await choice(page, 'Order').selectOption({label: order})
    expect(await lines(page, 'ArrowRight')).toEqual(columns)
    expect(await lines(page, 'ArrowDown')).toEqual(rows)
  })
})
