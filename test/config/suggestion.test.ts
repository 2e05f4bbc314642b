import {expect, test} from 'vitest'
import {meantName, suggestion} from '../../src/config/suggestion.ts'
import {validate} from '../../src/config/validate.ts'

const MODES = ['pod', 'node', 'node-to-pod', 'pod-to-node', 'service']

test.each<[string, string | undefined]>([
  ['Pod', 'pod'],
  ['pods', 'pod'],
  ['pdo', 'pod'],
  ['node2pod', 'node-to-pod'],
  ['NODE_TO_POD', 'node-to-pod'],
  ['servise', 'service'],
  ['ingress', undefined],
  ['', undefined],
])('"%s" probably means %s', (word, meant) => {
  expect(suggestion(word, MODES)).toBe(meant)
})

test('nothing is meant where nothing is known', () => {
  const known: string[] = []
  expect(suggestion('pod', known)).toBeUndefined()
})

test.each<[unknown, string]>([
  ['pods', '; did you mean "pod"?'],
  [['pod', 'nodes'], '; did you mean "node"?'],
  [['pod', 'node'], ''],
  [7, ''],
])('of %j: %j', (found, said) => {
  expect(meantName(found, MODES)).toBe(said)
})

test('a value of the file and one of a flag are both told what was meant', () => {
  const file = {name: 'config.json', text: '{"protocol": ["tpc"], "floater": "agnhots"}'}
  expect(validate({file, flags: {mode: ['pod,nodes'], ipFamily: ['IPv4']}}).problems).toEqual([
    expect.stringMatching(/^config.json:1:14: protocol must be .* found \["tpc"\]; did you mean "tcp"\?$/),
    expect.stringMatching(/^config.json:1:34: floater must be .* found "agnhots"; did you mean "agnhost"\?$/),
    expect.stringMatching(/^--mode must be .* found "pod,nodes"; did you mean "node"\?$/),
    expect.stringMatching(/^--ip-family must be .* found "IPv4"; did you mean "ipv4"\?$/),
  ])
})
