import {element} from './element.ts'

/** What colours and signs mean. */
export function legend(): HTMLElement {
  const entries = [
    ['succeeded', 'SUCCEEDED'],
    ['noted', '~ with a reservation'],
    ['exception', '? EXCEPTION'],
    ['failed', '× FAILED'],
    ['none', 'no such probe'],
  ] as const
  return element(
    'ul',
    {class: 'legend'},
    ...entries.map(([name, words]) => element('li', {}, element('i', {class: `key ${name}`}), words)),
  )
}
