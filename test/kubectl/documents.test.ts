import {expect, test} from 'vitest'
import {documentsIn} from '../../src/kubectl/documents.ts'

const indented = (document: object) => JSON.stringify(document, undefined, 4)

test.each([
  ['nothing', '', []],
  ['one a line', '{"a":1}\n{"b":{"c":2}}\n', [{a: 1}, {b: {c: 2}}]],
  [
    'indented',
    `${indented({a: {b: [1, {c: 2}]}})}\n${indented({d: '}'})}\n`,
    [{a: {b: [1, {c: 2}]}}, {d: '}'}],
  ],
  ['both', `{"a":1}\n${indented({b: {c: 2}})}\n{"d":4}\n`, [{a: 1}, {b: {c: 2}}, {d: 4}]],
  ['cut off in a line', '{"a":1}\n{"b":', [{a: 1}]],
  ['cut off in an indented one', `{"a":1}\n${indented({b: {c: 2}}).slice(0, -2)}`, [{a: 1}]],
  ['broken in between', '{"a":1}\n{"b":oops}\n{"c":3}\n', [{a: 1}, {c: 3}]],
  ['junk before', 'oops\n\n{"a":1}\n{"b":2}\n', [{a: 1}, {b: 2}]],
  ['junk only', 'No resources found\n', []],
])('%s', (_, output, documents) => {
  expect(documentsIn(output)).toEqual(documents)
})
