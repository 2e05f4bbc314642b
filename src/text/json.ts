/* JSON.stringify escapes what is below a space, and lone surrogates; not what else could move a cursor or reorder a line. */
const HIDDEN = /[\p{Cc}\p{Cf}\u2028\u2029]/gu

const PLAIN = /^[ -~]*$/

/** JSON on one line that means the same and shows nothing but what it says, on a terminal too. */
export function jsonLine(value: unknown): string {
  const text = JSON.stringify(value)
  if (PLAIN.test(text)) return text
  return text.replace(HIDDEN, (character) =>
    Array.from({length: character.length}, (_, at) => escaped(character.charCodeAt(at))).join(''),
  )
}

function escaped(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`
}
