import {execa} from 'execa'
import {join} from 'node:path'
import {writeFile} from 'node:fs/promises'
import {describe, expect, test} from 'vitest'
import {PAGES} from '../../src/cli/pages.ts'
import type {Desk} from '../desk/desk.ts'
import {atCompletingDesk} from './completing-desk.ts'
import {npmKubectlRunsHere, type KubectlVersion} from './kubectl.ts'

/** Only to end what hangs; milliseconds. */
const LIMIT = 60_000

/** What kubectl tells a shell: its own protocol, which bash, zsh and fish speak alike. */
async function complete({env, folder}: Desk, ...words: string[]) {
  const args = ['__complete', 'netdoctor', ...words]
  const {stdout} = await execa('kubectl', args, {env, extendEnv: false, cwd: folder, timeout: LIMIT})
  const lines = stdout.split('\n')
  return {
    words: lines.slice(0, -1).map((line) => line.split('\t')[0]),
    lines: lines.slice(0, -1),
    directive: lines.at(-1),
  }
}

describe.skipIf(!npmKubectlRunsHere())('kubectl completes netdoctor', () => {
  test.each<KubectlVersion>(['1.35', '1.29'])('kubectl %s', async (version) => {
    await atCompletingDesk(version, async (desk) => {
      const commands = await complete(desk, '')
      expect(commands.lines).toEqual(PAGES.map(({name, describe}) => `${name}\t${describe}`))
      expect(commands.directive).toBe(':4')
      expect((await complete(desk, 'check', '--dst-c')).words).toEqual(['--dst-context'])
      expect((await complete(desk, 'check', '-o', 'j')).words).toEqual(['json', 'junit'])
      expect((await complete(desk, 'check', '--mode=pod,node-')).words).toEqual(['pod,node-to-pod'])
      expect((await complete(desk, 'check', '--context', '')).words).toEqual(['production', 'staging'])
      expect((await complete(desk, 'check', '--dst-context=s')).words).toEqual(['staging'])
      expect((await complete(desk, 'check', '-n', 'n')).words).toEqual(['netcheck'])
      expect((await complete(desk, 'clean', '--context', 'staging', '--namespace=o')).words).toEqual([
        'other',
      ])
      expect(await complete(desk, 'report', '')).toMatchObject({words: [], directive: ':0'})
      expect(await complete(desk, 'completion', 'install', '--dir', '')).toMatchObject({directive: ':16'})
    })
  })

  test('what kubectl cannot tell is not waited for, and is no error', async () => {
    await atCompletingDesk('1.35', async (desk, cluster) => {
      cluster.setFault({on: 'api', does: {kind: 'hang'}})
      const started = performance.now()
      expect(await complete(desk, 'check', '-n', '')).toMatchObject({words: [], directive: ':4'})
      expect(performance.now() - started).toBeLessThan(15_000)
      expect((await complete(desk, 'check', '--context', 'gone', '-n', '')).words).toEqual([])
    })
  })

  test('a TAB in bash', async () => {
    await atCompletingDesk('1.35', async ({env, folder}) => {
      const script = join(folder, 'tab.bash')
      await writeFile(script, TAB)
      const tab = async (line: string) => {
        const {stdout} = await execa('bash', ['--norc', script, line], {
          env,
          extendEnv: false,
          cwd: folder,
          timeout: LIMIT,
        })
        return stdout.split('\n').map((word) => word.replace(/ +\(.*\)$/, '').trimEnd())
      }
      expect(await tab('kubectl netdoctor re')).toEqual(['resume', 'report'])
      expect(await tab('kubectl netdoctor cl')).toEqual(['clean'])
      expect(await tab('kubectl netdoctor check --context ')).toEqual(['production', 'staging'])
      expect(await tab('kubectl netdoctor check --context prod')).toEqual(['production'])
      expect(await tab('kubectl netdoctor report -o ')).toEqual([
        'table',
        'wide',
        'matrix',
        'json',
        'junit',
        'html',
        'markdown',
      ])
    })
  })
})

/** What bash does at a TAB; the one function of the package bash-completion that kubectl's script needs is made here. */
const TAB = `
_get_comp_words_by_ref() {
  words=("\${COMP_WORDS[@]}") cword=$COMP_CWORD cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]}
}
compopt() { :; }
source <(kubectl completion bash)
COMP_LINE=$1 COMP_POINT=\${#1} COMP_TYPE=9
read -ra COMP_WORDS <<<"$1"
[[ $1 != *' ' ]] || COMP_WORDS+=('')
COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
__start_kubectl
printf '%s\\n' "\${COMPREPLY[@]}"
`
