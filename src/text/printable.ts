/* Control characters, line separators and bidirectional overrides: what could move the cursor, start a new
   line or reorder what a reader sees. Unicode: categories Cc and Cf, U+2028, U+2029, and lone surrogates. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+/gu
/* CSI and OSC sequences, whole, so that no `[31m` stays behind. ECMA-48, 5.4 and 8.3.89. */
// eslint-disable-next-line no-control-regex -- finding them is its purpose
const ESCAPE_SEQUENCE = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|.)/gu

/* Words of ASCII: most texts, of which a report may have millions. */
const PLAIN = /^[!-~]+(?: [!-~]+)*$/

/** Foreign text made safe to show on one line: no escapes, no control characters, spaces folded. */
export function printable(text: string): string {
  if (PLAIN.test(text)) return text
  return text.replace(ESCAPE_SEQUENCE, '').replace(UNPRINTABLE, ' ').replace(/ {2,}/g, ' ').trim()
}

/** The same for a message of our own that quotes foreign text: its lines and its spaces stay. */
export function printableLines(text: string): string {
  return text
    .replace(ESCAPE_SEQUENCE, '')
    .split('\n')
    .map((line) => line.replace(UNPRINTABLE, ' '))
    .join('\n')
}

/** `printable`, cut to `limit` characters with an ellipsis. */
export function printableUpTo(limit: number, text: string): string {
  const clean = printable(text)
  return clean.length > limit ? `${clean.slice(0, limit - 1).replace(/\p{Cs}$/u, '')}…` : clean
}
