import {expect, test} from 'vitest'
import {readLine} from '../../src/cli/words.ts'

test.each<[string, {command?: string | undefined; rest?: string; words?: string[]}]>([
  ['check', {command: 'check', rest: ''}],
  ['check --mode pod -q', {command: 'check', rest: '--mode pod -q'}],
  ['--context a check -o json', {command: 'check', rest: '--context a -o json'}],
  // What could destroy something is no command where it is a name.
  ['-n clean check', {command: 'check', rest: '-n clean'}],
  ['--context=clean check', {command: 'check', rest: '--context=clean'}],
  ['-q check', {command: 'check', rest: '-q'}],
  ['--no-color --dry-run check', {command: 'check', rest: '--no-color --dry-run'}],
  ['report old.json clean', {command: 'report', rest: 'old.json clean', words: ['old.json', 'clean']}],
  ['--context', {command: undefined, rest: '--context'}],
  ['--unknown x', {command: 'x', rest: '--unknown'}],
  ['-', {command: '-'}],
])('%s', (typed, {command, rest, words = []}) => {
  const line = readLine(typed.split(' '))
  expect(line.command).toBe(command)
  if (rest !== undefined) expect(line.rest.join(' ')).toBe(rest)
  expect(line.words).toEqual(words)
  expect(line.page?.name).toBe(['check', 'report'].includes(command ?? '') ? command : undefined)
})

test('knows what flags were given, and which one waits for its value', () => {
  const line = readLine('check -o json --mode=pod,node --mode service -q --auto-clean --context'.split(' '))
  expect(Object.fromEntries(line.given)).toEqual({
    output: ['json'],
    mode: ['pod,node', 'service'],
    quiet: [''],
    'auto-clean': [''],
  })
  expect(line.awaiting?.name).toBe('context')
})
