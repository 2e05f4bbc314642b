import {afterEach, beforeAll, expect, test} from 'vitest'
import type {FaultName} from './faults.ts'
import {AGNHOST_PORT, deployFloaters, succeed, type Floaters} from './floaters.ts'
import {layoutOf} from './layout.ts'
import {readRecord} from './record.ts'
import {describeOnCluster} from './require.ts'
import type {Ran} from './run.ts'
import {waitFor} from './wait.ts'

describeOnCluster('a fault', (cluster) => {
  let floaters: Floaters

  beforeAll(async () => {
    floaters = await deployFloaters(cluster())
  })
  afterEach(async () => {
    await cluster().undoFaults()
  })

  /** Every rule of a node's packet filter but kube-proxy's, and the size of what its overlay takes. */
  async function networkOf(node: string): Promise<string[]> {
    const rules = await succeed(cluster().onNode(node, ['iptables-save']))
    const link = await succeed(cluster().onNode(node, ['ip', 'link', 'show', 'vxlan0']))
    const ours = rules.split('\n').filter((line) => line.startsWith('-A') && !line.includes('KUBE-'))
    return [...ours, /mtu \d+/.exec(link)?.[0] ?? '']
  }

  const n2Out = ['n2->n1', 'n2->n3']
  const n2In = ['n1->n2', 'n3->n2']
  const cases: [FaultName, string[], string[]][] = [
    ['drop', ['n2', 'n1,n3'], n2Out],
    ['drop-tcp', ['n2', 'n3'], ['n2->n3']],
    ['drop-udp', ['n2', 'n3'], []],
    ['drop-icmp', ['n2', 'n3'], []],
    ['host-drop', ['n2', 'n3'], []],
    ['host-reset', ['n2', 'n3'], []],
    ['deaf', ['n2'], n2In],
    ['mute', ['n2'], n2Out],
    ['cut', ['n2'], [...n2In, ...n2Out]],
    ['overlay-down', ['n2'], [...n2In, ...n2Out]],
    ['loss', ['n2', 'n3', '1'], ['n2->n3', 'n3->n2']],
    ['loss', ['n2', 'n3', '0'], []],
    ['impostor', ['n2', 'n3'], ['n2->n3']],
    ['masquerade', ['n2'], []],
    ['mtu', ['n2'], []],
    ['icmp-drop', ['n2'], []],
    ['udp-drop', ['n2'], []],
    ['dns-drop', ['n2'], []],
  ]
  test.each(cases)('%s %s leaves these pairs without their answer: %s', async (fault, args, pairs) => {
    const before = await networkOf('n2')
    const undo = await cluster().fault(fault, ...args)
    expect(await networkOf('n2')).not.toEqual(before)
    expect(await floaters.brokenPairs()).toEqual(pairs.toSorted())
    await undo()
    expect(await networkOf('n2')).toEqual(before)
    expect(await floaters.brokenPairs()).toEqual([])
  })

  const fromN1: Ask = ['n1', 'n2']
  const fromN2: Ask = ['n2', 'n1']
  const ask = async ([from, to]: Ask, path: string) =>
    await floaters.inPod(from, ['curl', '-s', '-m', '2', `http://${floaters.ip(to)}:${AGNHOST_PORT}/${path}`])

  test('masquerade hides who asks', async () => {
    const asker = async () => (await succeed(ask(fromN2, 'clientip'))).split(':')[0]
    expect(await asker()).toBe(floaters.ip('n2'))
    const undo = await cluster().fault('masquerade', 'n2')
    const {nodes} = layoutOf(await record())
    expect(await asker()).toBe(nodes[1]?.overlayIp)
    await undo()
    expect(await asker()).toBe(floaters.ip('n2'))
  })

  test('mtu stops long answers and lets short ones pass', async () => {
    const echo = async (size: number) => await ask(fromN1, `echo?msg=${'x'.repeat(size)}`)
    expect((await succeed(echo(4000))).length).toBe(4000)
    const undo = await cluster().fault('mtu', 'n2')
    expect(await succeed(echo(40))).toBe('x'.repeat(40))
    expect((await echo(4000)).exitCode).toBe(TIMED_OUT)
    await undo()
    expect((await succeed(echo(4000))).length).toBe(4000)
  })

  test('impostor answers in the place of the pod', async () => {
    await cluster().fault('impostor', 'n1', 'n3')
    expect((await floaters.curl('n1', 'n3')).stdout).toMatch(/^NOW:/)
  })

  const commands: [FaultName, string, (from: string, to: string) => Promise<Ran>][] = [
    ['icmp-drop', 'ping', async (from, to) => await floaters.inPod(from, ping(floaters.ip(to)))],
    ['udp-drop', 'a question over UDP', async (from, to) => await floaters.inPod(from, udp(floaters.ip(to)))],
  ]
  test.each(commands)('%s stops %s', async (fault, _, tool) => {
    const undo = await cluster().fault(fault, 'n2')
    const outcome = async () =>
      await Promise.all(
        [tool('n1', 'n2'), tool('n2', 'n1'), tool('n1', 'n3')].map(async (ran) => (await ran).exitCode === 0),
      )
    expect(await outcome()).toEqual([false, false, true])
    await undo()
    expect(await outcome()).toEqual([true, true, true])
  })

  test.each<[FaultName, (from: string, to: string) => Promise<Ran>]>([
    ['drop-icmp', async (from, to) => await floaters.inPod(from, ping(floaters.ip(to)))],
    ['drop-udp', async (from, to) => await floaters.inPod(from, udp(floaters.ip(to)))],
    ['host-drop', askKubelet],
    ['host-reset', askKubelet],
  ])('%s stops its own kind, in one direction of one pair', async (fault, tool) => {
    const outcome = async () =>
      await Promise.all(
        [tool('n1', 'n2'), tool('n2', 'n1'), tool('n1', 'n3')].map(async (ran) => (await ran).exitCode === 0),
      )
    expect(await outcome()).toEqual([true, true, true])
    const undo = await cluster().fault(fault, 'n1', 'n2')
    expect(await outcome()).toEqual([false, true, true])
    await undo()
    expect(await outcome()).toEqual([true, true, true])
  })

  /** From the address of a node itself; the kubelet answers, if only that it knows nobody. */
  async function askKubelet(from: string, to: string): Promise<Ran> {
    const address = cluster().nodes.find(({name}) => name === to)?.ip ?? ''
    return await cluster().onNode(from, ['curl', '-sk', '-m', '1', `https://${address}:10250/`])
  }

  test('dns-drop stops name lookups of one node', async () => {
    const name = 'kubernetes.default.svc.cluster.local'
    const lookup = async (node: string) =>
      (await floaters.inPod(node, ['timeout', '2', 'nslookup', name])).exitCode === 0
    const undo = await cluster().fault('dns-drop', 'n2')
    expect([await lookup('n1'), await lookup('n2')]).toEqual([true, false])
    await undo()
    expect(await lookup('n2')).toBe(true)
  })

  test('stop-kubelet ends exec on its node, and nothing of the network', async () => {
    const undo = await cluster().fault('stop-kubelet', 'n2')
    const {exitCode, stderr} = await floaters.inPod('n2', ['true'])
    expect(exitCode).toBe(1)
    expect(stderr).toContain('connection refused')
    expect((await floaters.curl('n1', 'n2')).stdout).toBe('OK')
    await undo()
    await waitForExec('n2')
  })

  test('stop-runtime ends exec on its node, and nothing of the network', async () => {
    const undo = await cluster().fault('stop-runtime', 'n2')
    expect((await floaters.inPod('n2', ['true'])).exitCode).toBe(1)
    expect((await floaters.curl('n1', 'n2')).stdout).toBe('OK')
    await undo()
    await waitForExec('n2')
    expect(await floaters.brokenPairs()).toEqual([])
  })

  test('stop-kube-proxy keeps new services from its node', async () => {
    const undo = await cluster().fault('stop-kube-proxy', 'n2')
    const create = ['create', 'service', 'clusterip', 'harness', `--tcp=80:${AGNHOST_PORT}`]
    await succeed(cluster().kubectl(create))
    const address = await succeed(
      cluster().kubectl(['get', 'service', 'harness', '-o', 'jsonpath={.spec.clusterIP}']),
    )
    const reach = async (node: string) =>
      (await floaters.inPod(node, ['curl', '-s', '-m', '1', `http://${address}/`])).exitCode === 0
        ? true
        : undefined
    await waitFor('the service on n1', async () => await reach('n1'), {limit: 20_000})
    expect(await reach('n2')).toBeUndefined()
    await undo()
    await waitFor('the service on n2', async () => await reach('n2'), {limit: 20_000})
  })

  test('stop-apiserver ends kubectl', async () => {
    const undo = await cluster().fault('stop-apiserver')
    const {exitCode, stderr} = await cluster().kubectl(['get', 'nodes'])
    expect(exitCode).toBe(1)
    expect(stderr).toContain('refused')
    await undo()
    expect(await succeed(cluster().kubectl(['get', 'nodes']))).toContain('n3')
  })

  test('kill-floater kills the one container, which comes back', async () => {
    const states = async () =>
      await succeed(
        cluster().kubectl([
          'get',
          'pods',
          '-o',
          `jsonpath={range .items[?(@.spec.nodeName=="n2")].status.containerStatuses[*]}{.name} {.restartCount} {.ready} {end}`,
        ]),
      )
    expect(await states()).toBe('agnhost 0 true floater 0 true ')
    await cluster().fault('kill-floater', 'n2')
    await waitFor(
      'the floater to come back',
      async () => ((await states()) === 'agnhost 0 true floater 1 true ' ? true : undefined),
      {limit: 60_000},
    )
  })

  test.each<[string, string[], RegExp]>([
    ['earthquake', ['n1'], /no fault "earthquake", but drop,/],
    ['constructor', [], /no fault "constructor"/],
    ['drop', ['n1'], /usage: fault drop FROM TO/],
    ['drop', ['n1,n9', 'n2'], /no node "n9", but n1, n2, n3/],
    ['drop6', ['n1', 'n2'], /n1 has no IPv6: its cluster is not dual stack/],
    ['deaf', ['n9'], /no node "n9", but n1, n2, n3/],
    ['loss', ['n1', 'n2', '30%'], /a probability is a number from 0 to 1/],
  ])('%s %s is refused', async (fault, args, message) => {
    await expect(cluster().fault(fault as FaultName, ...args)).rejects.toThrow(message)
  })

  test('in force already is refused; afterwards it is still in force once', async () => {
    await cluster().fault('drop', 'n1', 'n2')
    await expect(cluster().fault('drop', 'n1', 'n2')).rejects.toThrow('drop n1 n2 is in force already')
    expect(await cluster().undoFaults()).toHaveLength(1)
    expect(await floaters.brokenPairs()).toEqual([])
  })

  async function waitForExec(node: string): Promise<void> {
    const exec = async () => ((await floaters.inPod(node, ['true'])).exitCode === 0 ? true : undefined)
    await waitFor(`exec on ${node}`, exec, {limit: 30_000})
  }

  async function record() {
    const found = await readRecord(cluster().name)
    if (found === undefined) throw new Error('the cluster has no record')
    return found
  }
})

type Ask = readonly [from: string, to: string]

/** curl's exit code for an operation that timed out. */
const TIMED_OUT = 28

function ping(address: string): string[] {
  return ['ping', '-c', '1', '-W', '2', address]
}

/** agnhost answers `hostname` over UDP with its name; grep makes silence a failure. */
function udp(address: string): string[] {
  return ['sh', '-c', `echo hostname | timeout 2 nc -u -w 1 ${address} ${AGNHOST_PORT} | grep .`]
}
