import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {execa} from 'execa'
import {beforeAll, expect, test} from 'vitest'
import {atCompletingDesk} from '../embedded/completing-desk.ts'
import {ensurePackages} from './cluster/packages.ts'
import {describeWithClusters} from './cluster/require.ts'

/** Only to end what hangs; milliseconds. */
const LIMIT = 60_000

/* Here and not with bash, because these shells have to be installed. */
describeWithClusters('a TAB', () => {
  beforeAll(async () => await ensurePackages(console.error, {zsh: '/usr/bin/zsh', fish: '/usr/bin/fish'}))

  test('in fish', async () => {
    await atCompletingDesk('1.35', async ({env, folder}) => {
      const tab = async (line: string) => {
        const script = `kubectl completion fish | source; complete -C '${line}'`
        const options = {env, extendEnv: false, cwd: folder, timeout: LIMIT}
        const {stdout} = await execa('fish', ['--no-config', '-c', script], options)
        return stdout.split('\n').sort()
      }
      expect(await tab('kubectl netdoctor re')).toEqual([
        'report\tshow a saved run again, in any form',
        'resume\tprobe again what resume.json lists',
      ])
      expect(await tab('kubectl netdoctor check --output=j')).toEqual(['--output=json', '--output=junit'])
      expect(await tab('kubectl netdoctor check --context ')).toEqual(['production', 'staging'])
    })
  })

  test.each([
    ['kubectl netdoctor cl', 'kubectl netdoctor clean'],
    ['kubectl netdoctor check -o js', 'kubectl netdoctor check -o json'],
    ['kubectl netdoctor check --context=pr', 'kubectl netdoctor check --context=production'],
    ['kubectl netdoctor re', '-- show a saved run again'],
  ])('in zsh: %s', async (line, shown) => {
    await atCompletingDesk('1.35', async ({env, folder}) => {
      const script = join(folder, 'tab.zsh')
      await writeFile(script, TAB)
      const options = {env, extendEnv: false, cwd: folder, timeout: LIMIT, reject: false}
      const {stdout} = await execa('zsh', ['-f', script, line, shown], options)
      expect(stdout).toContain(shown)
    })
  })
})

/** Types a line and a TAB into a zsh with a terminal of its own; prints what is on it when the wanted words are. */
const TAB = `
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "autoload -Uz compinit && compinit -u -d $PWD/dump; source <(kubectl completion zsh); echo ready-''now"
zpty -r -m shell seen '*ready-now*'
zpty -w -n shell "$1"$'\\t'
zpty -r -m shell seen "*$2*"
print -r -- "$seen"
zpty -d shell
`
