import {afterEach, beforeEach, expect, test} from 'vitest'
import type {Desk} from '../desk/desk.ts'
import {abnormal, removeFloaters} from './abnormal.ts'
import type {Cluster} from './cluster/cluster.ts'
import {describeOnCluster} from './cluster/require.ts'
import {pathOf, probesOf} from './faults/seen.ts'
import {deskFor} from './program.ts'

/** Everything at once, over both families. */
const EVERYTHING = {
  floater: 'agnhost',
  mode: ['pod', 'node', 'node-to-pod', 'pod-to-node', 'service', 'nodeport', 'apiserver'],
  protocol: ['tcp', 'udp', 'icmp', 'dns'],
  mtu: true,
  podWaitTime: 90,
}

/** Its paths: an API server has one family, and speaks TCP alone; a name has none. */
const PATHS = [
  ...['pod', 'node', 'node-to-pod', 'pod-to-node'].flatMap((mode) =>
    ['tcp ipv4', 'tcp ipv6', 'udp ipv4', 'udp ipv6', 'icmp ipv4', 'icmp ipv6'].flatMap((path) => [
      `${mode} ${path} reply`,
      ...(path.startsWith('udp') ? [] : [`${mode} ${path} mtu`]),
    ]),
  ),
  ...['service', 'nodeport'].flatMap((mode) =>
    ['tcp ipv4', 'tcp ipv6', 'udp ipv4', 'udp ipv6'].map((path) => `${mode} ${path} reply`),
  ),
  'apiserver tcp ipv4 connect',
  'pod dns name reply',
  'node dns name reply',
]

/** A floater of the user's own: any image with agnhost in it. */
const CUSTOM = {
  floater: 'custom',
  command: ['/agnhost', 'netexec', '--http-port=8889', '--udp-port=-1', '--http-override=/echo?msg=hello'],
  answer: 'hello',
}

