import {afterEach, beforeAll, expect, test} from 'vitest'
import type {FaultName} from './faults.ts'
import {AGNHOST_PORT, deployFloaters, succeed, type Family, type Floaters} from './floaters.ts'
import {describeOnCluster} from './require.ts'
import {waitFor} from './wait.ts'

const ZONE = 'topology.kubernetes.io/zone'
const wish = {dualStack: true, labels: {n1: {[ZONE]: 'a'}, n2: {[ZONE]: 'b'}, n3: {[ZONE]: 'b'}}}

describeOnCluster(
  'a dual-stack cluster with two zones',
  (cluster) => {
    let floaters: Floaters

    beforeAll(async () => {
      floaters = await deployFloaters(cluster())
    })
    afterEach(async () => {
      await cluster().undoFaults()
    })

    test('has nodes with two addresses, in their zones', async () => {
      const path = `{range .items[*]}{.metadata.labels.topology\\.kubernetes\\.io/zone} {.status.addresses[?(@.type=="InternalIP")].address};{end}`
      const nodes = await succeed(cluster().kubectl(['get', 'nodes', '-o', `jsonpath=${path}`]))
      const [n1, n2, n3] = cluster().nodes.map(({ip, v6}) => `${ip} ${v6?.ip ?? ''}`)
      expect(nodes).toBe(`a ${n1};b ${n2};b ${n3};`)
    })

    test('has pods that reach each other on both', async () => {
      expect(floaters.ip('n2', 6)).toMatch(/^fd00:6e64:\w+:1001::\w+$/)
      expect(await floaters.brokenPairs()).toEqual([])
      expect(await floaters.brokenPairs(6)).toEqual([])
    })

    test('has services on both', async () => {
      const service = {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: {name: 'both'},
        spec: {
          ipFamilyPolicy: 'RequireDualStack',
          selector: {app: 'harness'},
          ports: [{port: AGNHOST_PORT}],
        },
      }
      await succeed(cluster().kubectl(['create', '-f', '-'], {input: JSON.stringify(service)}))
      const get = ['get', 'service', 'both', '-o', 'jsonpath={.spec.clusterIPs[*]}']
      const addresses = (await succeed(cluster().kubectl(get))).split(' ')
      expect(addresses).toEqual([expect.stringContaining('.'), expect.stringContaining(':')])
      for (const address of addresses) {
        const ask = async () => (await floaters.curlAddress('n1', address, AGNHOST_PORT)).exitCode
        await waitFor(`an answer of ${address}`, async () => ((await ask()) === 0 ? true : undefined), {
          limit: 20_000,
        })
      }
    })

    test.each<[FaultName, string[], Record<Family, string[]>]>([
      ['drop', ['n1', 'n2'], {4: ['n1->n2'], 6: []}],
      ['drop6', ['n1', 'n2'], {4: [], 6: ['n1->n2']}],
      ['reset6', ['n1', 'n2'], {4: [], 6: ['n1->n2']}],
      ['no-route6', ['n1', 'n2'], {4: [], 6: ['n1->n2']}],
      ['cut6', ['n1'], {4: [], 6: ['n1->n2', 'n1->n3', 'n2->n1', 'n3->n1']}],
      ['drop6', ['n1', 'n2,n3'], {4: [], 6: ['n1->n2', 'n1->n3']}],
    ])('%s %s breaks these pairs alone: %s', async (fault, args, broken) => {
      const undo = await cluster().fault(fault, ...args)
      expect({4: await floaters.brokenPairs(4), 6: await floaters.brokenPairs(6)}).toEqual(broken)
      await undo()
      expect(await floaters.brokenPairs(6)).toEqual([])
    })

    test('drop-icmp6 stops pings over IPv6 alone', async () => {
      const ping = async (family: Family) =>
        (await floaters.inPod('n1', ['ping', '-c', '1', '-W', '2', floaters.ip('n2', family)])).exitCode
      const undo = await cluster().fault('drop-icmp6', 'n1', 'n2')
      expect([await ping(4), await ping(6)]).toEqual([0, 1])
      await undo()
      expect(await ping(6)).toBe(0)
    })

    test('host-drop breaks both families of the nodes themselves', async () => {
      const target = cluster().nodes[1]
      const ask = async (address: string | undefined) =>
        (await cluster().onNode('n1', ['curl', '-skg', '-m', '1', `https://${String(address)}:10250/`]))
          .exitCode
      const both = async () => [await ask(target?.ip), await ask(`[${String(target?.v6?.ip)}]`)]
      expect(await both()).toEqual([0, 0])
      const undo = await cluster().fault('host-drop', 'n1', 'n2')
      expect(await both()).toEqual([TIMED_OUT, TIMED_OUT])
      await undo()
      expect(await both()).toEqual([0, 0])
    })
  },
  wish,
)

/** curl's exit code for an operation that timed out. */
const TIMED_OUT = 28
