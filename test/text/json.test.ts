import fc from 'fast-check'
import {expect, test} from 'vitest'
import {jsonLine} from '../../src/text/json.ts'

test.each([
  ['a"\n', String.raw`"a\"\n"`],
  ['\u001b\u009b\u007f', String.raw`"\u001b\u009b\u007f"`],
  ['\u202e\u2028\u{e0041}', String.raw`"\u202e\u2028\udb40\udc41"`],
  ['\ud800', String.raw`"\ud800"`],
  ['naïve 節点', '"naïve 節点"'],
])('%j', (value, line) => expect(jsonLine(value)).toBe(line))

test('means what it was made of, and is one line of what can be seen', () => {
  fc.assert(
    fc.property(fc.string({unit: 'binary'}), fc.string({unit: 'binary'}), (key, value) => {
      const line = jsonLine([key, {value}])
      expect(JSON.parse(line)).toEqual([key, {value}])
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u)
    }),
  )
})
