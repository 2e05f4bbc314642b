import {expect, test} from 'vitest'
import type {Broken} from './faults/effects.ts'
import {expected} from './faults/expectation.ts'
import {breakAll, probesInTheEnd} from './faults/ground.ts'
import {pathOf, probesOf, wordsOf, type SeenProbe} from './faults/seen.ts'
import {describeOnGround} from './faults/stage.ts'

/** Every fault of the network. Those of one row break nothing in common, so that each is held to what it does alone. */
const NETWORK: readonly (readonly Broken[])[] = [
  [
    ['drop', 'n1', 'n2'],
    ['drop6', 'n2', 'n1'],
  ],
  [
    ['drop', 'n1,n2', 'n3'],
    ['drop-icmp6', 'n1', 'n2'],
  ],
  [
    ['drop-tcp', 'n1', 'n2'],
    ['drop-udp', 'n2', 'n3'],
    ['drop-icmp', 'n3', 'n1'],
    ['reset6', 'n3', 'n2'],
  ],
  [
    ['reset', 'n1', 'n3'],
    ['udp-drop', 'n3'],
    ['icmp-drop', 'n2'],
    ['no-route6', 'n1', 'n2'],
  ],
  [
    ['no-route', 'n2', 'n1'],
    ['cut6', 'n1'],
    ['loss', 'n1', 'n3', '1'],
  ],
  [
    ['impostor', 'n1', 'n2'],
    ['dns-drop', 'n2'],
    ['host-drop', 'n1', 'n2'],
    ['host-reset', 'n2', 'n3'],
    ['drop-apiserver', 'n3'],
  ],
  [['deaf', 'n1']],
  [['mute', 'n2']],
  [['cut', 'n3']],
  [['overlay-down', 'n2']],
  [['masquerade', 'n1']],
]

/** What holds up large packets alone. */
const SIZES: readonly (readonly Broken[])[] = [[['mtu', 'n1']], [['too-large', 'n2', 'n3']]]

/** Large packets of both kinds. Nobody is told of sizes here: pods would remember them. */
const LARGE = ['--protocol', 'tcp,icmp', '--mtu']

describeOnGround(
  'every fault, every mode and protocol on three dual-stack nodes: what it breaks is FAILED, and nothing else',
  (ground) => {
    /** Those of which no probe tells; another address for what leaves a node breaks nothing. */
    const harmless = (probes: readonly SeenProbe[], faults: readonly Broken[]) =>
      faults.filter(
        (fault) =>
          fault[0] !== 'masquerade' &&
          !probes.some(
            (probe) =>
              probe.status === 'FAILED' && expected(probe, [fault], ground.dnsOn).status === 'FAILED',
          ),
      )
    const brokenTwice = (probes: readonly SeenProbe[], faults: readonly Broken[]) =>
      probes
        .filter(
          (probe) =>
            faults.filter((one) => expected(probe, [one], ground.dnsOn).status === 'FAILED').length > 1,
        )
        .map(wordsOf)
    const count = (probes: readonly SeenProbe[], word: string) =>
      probes.filter(({status}) => status === word).length

    test.each(
      [...NETWORK, ...SIZES].map(
        (faults) => [faults.map((fault) => fault.join(' ')).join('; '), faults] as const,
      ),
    )('%s: exactly what each breaks is FAILED, and resume finds it mended', async (_, faults) => {
      await breakAll(ground.cluster, faults)
      const {exitCode, stderr} = await ground.desk.run(
        'check',
        '-q',
        ...(SIZES.includes(faults) ? LARGE : []),
      )
      const inReport = probesOf(await ground.desk.report())
      const probes = await probesInTheEnd(ground.desk)
      expect(ground.wrong(probes, faults)).toEqual([])
      expect(harmless(probes, faults)).toEqual([])
      expect(brokenTwice(probes, faults)).toEqual([])
      const [failed, unmeasured] = [count(probes, 'FAILED'), count(probes, 'EXCEPTION')]
      expect(exitCode, stderr).toBe(
        count(inReport, 'FAILED') > 0 ? 1 : count(inReport, 'EXCEPTION') > 0 ? 3 : 0,
      )
      await ground.cluster.undoFaults()
      expect(await ground.desk.resume()).toHaveLength(failed + unmeasured)
      expect((await ground.desk.run('resume', '-q')).exitCode).toBe(0)
    })

    test('a healthy network: all SUCCEEDED, and on every path there is a fault that makes it FAILED', async () => {
      const {exitCode} = await ground.desk.run('check', '-q', '--mtu')
      const probes = probesOf(await ground.desk.report())
      expect(ground.wrong(probes, [])).toEqual([])
      expect(exitCode).toBe(0)
      const unbroken = new Set(probes.map(pathOf))
      for (const fault of [...NETWORK, ...SIZES].flat())
        for (const probe of probes)
          if (expected(probe, [fault], ground.dnsOn).status === 'FAILED') unbroken.delete(pathOf(probe))
      expect([...unbroken]).toEqual([])
    })
  },
)
