import {execFile} from 'node:child_process'
import {existsSync} from 'node:fs'
import path from 'node:path'
import {promisify} from 'node:util'
import {describe, expect, test} from 'vitest'
import {parseAllDocuments} from 'yaml'
import {OUTPUTS} from './outputs.ts'
import {anchors, blocks, indentedBlocks, links, page, pages, type Block} from './pages.ts'

const PAGES = await pages()
/** For who works on it: only their links are looked at. */
const OTHERS = await Promise.all(
  ['ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md'].map(page),
)
const BLOCKS = PAGES.flatMap((one) => blocks(one).map((block) => ({name: one.name, ...block})))

/** First words of command lines other than netdoctor's, which readme.test.ts gives to the program. */
const PROGRAMS = new Set(
  'conntrack docker ethtool grep ip iptables-save mtr nft npm nstat ping ss sudo sysctl tar tcpdump ./scripts/demo'.split(
    ' ',
  ),
)
/** What kubectl is asked for; `debug node/NODE` needs kubectl 1.27 for its profiles. */
const VERBS = new Set('auth create debug delete describe exec get krew logs netdoctor'.split(' '))

/** Completes a script that is shown, and is none to be typed. */
const isScript = ({text}: Block) => text.startsWith('#!')

/** What is wrong with the block; each kind that a page may have is judged here. */
const JUDGES: Readonly<Record<string, (block: Block) => Promise<readonly string[]> | readonly string[]>> = {
  sh: async (block) => [
    ...(await syntaxErrors(block.text)),
    ...(isScript(block) ? [] : strangers(block.text)),
  ],
  // readme.test.ts takes each as a config.
  json: ({text}) => (isJson(text) ? [] : ['no JSON']),
  yaml: ({text}) =>
    parseAllDocuments(text).flatMap((one) => [...one.errors.map(String), ...unlikeKubernetes(one.toJS())]),
  console: ({text}) => {
    const [line = '', ...output] = text.split('\n')
    const made = OUTPUTS[line.replace(/^\$ /, '')]
    if (made === undefined) return [`nothing makes the output of ${line}`]
    // Tables of a report end with an empty line before the totals, and so does nothing else.
    return made() === output.join('\n') ? [] : [`is not what the program prints:\n${made()}`]
  },
  // Nothing here runs it.
  powershell: ({text}) =>
    text
      .trim()
      .split('\n')
      .filter(
        (line) => !/^(?:\$\w+ = '[^']+'|\(?(?:Get-FileHash|Select-String|Expand-Archive) .+)$/.test(line),
      ),
}

async function syntaxErrors(script: string): Promise<readonly string[]> {
  const running = promisify(execFile)('sh', ['-nc', script])
  return await running.then(
    () => [],
    (error: unknown) => [String(error)],
  )
}

/** Command lines of programs, and verbs of kubectl, that no page uses. */
function strangers(script: string): readonly string[] {
  return script
    .trim()
    .split('\n')
    .filter((line) => {
      const [program = '', verb = ''] = line.split(' ')
      return program === 'kubectl' ? !VERBS.has(verb) : !PROGRAMS.has(program) && !/^\w+=\S+$/.test(line)
    })
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function unlikeKubernetes(document: unknown): readonly string[] {
  if (typeof document !== 'object' || document === null) return ['no object']
  if (!('kind' in document) && !('apiVersion' in document)) return []
  return ['apiVersion', 'kind', 'metadata']
    .filter((field) => !(field in document))
    .map((field) => `no ${field}`)
}

describe('every block of code', () => {
  test.each(BLOCKS)('$name: $kind $text', async ({kind, text}) => {
    expect(Object.keys(JUDGES)).toContain(kind)
    expect(await JUDGES[kind]?.({kind, text})).toEqual([])
  })

  test('is fenced, and so says what it is', () => {
    expect(BLOCKS.length).toBeGreaterThan(50)
    expect(PAGES.flatMap(indentedBlocks)).toEqual([])
  })

  test('every output that is made is shown', () => {
    const shown = BLOCKS.filter(({kind}) => kind === 'console').map(({text}) => text.split('\n')[0]?.slice(2))
    expect(shown.toSorted()).toEqual(Object.keys(OUTPUTS).toSorted())
  })
})

describe('a block', () => {
  test.each<[string, string]>([
    ['sh', 'echo "open'],
    ['sh', 'kubectx east'],
    ['sh', 'kubectl obliterate pods'],
    ['json', '{"a": 1,}'],
    ['yaml', 'a: [1'],
    ['yaml', 'kind: Role\nrules: []'],
    ['console', '$ kubectl netdoctor report\nall is well\n'],
    ['console', '$ kubectl netdoctor check --floater agnhost -q\nall is well\n'],
    ['powershell', 'Remove-Item C:\\'],
  ])('%s %j would not do', async (kind, text) => {
    expect(await JUDGES[kind]?.({kind, text})).not.toEqual([])
  })
})

describe('every link leads somewhere', () => {
  const all = [...PAGES, ...OTHERS]
  const byName = new Map(all.map((one) => [one.name, one]))

  test.each(all.map((one) => [one.name, one] as const))('in %s', (name, one) => {
    const dead = links(one).filter((link) => !link.startsWith('https:') && !leads(name, link))
    expect(dead).toEqual([])
  })

  function leads(from: string, link: string): boolean {
    const [file = '', anchor] = link.split('#')
    const to = file === '' ? from : path.posix.join(path.posix.dirname(from), file)
    if (!existsSync(path.join(import.meta.dirname, '../..', to))) return false
    const target = byName.get(to)
    return anchor === undefined || (target !== undefined && anchors(target).includes(anchor))
  }

  test('one that leads nowhere is seen', () => {
    expect(['docs/none.md', '#none', 'docs/install.md#none'].map((link) => leads('README.md', link))).toEqual(
      [false, false, false],
    )
  })
})
