import {afterEach, beforeEach, expect, test} from 'vitest'
import type {Desk, Ran} from '../desk/desk.ts'
import {abnormal, putAway} from './abnormal.ts'
import type {Cluster} from './cluster/cluster.ts'
import {IMAGES} from './cluster/images.ts'
import {describeOnCluster} from './cluster/require.ts'
import {waitFor} from './cluster/wait.ts'
import {deskFor} from './program.ts'

const NAMESPACE = 'kosmos-system'
const PORT = '8889'
const ALL_FOUR = '4 probes between 2 nodes: 4 SUCCEEDED, 0 FAILED, 0 EXCEPTION'

describeOnCluster(
  'where floaters run, and what keeps them from it, on two real nodes',
  (getCluster) => {
    let desk: Desk
    let cluster: Cluster

    beforeEach(async () => {
      cluster = getCluster()
      desk = await deskFor(cluster)
    })
    afterEach(async () => {
      await cluster.undoFaults()
      await cluster.kubectl(['wait', '--for=condition=Ready', 'nodes', '--all', '--timeout=60s'])
      await putAway(desk)
    })

    const create = async (object: object) =>
      await cluster.kubectl(['create', '-f', '-'], {input: JSON.stringify(object)})

    test('nodeSelector', async () => {
      await cluster.kubectl(['label', 'node', 'n2', 'example.com/nic=fast'])
      try {
        const {exitCode, stdout} = await desk.run('check', '--node-selector', 'example.com/nic=fast')
        expect(stdout).toContain('1 probe between 1 node: 1 SUCCEEDED')
        expect(stdout).toContain('Left out: n1: nodeSelector asks for example.com/nic=fast')
        expect(exitCode).toBe(0)
        const nodes = '{.items[*].spec.nodeName}'
        const pods = await cluster.kubectl(['get', 'pods', '-n', NAMESPACE, '-o', `jsonpath=${nodes}`])
        expect(pods.stdout).toBe('n2')

        const none = await desk.run('check', '--node-selector', 'example.com/nic=slow')
        expect(none.stderr).toContain(
          'no node can have a floater (nodeSelector asks for example.com/nic=slow)',
        )
        expect(none.exitCode).toBe(2)
      } finally {
        await cluster.kubectl(['label', 'node', 'n2', 'example.com/nic-'])
      }
    })

    test('tolerations: a tainted node is covered, unless they are set and do not cover its taint', async () => {
      await cluster.kubectl(['taint', 'node', 'n2', 'example.com/dedicated=db:NoSchedule'])
      try {
        const others = JSON.stringify([{key: 'example.com/other', operator: 'Exists'}])
        const {exitCode, stdout} = await desk.run('check', '--tolerations', others)
        expect(stdout).toContain('1 probe between 1 node: 1 SUCCEEDED')
        expect(stdout).toContain(
          'Left out: n2: tolerations do not cover its taint example.com/dedicated:NoSchedule',
        )
        expect(exitCode).toBe(0)
        for (const key of ['example.com/dedicated', undefined]) {
          const tolerations = key === undefined ? undefined : [{key, operator: 'Equal', value: 'db'}]
          await desk.configure(tolerations === undefined ? {} : {tolerations})
          expect((await desk.run('check')).stdout).toContain(ALL_FOUR)
        }
      } finally {
        await cluster.kubectl(['taint', 'node', 'n2', 'example.com/dedicated-'])
      }
    })

    test('priorityClassName, imagePullSecrets and an image by its digest', async () => {
      const {reference} = IMAGES.floater
      const repository = reference.replace(/:[^:]+$/, '')
      const images = ['ctr', '-n', 'k8s.io', 'images']
      const listed = await cluster.onNode('n1', [...images, 'ls', `name==${reference}`])
      const digest = /sha256:[0-9a-f]{64}/.exec(listed.stdout)?.[0] ?? ''
      // What a node pulls it keeps under its digest too; what is imported, under its tag alone.
      const image = `${repository}@${digest}`
      for (const node of ['n1', 'n2']) await cluster.onNode(node, [...images, 'tag', reference, image])
      await create({
        apiVersion: 'scheduling.k8s.io/v1',
        kind: 'PriorityClass',
        metadata: {name: 'netcheck'},
        value: 1000,
      })
      try {
        await desk.configure({image, priorityClassName: 'netcheck', imagePullSecrets: ['one', 'other']})
        const {exitCode, stdout} = await desk.run('check')
        expect(stdout).toContain(ALL_FOUR)
        expect(exitCode).toBe(0)
        const pods = await cluster.kubectl(['get', 'pods', '-n', NAMESPACE, '-o', 'json'])
        const {items} = JSON.parse(pods.stdout) as {items: {spec: object; status: object}[]}
        expect(items).toHaveLength(2)
        for (const {spec, status} of items) {
          expect(spec).toMatchObject({
            priority: 1000,
            // No such secrets: whoever needs none is not kept from starting.
            imagePullSecrets: [{name: 'one'}, {name: 'other'}],
            containers: [{image}],
          })
          expect(status).toMatchObject({containerStatuses: [{imageID: image}]})
        }

        const unknown = await desk.run('check', '--priority-class-name', 'unheard-of')
        expect(unknown.stderr).toContain('no PriorityClass with name unheard-of was found')
        expect(unknown.exitCode).toBe(3)
      } finally {
        await cluster.kubectl(['delete', 'priorityclass', 'netcheck'])
      }
    })

    test('a Windows node and a virtual kubelet are named as not covered', async () => {
      const labels = {
        win: {'kubernetes.io/os': 'windows'},
        virtual: {'kubernetes.io/os': 'linux', type: 'virtual-kubelet'},
      }
      for (const [name, ofNode] of Object.entries(labels))
        await create({apiVersion: 'v1', kind: 'Node', metadata: {name, labels: ofNode}})
      try {
        const {exitCode, stdout} = await desk.run('check')
        expect(stdout).toContain(ALL_FOUR)
        expect(stdout).toContain('Not covered: win: floaters run on Linux, and this node runs windows')
        expect(stdout).toContain('Not covered: virtual: it is a virtual kubelet, which has no pod network')
        expect(exitCode).toBe(3)
        const {notCovered} = await desk.report()
        expect(notCovered.map(({node}) => node).sort()).toEqual(['virtual', 'win'])
      } finally {
        await cluster.kubectl(['delete', 'node', ...Object.keys(labels)])
      }
    })

    const WITHOUT_N1 = ['n1>n1', 'n1>n2', 'n2>n1'].map((pair) => `${pair} EXCEPTION no-floater`)
    const TAKEN = `Port ${PORT} is taken on the node: set another with --port.`

    test('in host mode a port that another pod has is named', async () => {
      await create({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {name: 'first', namespace: 'default'},
        spec: {
          nodeName: 'n1',
          hostNetwork: true,
          terminationGracePeriodSeconds: 0,
          containers: [
            {
              name: 'first',
              image: IMAGES.agnhost.reference,
              args: ['pause'],
              ports: [{containerPort: Number(PORT), hostPort: Number(PORT)}],
            },
          ],
        },
      })
      try {
        const {exitCode} = await desk.run('check', '--mode', 'node', '--pod-wait-time', '6')
        expect(await abnormal(desk)).toEqual(WITHOUT_N1)
        for (const {ResultStr} of await desk.resume()) {
          expect(ResultStr).toContain("1 node(s) didn't have free ports for the requested pod ports")
          expect(ResultStr.endsWith(TAKEN)).toBe(true)
        }
        expect(exitCode).toBe(3)
      } finally {
        await cluster.kubectl(['delete', 'pod', 'first', '-n', 'default'])
      }
    })

    /** A busy kubelet calls a container ready for a moment before it knows that it has ended: nothing is measured then. */
    async function checkUntilItsEndIsSeen(): Promise<Ran> {
      for (let tries = 1; ; tries++) {
        const ran = await desk.run('check')
        const rows = await abnormal(desk)
        expect(rows.every((row) => row.includes(' EXCEPTION '))).toBe(true)
        if (tries === 5 || rows.every((row) => row.endsWith('no-floater'))) return ran
      }
    }

    test('in host mode a port that a program of the node has is named, and another one works', async () => {
      const listen = `nc -lk ${PORT} </dev/null >/dev/null 2>&1 & echo $!`
      const pid = (await cluster.onNode('n1', ['sh', '-c', listen])).stdout.trim()
      try {
        for (const floater of ['clusterlink-floater', 'agnhost']) {
          await desk.configure({mode: 'node', floater, podWaitTime: 6})
          const {exitCode} = await checkUntilItsEndIsSeen()
          expect(await abnormal(desk)).toEqual(WITHOUT_N1)
          for (const {ResultStr} of await desk.resume()) {
            expect(ResultStr).toMatch(/ended with exit code 1 \(.*:8889: bind: address already in use\)/)
            expect(ResultStr.endsWith(TAKEN)).toBe(true)
          }
          expect(exitCode).toBe(3)
        }
        expect((await desk.run('check', '--port', '8890', '--pod-wait-time', '60')).stdout).toContain(
          ALL_FOUR,
        )
      } finally {
        // By the number that it has among the node's processes.
        await cluster.onNode('n1', ['kill', pid])
      }
    })

    test('a floater that is killed while it is probed is an EXCEPTION, never a success', async () => {
      await cluster.fault('drop', 'n1', 'n2')
      expect((await desk.run('check', '--retries', '0')).exitCode).toBe(1)
      const running = desk.start(['check'])
      await waitFor('curl on n1, waiting for n2', async () => await probing('n1'), {limit: 30_000})
      await cluster.fault('kill-floater', 'n2')
      const {exitCode, stdout} = await running.end
      const rows = await abnormal(desk)
      expect(rows).toContain('n1>n2 EXCEPTION floater-replaced')
      // On a busy machine n2 may have been at its own probes, still: they are cut off, and nothing else is.
      const others = rows.filter((row) => !row.startsWith('n1>n2 '))
      expect(others.filter((row) => !/^n2>n[12] EXCEPTION /.test(row))).toEqual([])
      expect(stdout).toContain('the floater of node n2 went away, or was restarted, during the run')
      expect(exitCode).toBe(3)

      // What takes its place is probed, and what was wrong is still wrong.
      expect((await desk.run('resume')).exitCode).toBe(1)
      expect(await abnormal(desk)).toEqual(['n1>n2 FAILED timeout'])
    })

    async function probing(node: string): Promise<true | undefined> {
      const {stdout} = await cluster.onNode(node, ['ps', '-e', '-o', 'comm'])
      return /^curl$/m.test(stdout) ? true : undefined
    }

    test.each([
      // Long enough for the node to be called NotReady meanwhile, and its pods with it: no floater has gone for that.
      ['stop-kubelet', 'Unknown', '5'],
      ['stop-runtime', 'True', '0'],
    ] as const)(
      '%s: no exec on that node; the rest is as the network is',
      async (fault, readiness, retries) => {
        await desk.configure({floater: 'agnhost', protocol: ['tcp', 'udp'], podWaitTime: 60})
        expect((await desk.run('check')).exitCode).toBe(0)
        await cluster.fault('drop-udp', 'n1', 'n2')
        await cluster.fault(fault, 'n2')
        const {exitCode, stdout} = await desk.run('check', '--retries', retries)
        expect(stdout).toContain('8 probes between 2 nodes: 3 SUCCEEDED, 1 FAILED, 4 EXCEPTION')
        expect(await abnormal(desk, 'protocol')).toEqual([
          'n2>n1 tcp EXCEPTION exec-failed',
          'n2>n2 tcp EXCEPTION exec-failed',
          'n1>n2 udp FAILED timeout',
          'n2>n1 udp EXCEPTION exec-failed',
          'n2>n2 udp EXCEPTION exec-failed',
        ])
        expect(exitCode).toBe(1)
        const ready = '{.status.conditions[?(@.type=="Ready")].status}'
        const node = await cluster.kubectl(['get', 'node', 'n2', '-o', `jsonpath=${ready}`])
        expect(node.stdout).toBe(readiness)
      },
    )
  },
  {nodes: 2},
)
