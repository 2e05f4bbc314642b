import {setTimeout as pause} from 'node:timers/promises'
import {afterEach, beforeEach, expect, test} from 'vitest'
import type {Desk} from '../desk/desk.ts'
import {abnormal, removeFloaters} from './abnormal.ts'
import type {Cluster} from './cluster/cluster.ts'
import type {FaultName} from './cluster/faults.ts'
import {describeOnCluster} from './cluster/require.ts'
import {waitFor} from './cluster/wait.ts'
import {pathOf, probesOf} from './faults/seen.ts'
import {deskFor, everyObject} from './program.ts'

const KUBELET = 10_250

const API_SERVER_AND_NAMES = {mode: ['apiserver', 'pod'], protocol: ['tcp', 'dns']}

describeOnCluster(
  'targets of the user, parts of the plan, cleaning by itself',
  (getCluster) => {
    let desk: Desk
    let cluster: Cluster

    beforeEach(async () => {
      cluster = getCluster()
      desk = await deskFor(cluster)
    })
    afterEach(async () => {
      await cluster.undoFaults()
      await desk.remove()
    })

    const nodeIp = (index: number) => cluster.nodes[index]?.ip ?? ''

    test('one closed port among several is FAILED by itself; a server that speaks no HTTP is no fault', async () => {
      // The kubelet wants TLS, CoreDNS speaks DNS over TCP: neither answers a plain request as HTTP has it.
      await desk.configure({
        customizedTargetIPList: [nodeIp(0), cluster.nodes[0]?.v6?.ip ?? ''],
        customizedTargetPortList: [KUBELET, '1'],
      })
      const {exitCode, stdout} = await desk.run('check')
      expect(stdout).toContain('8 probes between 2 nodes: 4 SUCCEEDED, 4 FAILED, 0 EXCEPTION')
      expect(exitCode).toBe(1)
      const rows = await abnormal(desk, 'port')
      expect(rows.filter((row) => row.includes(` ${KUBELET} `))).toEqual([])
      expect(rows).toHaveLength(4)
      for (const row of rows) expect(row).toMatch(/ 1 FAILED refused$/)
      expect((await desk.resume())[0]).toMatchObject({
        mode: 'custom',
        dstNodeName: nodeIp(0),
        targetIP: nodeIp(0),
      })
    })

    test('a host name is looked up in the pod; where its DNS is broken, that node alone FAILED', async () => {
      await desk.configure({
        customizedTargetIPList: ['kubernetes.default.svc.cluster.local'],
        customizedTargetPortList: ['443'],
      })
      expect((await desk.run('check')).exitCode).toBe(0)
      const undo = await cluster.fault('dns-drop', 'n2')
      expect((await desk.run('check')).exitCode).toBe(1)
      const rows = await abnormal(desk)
      expect(rows).toHaveLength(1)
      expect(rows[0]).toMatch(
        /^n2>kubernetes\.default\.svc\.cluster\.local FAILED (name-unresolved|timeout)$/,
      )
      await undo()
      const resumed = await desk.run('resume')
      expect(resumed.stdout).toContain('1 probe between 1 node: 1 SUCCEEDED')
      expect(resumed.exitCode).toBe(0)
    })

    test('with a mode, targets and nodes in one run', async () => {
      await desk.configure({
        mode: 'pod',
        ipFamily: 'ipv4',
        customizedTargetIPList: [nodeIp(1)],
        customizedTargetPortList: [KUBELET],
      })
      const {stdout} = await desk.run('check')
      expect(stdout).toContain('6 probes between 2 nodes: 6 SUCCEEDED')
    })

    test('over both families unless one is asked for; a broken IPv6 is seen on its own rows', async () => {
      expect((await desk.run('check')).stdout).toContain('8 probes between 2 nodes: 8 SUCCEEDED')
      await cluster.fault('drop6', 'n1', 'n2')
      expect((await desk.run('check')).exitCode).toBe(1)
      expect(await abnormal(desk, 'ipFamily')).toEqual(['n1>n2 ipv6 FAILED timeout'])
      expect((await desk.run('check', '--ip-family', 'ipv4')).exitCode).toBe(0)
    })

    test('where IPv6 comes first, the API server has no other address, and names are asked for over IPv6', async () => {
      await desk.configure(API_SERVER_AND_NAMES)
      const {exitCode} = await desk.run('check')
      const paths = new Set(probesOf(await desk.report()).map(pathOf))
      expect([...paths]).toEqual([
        'apiserver tcp ipv6 connect',
        'pod tcp ipv4 reply',
        'pod tcp ipv6 reply',
        'pod dns name reply',
      ])
      expect(await abnormal(desk)).toEqual([])
      expect(exitCode).toBe(0)
    })

    test.each<[FaultName, string, string[]]>([
      ['drop-apiserver', 'n1', ['n1>kubernetes.default apiserver tcp ipv6 FAILED timeout']],
      ['dns-drop', 'n2', ['n2>kubernetes.default.svc pod dns name FAILED timeout']],
    ])('where IPv6 comes first, %s %s: exactly that is FAILED', async (fault, node, expected) => {
      await desk.configure(API_SERVER_AND_NAMES)
      await cluster.fault(fault, node)
      const {exitCode} = await desk.run('check')
      expect(await abnormal(desk, 'mode', 'protocol', 'ipFamily')).toEqual(expected)
      expect(exitCode).toBe(1)
      await cluster.undoFaults()
      const resumed = await desk.run('resume')
      expect(resumed.exitCode, resumed.stderr).toBe(0)
    })

    test('a part of the plan says so everywhere', async () => {
      const {exitCode, stdout} = await desk.run('check', '--from', 'n1', '--to', 'n2', '-o', 'json')
      expect(exitCode).toBe(0)
      const lines = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>)
      expect(lines).toHaveLength(3)
      expect(lines.at(-1)).toMatchObject({kind: 'run', partial: ['only from n1', 'only to n2']})
      expect(await desk.report()).toMatchObject({partial: ['only from n1', 'only to n2']})
      const sampled = await desk.run('check', '--sample', '1', '--ip-family', 'ipv4')
      expect(sampled.stdout).toContain('2 probes between 2 nodes')
      expect(sampled.stdout).toContain('Partial: a sample of 1 destination a node')
      const nobody = await desk.run('check', '--from', 'nobody')
      expect(nobody.stderr).toContain('--from: no node is named or labelled "nobody"')
      expect(nobody.exitCode).toBe(2)
    })

    test('a dry run names what it would do, and does nothing', async () => {
      await removeFloaters(desk)
      const before = await everyObject(cluster)
      const {exitCode, stdout} = await desk.run('check', '--dry-run')
      expect(stdout).toContain('daemonset.apps/netdoctor-floater')
      expect(stdout).toContain('yes  create pods/exec in namespace kosmos-system')
      expect(stdout).toContain('Probes: 8 probes from 2 nodes')
      expect(exitCode).toBe(0)
      expect(await everyObject(cluster)).toEqual(before)

      const nobody = await deskFor(cluster, await cluster.kubeconfigFor('nobody@example.com'))
      const refused = await nobody.run('check', '--dry-run')
      expect(refused.stdout).toContain('NO   list nodes')
      expect(refused.exitCode).toBe(3)
      await nobody.remove()
    })

    test('--auto-clean: Ctrl-C in the middle saves first, then removes everything', async () => {
      await removeFloaters(desk)
      const before = await everyObject(cluster)
      await cluster.fault('drop', 'n1', 'n2')
      const running = desk.start(['check', '--auto-clean', '--retries', '3'])
      await waitFor(
        'probing',
        () => Promise.resolve(running.stderr().includes('Wait for floaters: 2/2') || undefined),
        {
          limit: 60_000,
        },
      )
      running.signal('SIGINT')
      const {exitCode, stderr} = await running.end
      expect(exitCode).toBe(130)
      expect(stderr).toContain('Once more skips this')
      expect(await desk.report()).toMatchObject({interrupted: 'SIGINT'})
      expect(await everyObject(cluster)).toEqual(before)
    })

    test('--auto-clean: a second Ctrl-C skips it', async () => {
      const running = desk.start(['check', '--auto-clean'])
      await waitFor(
        'cleaning',
        () => Promise.resolve(running.stderr().includes('Removing the floaters') || undefined),
        {
          limit: 90_000,
        },
      )
      running.signal('SIGINT')
      await waitFor('word of it', () => Promise.resolve(running.stderr().includes('SIGINT') || undefined), {
        limit: 10_000,
      })
      // Sooner, it may be the same one.
      await pause(200)
      running.signal('SIGINT')
      expect((await running.end).exitCode).toBe(130)
      expect(await desk.resume()).toEqual([])
    })
  },
  {nodes: 2, dualStack: true, ipv6First: true},
)
