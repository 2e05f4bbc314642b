import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {dirname, join} from 'node:path'
import {afterAll, beforeAll, expect, test} from 'vitest'
import type {Cluster} from './cluster.ts'
import {createKwokCluster} from './create-kwok.ts'
import {succeed} from './floaters.ts'
import {leftovers} from './leftovers.ts'
import {readRecord} from './record.ts'
import {describeWithClusters} from './require.ts'
import {CLEAN_ENV} from './run.ts'
import {waitFor} from './wait.ts'

describeWithClusters('a hundred fake nodes', () => {
  let cluster: Cluster

  beforeAll(async () => {
    cluster = await createKwokCluster({nodes: 100})
  })
  afterAll(async () => {
    await cluster.down()
  })

  test('run a DaemonSet pod each, with an address of its own that answers', async () => {
    const started = Date.now()
    await succeed(cluster.kubectl(['apply', '--server-side', '-f', '-'], {input: JSON.stringify(DAEMON_SET)}))
    const addresses = await waitFor('a hundred Ready pods', readyAddresses, {limit: 60_000, every: 500})
    expect(Date.now() - started).toBeLessThan(60_000)
    expect(new Set(addresses).size).toBe(100)
    expect(addresses.filter((address) => !/^127\.(6[4-9]|7\d)\./.test(address))).toEqual([])
  })

  test('run a script from a standard input that stays open', async () => {
    const [one = '', other = ''] = (await readyAddresses()) ?? []
    const pods = await succeed(cluster.kubectl(['get', 'pods', '-o', 'jsonpath={.items[*].metadata.name}']))
    const urls = [one, other].map((address) => `http://${address}:${cluster.floaterPort ?? ''}/`)
    const script = `dir=/tmp/netdoctor.fakes; mkdir "$dir" && cd "$dir" && pwd
curl -sS --noproxy '*' ${urls.join(' ')} </dev/null
echo done >&2
exit
`
    const args = ['exec', '-i', pods.split(' ')[0] ?? '', '--', 'sh', '-s']
    const kubectl = spawn(
      join(cluster.toolsDirectory, 'kubectl'),
      ['--kubeconfig', cluster.kubeconfig, ...args],
      // Without a home, what it learns of the API lands where it runs.
      {env: {...CLEAN_ENV, HOME: dirname(cluster.kubeconfig)}},
    )
    let stdout = ''
    let stderr = ''
    kubectl.stdout.on('data', (data: Buffer) => (stdout += data.toString()))
    kubectl.stderr.on('data', (data: Buffer) => (stderr += data.toString()))
    kubectl.stdin.write(script)
    const [exitCode] = (await once(kubectl, 'close', {signal: AbortSignal.timeout(20_000)})) as [number]
    expect({stdout, stderr, exitCode}).toEqual({
      stdout: '/tmp/netdoctor.fakes\nOKOK',
      stderr: 'done\n',
      exitCode: 0,
    })
  })

  test('leave nothing when they are taken down', async () => {
    const record = await readRecord(cluster.name)
    if (record === undefined) throw new Error('the cluster has no record')
    expect((await leftovers(record, [])).join('\n')).toMatch(/process.*\(kwok\).*link/s)
    await cluster.down()
    expect(await leftovers(record, [])).toEqual([])
  })

  async function readyAddresses(): Promise<string[] | undefined> {
    const path = `jsonpath={range .items[?(@.status.phase=="Running")]}{.status.podIPs[0].ip} {end}`
    const addresses = (await succeed(cluster.kubectl(['get', 'pods', '-o', path]))).trim().split(' ')
    const {stdout} = await cluster.kubectl([
      'get',
      'daemonset',
      'fakes',
      '-o',
      'jsonpath={.status.numberReady}',
    ])
    return addresses.length === 100 && stdout === '100' ? addresses : undefined
  }
})

const labels = {app: 'fakes'}
const DAEMON_SET = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: {name: 'fakes'},
  spec: {
    selector: {matchLabels: labels},
    template: {metadata: {labels}, spec: {containers: [{name: 'floater', image: 'made.up/image:1'}]}},
  },
}
