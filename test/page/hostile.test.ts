import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import type {Page} from 'playwright-core'
import {expect, test} from 'vitest'
import type {Run} from '../../src/model/run.ts'
import {printable} from '../../src/text/printable.ts'
import {diffOf} from '../report/diffs.ts'
import {answered, nodeWith, nodeWithout, resultsOf, sampleRun} from '../report/sample.ts'
import {HOSTILE} from '../report/samples.ts'
import {cellOf, labelOf, tipOf} from './cells.ts'
import {diffPageOf, pageOf} from './pages.ts'
import {visits} from './visit.ts'

const {open, heard} = visits()

/** What would run, load, send or lead away as markup; `hit` is a mark that a script leaves. */
const ATTACKS = [
  '<script>hit=1</script>',
  '</script><script>hit=1</script>',
  '</style></title></textarea><img src=x onerror=hit=1>',
  '" onfocus=hit=1 autofocus="',
  "'><svg onload=hit=1>",
  '<iframe srcdoc="<script>parent.hit=1</script>"></iframe>',
  '<meta http-equiv=refresh content="0;url=https://example.com">',
  '<link rel=stylesheet href=https://example.com/a.css><base href=https://example.com>',
  '<a href=javascript:hit=1>node-a</a><form action=https://example.com><button>',
  '<!--',
  '\u202eedon\u202c\u2066\u200f',
  'x'.repeat(5000),
  HOSTILE,
]

const nodes = ATTACKS.map((text, n) =>
  n % 5 === 4 ? nodeWithout(text, text) : {...nodeWith(text, `192.0.2.${n + 1}`), traits: {zone: text}},
)
const all = ATTACKS.join(' ')
const run: Run = sampleRun(
  nodes,
  ({id, source, endpoint}) => {
    if (nodes[source]?.floaters.pod?.floater === undefined || endpoint.address === undefined)
      return {
        ...answered,
        status: 'EXCEPTION',
        reason: 'no-floater',
        timeUs: 0,
        raw: ATTACKS[id % ATTACKS.length] ?? '',
      }
    return {...answered, status: 'FAILED', reason: 'wrong-peer', raw: ATTACKS[id % ATTACKS.length] ?? ''}
  },
  {
    namespace: all,
    notCovered: [{cluster: all, node: all, cause: all, leftOut: false}],
    partial: [all],
    caveats: [all],
    clusters: [{name: 'src', context: all, server: all, version: all, image: all}],
  },
)
const before = {...run, id: all, tool: all, results: resultsOf(run.plan, () => answered)}

/** Nothing on the page but what a report is made of, and no script that is not its own has run. */
async function expectOnlyText(page: Page): Promise<void> {
  expect(await page.evaluate<string>('typeof hit')).toBe('undefined')
  expect(
    await page.evaluate<string[]>(
      `[...document.querySelectorAll('img, svg, iframe, link, base, object, embed, a, textarea, script:not([id]) ~ script:not([id])')].map((one) => one.outerHTML)`,
    ),
  ).toEqual([])
  expect(
    await page.evaluate<string[]>(
      `[...document.querySelectorAll('*')].flatMap((one) => one.getAttributeNames()).filter((name) => /^on|^(src|href|srcdoc|action|autofocus)$/.test(name))`,
    ),
  ).toEqual([])
  expect(await page.evaluate<number>(`document.querySelectorAll('meta').length`)).toBe(4)
  const text = await page.evaluate<string>('document.documentElement.textContent')
  expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200e\u200f]/)
}

/** However long a word is, what is read does not leave the window. */
const expectNoScrolling = async (page: Page) =>
  expect(
    await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth'),
  ).toBeLessThanOrEqual(0)

test('hostile names, causes and answers are text in the report, in its tips, tables, filters and answers', async () => {
  const page = await open(pageOf(run))
  await expectOnlyText(page)
  await expectNoScrolling(page)
  const text = await page.evaluate<string>('document.body.textContent')
  for (const attack of ATTACKS) expect(text).toContain(printable(attack))

  await cellOf(page).focus()
  const labels: string[] = []
  while (labels.length < ATTACKS.length) {
    expect(await tipOf(page).textContent()).toBe(await labelOf(page))
    labels.push(await labelOf(page))
    await page.keyboard.press('Enter')
    for (const answer of await page.locator('#cell summary').all()) await answer.click()
    await page.keyboard.press('Escape')
    await cellOf(page).focus()
    await page.keyboard.press('ArrowRight')
    await expectOnlyText(page)
    await expectNoScrolling(page)
  }
  for (const attack of ATTACKS) expect(labels.join('\n')).toContain(` > ${printable(attack)}`)
  await page.getByRole('searchbox', {name: 'To node'}).fill('<script>hit=1')
  expect(await page.getByRole('status').textContent()).toMatch(/^26 of 169 probes/)
  await expectOnlyText(page)
})

test('and in the page of a diff', async () => {
  const page = await open(diffPageOf(diffOf(before, run)))
  await expectOnlyText(page)
  await expectNoScrolling(page)
  for (const attack of ATTACKS)
    expect(await page.evaluate<string>('document.body.textContent')).toContain(printable(attack))
})

test('what got in all the same may neither run nor load nor send: the policy holds in the browser', async () => {
  const asked: string[] = []
  const server = createServer(({url = ''}, response) => {
    asked.push(url)
    response.end()
  }).listen(0, '127.0.0.1')
  const url = await new Promise<string>((resolve) =>
    server.once('listening', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)),
  )
  try {
    for (const html of [pageOf(run), diffPageOf(diffOf(before, run))]) {
      const page = await open(html)
      const ways: Readonly<Record<string, string>> = {
        'an inline script': `const one = document.createElement('script'); one.text = 'hit = 1'; document.body.append(one)`,
        'a handler': `document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="hit = 1">')`,
        'a script from elsewhere': `const one = document.createElement('script'); one.src = '${url}/script'; document.body.append(one)`,
        'an image': `new Image().src = '${url}/image'`,
        'a style': `document.body.insertAdjacentHTML('beforeend', '<link rel="stylesheet" href="${url}/style">')`,
        'an inline style': `document.body.insertAdjacentHTML('beforeend', '<p style="background: url(${url}/inline)">')`,
        'a frame': `document.body.insertAdjacentHTML('beforeend', '<iframe src="${url}/frame"></iframe>')`,
        fetch: `fetch('${url}/fetch').catch(() => undefined)`,
        'a beacon': `navigator.sendBeacon('${url}/beacon', 'x')`,
        'a form': `document.body.insertAdjacentHTML('beforeend', '<form method="post" action="${url}/form"></form>'); document.forms[document.forms.length - 1].submit()`,
      }
      for (const [way, script] of Object.entries(ways)) {
        heard()
        await page.evaluate(`(() => { ${script} })()`)
        await expect.poll(() => heard().join('\n'), {message: way}).toMatch(/Content Security Policy/)
      }
      expect(await page.evaluate<string>('typeof hit')).toBe('undefined')
    }
    expect(asked).toEqual([])
  } finally {
    server.close()
    heard()
  }
})
