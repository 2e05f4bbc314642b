import {printable} from '../text/printable.ts'
import type {Io} from './io.ts'
import {offerFor, type Candidate, type Question} from './offer.ts'

/** What the last line tells the shell; cobra's ShellCompDirective, which kubectl hands on. */
const DIRECTIVES = {files: 0, nothingElse: 4, folders: 16} as const

/** Nobody waits longer for a key; milliseconds. */
const LIMIT = 2500

/** The hidden command that kubectl runs, by way of kubectl_complete-netdoctor, with the words typed so far. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const {candidates, shell, ask} = offerFor(argv)
  const typed = (argv.at(-1) ?? '').replace(/^-[^=]*=/, '')
  const told = ask === undefined ? [] : await answer(ask, io)
  const fitting = told.filter((word) => word.startsWith(typed)).map((word): Candidate => [word, ''])
  const lines = [...candidates, ...fitting].map(([word, describe]) =>
    describe === '' ? word : `${word}\t${printable(describe)}`,
  )
  await io.out([...lines, `:${DIRECTIVES[shell ?? 'nothingElse']}`, ''].join('\n'))
  return 0
}

/** What kubectl knows; nothing where it fails or is slow: a completion has nowhere to complain. */
async function answer({what, kubeconfig, context}: Question, io: Io): Promise<string[]> {
  const {kubectlFor} = await import('../kubectl/kubectl.ts')
  const connection = {
    ...(kubeconfig === undefined ? {} : {kubeconfig: kubeconfig.replace(/^~(?=\/)/, () => io.home)}),
    ...(context === undefined ? {} : {context}),
  }
  const kubectl = kubectlFor(connection, {program: 'kubectl', signal: io.signal, onCommand: () => undefined})
  const args = what === 'contexts' ? ['config', 'get-contexts'] : ['get', 'namespaces']
  try {
    const {ok, stdout} = await kubectl.run([...args, '-o', 'name'], {deadline: LIMIT})
    if (!ok) return []
    const names = stdout
      .split('\n')
      .map((line) => (what === 'namespaces' ? line.replace(/^namespace\//, '') : line))
    return names.filter((name) => name !== '' && printable(name) === name)
  } catch {
    return []
  }
}
