import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {afterEach, beforeEach, expect, test} from 'vitest'
import type {Desk} from '../desk/desk.ts'
import {abnormal, removeFloaters} from './abnormal.ts'
import type {Cluster} from './cluster/cluster.ts'
import type {FaultName} from './cluster/faults.ts'
import {describeOnCluster} from './cluster/require.ts'
import {waitFor} from './cluster/wait.ts'
import {deskFor, everyObject} from './program.ts'

const NAMESPACE = 'kosmos-system'
const IMAGE = 'ghcr.io/kosmos-io/clusterlink-floater'

describeOnCluster('check on three real nodes', (getCluster) => {
  let desk: Desk
  let cluster: Cluster

  beforeEach(async () => {
    cluster = getCluster()
    desk = await deskFor(cluster)
  })
  afterEach(async () => {
    await desk.remove()
  })

  test('a healthy network: 9 of 9, few kubectls, nothing to resume, results alone on stdout', async () => {
    const {exitCode, stdout, stderr, kubectls, ms} = await desk.run('check')
    expect(stderr).toContain(`Checking context ${cluster.name}, server ${cluster.server}`)
    expect(stdout).toContain('9 probes between 3 nodes: 9 SUCCEEDED, 0 FAILED, 0 EXCEPTION')
    expect(stdout.split('\n')[0]).toBe('All 9 probes between 3 nodes SUCCEEDED.')
    expect(stdout.split('\n')[3]).toMatch(
      /^\| S\/N \| SRC NODE NAME +\| DST NODE NAME +\| TARGET IP +\| RESULT/,
    )
    expect(stdout).not.toMatch(/Connect:|Deploy|(?!\n)\p{Cc}/u)
    expect(exitCode).toBe(0)
    const different = [...new Set(kubectls)]
    const renewals = Math.floor(ms / 30_000)
    expect(different.length, kubectls.join('\n')).toBeLessThanOrEqual(3 + 10 + renewals)
    // On a busy machine what was slow is timed once more.
    expect(kubectls.length, kubectls.join('\n')).toBeLessThanOrEqual(3 + 3 + 10 + renewals)
    expect(different.filter((line) => line.startsWith('exec'))).toHaveLength(3)
    expect(await desk.resume()).toEqual([])
    expect(await desk.report()).toMatchObject({columns: {status: [[1, 9]]}})
  })

  test('a proxy set in the floater changes nothing', async () => {
    await desk.run('check')
    const floaters = ['-n', NAMESPACE, 'daemonset/netdoctor-floater']
    await cluster.kubectl([
      'set',
      'env',
      ...floaters,
      'http_proxy=http://192.0.2.1:3128',
      'ALL_PROXY=http://192.0.2.1:3128',
    ])
    await cluster.kubectl(['rollout', 'status', ...floaters, '--timeout=60s'])
    const env = await cluster.kubectl(['exec', ...floaters, '--', 'env'])
    expect(env.stdout).toContain('http_proxy=http://192.0.2.1:3128')
    expect((await desk.run('check')).exitCode).toBe(0)
    expect((await cluster.kubectl(['exec', ...floaters, '--', 'env'])).stdout).toContain('http_proxy')
  })

  test('a node without the image: its five pairs EXCEPTION with image and pull error, the rest measured', async () => {
    for (const node of ['n1', 'n2']) {
      await cluster.onNode(node, [
        'ctr',
        '-n',
        'k8s.io',
        'images',
        'tag',
        `${IMAGE}:v0.2.0`,
        `${IMAGE}:v0.2.0-two`,
      ])
    }
    const {exitCode, stdout} = await desk.run('check', '--image-tag', 'v0.2.0-two', '--pod-wait-time', '12')
    expect(await abnormal(desk)).toEqual(
      ['n1>n3', 'n2>n3', 'n3>n1', 'n3>n2', 'n3>n3'].map((pair) => `${pair} EXCEPTION no-floater`),
    )
    expect(stdout).toContain('4 SUCCEEDED, 0 FAILED, 5 EXCEPTION')
    const [entry] = await desk.resume()
    expect(entry?.ResultStr).toMatch(
      /^node n3 has no floater: (ErrImagePull|ImagePullBackOff) .*v0\.2\.0-two \(.+\)/,
    )
    expect(exitCode).toBe(3)
  })

  /** What runs in the floater of a node, zombies included. */
  async function processesOn(node: string): Promise<string> {
    const names = ['get', 'pods', '-n', NAMESPACE, '--field-selector', `spec.nodeName=${node}`, '-o', 'name']
    const pod = (await cluster.kubectl(names)).stdout.trim()
    return (await cluster.kubectl(['exec', '-n', NAMESPACE, pod, '--', 'ps', '-o', 'comm,stat'])).stdout
  }

  test.each<[NodeJS.Signals, number | null]>([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGKILL', null],
  ])('%s in the middle: nothing goes on in the pods, clean removes all', async (signal, code) => {
    await removeFloaters(desk)
    const before = await everyObject(cluster)
    const undo = await cluster.fault('drop', 'n1', 'n2')
    try {
      await desk.run('check', '-q')
      const running = desk.start(['check'])
      await waitFor(
        'curl on n1, waiting for n2',
        async () => ((await processesOn('n1')).includes('curl') ? true : undefined),
        {limit: 30_000},
      )
      const signalled = Date.now()
      running.signal(signal)
      const ran = await running.end
      expect(ran.exitCode).toBe(code)
      if (signal !== 'SIGKILL') {
        expect(Date.now() - signalled).toBeLessThan(2000)
        expect(await abnormal(desk)).toContain('n1>n2 EXCEPTION not-tested')
        expect(await desk.report()).toMatchObject({interrupted: signal})
        expect(ran.stderr).toContain('kubectl netdoctor clean')
      }
    } finally {
      await undo()
    }
    for (const node of ['n1', 'n2', 'n3']) {
      await waitFor(
        `no process of ours on ${node}`,
        async () => (/curl|sleep|^sh\b| Z/m.test(await processesOn(node)) ? undefined : true),
        {limit: 5000},
      )
    }
    // Killed, it could not take its claim back.
    expect((await desk.run('clean', ...(signal === 'SIGKILL' ? ['--force'] : []))).exitCode).toBe(0)
    expect(await everyObject(cluster)).toEqual(before)
  })

  test.each<[string, string[], string, string, string]>([
    ['requests', ['drop', 'n1', 'n2'], 'n1', 'n2', "requests of n1 do not arrive at n2's pod"],
    [
      'replies',
      ['loss', 'n1', 'n2', '1'],
      'n2',
      'n1',
      "requests of n2 arrive at n1's pod, answers do not come back",
    ],
  ])('where %s are dropped, follow-up questions tell', async (_, fault, from, to, clause) => {
    const undo = await cluster.fault(fault[0] as FaultName, ...fault.slice(1))
    try {
      const {stdout, kubectls} = await desk.run('check', '--follow-up', '--from', from, '--to', to)
      expect(stdout).toContain(`follow-up: ${clause}\n`)
      expect(stdout).toContain(`${to}'s own address accepts connections from ${from}'s pod`)
      // The probe, once more, and two to ask further.
      expect(kubectls.filter((line) => line.startsWith('exec'))).toHaveLength(4)
    } finally {
      await undo()
    }
  })

  test('a namespace that enforces the restricted profile', async () => {
    await cluster.kubectl(['create', 'namespace', 'strict'])
    await cluster.kubectl(['label', 'namespace', 'strict', 'pod-security.kubernetes.io/enforce=restricted'])
    const {exitCode, stdout} = await desk.run('check', '-n', 'strict')
    expect(stdout).toContain('9 SUCCEEDED')
    expect(exitCode).toBe(0)
    await desk.run('clean', '-n', 'strict')
    expect((await cluster.kubectl(['get', 'namespace', 'strict', '-o', 'name'])).stdout.trim()).toBe(
      'namespace/strict',
    )
    await cluster.kubectl(['delete', 'namespace', 'strict'])
  })

  test(
    'a user with the documented role, and with any one permission of it less',
    {timeout: 300_000},
    async () => {
      await removeFloaters(desk)
      await cluster.kubectl(['create', 'namespace', NAMESPACE])
      const role = await readFile(join(import.meta.dirname, '../../docs/permissions.yaml'), 'utf8')
      await cluster.kubectl(['apply', '-f', '-'], {input: role})
      const jane = await deskFor(cluster, await cluster.kubeconfigFor('jane@example.com'))
      try {
        const {exitCode, stderr} = await jane.run('check')
        expect(stderr).not.toContain('You may not')
        expect(exitCode).toBe(0)
        expect((await jane.run('clean')).exitCode).toBe(0)

        const rules = ['Role', 'ClusterRole'].flatMap((kind) =>
          (kind === 'Role' ? [0, 1, 2, 3] : [0]).map((rule) => [kind, rule] as const),
        )
        const denied = [
          'get namespaces',
          'list daemonsets.apps',
          'get pods',
          'create pods/exec',
          'list nodes',
        ]
        for (const [index, [kind, rule]] of rules.entries()) {
          const name = kind === 'Role' ? 'netdoctor' : 'netdoctor-nodes'
          const patch = [{op: 'replace', path: `/rules/${rule}/verbs`, value: ['deletecollection']}]
          await cluster.kubectl([
            'patch',
            kind,
            name,
            '-n',
            NAMESPACE,
            '--type=json',
            '-p',
            JSON.stringify(patch),
          ])
          const refused = await jane.run('check')
          expect(refused.stderr).toContain(`You may not ${String(denied[index])}`)
          expect(refused.exitCode).toBe(3)
          const made = await cluster.kubectl(['get', 'daemonsets,pods', '-n', NAMESPACE, '-o', 'name'])
          expect(made.stdout).toBe('')
          await cluster.kubectl(['apply', '-f', '-'], {input: role})
        }
      } finally {
        await jane.remove()
        await cluster.kubectl(['delete', '-f', '-'], {input: role})
        await cluster.kubectl(['delete', 'namespace', NAMESPACE])
      }
    },
  )

  test("somebody else's DaemonSet with our name is refused, named and left alone", async () => {
    await cluster.kubectl(['create', 'namespace', NAMESPACE])
    const foreign = {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: {name: 'netdoctor-floater', namespace: NAMESPACE},
      spec: {
        selector: {matchLabels: {a: 'b'}},
        template: {
          metadata: {labels: {a: 'b'}},
          spec: {nodeSelector: {no: 'node'}, containers: [{name: 'c', image: 'example.com/c'}]},
        },
      },
    }
    await cluster.kubectl(['create', '-f', '-'], {input: JSON.stringify(foreign)})
    const {exitCode, stderr} = await desk.run('check')
    expect(stderr).toContain('DaemonSet netdoctor-floater in namespace kosmos-system that is not ours')
    expect(exitCode).toBe(3)
    await desk.run('clean')
    const left = await cluster.kubectl(['get', 'daemonset', '-n', NAMESPACE, '-o', 'name'])
    expect(left.stdout.trim()).toBe('daemonset.apps/netdoctor-floater')
    await cluster.kubectl(['delete', 'namespace', NAMESPACE])
  })

  test('a namespace that is being deleted', async () => {
    await cluster.kubectl(['create', 'namespace', NAMESPACE])
    const holder = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {name: 'holder', namespace: NAMESPACE, finalizers: ['example.com/hold']},
    }
    await cluster.kubectl(['create', '-f', '-'], {input: JSON.stringify(holder)})
    await cluster.kubectl(['delete', 'namespace', NAMESPACE, '--wait=false'])
    const {exitCode, stderr} = await desk.run('check')
    expect(stderr).toContain(`Namespace ${NAMESPACE} is being deleted`)
    expect(exitCode).toBe(3)
    await cluster.kubectl([
      'patch',
      'configmap',
      'holder',
      '-n',
      NAMESPACE,
      '--type=merge',
      '-p',
      '{"metadata":{"finalizers":null}}',
    ])
    await cluster.kubectl(['wait', '--for=delete', `namespace/${NAMESPACE}`, '--timeout=60s'])
  })

  test('a node that is NotReady is not waited for, and its pairs are EXCEPTION', async () => {
    await cluster.kubectl(['create', '-f', '-'], {
      input: JSON.stringify({
        apiVersion: 'v1',
        kind: 'Node',
        metadata: {name: 'ghost', labels: {'kubernetes.io/os': 'linux'}},
      }),
    })
    try {
      const {exitCode, stdout, ms} = await desk.run('check', '--pod-wait-time', '120')
      expect(stdout).toContain('16 probes between 4 nodes: 9 SUCCEEDED, 0 FAILED, 7 EXCEPTION')
      expect(stdout).toContain('node ghost has no floater: the node is NotReady')
      expect(exitCode).toBe(3)
      expect(ms).toBeLessThan(100_000)
    } finally {
      await cluster.kubectl(['delete', 'node', 'ghost'])
    }
  })

  test('a DaemonSet left from last time is used again, without a new pod', async () => {
    await desk.run('check')
    const uids = async () =>
      (await cluster.kubectl(['get', 'pods', '-n', NAMESPACE, '-o', 'jsonpath={.items[*].metadata.uid}']))
        .stdout
    const first = await uids()
    expect((await desk.run('check')).exitCode).toBe(0)
    expect(await uids()).toBe(first)
  })

  test('clean keeps what is not ours, and can be repeated', async () => {
    await desk.run('check')
    await cluster.kubectl(['create', 'configmap', 'precious', '-n', NAMESPACE])
    const kept = await desk.run('clean')
    expect(kept.stderr).toContain('configmap/precious')
    expect(kept.exitCode).toBe(0)
    await cluster.kubectl(['delete', 'configmap', 'precious', '-n', NAMESPACE])
    expect((await desk.run('clean')).stderr).toContain(`removed namespace/${NAMESPACE}`)
    expect((await desk.run('clean')).stderr).toContain('nothing to remove')
  })
})
