import {expect, test} from 'vitest'
import {runCommand} from '../../src/cli/run.ts'
import {parse} from '../../src/cli/parse.ts'
import {UserError} from '../../src/model/error.ts'
import {pageCalled} from './page-called.ts'
import {terminal} from './terminal.ts'

test.each<[string, object]>([
  ['check -q -v -v', {quiet: true, verbose: true, output: 'table', config: 'config.json'}],
  ['check --no-quiet', {quiet: false}],
  ['check -o json -n=a --as-group x --as-group y', {output: 'json', namespace: 'a', 'as-group': ['x', 'y']}],
  ['check --port 08 --from 1', {port: '08', from: '1'}],
  ['check --dry-run --dry-run', {'dry-run': true}],
  ['check --auto-clean --no-auto-clean', {'auto-clean': [true, false]}],
  ['report', {file: 'report.json'}],
  ['report 007', {file: '007'}],
  ['completion zsh', {action: 'zsh'}],
])('%s', async (typed, args) => {
  const [name = '', ...words] = typed.split(' ')
  expect(await parse(words, pageCalled(name))).toMatchObject(args)
})

test.each<[string, string]>([
  ['check --dst-contxt a', 'check has no flag --dst-contxt. Did you mean --dst-context?'],
  ['check --srcKubeConfig a', 'check has no flag --srcKubeConfig. Did you mean --kubeconfig?'],
  ['check --maxNum 3', 'check has no flag --maxNum. Did you mean --max-num?'],
  ['check --xyzzy', 'check has no flag --xyzzy. `kubectl netdoctor check --help-all` lists them.'],
  ['check -x', 'check has no flag -x. `kubectl netdoctor check --help-all` lists them.'],
  ['clean --mode pod', '--mode is a flag of init, check, not of clean.'],
  ['clean -o json', '-o is a flag of check, resume, report, diff, version, not of clean.'],
  [
    'resume --dry-run --qiet',
    '--dry-run is a flag of check, not of resume.\nresume has no flag --qiet. Did you mean --quiet?',
  ],
  ['check --dry-run=yes', 'Argument unexpected for: dry-run'],
  ['check --output', 'Not enough arguments following: output'],
  [
    'check -o jsn',
    '--output must be one of table, wide, matrix, json, junit, html, markdown; found "jsn"; did you mean "json"?',
  ],
  ['check -o json -o wide', '--output is given 2 times'],
  ['check --no-config', '--config has no --no-config: only what is true or false has'],
  ['check all', '"all" means nothing to check: kubectl netdoctor check --help has what it takes'],
  ['report a b', '"b" means nothing to report: kubectl netdoctor report --help has what it takes'],
  [
    'completion bsh',
    'completion takes one of install, uninstall, bash, zsh, fish; found "bsh"; did you mean "bash"?',
  ],
])('%s', async (typed, message) => {
  const [name = '', ...words] = typed.split(' ')
  await expect(parse(words, pageCalled(name))).rejects.toEqual(new UserError(2, message))
})

test.each<[string, string]>([
  ['chek', 'There is no command "chek". Did you mean `kubectl netdoctor check`?'],
  ['chek --help', 'There is no command "chek". Did you mean `kubectl netdoctor check`?'],
  ['frobnicate', 'There is no command "frobnicate". `kubectl netdoctor --help` lists them.'],
  ['-q', 'Name a command: kubectl netdoctor check. --help lists them.'],
  ['--hlep', 'Name a command: kubectl netdoctor check. Or did you mean --help?'],
  ['--verison', 'Name a command: kubectl netdoctor check. Or did you mean --version?'],
  ['--context x', 'Name a command: kubectl netdoctor check. --help lists them.'],
  [
    'check --mode pdo',
    expect.stringMatching(/^--mode must be .*; found "pdo"; did you mean "pod"\?$/) as string,
  ],
])('kubectl netdoctor %s ends with 2, in one sentence', async (typed, message) => {
  const {io, said, stdout} = terminal()
  expect(await runCommand(typed.split(' '), io)).toBe(2)
  expect([said, stdout()]).toEqual([[message], ''])
})
