// On the same three nodes, and before those here, of which one takes the cluster down.
import './cluster/shared/images.ts'
import './cluster/shared/faults.ts'
import {spawn} from 'node:child_process'
import {randomBytes} from 'node:crypto'
import {once} from 'node:events'
import {join} from 'node:path'
import {afterAll, beforeAll, expect, test} from 'vitest'
import {containersOf} from './cluster/cgroups.ts'
import {openCluster, type Cluster} from './cluster/cluster.ts'
import {createCluster} from './cluster/create.ts'
import {deployFloaters, succeed, type Floaters} from './cluster/floaters.ts'
import {layoutOf} from './cluster/layout.ts'
import {leftovers} from './cluster/leftovers.ts'
import {OVERLAY_PORT} from './cluster/network.ts'
import {readRecord, type ClusterRecord} from './cluster/record.ts'
import {describeOnCluster, describeWithClusters} from './cluster/require.ts'
import {removeCrashed} from './cluster/take-down.ts'
import {waitFor} from './cluster/wait.ts'

describeOnCluster('a cluster of three real nodes', (cluster) => {
  let floaters: Floaters

  beforeAll(async () => {
    floaters = await deployFloaters(cluster())
  })

  test('has three Ready nodes of the pinned version', async () => {
    const path = '{range .items[*]}{.metadata.name} {.status.nodeInfo.kubeletVersion} {end}'
    const nodes = await succeed(cluster().kubectl(['get', 'nodes', '-o', `jsonpath=${path}`]))
    expect(nodes.trim()).toBe('n1 v1.35.4 n2 v1.35.4 n3 v1.35.4')
    expect(await succeed(cluster().kubectl(['wait', 'nodes', '--all', '--for=condition=Ready']))).toContain(
      'n3',
    )
  })

  test('carries traffic between nodes over VXLAN', async () => {
    const counter = ['INPUT', '-p', 'udp', '--dport', String(OVERLAY_PORT), '-s', nodeIp(cluster(), 'n1')]
    await succeed(cluster().onNode('n2', ['iptables', '-w', '-I', ...counter]))
    expect((await floaters.curl('n1', 'n2')).stdout).toBe('OK')
    const listing = await succeed(cluster().onNode('n2', ['iptables', '-w', '-vxnL', 'INPUT', '1']))
    await succeed(cluster().onNode('n2', ['iptables', '-w', '-D', ...counter]))
    // A TCP connection with a request and an answer: SYN, ACK, request, ACK and FIN come from n1 at least.
    expect(Number(listing.trim().split(/\s+/)[0])).toBeGreaterThanOrEqual(4)
  })

  test.each(['n1', 'n2', 'n3'])('resolves names of services on %s', async (node) => {
    const lookup = ['nslookup', 'kubernetes.default.svc.cluster.local']
    const {apiServiceIp} = layoutOf(await recordOf(cluster().name))
    expect(await succeed(floaters.inPod(node, lookup))).toContain(apiServiceIp)
  })

  test.each([
    ['drop', 'timed out'],
    ['reset', 'Connection refused'],
    ['no-route', 'No route to host'],
  ] as const)('%s breaks its pair, no other, and its undo heals it', async (fault, symptom) => {
    expect(await floaters.brokenPairs()).toEqual([])
    const undo = await cluster().fault(fault, 'n1', 'n3')
    expect(await floaters.brokenPairs()).toEqual(['n1->n3'])
    expect((await floaters.curl('n1', 'n3')).stderr).toContain(symptom)
    await undo()
    expect(await floaters.brokenPairs()).toEqual([])
  })

  test('leaves nothing when it is taken down', async () => {
    const record = await recordOf(cluster().name)
    const containers = await containersOf(layoutOf(record))
    expect(containers.length).toBeGreaterThanOrEqual(2 * 3)
    expect((await leftovers(record, containers)).join('\n')).toMatch(/process.*namespace.*link.*cgroup/s)
    await cluster().down()
    expect(await leftovers(record, containers)).toEqual([])
  })
})

describeWithClusters('what a killed run left', () => {
  const suffix = randomBytes(3).toString('hex')
  let person: Cluster

  beforeAll(async () => {
    person = await createCluster({name: `person-${suffix}`, nodes: 1, owner: 'person'})
  })
  afterAll(async () => {
    await person.down()
  })

  test.each([
    ['as soon as its name is taken', ''],
    ['while its nodes start', 'network of'],
    ['while its daemons start', 'API server ready'],
    ['after its cluster is up', 'up'],
  ])(
    'is removed when it was killed %s, and nothing else',
    async (_, moment) => {
      const name = `killed-${randomBytes(3).toString('hex')}`
      const {record, containers} = await killedRun(name, moment)
      // Whoever raises a cluster beside this removes it as well.
      await removeCrashed()
      expect(await readRecord(name)).toBeUndefined()
      expect(await leftovers(record, containers)).toEqual([])
      expect(await readRecord(person.name)).toBeDefined()
      await expectAlive(person)
    },
    600_000,
  )
})

/** Starts a run of its own, kills it at the moment when it says so, and returns what is known of its cluster. */
async function killedRun(
  name: string,
  moment: string,
): Promise<{record: ClusterRecord; containers: string[]}> {
  const script = join(import.meta.dirname, 'cluster', 'crashing-run.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', script, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  let said = ''
  child.stdout.on('data', (data: Buffer) => (said += data.toString()))
  try {
    const record = await waitFor(
      `"${moment}" of ${name}`,
      async () => (said.includes(moment) ? await readRecord(name) : undefined),
      // It may have to wait until other tests' clusters are gone.
      {limit: 9 * 60_000, every: 5},
    )
    return {record, containers: await containersOf(layoutOf(record))}
  } finally {
    child.kill('SIGKILL')
    await ended
  }
}

/** A kubelet renews its lease where it, the API server and the network between them are in order. */
async function expectAlive(cluster: Cluster): Promise<void> {
  const since = Date.now()
  const path = 'jsonpath={.items[*].spec.renewTime}'
  await waitFor(
    `a heartbeat in ${cluster.name}`,
    async () => {
      const times = await succeed(cluster.kubectl(['get', 'leases', '-n', 'kube-node-lease', '-o', path]))
      return Date.parse(times) > since ? true : undefined
    },
    {limit: 15_000, every: 500},
  )
  expect((await openCluster(cluster.name)).nodes).toHaveLength(cluster.nodes.length)
}

async function recordOf(name: string): Promise<ClusterRecord> {
  const record = await readRecord(name)
  if (record === undefined) throw new Error(`${name} has no record`)
  return record
}

function nodeIp({nodes}: Cluster, name: string): string {
  return nodes.find((node) => node.name === name)?.ip ?? ''
}
