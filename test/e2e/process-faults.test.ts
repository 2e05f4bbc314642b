import {setTimeout as sleep} from 'node:timers/promises'
import {expect, test} from 'vitest'
import type {Broken} from './faults/effects.ts'
import {differences, expected, type Expectation} from './faults/expectation.ts'
import {breakAll, kindsAbout, probesOfResume, untilProbing, untilWell} from './faults/ground.ts'
import {isOverloaded, probesOf, type SeenProbe} from './faults/seen.ts'
import {describeOnGround} from './faults/stage.ts'

const NAMESPACE = 'kosmos-system'

/** What is wrong with the network all the while: n1 waits for n2. */
const BROKEN: readonly Broken[] = [['drop', 'n1', 'n2']]

describeOnGround(
  'what ends in the middle of a check of every mode and protocol on three dual-stack nodes',
  (ground) => {
    const touches = ({source, destination, behind}: SeenProbe, node: string) =>
      [source, destination, behind].includes(node)

    test('kill-floater n3 while n1 waits for n2: what touches n3 was measured or is an EXCEPTION', async () => {
      await breakAll(ground.cluster, BROKEN)
      const running = ground.desk.start(['check', '-q', '--retries', '0'])
      await untilProbing(ground.cluster, 'n1')
      await ground.cluster.fault('kill-floater', 'n3')
      const {exitCode} = await running.end
      const wanted = (probe: SeenProbe) =>
        perhaps(expected(probe, BROKEN, ground.dnsOn), touches(probe, 'n3'))
      const probes = probesOf(await ground.desk.report())
      expect(differences(judged(probes), wanted)).toEqual([])
      expect(exitCode).toBe(1)
      const lost = probes.some(({status}) => status === 'EXCEPTION')
      const kinds = await kindsAbout(ground.desk, 'n3')
      expect(lost ? kinds : ['floater-replaced']).toEqual(
        expect.arrayContaining([expect.stringMatching(/^(floater-replaced|source-unusable)$/)]),
      )
      await untilWell(ground.cluster, NAMESPACE)
      expect((await ground.desk.run('resume', '-q')).exitCode).toBe(1)
      expect(ground.wrong(await probesOfResume(ground.desk), BROKEN)).toEqual([])
    })

    test('stop-apiserver while n1 waits for n2, for 10 s: what was measured is as the network is, the rest is an EXCEPTION', async () => {
      await breakAll(ground.cluster, BROKEN)
      const running = ground.desk.start(['check', '-q', '--retries', '0'])
      await untilProbing(ground.cluster, 'n1')
      const undo = await ground.cluster.fault('stop-apiserver')
      await sleep(10_000)
      await undo()
      const {exitCode} = await running.end
      const probes = probesOf(await ground.desk.report())
      expect(exitCode).toBe(probes.some(({status}) => status === 'FAILED') ? 1 : 3)
      // Nothing listened at the API server's address meanwhile.
      const refused = ({mode, status}: SeenProbe) => mode === 'apiserver' && status === 'FAILED'
      const wanted = (probe: SeenProbe): Expectation =>
        refused(probe)
          ? {status: 'FAILED', reasons: ['refused'], orException: false}
          : perhaps(expected(probe, BROKEN, ground.dnsOn))
      expect(differences(judged(probes), wanted)).toEqual([])
      await untilWell(ground.cluster, NAMESPACE)
      expect((await ground.desk.run('resume', '-q')).exitCode).toBe(1)
      expect(ground.wrong(await probesOfResume(ground.desk), BROKEN)).toEqual([])
    })

    test.each(['stop-kubelet', 'stop-runtime'] as const)(
      '%s n3 while n1 waits for n2, and stopped from then on: what n3 asks is an EXCEPTION, the rest as the network is',
      async (fault) => {
        await breakAll(ground.cluster, BROKEN)
        const running = ground.desk.start(['check', '-q', '--retries', '0'])
        await untilProbing(ground.cluster, 'n1')
        const undo = await ground.cluster.fault(fault, 'n3')
        expect((await running.end).exitCode).toBe(1)
        const midway = (probe: SeenProbe) =>
          perhaps(expected(probe, BROKEN, ground.dnsOn), probe.source === 'n3')
        expect(differences(judged(probesOf(await ground.desk.report())), midway)).toEqual([])

        expect((await ground.desk.run('check', '-q', '--retries', '0')).exitCode).toBe(1)
        // Nothing can be run there, whether or not Kubernetes knows it yet; its pods still answer, but may not count.
        const mute: Expectation = {status: 'EXCEPTION', reasons: ['no-floater', 'exec-failed']}
        const after = (probe: SeenProbe) =>
          probe.source === 'n3' ? mute : perhaps(expected(probe, BROKEN, ground.dnsOn), touches(probe, 'n3'))
        expect(differences(judged(probesOf(await ground.desk.report())), after)).toEqual([])
        const kinds = await kindsAbout(ground.desk, 'n3')
        expect(kinds.filter((kind) => kind === 'source-unusable' || kind === 'no-floater')).toHaveLength(1)

        await undo()
        await untilWell(ground.cluster, NAMESPACE)
        expect((await ground.desk.run('resume', '-q')).exitCode).toBe(1)
        expect(ground.wrong(await probesOfResume(ground.desk), BROKEN)).toEqual([])
      },
    )

    test('n3 is removed between check and resume: its probes are EXCEPTION, the others as the network is', async () => {
      // Both ways, so that the resume wants what n3 asks, too.
      const faults: Broken[] = [...BROKEN, ['drop', 'n1,n2', 'n3'], ['drop', 'n3', 'n1']]
      await breakAll(ground.cluster, faults)
      expect((await ground.desk.run('check', '-q')).exitCode).toBe(1)
      // A kubelet that runs would bring its node back.
      await ground.cluster.fault('stop-kubelet', 'n3')
      await ground.cluster.kubectl(['delete', 'node', 'n3'])
      expect((await ground.desk.run('resume', '-q')).exitCode).toBe(1)
      const gone: Expectation = {status: 'EXCEPTION', reasons: ['node-gone']}
      const wanted = (probe: SeenProbe) =>
        touches(probe, 'n3') ? gone : expected(probe, faults, ground.dnsOn)
      expect(differences(await probesOfResume(ground.desk), wanted)).toEqual([])
      expect(await kindsAbout(ground.desk, 'n3', 'resume-report.json')).toEqual(['no-floater'])
    })
  },
)

/** Without a second try a busy machine may leave something unmeasured: the resume that follows is held to all of it. */
function judged(probes: readonly SeenProbe[]): SeenProbe[] {
  return probes.filter((probe) => !isOverloaded(probe))
}

/** It may as well not have been measured. */
function perhaps(expectation: Expectation, orException = true): Expectation {
  return expectation.status === 'EXCEPTION' ? expectation : {...expectation, orException}
}
