import {printable} from '../text/printable.ts'

/** Attributes of an element; `time` is in seconds. */
export function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => {
      const text = typeof value === 'string' ? printable(value) : name === 'time' ? seconds(value) : value
      return ` ${name}="${xml(String(text))}"`
    })
    .join('')
}

/** To the microsecond, and never in the notation of large numbers. */
function seconds(value: number): string {
  return value.toFixed(6).replace(/\.?0+$/, '')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/* What XML 1.0 has no notation for at all: section 2.2, Char. */
const NO_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

/** Text as XML that says nothing else. */
export function xml(text: string): string {
  return text.replace(NO_XML, '').replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}
