import {copyFile, readdir, readFile, writeFile} from 'node:fs/promises'
import {createServer, type AddressInfo} from 'node:net'
import {join} from 'node:path'
import {execa} from 'execa'
import {describe, expect, test} from 'vitest'
import {atDesk, atDeskOfTwo, type EmbeddedDesk} from './check-desk.ts'
import {ANSWERED, pairsOf, readSaved} from './check-saved.ts'
import type {EmbeddedNode} from './cluster.ts'
import {floaterManifest, NAMESPACE} from './floater-manifest.ts'
import {kubectlFromNpm, npmKubectlRunsHere} from './kubectl.ts'
import type {DaemonSet} from './objects/workload.ts'

/* What other tools of this kind got wrong, and what the whole program must therefore be seen to get right. */
describe.skipIf(!npmKubectlRunsHere()).concurrent('what others get wrong', () => {
  describe('is refused before anything is asked', () => {
    test.each([
      ['--protocol=udp', 'Set floater to agnhost'],
      ['--protocol=TCP', '--protocol must be'],
      ['--protocol=pign', '--protocol must be'],
      ['--max-num=0', '--max-num must be'],
      ['--cmd-timeout=0', '--cmd-timeout must be'],
      ['--namespace=a;touch pwned', '--namespace must be'],
      ['--port=80;touch pwned', '--port must be'],
      ['--src-image-repository=a;touch pwned', '--src-image-repository must be'],
      ['--target-host-to-lookup=$(touch pwned)', '--target-host-to-lookup must be'],
      ['--customized-target-ip-list=`touch pwned`', '--customized-target-ip-list'],
    ])('%s', async (flag, says) => {
      await atDesk({nodes: 1}, async (desk) => {
        const {exitCode, stdout, stderr, kubectls} = await desk.run('check', flag)
        expect(stderr).toContain(says)
        expect({exitCode, stdout, kubectls, requests: desk.cluster.requests}).toEqual({
          exitCode: 2,
          stdout: '',
          kubectls: [],
          requests: [],
        })
        expect(await readdir(desk.folder)).toEqual([])
      })
    })
  })

  test('names of the config reach kubectl as they are, and no shell', async () => {
    await atDesk({nodes: 1}, async (desk) => {
      const file = join(desk.env['HOME'] ?? '', `it's "mine" $HOME; touch pwned`)
      await copyFile(desk.cluster.kubeconfig, file)
      await desk.configure({srcKubeConfig: file})
      expect((await desk.check()).exitCode).toBe(0)
      await desk.configure({srcKubeConfig: file, srcContext: '$(touch pwned)'})
      const {exitCode, stderr} = await desk.check()
      expect(stderr).toContain('$(touch pwned)')
      expect(exitCode).toBe(2)
      for (const folder of [desk.folder, desk.env['HOME'] ?? ''])
        expect(await readdir(folder)).not.toContain('pwned')
    })
  })

  test('where every probe FAILED, the exit code is 1', async () => {
    const nodes: EmbeddedNode[] = [
      {name: 'n1', listens: 'refuses'},
      {name: 'n2', listens: 'black-hole'},
    ]
    await atDesk({nodes}, async (desk) => {
      const {exitCode, stdout} = await desk.check('--retries', '0')
      expect(stdout).toContain('0 SUCCEEDED, 4 FAILED, 0 EXCEPTION')
      expect(exitCode).toBe(1)
    })
  })

  test('one closed port among several is FAILED by itself', async () => {
    const server = createServer((socket) => socket.end())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const {port} = server.address() as AddressInfo
    try {
      await atDesk({nodes: 2}, async (desk) => {
        await desk.configure({
          customizedTargetIPList: ['127.0.0.1'],
          customizedTargetPortList: [port, '1'],
          retries: 0,
        })
        const {exitCode, stdout} = await desk.check()
        expect(stdout).toContain('4 probes between 2 nodes: 2 SUCCEEDED, 2 FAILED, 0 EXCEPTION')
        expect((await desk.resume()).map((entry) => [entry.srcNodeName, entry.port, entry.reason])).toEqual([
          ['n1', 1, 'refused'],
          ['n2', 1, 'refused'],
        ])
        expect(exitCode).toBe(1)
      })
    } finally {
      server.close()
    }
  })

  test('a server that is not the floater is a wrong peer, and one that is proves who it is', async () => {
    const nodes: EmbeddedNode[] = [{name: 'n1'}, {name: 'n2', listens: 'impostor'}]
    await atDesk({nodes}, async (desk) => {
      const {exitCode, stdout} = await desk.check('--floater', 'agnhost', '--retries', '0')
      expect((await readSaved(desk.folder, ['n1', 'n2'])).pairs).toEqual(
        pairsOf(['n1', 'n2'], (_, target) => (target === 'n2' ? 'FAILED wrong-peer' : ANSWERED)),
      )
      expect(stdout).not.toContain('who answered')
      expect(exitCode).toBe(1)
    })
  })

  test('two clusters are probed both ways, with the first one’s registry where the second has none', async () => {
    await atDeskOfTwo({a: {nodes: 2}, b: {nodes: 1}}, async (desk, {b}) => {
      await desk.configure({
        srcContext: 'a',
        srcImageRepository: 'registry.example.com/net',
        dstContext: 'b',
        dstKubeConfig: '',
        dstImageRepository: '',
      })
      const {exitCode, stdout} = await desk.check()
      expect(stdout).toContain('4 probes between 3 nodes: 4 SUCCEEDED')
      for (const row of [
        /src\/n1 +\| dst\/n1/,
        /src\/n2 +\| dst\/n1/,
        /dst\/n1 +\| src\/n1/,
        /dst\/n1 +\| src\/n2/,
      ])
        expect(stdout).toMatch(row)
      expect(exitCode).toBe(0)
      expect(imagesOf(b.objects())).toEqual(['registry.example.com/net/clusterlink-floater:v0.2.0'])
    })
  })

  test('resume goes by nodes: pods that came back elsewhere are probed where they are, and no all-clear', async () => {
    await atDesk({nodes: [{name: 'n1'}, {name: 'n2', listens: 'refuses'}]}, async (desk) => {
      expect((await desk.check('--retries', '0')).exitCode).toBe(1)
      const before = await desk.resume()
      await kubectl(desk, 'delete', 'pods', '--all', `--namespace=${NAMESPACE}`)
      const resume = async () => await desk.run('resume', '--port', desk.port, '--retries', '0')
      expect((await resume()).exitCode).toBe(1)
      const after = await desk.resume()
      expect(after.map(({srcNodeName, dstNodeName}) => [srcNodeName, dstNodeName])).toEqual(
        before.map(({srcNodeName, dstNodeName}) => [srcNodeName, dstNodeName]),
      )
      expect(after[0]?.targetIP).not.toBe(before[0]?.targetIP)
      desk.cluster.setNode({name: 'n2', listens: 'answers'})
      expect((await resume()).exitCode).toBe(0)
      expect(await desk.resume()).toEqual([])
    })
  })

  test.each([
    ['missing', undefined],
    ['empty', ''],
    ['torn', '[{"Status": 2, "srcNo'],
    ['no list', '{}'],
  ])('a resume.json that is %s is an error, and nothing is probed', async (_, text) => {
    await atDesk({nodes: 1}, async (desk) => {
      if (text !== undefined) await writeFile(join(desk.folder, 'resume.json'), text)
      const {exitCode, stdout, stderr} = await desk.run('resume')
      expect(stderr).toContain('kubectl netdoctor check')
      expect([exitCode, stdout, desk.cluster.requests]).toEqual([2, '', []])
    })
  })

  test('~ in a kubeconfig’s path is the home folder', async () => {
    await atDesk({nodes: 1}, async (desk) => {
      await copyFile(desk.cluster.kubeconfig, join(desk.env['HOME'] ?? '', 'mine'))
      await desk.configure({srcKubeConfig: '~/mine'})
      const {exitCode} = await desk.start(['check', '--port', desk.port], {KUBECONFIG: '/nowhere'}).end
      expect(exitCode).toBe(0)
    })
  })

  test('cmdTimeout ends what does not answer', async () => {
    const nodes: EmbeddedNode[] = [{name: 'n1'}, {name: 'n2', listens: 'slow'}]
    await atDesk({nodes, delays: {slowMs: 600_000}}, async (desk) => {
      await desk.configure({cmdTimeout: 1, retries: 0})
      expect((await desk.check()).exitCode).toBe(1)
      const {pairs, said} = await readSaved(desk.folder, ['n1', 'n2'])
      expect(pairs['n1>n2']).toBe('FAILED timeout')
      expect(said['n1>n2']).toMatch(/ gave no whole answer within 1\.\d s/)
    })
  })

  test('clean needs no config.json', async () => {
    await atDesk({nodes: 1}, async (desk) => {
      const {exitCode, stderr} = await desk.run('clean')
      expect(stderr).toContain(`namespace ${NAMESPACE} does not exist: nothing to remove`)
      expect(exitCode).toBe(0)
    })
  })

  test('config.json is read and never written', async () => {
    await atDesk({nodes: [{name: 'n1', listens: 'refuses'}]}, async (desk) => {
      const text = `{"port":   "${desk.port}",\r\n\t"retries": 0, "maxNum":3 }`
      const file = join(desk.folder, 'config.json')
      await writeFile(file, text)
      for (const command of ['check', 'resume', 'report', 'clean']) await desk.run(command)
      expect(await readFile(file, 'utf8')).toBe(text)
      expect(await readdir(desk.folder)).toEqual([
        'config.json',
        'report.json',
        'resume-report.json',
        'resume.json',
      ])
    })
  })

  test('clean leaves what is not ours, and a namespace that was there before', async () => {
    const {spec, ...set} = floaterManifest('registry.example.com/theirs:v1')
    const labels = {app: 'theirs'}
    const template = {...spec.template, metadata: {labels}}
    const metadata = {name: 'theirs', namespace: 'team', labels}
    const objects = [{...set, metadata, spec: {...spec, selector: {matchLabels: labels}, template}}]
    await atDesk({nodes: 1, namespaces: [{name: 'team'}], objects}, async (desk) => {
      expect((await desk.check('--namespace', 'team')).exitCode).toBe(0)
      const cleaned = await desk.run('clean', '--namespace', 'team')
      expect(cleaned.exitCode).toBe(0)
      const left = desk.cluster.objects()
      expect(left.filter(({kind}) => kind === 'DaemonSet').map(({metadata: {name}}) => name)).toEqual([
        'theirs',
      ])
      expect(left.some(({kind, metadata: {name}}) => kind === 'Namespace' && name === 'team')).toBe(true)
    })
  })

  test('a namespace and a DaemonSet are all that is created: no right, no privilege, nothing of the node', async () => {
    await atDesk({nodes: 2}, async (desk) => {
      await desk.check()
      const changes = desk.cluster.requests.flatMap(({method, path, query}) => {
        const isQuestion = path.endsWith('reviews') || path.endsWith('/exec') || query.includes('dryRun=All')
        return method === 'GET' || isQuestion ? [] : [`${method} ${path}`]
      })
      // The claim of the run on it is given back at the end.
      const patch = `PATCH /apis/apps/v1/namespaces/${NAMESPACE}/daemonsets/netdoctor-floater`
      expect(changes).toEqual(['POST /api/v1/namespaces', patch, patch])
      const [set] = desk.cluster.objects().filter(({kind}) => kind === 'DaemonSet') as DaemonSet[]
      expect(set?.spec).not.toHaveProperty('replicas')
      expect(set?.spec.template.spec).toMatchObject({
        automountServiceAccountToken: false,
        shareProcessNamespace: true,
        securityContext: {runAsNonRoot: true},
        containers: [{securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: ['ALL']}}}],
      })
      expect(JSON.stringify(set?.spec)).not.toMatch(
        /privileged|host(PID|IPC|Network|Path)|serviceAccountName/,
      )
    })
  })

  test('which taints are tolerated is for the user to say', async () => {
    const nodes: EmbeddedNode[] = [{name: 'n1'}, {name: 'gpu', taints: [{key: 'gpu', effect: 'NoSchedule'}]}]
    await atDesk({nodes}, async (desk) => {
      const {exitCode, stdout} = await desk.check('--tolerations', '[]')
      expect(stdout).toContain('1 probe between 1 node: 1 SUCCEEDED')
      expect(stdout).toContain('Left out: gpu: tolerations do not cover its taint gpu:NoSchedule')
      expect(exitCode).toBe(0)
      expect((await desk.check()).stdout).toContain('4 probes between 2 nodes: 4 SUCCEEDED')
    })
  })

  test('pods on their way out are not taken for floaters', async () => {
    await atDesk({nodes: 2, delays: {podDeleteMs: 2500}}, async (desk) => {
      await desk.check()
      const before = (await desk.report()).blocks.flatMap(({endpoints}) => endpoints)
      await kubectl(desk, 'delete', 'pods', '--all', `--namespace=${NAMESPACE}`, '--wait=false')
      expect((await desk.check('--retries', '0')).exitCode).toBe(0)
      const after = (await desk.report()).blocks.flatMap(({endpoints}) => endpoints)
      expect(after).toHaveLength(before.length)
      for (const endpoint of after) expect(before).not.toContainEqual(endpoint)
    })
  })
})

async function kubectl(desk: EmbeddedDesk, ...args: string[]): Promise<void> {
  await execa(await kubectlFromNpm('1.35'), args, {env: desk.env, extendEnv: false})
}

function imagesOf(objects: readonly {kind?: unknown}[]): string[] {
  return objects
    .filter(({kind}) => kind === 'DaemonSet')
    .flatMap((set) => (set as DaemonSet).spec.template.spec.containers.map(({image}) => image))
}