describeOnCluster(
  'every mode and protocol on two dual-stack nodes',
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

    /** `n1>n2 pod udp ipv4 reply FAILED timeout`. */
    const rows = async () => await abnormal(desk, 'mode', 'protocol', 'ipFamily', 'check')

    test('a healthy network: all SUCCEEDED, at most two execs a floater, resume.json empty', async () => {
      await desk.configure({...EVERYTHING, sameNode: true})
      // Until a proxy knows of a new service, what leads through it is asked again.
      expect(
        (await desk.run('check', '-q', '--mode', 'service,nodeport', '--protocol', 'tcp')).exitCode,
      ).toBe(0)
      const {exitCode, stdout, kubectls} = await desk.run('check')
      expect(await rows()).toEqual([])
      expect(exitCode).toBe(0)
      // Two nodes with a floater in the pods' network and one in their own probe.
      const execs = kubectls.filter((line) => line.startsWith('exec'))
      expect(execs.length).toBeGreaterThanOrEqual(4)
      expect(execs.length).toBeLessThanOrEqual(8)
      const report = await desk.report()
      expect([...new Set(probesOf(report).map(pathOf))].sort()).toEqual([...PATHS].sort())
      const toNeighbours = report.blocks.filter(({to}) => to === 'neighbour')
      expect([...new Set(toNeighbours.map(({mode}) => mode))]).toEqual(['pod'])
      // The table shows what is slow alone, where a busy machine made something so.
      expect((await desk.run('report', '-o', 'junit')).stdout).toContain('(same node)')
      expect(stdout).not.toContain('(unstable)')
    })

    test('pods no longer reach those of the same node: its own rows, and those through a service, are FAILED', async () => {
      const within = {mode: ['pod', 'service'], protocol: ['tcp', 'udp', 'icmp'], sameNode: true}
      await desk.configure({floater: 'agnhost', podWaitTime: 90, cmdTimeout: 3, ...within})
      await cluster.fault('drop', 'n1', 'n1')
      await cluster.fault('drop6', 'n1', 'n1')
      const {exitCode, stdout} = await desk.run('check')
      const expected = ['pod tcp', 'pod udp', 'pod icmp', 'service tcp', 'service udp'].flatMap((path) =>
        ['ipv4', 'ipv6'].map((family) => `n1>n1 ${path} ${family} reply FAILED timeout`),
      )
      expect((await rows()).sort(), stdout).toEqual(expected.sort())
      expect(exitCode).toBe(1)
      await cluster.undoFaults()
      expect((await desk.run('resume')).exitCode).toBe(0)
    })

    /** `n1>n2 pod ipv4 1450`: what is said of the largest packet between each pair. */
    const largest = async (): Promise<string[]> => {
      const {stdout} = await desk.run('check', '-o', 'json')
      return stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Row)
        .filter(({protocol, check}) => protocol === 'icmp' && check === 'mtu')
        .map(
          ({source, destination, mode, ipFamily, raw}) =>
            `${source?.node}>${destination?.node} ${mode} ${ipFamily} ${raw}`,
        )
    }
    const SIZES = {floater: 'agnhost', protocol: 'icmp', mtu: true, podWaitTime: 90}

    test('the largest packet is known of each path, and told where it is smaller than both ends take', async () => {
      await desk.configure({...SIZES, mode: ['pod', 'node-to-pod', 'node']})
      const paths = ['ipv4', 'ipv6'].flatMap((family) => [`n1>n2 pod ${family}`, `n2>n1 pod ${family}`])
      expect(await largest()).toEqual([
        ...paths.map((path) => `${path} 1450`),
        ...['ipv4', 'ipv6'].flatMap((family) =>
          ['n1>n1', 'n1>n2', 'n2>n1', 'n2>n2'].map((pair) => `${pair} node-to-pod ${family} 1450`),
        ),
        ...['ipv4', 'ipv6'].flatMap((family) =>
          ['n1>n2', 'n2>n1'].map((pair) => `${pair} node ${family} 1500`),
        ),
      ])

      await desk.configure({...SIZES, mode: 'pod'})
      const undo = await cluster.fault('mtu', 'n1')
      expect(await largest()).toEqual([
        'n1>n2 pod ipv4 1400 of 1450 bytes pass, larger ones vanish',
        'n2>n1 pod ipv4 1450',
        'n1>n2 pod ipv6 1400 of 1450 bytes pass, larger ones vanish',
        // The answer to a ping is as large, and over IPv6 nobody on its way may cut it in two.
        'n2>n1 pod ipv6 1400 of 1450 bytes pass, larger ones vanish',
      ])
      await undo()
      await cluster.fault('mtu-told', 'n1')
      expect(await largest()).toEqual([
        'n1>n2 pod ipv4 1400 of 1450 bytes pass, larger ones are turned back by a router',
        'n2>n1 pod ipv4 1450',
        // An answer to n2 that was on its way first has taught the kernel the size: then it cannot be measured anew.
        expect.stringMatching(
          /^n1>n2 pod ipv6 (1400 of 1450 bytes pass, larger ones are turned back by a router$|at most 10 minutes ago a router turned back more than 1400 bytes)/,
        ),
        'n2>n1 pod ipv6 1450',
      ])
      // Pods to come have learnt nothing.
      await removeFloaters(desk)
    })

    test('what only the other end is too small for is no fault', async () => {
      await desk.configure({...SIZES, mode: 'pod', ipFamily: 'ipv4'})
      await desk.run('check')
      const resize = async (mtu: number) => {
        const each = `for pod in /run/netns/*; do nsenter --net=$pod ip link set eth0 mtu ${mtu} || exit 1; done`
        expect((await cluster.onNode('n2', ['sh', '-c', each])).exitCode).toBe(0)
      }
      try {
        await resize(1400)
        const found = await largest()
        expect(await rows()).toEqual([])
        // A veth takes the four bytes of a VLAN tag beside its MTU (is_skb_forwardable in Linux's net/core/dev.c).
        expect(found).toEqual(['n1>n2 pod ipv4 1404', 'n2>n1 pod ipv4 1400'])
      } finally {
        await resize(1450)
      }
    })

    test('a ping that cannot forbid fragments leaves the largest packet open, and is no fault', async () => {
      await desk.configure({
        ...CUSTOM,
        image: 'kubectl-netdoctor.test/plain:1',
        mode: 'node',
        protocol: ['tcp', 'icmp'],
        mtu: true,
        podWaitTime: 60,
      })
      const {exitCode, stdout} = await desk.run('check')
      expect(stdout).toMatch(
        /Not verified: .*the largest packet.*: not asked for, or not known to this floater/,
      )
      expect(stdout).toContain('20 probes between 2 nodes: 20 SUCCEEDED, 0 FAILED, 0 EXCEPTION')
      expect(stdout).toContain('node tcp ipv6 mtu')
      expect(stdout).not.toContain('icmp ipv4 mtu')
      expect(exitCode).toBe(0)
    })

    test('an API server that has IPv4 alone: no row over IPv6 unless it is asked for, and then an EXCEPTION', async () => {
      await desk.configure({mode: 'apiserver', protocol: 'tcp', podWaitTime: 90})
      const usual = await desk.run('check')
      expect(usual.stdout).toContain('2 probes between 2 nodes: 2 SUCCEEDED')
      expect(usual.exitCode).toBe(0)
      const asked = await desk.run('check', '--ip-family', 'ipv6')
      expect(await rows()).toEqual(
        ['n1', 'n2'].map(
          (node) => `${node}>kubernetes.default apiserver tcp ipv6 connect EXCEPTION no-address`,
        ),
      )
      expect(asked.stdout).toContain('there is no ipv6 address to probe')
      expect(asked.exitCode).toBe(3)
    })

    test('a proxy that learns nothing of new services: the services of its node are FAILED, and its pods work', async () => {
      await desk.configure({mode: ['pod', 'service'], ipFamily: 'ipv4', podWaitTime: 90})
      await removeFloaters(desk)
      await cluster.fault('stop-kube-proxy', 'n1')
      const {exitCode} = await desk.run('check', '--cmd-timeout', '3')
      const found = await rows()
      expect(found).toHaveLength(1)
      expect(found[0]).toMatch(/^n1>n2 service tcp ipv4 reply FAILED (timeout|no-route|refused)$/)
      expect(exitCode).toBe(1)
    })

    test('loss is told as such, and never an all-clear', async () => {
      await desk.configure({mode: 'pod', protocol: 'icmp', ipFamily: 'ipv4', floater: 'agnhost', retries: 3})
      await cluster.fault('loss', 'n1', 'n2', '0.6')
      await desk.run('check')
      const {columns, statuses} = await desk.report()
      const unstable = columns.unstable.some(([value]) => value === 1)
      const failed = columns.status.some(([value]) => statuses[value] === 'FAILED')
      expect(unstable || failed).toBe(true)
    })

    test('a rewritten source address is noted on the pair, over UDP', async () => {
      await desk.configure({
        mode: 'pod',
        protocol: 'udp',
        floater: 'agnhost',
        ipFamily: 'ipv4',
        podWaitTime: 90,
      })
      await cluster.fault('masquerade', 'n1')
      const {exitCode, stdout} = await desk.run('check')
      expect(exitCode).toBe(0)
      expect(stdout).toMatch(/n1 +\| n2 .*rewritten on the way: seen as/)
      expect(stdout).not.toMatch(/n2 +\| n1 .*rewritten/)
    })

    test('UDP with a floater that does not reply is refused up front, and the one that does is named', async () => {
      const {exitCode, stderr, kubectls} = await desk.run('check', '--protocol', 'udp')
      expect(stderr).toContain('Set floater to agnhost')
      expect({exitCode, kubectls}).toEqual({exitCode: 2, kubectls: []})
    })

    test('a port that is taken on a node is named', async () => {
      await desk.configure({mode: 'node', port: '10250', podWaitTime: 15})
      const {exitCode, stdout} = await desk.run('check')
      for (const node of ['n1', 'n2'])
        expect(stdout).toMatch(
          new RegExp(`\\b${node}\\b.*Port 10250 is taken on the node: set another with --port`),
        )
      expect(stdout).toContain('8 probes between 2 nodes: 0 SUCCEEDED, 0 FAILED, 8 EXCEPTION')
      expect(exitCode).toBe(3)
      await removeFloaters(desk)
    })

    test('nodes that are left out, and nodes that can have no floater', async () => {
      await cluster.kubectl(['label', 'node', 'n2', 'kosmos.io/exclude=true'])
      try {
        const {exitCode, stdout} = await desk.run('check', '--ip-family', 'ipv4')
        expect(stdout).toContain('1 probe between 1 node: 1 SUCCEEDED')
        expect(stdout).toContain('Left out: n2: it has the label kosmos.io/exclude')
        expect(exitCode).toBe(0)
      } finally {
        await cluster.kubectl(['label', 'node', 'n2', 'kosmos.io/exclude-'])
      }
    })

    test("netdr's floater, and one of the user's own", async () => {
      const netdr = await desk.run('check', '--floater', 'netdr-floater', '--ip-family', 'ipv4')
      expect(netdr.stdout).toContain('4 probes between 2 nodes: 4 SUCCEEDED')
      await desk.configure({
        ...CUSTOM,
        image: 'registry.k8s.io/e2e-test-images/agnhost:2.53',
        ipFamily: 'ipv4',
        podWaitTime: 60,
      })
      const custom = await desk.run('check')
      expect(custom.stdout).toContain('4 probes between 2 nodes: 4 SUCCEEDED')
      expect(custom.stdout).toContain('Not verified: who answered')
    })
  },
  {nodes: 2, dualStack: true},
)

/** Of a line of `-o json`, what these tests look at. */
interface Row {
  source?: {node: string}
  destination?: {node: string}
  mode?: string
  protocol?: string
  ipFamily?: string
  check?: string
  raw?: string
}
