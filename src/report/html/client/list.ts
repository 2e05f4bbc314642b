import {count, latency} from '../../../text/wording.ts'
import {isPlainOutcome} from '../packed.ts'
import {outcomeOf, probeView, statusWords, type Data} from './data.ts'
import {element} from './element.ts'

const PAGE = 100

/** A table of probes, with a button for more. */
export function probeTable(data: Data, ids: readonly number[] | Uint32Array, title: string): HTMLElement {
  const body = element('tbody')
  const said = element('p', {class: 'about'})
  const more = element('button', {type: 'button'})
  const head = ['From', 'To', 'Path', 'Target', 'Time', 'Result', 'What happened']
  let shown = 0
  const grow = () => {
    for (const id of ids.slice(shown, shown + PAGE)) body.append(row(data, id))
    shown = Math.min(ids.length, shown + PAGE)
    more.textContent = `Show more (${(ids.length - shown).toLocaleString('en')} left)`
    said.textContent = `The first ${shown.toLocaleString('en')} of ${count(ids.length, 'probe')}.`
    said.hidden = more.hidden = shown === ids.length
  }
  more.addEventListener('click', () => {
    grow()
    // A button that goes takes the focus with it.
    if (more.hidden) region.focus()
  })
  grow()
  const table = element(
    'table',
    {},
    element('thead', {}, element('tr', {}, ...head.map((text) => element('th', {scope: 'col'}, text)))),
    body,
  )
  const region = element('div', {class: 'wide', role: 'region', 'aria-label': title, tabindex: 0}, table)
  return element('div', {}, region, said, more)
}

/** Of the probes that are wanted, those about which there is something to say, the worst first. */
export function listOf(data: Data, wanted: Uint32Array): HTMLElement {
  const worth = wanted.filter((id) => !isPlainOutcome(outcomeOf(data, id)))
  if (wanted.length === 0) return element('p', {}, 'The filters leave no probe.')
  if (worth.length === 0) return element('p', {}, 'Every probe that the filters leave plainly SUCCEEDED.')
  const of = (status: string) => worth.filter((id) => outcomeOf(data, id).status === status)
  const ids = new Uint32Array(worth.length)
  let at = 0
  for (const part of ['FAILED', 'EXCEPTION', 'SUCCEEDED'].map(of)) {
    ids.set(part, at)
    at += part.length
  }
  return probeTable(data, ids, 'Table of probes')
}

function row(data: Data, id: number): HTMLElement {
  const {from, to, path, address, timeUs, outcome, message, raw} = probeView(data, id)
  const tone = outcome.status === 'SUCCEEDED' && !isPlainOutcome(outcome) ? 'noted' : outcome.status
  const finding = outcome.finding > 0 ? ` (finding ${outcome.finding})` : ''
  const answer =
    raw === '' ? [] : [element('details', {}, element('summary', {}, 'answer'), element('pre', {}, raw))]
  return element(
    'tr',
    {},
    ...[from, to, path, address, latency(timeUs)].map((text) => element('td', {}, text)),
    element('td', {}, element('span', {class: tone}, statusWords(outcome))),
    element('td', {}, message + finding, ...answer),
  )
}
