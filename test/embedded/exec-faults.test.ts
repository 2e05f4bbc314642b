import {afterAll, beforeAll, beforeEach, describe, expect, test} from 'vitest'
import {type EmbeddedCluster, type ExecFault, startEmbeddedCluster} from './cluster.ts'
import {deployFloaters, execArgs} from './deploy.ts'
import {kubectlFromNpm, npmKubectlRunsHere} from './kubectl.ts'
import {bindKubectl, type BoundKubectl} from './run-kubectl.ts'

const SCRIPT = 'echo one; echo two; exit 3\n'

interface Expected {
  fault: ExecFault
  exitCode: number
  stdout: string | RegExp
  stderr?: RegExp
}

const CASES: Expected[] = [
  {fault: {kind: 'cut-stdout', afterBytes: 6}, exitCode: 0, stdout: 'one\ntw'},
  {fault: {kind: 'cut-stdout', afterBytes: 6, end: 'no-status'}, exitCode: 0, stdout: 'one\ntw'},
  {fault: {kind: 'no-status'}, exitCode: 0, stdout: 'one\ntwo\n'},
  {fault: {kind: 'no-output'}, exitCode: 0, stdout: ''},
  {fault: {kind: 'repeat'}, exitCode: 3, stdout: /^(one\ntwo\n){2}$|^(one\n){2}(two\n){2}$/},
  {fault: {kind: 'tiny-frames'}, exitCode: 3, stdout: 'one\ntwo\n'},
  {fault: {kind: 'crlf'}, exitCode: 3, stdout: 'one\r\ntwo\r\n'},
  {fault: {kind: 'interleaved', bytes: 2}, exitCode: 3, stdout: 'ontwe\no\n'},
  {fault: {kind: 'wrong-count', by: 1}, exitCode: 3, stdout: 'one\ntwo\n'},
  {fault: {kind: 'noise', megabytes: 1}, exitCode: 3, stdout: /^one\n(noise \.+\n){16384}two\n$/},
  {fault: {kind: 'delay', ms: 300}, exitCode: 3, stdout: 'one\ntwo\n'},
  {fault: {kind: 'status', code: 403}, exitCode: 1, stdout: '', stderr: /forbidden by the fault of a test/},
  {
    fault: {kind: 'status', code: 404},
    exitCode: 1,
    stdout: '',
    stderr: /could not find the requested resource/,
  },
  {fault: {kind: 'status', code: 409}, exitCode: 1, stdout: '', stderr: /object has been modified/},
  {fault: {kind: 'status', code: 429}, exitCode: 1, stdout: '', stderr: /too many requests/i},
  {fault: {kind: 'status', code: 500}, exitCode: 1, stdout: '', stderr: /Internal error occurred/},
  {
    fault: {kind: 'status', code: 503},
    exitCode: 1,
    stdout: '',
    stderr: /currently unable to handle the request/,
  },
  {
    fault: {kind: 'container-not-found'},
    exitCode: 1,
    stdout: '',
    stderr: /unable to upgrade connection: container not found \("floater"\)/,
  },
]

describe.skipIf(!npmKubectlRunsHere()).each(['1.35', '1.29'] as const)(
  'exec faults with kubectl %s',
  (version) => {
    let cluster: EmbeddedCluster
    let kubectl: BoundKubectl
    let pods: Record<string, string>

    beforeAll(async () => {
      cluster = await startEmbeddedCluster({
        nodes: [{name: 'n1'}, {name: 'n2', exec: {kind: 'no-output', times: 1}}],
      })
      kubectl = await bindKubectl(await kubectlFromNpm(version), cluster.kubeconfig)
      pods = await deployFloaters(kubectl, 2)
    })

    beforeEach(() => cluster.clearFaults())

    afterAll(async () => {
      await kubectl.remove()
      await cluster.stop()
    })

    const exec = (node: string) => kubectl.run(execArgs(pods[node] ?? ''), SCRIPT)

    test.each(CASES)('$fault', async ({fault, exitCode, stdout, stderr}) => {
      cluster.setFault({on: 'exec', node: 'n1', ...fault})
      const result = await exec('n1')
      expect(result.stdout).toEqual(typeof stdout === 'string' ? stdout : expect.stringMatching(stdout))
      if (stderr !== undefined) expect(result.stderr).toMatch(stderr)
      expect(result.exitCode).toBe(exitCode)
    })

    test('a broken connection is an error of kubectl', async () => {
      cluster.setFault({on: 'exec', node: 'n1', kind: 'cut-stdout', afterBytes: 4, end: 'reset'})
      expect((await exec('n1')).stdout).toBe('one\n')
    })

    test('a hang is a hang', async () => {
      cluster.setFault({on: 'exec', node: 'n1', kind: 'hang'})
      const ended = await Promise.race([
        exec('n1'),
        new Promise((resolve) => setTimeout(resolve, 1500, 'still there')),
      ])
      expect(ended).toBe('still there')
    })

    test('a fault of a node hits as often as it says, and no other node', async () => {
      expect(await exec('n2')).toMatchObject({exitCode: 0, stdout: ''})
      expect(await exec('n2')).toMatchObject({exitCode: 3, stdout: 'one\ntwo\n'})
      cluster.setFault({on: 'exec', node: 'n1', kind: 'no-output', times: 1})
      expect(await exec('n2')).toMatchObject({exitCode: 3})
      expect(await exec('n1')).toMatchObject({exitCode: 0})
      expect(await exec('n1')).toMatchObject({exitCode: 3})
    })
  },
)
