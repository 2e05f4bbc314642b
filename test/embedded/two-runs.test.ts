import {mkdir, readFile, rename, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {execa} from 'execa'
import {atDesk, type EmbeddedDesk, until} from './check-desk.ts'
import type {EmbeddedNode, Fault} from './cluster.ts'
import {NAMESPACE} from './floater-manifest.ts'
import {npmKubectlRunsHere} from './kubectl.ts'

const SLOW: EmbeddedNode[] = [{name: 'n1'}, {name: 'n2', listens: 'slow'}]
const DAEMON_SET = ['daemonset/netdoctor-floater', `--namespace=${NAMESPACE}`]
const ENDS = ['kubectl-netdoctor/claimed-until', 'kubectl-netdoctor/renewed-until']
const TOLD = /Run [0-9a-f]{12} has been using the floaters in namespace kosmos-system since \S+Z\. Wait/
const TAKEN = "another run, or somebody's `clean`, has taken the floaters"

const STUCK =
  /The floaters in namespace kosmos-system could not be given back \(.+\)\. Other runs there have to wait until (\S+Z), or to be told --force\.\n/
const NEED_NOT = `Saved in resume.json and report.json.
Runs from this folder need not wait for the floaters: report.json says that this one is over.
`
/** Of the API server, for renewals and the end of claims. */
const AWAY: Fault = {on: 'api', method: 'PATCH', resource: 'daemonsets', does: {kind: 'status', code: 503}}

const patches = ({cluster}: EmbeddedDesk) =>
  cluster.requests.filter(({method, path}) => method === 'PATCH' && path.includes('/daemonsets/')).length
/** The ends of claims on all DaemonSets. */
const ends = ({cluster}: EmbeddedDesk) =>
  cluster
    .objects()
    .flatMap(({kind, metadata}) =>
      kind === 'DaemonSet' ? ENDS.map((key) => metadata.annotations?.[key]) : [],
    )
    .flatMap((end) => (end === undefined ? [] : [Date.parse(end)]))
/** All objects, but for what a run that goes on renews by itself. */
const unrenewed = ({cluster}: EmbeddedDesk) =>
  cluster.objects().map(({metadata, ...object}) => {
    if (object.kind !== 'DaemonSet') return {...object, metadata}
    const annotations = Object.entries(metadata.annotations ?? {}).filter(([key]) => !ENDS.includes(key))
    return {...object, metadata: {...metadata, resourceVersion: '', annotations}}
  })
const execs = ({cluster}: EmbeddedDesk) => cluster.requests.filter(({path}) => path.endsWith('/exec')).length

/** A check that probes until it is told to stop. */
async function atBusyDesk(
  work: (desk: EmbeddedDesk, check: ReturnType<EmbeddedDesk['start']>) => Promise<void>,
) {
  // Times of claims are whole seconds: the floaters take long enough for a renewal to be another.
  await atDesk({nodes: SLOW, delays: {slowMs: 120_000, podStartMs: 1500}}, async (desk) => {
    const check = desk.start(['check', '--port', desk.port, '--cmd-timeout', '100'])
    try {
      await until('it probes', () => execs(desk) === 2)
      await work(desk, check)
    } finally {
      check.signal('SIGKILL')
      await check.end
    }
  })
}

/** Runs of which each has seen a namespace that nobody uses before any of them writes. */
async function atTheSameMoment(desk: EmbeddedDesk, runs: readonly string[][]) {
  const [bin = '', gate = '', waiting = ''] = ['bin2', 'open', 'waiting'].map((name) =>
    join(desk.folder, name),
  )
  await mkdir(bin)
  const gated = `#!/bin/sh\nif [ "$1" = apply ]; then echo >>'${waiting}'; until [ -e '${gate}' ]; do sleep 0.05; done; fi\nPATH="\${PATH#*:}" exec kubectl "$@"\n`
  await writeFile(join(bin, 'kubectl'), gated, {mode: 0o755})
  const env = {PATH: `${bin}:${desk.env['PATH'] ?? ''}`}
  const started = runs.map((args) => desk.start(args, env))
  const come = async () => (await readFile(waiting, 'utf8').catch(() => '')).length === runs.length
  await until('all are about to apply', come)
  await writeFile(gate, '')
  return await Promise.all(started.map(({end}) => end))
}

describe.skipIf(!npmKubectlRunsHere())('two runs in one namespace', () => {
  test('check, resume and clean are told of a run that goes on, and change nothing', async () => {
    await atBusyDesk(async (desk, check) => {
      const before = unrenewed(desk)
      const entry = {Status: 2, ResultStr: '', srcNodeName: 'n1', dstNodeName: 'n2', targetIP: ''}
      await writeFile(join(desk.folder, 'resume.json'), JSON.stringify([entry]))
      for (const command of ['check', 'resume', 'clean']) {
        const {exitCode, stderr} = await desk.run(command)
        expect(stderr).toMatch(TOLD)
        expect(stderr).toMatch(/Nothing was (created|removed)/)
        expect(exitCode).toBe(3)
      }
      const dry = await desk.run('check', '--dry-run')
      expect(dry.stdout).toMatch(TOLD)
      expect(unrenewed(desk)).toEqual(before)

      check.signal('SIGTERM')
      const {stderr} = await check.end
      expect(stderr).not.toContain(TAKEN)
      expect(ends(desk)).toEqual([])
      expect((await desk.run('clean')).exitCode).toBe(0)
    })
  })

  test('--force goes on all the same, and the first one is told', async () => {
    await atBusyDesk(async (desk, check) => {
      const second = desk.start([
        'check',
        '--port',
        desk.port,
        '--cmd-timeout',
        '1',
        '--retries',
        '0',
        '--force',
      ])
      const {exitCode, stderr, stdout} = await second.end
      expect(stderr).toMatch(/Run [0-9a-f]{12} has been using .*\. Going on all the same\./)
      expect(stdout).toContain('2 SUCCEEDED, 2 FAILED')
      expect(exitCode).toBe(1)
      check.signal('SIGTERM')
      expect((await check.end).stderr).toContain(
        `${TAKEN} in namespace ${NAMESPACE} while this one used them`,
      )
      expect((await desk.run('clean', '--force')).exitCode).toBe(0)
      expect(desk.cluster.objects().filter(({kind}) => kind === 'DaemonSet')).toEqual([])
    })
  })

  test('one that was killed holds nobody up for longer than its claim', async () => {
    await atBusyDesk(async (desk, check) => {
      check.signalGroup('SIGKILL')
      await check.end
      const left = Math.max(...ends(desk)) - Date.now()
      expect(left).toBeLessThanOrEqual(90_000)
      const refused = await desk.run('clean')
      expect([refused.exitCode, TOLD.test(refused.stderr)]).toEqual([3, true])

      const past = ENDS.map((end) => `${end}=${new Date(Date.now() - 1000).toISOString()}`)
      await execa('kubectl', ['annotate', ...DAEMON_SET, '--overwrite', ...past], {
        env: desk.env,
        extendEnv: false,
      })
      expect((await desk.run('clean')).exitCode).toBe(0)
    })
  })

  test('a server that is away for a moment as a check ends is asked again, and the floaters are given back', async () => {
    await atDesk({nodes: SLOW, delays: {slowMs: 3000}}, async (desk) => {
      const check = desk.start(['check', '--port', desk.port, '--cmd-timeout', '1', '--retries', '0'])
      await until('it probes', () => execs(desk) === 2)
      desk.cluster.setFault({...AWAY, times: 2})
      const {exitCode, stderr} = await check.end
      expect(exitCode, stderr).toBe(1)
      expect(stderr).not.toMatch(STUCK)
      expect(patches(desk)).toBeGreaterThan(2)
      expect(ends(desk)).toEqual([])
    })
  })

  test('where they cannot be given back it says so, and who knows that the run is over need not wait', async () => {
    await atDesk({nodes: SLOW, delays: {slowMs: 3000}}, async (desk) => {
      const slow = ['--port', desk.port, '--cmd-timeout', '1', '--retries', '0']
      const check = desk.start(['check', ...slow])
      await until('it probes', () => execs(desk) === 2)
      const before = patches(desk)
      desk.cluster.setFault(AWAY)
      await until('it tries again', () => patches(desk) > before + 1)
      check.signal('SIGTERM')
      const {exitCode, stderr} = await check.end
      // Every probe was made before.
      expect(exitCode, stderr).toBe(1)
      const [, end = ''] = STUCK.exec(stderr) ?? []
      expect(Date.parse(end), stderr).toBe(Math.max(...ends(desk)))
      expect(stderr).toContain(NEED_NOT)
      desk.cluster.clearFaults()

      const report = join(desk.folder, 'report.json')
      await rename(report, `${report}.away`)
      for (const command of ['check', 'resume', 'clean']) {
        const elsewhere = await desk.run(command)
        expect([elsewhere.exitCode, TOLD.test(elsewhere.stderr)]).toEqual([3, true])
      }
      await rename(`${report}.away`, report)
      const resume = await desk.run('resume', ...slow)
      expect([resume.exitCode, TOLD.test(resume.stderr)], resume.stderr).toEqual([1, false])
      expect(ends(desk)).toEqual([])
    })
  })

  test('where they cannot be given back and the report cannot be saved, nobody is told not to wait', async () => {
    await atDesk({nodes: SLOW, delays: {slowMs: 3000}}, async (desk) => {
      // Nothing can be put in the place of a folder.
      await mkdir(join(desk.folder, 'report.json'))
      const check = desk.start(['check', '--port', desk.port, '--cmd-timeout', '1', '--retries', '0'])
      await until('it probes', () => execs(desk) === 2)
      const before = patches(desk)
      desk.cluster.setFault(AWAY)
      await until('it tries again', () => patches(desk) > before + 1)
      check.signal('SIGTERM')
      const {exitCode, stderr, stdout} = await check.end
      expect(stderr).toMatch(STUCK)
      expect(stderr).toMatch(/^Could not write report\.json: /m)
      expect(stderr).not.toContain('need not')
      expect([exitCode, stdout.includes('4 probes between 2 nodes')]).toEqual([143, true])
      desk.cluster.clearFaults()
      expect((await desk.run('clean')).exitCode).toBe(3)
    })
  })

  test('of two that begin at the same moment and need other floaters, one is told and the other goes on', async () => {
    await atDesk({nodes: 2}, async (desk) => {
      const args = ['check', '--port', desk.port, '--floater', 'agnhost', '-q', '--mode']
      const ended = await atTheSameMoment(desk, [
        [...args, 'pod'],
        [...args, 'node'],
      ])
      expect(ended.map(({exitCode}) => exitCode).sort(), ended.map(({stderr}) => stderr).join('\n')).toEqual([
        0, 3,
      ])
      expect(ended.find(({exitCode}) => exitCode === 3)?.stderr).toContain(TAKEN)
      expect(ends(desk)).toEqual([])
    })
  })

  test('of two that begin at the same moment and share some kinds of floaters, one is told and the other goes on', async () => {
    await atDesk({nodes: 2}, async (desk) => {
      const args = ['check', '--port', desk.port, '--floater', 'agnhost', '-q', '--mode']
      const ended = await atTheSameMoment(desk, [
        [...args, 'pod,node'],
        [...args, 'pod', '--same-node'],
      ])
      const told = ended.filter(({stderr, exitCode}) => stderr.includes(TAKEN) || exitCode === 3)
      const said = ended.map(({stderr}) => stderr).join('\n')
      expect(told.length, said).toBeGreaterThan(0)
      expect(
        ended.some(({exitCode}) => exitCode === 0),
        said,
      ).toBe(true)
      expect(ends(desk)).toEqual([])
    })
  })

  test('of two that begin at the same moment, at least one is told', async () => {
    await atDesk({nodes: 2}, async (desk) => {
      const args = ['check', '--port', desk.port, '-q']
      const ended = await atTheSameMoment(desk, [[...args, '--parallel', '1'], args])
      const told = ended.filter(({stderr, exitCode}) => stderr.includes(TAKEN) || exitCode === 3)
      expect(told.length).toBeGreaterThan(0)
      expect(ended.some(({exitCode}) => exitCode === 0)).toBe(true)
      expect(ends(desk)).toEqual([])
    })
  })
})
