import {describe, expect, test} from 'vitest'
import type {FollowUp} from '../../src/model/follow-up.ts'
import {atDesk, until, type EmbeddedDesk} from './check-desk.ts'
import type {EmbeddedNode, ExecFault} from './cluster.ts'
import {npmKubectlRunsHere} from './kubectl.ts'

const BROKEN: EmbeddedNode[] = [{name: 'node-a'}, {name: 'node-b'}, {name: 'node-c', listens: 'black-hole'}]
/** One attempt of at most a second, so that nothing takes long but what is looked at. */
const BRIEF = ['--retries', '0', '--cmd-timeout', '1']

const execs = (kubectls: readonly string[]) => kubectls.filter((line) => line.startsWith('exec')).length
const asking = async (desk: EmbeddedDesk) => await desk.run('check', '--port', desk.port, ...BRIEF)
const followUpsOf = async (desk: EmbeddedDesk) =>
  ((await desk.report()) as unknown as {followUps: FollowUp[]}).followUps

describe.skipIf(!npmKubectlRunsHere()).concurrent('follow-up questions', () => {
  test('are asked where something failed: two execs a finding, saved, and shown in every form', async () => {
    await atDesk({nodes: BROKEN}, async (desk) => {
      const {stdout, kubectls} = await asking(desk)
      expect(execs(kubectls)).toBe(3 + 2)
      const [asked, ...others] = await followUpsOf(desk)
      expect(others).toEqual([])
      const again = asked?.answers.filter(({question}) => question === 'again') ?? []
      expect(again.map(({status, reason}) => `${status} ${reason}`)).toEqual(Array(3).fill('FAILED timeout'))
      expect(asked?.arrivals).toHaveProperty('asked')
      const clause =
        /follow-up: node-c's own address refuses connections from node-a's pod to the kubelet's port|follow-up: node-c's own address answers pings from node-a's pod/
      expect(stdout.replaceAll('&#39;', "'")).toMatch(clause)
      for (const form of ['wide', 'json', 'junit', 'html', 'markdown'])
        expect(
          (await desk.run('report', '-o', form)).stdout.replaceAll(/&#39;|&apos;|\\'/g, "'"),
          form,
        ).toMatch(clause)
      expect((await desk.run('resume', '--port', desk.port, ...BRIEF)).stdout).toMatch(clause)
    })
  })

  test('are not asked with --no-follow-up, nor where all is well', async () => {
    await atDesk({nodes: BROKEN}, async (desk) => {
      const {stdout, stderr, kubectls} = await desk.check(...BRIEF)
      expect([execs(kubectls), await followUpsOf(desk)]).toEqual([3, []])
      expect(stdout + stderr).not.toMatch(/follow-up|asking why/)
    })
    await atDesk({nodes: BROKEN.slice(0, 2)}, async (desk) => {
      const {stderr, kubectls} = await asking(desk)
      expect([execs(kubectls), await followUpsOf(desk)]).toEqual([2, []])
      expect(stderr).not.toContain('asking why')
    })
  })

  test.each<[string, ExecFault, RegExp]>([
    ['refused', {kind: 'status', code: 500}, /Internal error/],
    ['without output', {kind: 'no-output'}, /its output is not complete/],
    ['cut in the middle', {kind: 'cut-stdout', afterBytes: 150}, /its output is not complete|were cut short/],
    ['hanging, until the time is over', {kind: 'hang'}, /the time for it was over/],
  ])(
    'execs that are at fault by then: %s. The results stand, and what was not heard says so',
    async (_, fault, said) => {
      await atDesk({nodes: BROKEN}, async (desk) => {
        const plain = await desk.check(...BRIEF)
        const results = (await desk.report()).columns
        desk.cluster.setFault({on: 'exec', after: 3, ...fault})
        const began = Date.now()
        const {exitCode, kubectls} = await desk.start(
          ['check', '--port', desk.port, ...BRIEF],
          hurried(28_500, 4000),
        ).end
        expect(Date.now() - began).toBeLessThan(28_000)
        expect([exitCode, execs(kubectls)]).toEqual([plain.exitCode, 3 + 2])
        const after = (await desk.report()).columns
        expect([after.status, after.reason]).toEqual([results.status, results.reason])
        const [asked] = await followUpsOf(desk)
        expect(JSON.stringify(asked)).toMatch(said)
        expect(asked?.arrivals).toHaveProperty('cause')
      })
    },
  )

  test('Ctrl-C in the middle of them: everything that was measured is saved', async () => {
    await atDesk({nodes: BROKEN}, async (desk) => {
      desk.cluster.setFault({on: 'exec', after: 3, kind: 'hang'})
      const running = desk.start(['check', '--port', desk.port, ...BRIEF])
      await until('questions', () => running.stderr().includes('asking why'))
      running.signal('SIGINT')
      const {exitCode} = await running.end
      expect(exitCode).toBe(130)
      expect((await desk.report()).columns.status.reduce((sum, [, count]) => sum + count, 0)).toBe(9)
      expect((await desk.resume()).map(({reason}) => reason)).toEqual(Array(3).fill('timeout'))
    })
  })
})

/** The program with another limit for all follow-up questions; milliseconds. */
function hurried(from: number, to: number): Record<string, string> {
  const code = `const real = setTimeout
    const hurried = (work, ms, ...rest) => real(work, ms === ${from} ? ${to} : ms, ...rest)
    globalThis.setTimeout = Object.assign(hurried, real)`
  return {NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}`}
}
