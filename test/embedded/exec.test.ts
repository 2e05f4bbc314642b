import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {afterAll, beforeAll, describe, expect, test, vi} from 'vitest'
import {type EmbeddedCluster, startEmbeddedCluster} from './cluster.ts'
import {deployFloaters, execArgs} from './deploy.ts'
import {type KubectlVersion, kubectlFromNpm, npmKubectlRunsHere} from './kubectl.ts'
import {bindKubectl, type BoundKubectl} from './run-kubectl.ts'

const VERSIONS: {version: KubectlVersion; upgrade: string}[] = [
  {version: '1.35', upgrade: 'GET'},
  {version: '1.33', upgrade: 'GET'},
  {version: '1.29', upgrade: 'POST'},
  {version: '1.20', upgrade: 'POST'},
]

describe.skipIf(!npmKubectlRunsHere()).each(VERSIONS)(
  'kubectl $version execs with $upgrade',
  ({version, upgrade}) => {
    let cluster: EmbeddedCluster
    let kubectl: BoundKubectl
    let pod: string

    beforeAll(async () => {
      cluster = await startEmbeddedCluster({nodes: 1, execEnv: {GIVEN: 'by the test'}})
      kubectl = await bindKubectl(await kubectlFromNpm(version), cluster.kubeconfig)
      const pods = await deployFloaters(kubectl, 1)
      pod = pods['n1'] ?? ''
    })

    afterAll(async () => {
      await kubectl.remove()
      await cluster.stop()
    })

    test('hands on both outputs and the exit code', async () => {
      const script = 'echo "to stdout $PORT $GIVEN"; echo "to stderr" >&2; exit 3\n'
      const result = await kubectl.run(execArgs(pod), script)
      expect(result).toMatchObject({exitCode: 3, stdout: 'to stdout 8889 by the test\n'})
      expect(result.stderr).toBe('to stderr\ncommand terminated with exit code 3\n')
      const methods = cluster.requests.filter(({path}) => path.endsWith('/exec')).map(({method}) => method)
      expect(methods).toEqual([upgrade])
    })

    test('carries 500 kB of script', async () => {
      const line = `: ${'x'.repeat(97)}\n`
      const {stdout} = await kubectl.run(execArgs(pod), `${line.repeat(5000)}echo end\n`)
      expect(stdout).toBe('end\n')
    })

    test('carries 1 MB of output', async () => {
      const {stdout} = await kubectl.run(
        execArgs(pod),
        'i=0; while [ $i -lt 10000 ]; do printf "%0100d" $i; i=$((i+1)); done\n',
      )
      expect(stdout).toHaveLength(1_000_000)
      expect(stdout.slice(-5)).toBe('09999')
    })

    test('says that a command does not exist', async () => {
      const {exitCode, stderr} = await kubectl.run(execArgs(pod, ['no-such-command']))
      expect(exitCode).toBe(1)
      expect(stderr).toContain('no-such-command')
    })

    test('lets the command see end of file when kubectl is killed, and leaves no process', async () => {
      // Like the tool's script: a reader of stdin notices that kubectl is gone and ends the work.
      const script = 'echo $$; sleep 600 & job=$!; (cat <&3 >/dev/null; kill $job) & wait $job; exit 0\n'
      const args = execArgs(pod, ['sh', '-c', `exec 3<&0; ${script}`])
      const child = spawn(kubectl.binary, args, {env: {...process.env, ...kubectl.env}})
      const [output] = (await once(child.stdout, 'data')) as [Buffer]
      const group = Number(output.toString())
      expect(isAlive(group)).toBe(true)
      child.kill('SIGKILL')
      await vi.waitFor(() => expect(isAlive(group)).toBe(false), {timeout: 4000, interval: 20})
    })
  },
)

/** Every exec has a process group of its own, named after its first process. */
function isAlive(group: number): boolean {
  try {
    return process.kill(-group, 0)
  } catch {
    return false
  }
}
