import {afterAll, afterEach, beforeAll, expect, test} from 'vitest'
import type {Desk, Ran} from '../desk/desk.ts'
import {code, page, tableOf} from '../docs/pages.ts'
import {putAway} from './abnormal.ts'
import type {Cluster} from './cluster/cluster.ts'
import {FAULTS, type FaultName} from './cluster/faults.ts'
import {describeOnCluster} from './cluster/require.ts'
import {deskFor} from './program.ts'

/** Faults, what is asked, and the finding that must come first. */
const ROWS = tableOf(await page('docs/diagnosis.md'), 'fault').map(
  ([fault = '', asked = '', finding = '']) => ({
    fault: code(fault)[0] ?? '',
    asked: (code(asked)[0] ?? '').split(' ').filter(Boolean),
    finding,
  }),
)

/** A check that sees no loss where packets get lost at random is asked again, so often. */
const CHECKS = 6

const zone = (name: string) => ({'topology.kubernetes.io/zone': name})

describeOnCluster(
  'one fault at a time on four real nodes',
  (getCluster) => {
    let desk: Desk
    let cluster: Cluster

    beforeAll(async () => {
      cluster = getCluster()
      desk = await deskFor(cluster)
      await desk.configure({
        floater: 'agnhost',
        mode: ['pod', 'node'],
        protocol: ['tcp', 'udp', 'icmp'],
        retries: 1,
        cmdTimeout: 3,
      })
      // The floaters of every check, in advance.
      expect((await desk.run('check', '-q')).exitCode).toBe(0)
    })
    afterEach(async () => {
      await cluster.undoFaults()
    })
    afterAll(async () => {
      await putAway(desk)
    })

    test('a healthy network has no finding', async () => {
      const ran = await desk.run(
        'check',
        '-q',
        '-o',
        'json',
        '--mode',
        'pod,node,service',
        '--protocol',
        'tcp,udp,icmp,dns',
      )
      expect(findingsOf(ran)).toEqual([])
      expect(ran.exitCode).toBe(0)
    })

    test.each(ROWS)('$fault: $finding', async ({fault, asked, finding}) => {
      const [name = '', ...args] = fault.split(' ')
      await cluster.fault(name as FaultName, ...args)
      const seen: string[] = []
      const isRandom = name === 'loss'
      do {
        const ran = await desk.run('check', '-q', '-o', 'json', ...asked)
        const [first] = findingsOf(ran)
        seen.push(isRandom ? (first ?? '').replace(/\d+ (%|probes?)/g, 'N $1') : (first ?? 'none'))
      } while (isRandom && !seen.includes(finding) && seen.length < CHECKS)
      if (asked.includes('-n')) await desk.run('clean', ...asked.slice(-2))
      if (isRandom) expect(seen.join('\n')).toContain(finding)
      else expect(seen).toEqual([finding])
    })

    test('every fault of a network that IPv4 has is in the table', () => {
      const others =
        /6$|^host-|^mtu-told$|^too-large$|^drop-(cluster|across)$|^stop-(kubelet|runtime|apiserver)$|^kill-floater$/
      const named = new Set(ROWS.map(({fault}) => fault.split(' ')[0]))
      expect(Object.keys(FAULTS).filter((name) => !named.has(name) && !others.test(name))).toEqual([])
    })
  },
  {nodes: 4, labels: {n1: zone('east'), n2: zone('east'), n3: zone('west'), n4: zone('west')}},
)

/** The sentences of what was found. */
function findingsOf({stdout}: Ran): string[] {
  const last = stdout.trimEnd().split('\n').at(-1) ?? ''
  const {findings} = JSON.parse(last) as {findings: {sentence: string}[]}
  return findings.map(({sentence}) => sentence)
}
