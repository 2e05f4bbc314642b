import {readdir} from 'node:fs/promises'
import {setTimeout as pause} from 'node:timers/promises'
import {describe, expect, test} from 'vitest'
import {atDesk, type EmbeddedDesk, processesWith, until} from './check-desk.ts'
import {ANSWERED, pairsOf, readSaved} from './check-saved.ts'
import type {EmbeddedNode, Fault} from './cluster.ts'
import {NAMESPACE} from './floater-manifest.ts'
import {npmKubectlRunsHere} from './kubectl.ts'

/** The contract's 2 s, and what a busy machine may add. */
const AT_MOST_MS = 2000 + 1500
/** For what a killed program leaves to end by itself. */
const SOON_MS = 8000
const NAMES = ['n1', 'n2', 'n3']

interface Stage {
  name: string
  nodes?: EmbeddedNode[]
  fault?: Fault
  args?: string[]
  /** The stage is under way, and will not end by itself. */
  held: (desk: EmbeddedDesk) => boolean | Promise<boolean>
}

const asked = (pattern: RegExp) => (desk: EmbeddedDesk) =>
  desk.cluster.requests.some(({method, path, query}) => pattern.test(`${method} ${path}?${query}`))
const plainNodes = NAMES.map((name) => ({name}))

const STAGES: Stage[] = [
  {
    name: 'deploy',
    fault: {on: 'api', method: 'PATCH', resource: 'daemonsets', does: {kind: 'hang'}},
    held: asked(/^PATCH .*\/daemonsets\//),
  },
  {
    name: 'wait',
    nodes: [{name: 'n1'}, {name: 'n2', pod: 'pending'}, {name: 'n3'}],
    args: ['--pod-wait-time', '120'],
    held: asked(/^GET .*\/pods\?.*watch=true/),
  },
  {
    name: 'probe',
    nodes: [{name: 'n1'}, {name: 'n2', exec: {kind: 'hang'}}, {name: 'n3', listens: 'slow'}],
    args: ['--cmd-timeout', '120'],
    held: async (desk) => (await processesWith(mark(desk))).some((command) => command.startsWith('curl ')),
  },
]

describe.skipIf(!npmKubectlRunsHere())('an interrupted check', () => {
  const cases = STAGES.flatMap((stage) => [
    {...stage, stage: stage.name, signal: 'SIGINT', whom: 'group'} as const,
    ...(stage.name === 'probe'
      ? [{...stage, stage: stage.name, signal: 'SIGTERM', whom: 'program'} as const]
      : []),
  ])

  test.each(cases)(
    '$signal to the $whom in stage $stage',
    async ({stage, nodes = plainNodes, fault, args = [], held, signal, whom}) => {
      await atInterruptedDesk(nodes, async (desk) => {
        const before = desk.cluster.objects()
        if (fault) desk.cluster.setFault(fault)
        const check = desk.start(['check', '--port', desk.port, ...args])
        await until(`stage ${stage}`, () => held(desk))
        const signalled = performance.now()
        if (whom === 'group') check.signalGroup(signal)
        else check.signal(signal)
        const {exitCode, stdout, stderr} = await check.end
        expect(performance.now() - signalled).toBeLessThan(AT_MOST_MS)
        expect(exitCode).toBe(signal === 'SIGINT' ? 130 : 143)

        const {report, pairs, said} = await readSaved(desk.folder, NAMES)
        expect(report.interrupted).toBe(signal)
        expect([ANSWERED, 'EXCEPTION not-tested']).toEqual(expect.arrayContaining(Object.values(pairs)))
        expect(pairs['n2>n1']).toBe('EXCEPTION not-tested')
        expect(pairs['n1>n3']).toBe('EXCEPTION not-tested')
        if (stage !== 'probe') expect(pairs).toEqual(pairsOf(NAMES, () => 'EXCEPTION not-tested'))
        expect(said['n2>n1']).toBe('not tested')
        expect(stdout).toContain(
          `The run was interrupted by ${signal}: what has no result counts as EXCEPTION`,
        )
        expect(stderr).toContain(
          `The floaters stay in namespace ${NAMESPACE} for the next check. To remove them: kubectl netdoctor clean`,
        )
        expect(await readdir(desk.folder)).toEqual(['report.json', 'resume.json'])
        await expectNothingRuns(desk)

        desk.cluster.clearFaults()
        expect((await desk.run('clean')).exitCode).toBe(0)
        expect(desk.cluster.objects()).toEqual(before)
      })
    },
  )

  test('before anything is known: nothing created, nothing written', async () => {
    await atInterruptedDesk(plainNodes, async (desk) => {
      const before = desk.cluster.objects()
      desk.cluster.setFault({on: 'api', resource: 'nodes', does: {kind: 'hang'}})
      const check = desk.start(['check', '--port', desk.port])
      await until('the nodes are asked for', () => asked(/ \/api\/v1\/nodes\?/)(desk))
      const signalled = performance.now()
      check.signalGroup('SIGINT')
      const {exitCode, stdout, stderr} = await check.end
      expect(performance.now() - signalled).toBeLessThan(AT_MOST_MS)
      expect([exitCode, stdout]).toEqual([130, ''])
      expect(stderr).toContain('Interrupted before it was done.')
      expect(await readdir(desk.folder)).toEqual([])
      expect(desk.cluster.objects()).toEqual(before)
      await expectNothingRuns(desk)
    })
  })

  test.each([
    {who: 'a shell and the kernel, of a terminal that is closed', signal: 'SIGHUP', code: 129, later: 300},
    {who: '`timeout`, to the program and to its group', signal: 'SIGTERM', code: 143, later: 0},
  ] as const)('$signal twice, as from $who, is one interruption', async ({signal, code, later}) => {
    const nodes: EmbeddedNode[] = [{name: 'n1'}, {name: 'n2', exec: {kind: 'hang'}}, {name: 'n3'}]
    await atInterruptedDesk(nodes, async (desk) => {
      const before = desk.cluster.objects()
      const check = desk.start(['check', '--port', desk.port, '--auto-clean'])
      await until(
        'all execs',
        () => desk.cluster.requests.filter(({path}) => path.endsWith('/exec')).length === 3,
      )
      check.signal(signal)
      await pause(later)
      check.signalGroup(signal)
      expect((await check.end).exitCode).toBe(code)
      expect((await readSaved(desk.folder, NAMES)).report.interrupted).toBe(signal)
      expect(desk.cluster.objects()).toEqual(before)
      await expectNothingRuns(desk)
    })
  })

  test('a second SIGINT ends at once', async () => {
    const nodes: EmbeddedNode[] = [{name: 'n1'}, {name: 'n2', exec: {kind: 'hang'}}, {name: 'n3'}]
    await atInterruptedDesk(nodes, async (desk) => {
      const before = desk.cluster.objects()
      const check = desk.start(['check', '--port', desk.port])
      await until(
        'all execs',
        () => desk.cluster.requests.filter(({path}) => path.endsWith('/exec')).length === 3,
      )
      // So that the first one has something to wait for.
      desk.cluster.setFault({on: 'api', method: 'PATCH', resource: 'daemonsets', does: {kind: 'hang'}})
      check.signal('SIGINT')
      await until('the first is heard', () => check.stderr().includes('Once more stops at once.'))
      // Sooner, it may be the same one.
      await pause(200)
      check.signal('SIGINT')
      const signalled = performance.now()
      const {exitCode} = await check.end
      expect(performance.now() - signalled).toBeLessThan(AT_MOST_MS)
      expect(exitCode).toBe(130)
      // The first alone would have saved what was measured.
      expect(await readdir(desk.folder)).toEqual([])
      await expectNothingRuns(desk)
      desk.cluster.clearFaults()
      // Its claim may still be there.
      expect((await desk.run('clean', '--force')).exitCode).toBe(0)
      expect(desk.cluster.objects()).toEqual(before)
    })
  })
})

/** A desk whose floaters never end answering where they are slow, and whose execs can be told from all others. */
async function atInterruptedDesk(
  nodes: EmbeddedNode[],
  work: (desk: EmbeddedDesk) => Promise<void>,
): Promise<void> {
  const execEnv = {CHECK_DESK: crypto.randomUUID()}
  await atDesk({nodes, execEnv, delays: {slowMs: 120_000, orphanMs: 60_000}}, (desk) =>
    work({...desk, env: {...desk.env, ...execEnv}}),
  )
}

function mark({env}: EmbeddedDesk): string {
  return `CHECK_DESK=${env['CHECK_DESK'] ?? ''}`
}

/** Neither a kubectl on this side nor anything in a pod. */
async function expectNothingRuns(desk: EmbeddedDesk): Promise<void> {
  const marks = [`KUBECONFIG=${desk.env['KUBECONFIG'] ?? ''}\0`, mark(desk)]
  const running = async () => (await Promise.all(marks.map(processesWith))).flat()
  await until('nothing runs any more', async () => (await running()).length === 0, SOON_MS).catch(
    () => undefined,
  )
  expect(await running()).toEqual([])
}
