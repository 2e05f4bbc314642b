import {afterEach, beforeAll, expect, test} from 'vitest'
import {FAULTS, type FaultName} from '../faults.ts'
import {AGNHOST_PORT, deployFloaters, succeed, type Floaters} from '../floaters.ts'
import {HOST_FAULTS} from '../host-faults.ts'
import {NETWORK_FAULTS} from '../network-faults.ts'
import {describeOnCluster} from '../require.ts'
import {SIZE_FAULTS} from '../size-faults.ts'
import {waitFor} from '../wait.ts'

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

  // What each does to packets is held against whole reports in test/e2e/faults.test.ts.
  const where: Readonly<Record<string, string>> = {NODE: 'n2', FROM: 'n2', TO: 'n3', PROBABILITY: '0.5'}
  const names = Object.keys({...NETWORK_FAULTS, ...HOST_FAULTS, ...SIZE_FAULTS}) as FaultName[]
  test.each(names)('%s is taken back to the last rule', async (fault) => {
    const before = await networkOf('n2')
    const undo = await cluster().fault(fault, ...FAULTS[fault].args.map((arg) => where[arg] ?? ''))
    expect(await networkOf('n2')).not.toEqual(before)
    await undo()
    expect(await networkOf('n2')).toEqual(before)
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
})
