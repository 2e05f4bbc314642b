import {describe, expect, test} from 'vitest'
import {offerFor} from '../../src/cli/offer.ts'
import {PAGES} from '../../src/cli/pages.ts'

const words = (typed: string) => offerFor(typed.split(' ')).candidates.map(([word]) => word)

test.each<[typed: string, offered: string[]]>([
  ['', PAGES.map(({name}) => name)],
  ['re', ['resume', 'report']],
  ['-n netcheck re', ['resume', 'report']],
  ['nothing', []],
  ['nothing ', []],
  ['check -o ', ['table', 'wide', 'matrix', 'json', 'junit', 'html', 'markdown']],
  ['check -o j', ['json', 'junit']],
  ['check --output=j', ['json', 'junit']],
  ['version -o ', ['text', 'json']],
  ['check --mode ', ['pod', 'node', 'node-to-pod', 'pod-to-node', 'service', 'nodeport', 'apiserver']],
  ['check --mode node', ['node', 'node-to-pod', 'nodeport']],
  ['check --mode pod,nodep', ['pod,nodeport']],
  ['check --mode=pod,p', ['pod,pod-to-node']],
  ['init --protocol ', ['tcp', 'udp', 'icmp', 'dns']],
  ['check --floater a', ['agnhost']],
  ['check --ip-family ', ['auto', 'ipv4', 'ipv6']],
  ['check --ip-family ipv4,', []],
  ['check --max-num ', []],
  ['check --dst', ['--dst-kubeconfig', '--dst-context', '--dst-image-repository']],
  ['check --no-a', ['--no-auto-clean']],
  ['clean --mode', []],
  ['clean --mode ', ['pod', 'node', 'node-to-pod', 'pod-to-node', 'service', 'nodeport', 'apiserver']],
  ['--v', ['--version']],
  ['completion ', ['install', 'uninstall', 'bash', 'zsh', 'fish']],
  ['completion uninstall --d', ['--dir']],
  ['report old.json --output', ['--output', '--output-file']],
  // Once is enough, but for lists.
  ['check -q -o json --mode pod --q', []],
  ['check -q -o json --mode pod --mo', ['--mode']],
])('%s', (typed, offered) => {
  expect(words(typed)).toEqual(offered)
})

test('behind a command: the usual flags at once, all from the first dash on', () => {
  expect(words('check ')).toContain('--dry-run')
  expect(words('check ')).not.toContain('--tolerations')
  expect(words('check -')).toEqual(expect.arrayContaining(['--tolerations', '-n', '--help-all']))
  expect(words('check --')).not.toContain('-n')
})

test('each with what it does', () => {
  expect(offerFor(['cl']).candidates).toEqual([['clean', 'remove everything that the tool created']])
  expect(offerFor(['check', '--dry']).candidates).toEqual([
    ['--dry-run', 'show what would be done; create nothing'],
  ])
})

describe('what others know', () => {
  test.each<[string, object]>([
    ['report ', {shell: 'files'}],
    ['report o', {shell: 'files'}],
    ['check --output-file ', {shell: 'files'}],
    ['check --kubeconfig=', {shell: 'files'}],
    ['check --config ', {shell: 'files'}],
    ['completion install --dir ', {shell: 'folders'}],
    ['check --context ', {ask: {what: 'contexts'}}],
    ['check --context=st', {ask: {what: 'contexts'}}],
    ['check --kubeconfig a --context ', {ask: {what: 'contexts', kubeconfig: 'a'}}],
    ['check --kubeconfig a --dst-context ', {ask: {what: 'contexts', kubeconfig: 'a'}}],
    ['check --kubeconfig a --dst-kubeconfig=b --dst-context ', {ask: {what: 'contexts', kubeconfig: 'b'}}],
    ['check --kubeconfig a --dst-kubeconfig=b --context ', {ask: {what: 'contexts', kubeconfig: 'a'}}],
    ['check --context b -n ', {ask: {what: 'namespaces', context: 'b'}}],
    ['clean --namespace=', {ask: {what: 'namespaces'}}],
  ])('%s', (typed, offer) => {
    expect(offerFor(typed.split(' '))).toEqual({candidates: [], ...offer})
  })
})
