import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {printable, printableUpTo} from '../../src/text/printable.ts'

test.each([
  ['plain', 'plain'],
  ['Größe 漢字 🙂', 'Größe 漢字 🙂'],
  ['\u001b[31mred\u001b[0m', 'red'],
  ['\u001b[2J\u001b[1;1Hcleared', 'cleared'],
  ['\u001b]0;a new title\u0007text', 'text'],
  ['\u001b]8;;http://evil.example\u001b\\link\u001b]8;;\u001b\\', 'link'],
  ['\u001bcreset', 'reset'],
  ['lone \u001b', 'lone'],
  ['c1 \u009b31m', 'c1 31m'],
  ['one\r\ntwo\tthree', 'one two three'],
  ['a  b   c', 'a b c'],
  ['  edges  ', 'edges'],
  ['nul\u0000bel\u0007', 'nul bel'],
  ['admin\u202eexe.txt', 'admin exe.txt'],
  ['\u2066isolated\u2069', 'isolated'],
  ['line\u2028separator\u2029', 'line separator'],
  ['zero\u200bwidth\ufeff', 'zero width'],
  ['half \ud83d of a pair', 'half of a pair'],
  ['\u001b\u001b[31m', '[31m'],
  ['\u001b[\u001b[31m31m', '31m'],
  ['', ''],
])('%j is shown as %j', (foreign, shown) => {
  expect(printable(foreign)).toBe(shown)
})

test('whatever comes in, what goes out is one line that moves no cursor', () => {
  const nasty = fc.string({
    unit: fc.constantFrom(
      '\u001b',
      '[',
      ']',
      'm',
      '0',
      ';',
      '\\',
      '\u0007',
      '\n',
      '\r',
      '\u202e',
      '\u009b',
      ' ',
      'é',
      '\ud83d',
    ),
  })
  fc.assert(
    fc.property(nasty, (text) => {
      const shown = printable(text)
      expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u)
      expect(printable(shown)).toBe(shown)
    }),
  )
})

describe('a limit', () => {
  test.each([
    [5, 'abcde', 'abcde'],
    [5, 'abcdef', 'abcd…'],
    [5, '\u001b[31mabcde', 'abcde'],
    [1, 'ab', '…'],
  ])('of %i makes %j %j', (limit, text, shown) => {
    expect(printableUpTo(limit, text)).toBe(shown)
  })

  test('never cuts a character in half', () => {
    expect(printableUpTo(5, 'abc🙂def')).not.toMatch(/\p{Cs}/u)
  })
})
