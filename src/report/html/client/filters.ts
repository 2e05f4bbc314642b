import {outcomeOf, type Data} from './data.ts'
import {isPlainOutcome} from '../packed.ts'
import type {Order} from './cells.ts'
import {element} from './element.ts'

/** What the form asks for. */
export interface Filters {
  readonly order: () => Order
  readonly predicate: () => (id: number) => boolean
  /** Shows one finding's probes and nothing else. */
  readonly form: HTMLFormElement
}

const STATUSES: Readonly<Record<string, string>> = {
  '': 'every result',
  abnormal: 'not plainly SUCCEEDED',
  FAILED: 'FAILED',
  EXCEPTION: 'EXCEPTION',
  noted: 'SUCCEEDED with a reservation',
  SUCCEEDED: 'plainly SUCCEEDED',
}
const ORDERS: Readonly<Record<Order, string>> = {
  group: 'by cluster and zone',
  name: 'by name',
  worst: 'most failures first',
}

export function filters(data: Data, changed: () => void): Filters {
  const {blocks, findings} = data.told
  const words = (every: string, values: readonly string[]) => ({
    '': every,
    ...Object.fromEntries([...new Set(values)].map((value) => [value, value])),
  })
  const mode = choice(
    'Mode',
    words(
      'every mode',
      blocks.map((block) => block.mode),
    ),
  )
  const protocol = choice(
    'Protocol',
    words(
      'every protocol',
      blocks.map((block) => block.protocol),
    ),
  )
  const family = choice(
    'Family',
    words(
      'every family',
      blocks.map((block) => block.family),
    ),
  )
  const status = choice('Result', STATUSES)
  const finding = choice('Finding', {
    '': 'with or without',
    ...Object.fromEntries(
      findings.slice(0, 200).map((text, index) => [`n${index + 1}`, `${index + 1}. ${text}`]),
    ),
    none: 'explained by none',
  })
  const [from, to] = [text('From node'), text('To node')]
  const order = choice('Order', ORDERS)
  const reset = element('button', {type: 'reset'}, 'Reset')
  const form = element(
    'form',
    {class: 'filters', 'aria-label': 'Filters'},
    ...[mode, protocol, family, status, finding, from, to, order].map(({label}) => label),
    reset,
  )
  form.addEventListener('submit', (event) => event.preventDefault())
  form.addEventListener('input', changed)
  // The fields have their first values only after this event.
  form.addEventListener('reset', () => setTimeout(changed))
  return {
    form,
    order: () => order.field.value as Order,
    predicate: () => {
      const outcomes = data.told.outcomes.map(
        (outcome) => isOf(status.field.value, outcome) && isBy(finding.field.value, outcome),
      )
      const inBlock = blocks.map(
        (block) =>
          isOrAny(mode.field.value, block.mode) &&
          isOrAny(protocol.field.value, block.protocol) &&
          isOrAny(family.field.value, block.family),
      )
      const sources = data.told.nodes.map(({name}) => holds(name, from.field.value))
      const targets = data.told.targets.map((name) => holds(name, to.field.value))
      return (id) =>
        outcomes[data.outcome[id] ?? 0] === true &&
        inBlock[data.block[id] ?? 0] === true &&
        sources[data.source[id] ?? 0] === true &&
        targets[data.target[id] ?? 0] === true
    },
  }
}

type Outcome = ReturnType<typeof outcomeOf>

function isOf(wanted: string, outcome: Outcome): boolean {
  const isPlain = isPlainOutcome(outcome)
  if (wanted === 'abnormal') return !isPlain
  if (wanted === 'SUCCEEDED') return isPlain
  if (wanted === 'noted') return outcome.status === 'SUCCEEDED' && !isPlain
  return isOrAny(wanted, outcome.status)
}

function isBy(wanted: string, {finding, status}: Outcome): boolean {
  if (wanted === 'none') return finding === 0 && status !== 'SUCCEEDED'
  return isOrAny(wanted, `n${finding}`)
}

function isOrAny(wanted: string, value: string): boolean {
  return wanted === '' || wanted === value
}

function holds(name: string, part: string): boolean {
  return name.toLowerCase().includes(part.trim().toLowerCase())
}

function choice(title: string, options: Readonly<Record<string, string>>) {
  const field = element(
    'select',
    {},
    ...Object.entries(options).map(([value, words]) => element('option', {value}, words)),
  )
  return {field, label: element('label', {}, title, field)}
}

function text(title: string) {
  const field = element('input', {
    type: 'search',
    spellcheck: 'false',
    autocomplete: 'off',
    placeholder: 'part of a name',
  })
  return {field, label: element('label', {}, title, field)}
}
