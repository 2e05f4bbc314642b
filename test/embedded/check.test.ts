import {mkdir, readdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {execa} from 'execa'
import {describe, expect, test} from 'vitest'
import {PROGRAM, type Ran} from '../desk/desk.ts'
import {atDesk, type EmbeddedDesk} from './check-desk.ts'
import {ANSWERED, pairsOf, readSaved} from './check-saved.ts'
import type {EmbeddedNode, ExecFault} from './cluster.ts'
import {NAMESPACE} from './floater-manifest.ts'
import {npmKubectlRunsHere} from './kubectl.ts'
import type {Listens} from './options.ts'

const ESCAPE = '\u001b'

describe.skipIf(!npmKubectlRunsHere()).concurrent('check', () => {
  test('an exec that hangs is given up at its deadline, and asked again', async () => {
    const nodes: EmbeddedNode[] = [
      {name: 'once', exec: {kind: 'hang', times: 1}},
      {name: 'always', exec: {kind: 'hang'}},
      {name: 'healthy'},
    ]
    const names = nodes.map(({name}) => name).sort()
    await atDesk({nodes}, async (desk) => {
      // A round of 1 s to connect and 1 s to answer, 15 s for the script, 20 s for kubectl.
      const {exitCode, kubectls} = await desk.start(
        ['check', '--port', desk.port, '--cmd-timeout', '1'],
        hurried(37_000, 3000),
      ).end
      const {pairs, said} = await readSaved(desk.folder, names)
      expect(pairs).toEqual(
        pairsOf(names, (source) => (source === 'always' ? 'EXCEPTION lost-output' : ANSWERED)),
      )
      expect(said['always>once']).toBe('not measured from node always: kubectl exec did not end in time')
      expect(execs(kubectls)).toBe(1 + 2 + 2)
      expect(exitCode).toBe(3)
    })
  })

  test('what listens, or does not: each its own reason, for exactly its pairs', async () => {
    const reasons: Record<Listens, string> = {
      answers: ANSWERED,
      slow: ANSWERED,
      refuses: 'FAILED refused',
      'black-hole': 'FAILED timeout',
      impostor: 'FAILED wrong-peer',
      'http-500': 'FAILED wrong-peer',
      // curl may learn of the reset before it knows that it was connected.
      resets: 'FAILED connect-failed or reset',
    }
    const names = Object.keys(reasons) as Listens[]
    const nodes = names.map((listens) => ({name: listens, listens}))
    await atDesk({nodes, delays: {slowMs: 100}}, async (desk) => {
      const {exitCode, stdout} = await desk.check()
      const {pairs, said, report} = await readSaved(desk.folder, names)
      const results = Object.entries(pairs).map(([pair, result]) => [
        pair,
        pair.endsWith('>resets')
          ? result.replace(/(connect-failed|reset)$/, 'connect-failed or reset')
          : result,
      ])
      expect(Object.fromEntries(results)).toEqual(pairsOf(names, (_, target) => reasons[target as Listens]))
      expect(said['answers>refuses']).toMatch(/:\d+ refused the connection: nothing listens there/)
      expect(said['answers>black-hole']).toMatch(/^no connection to 127\.[\d.]+:\d+ within \d/)
      expect(said['answers>impostor']).toMatch(/^something else than the floater answers at .*<title>Welcome/)
      expect(said['answers>http-500']).toMatch(/HTTP 500: internal error/)
      expect(said['answers>resets']).toMatch(/closed the connection without a whole answer|could not connect/)
      expect(report.columns.unstable).toEqual([[0, 49]])
      expect(stdout).toContain('49 probes between 7 nodes: 14 SUCCEEDED, 35 FAILED, 0 EXCEPTION')
      for (const sentence of Object.values(said)) expect(stdout).toContain(sentence.split(';')[0])
      expect(exitCode).toBe(1)
    })
  })

  test('nodes without a floater: row and column EXCEPTION with the cause, the rest measured', async () => {
    const causes: Record<string, RegExp> = {
      image: /^ImagePullBackOff ghcr\.io\/kosmos-io\/clusterlink-floater:v0\.2\.0 \(not found\)/,
      full: /^its pod is not scheduled: 0\/8 nodes are available: 1 Insufficient memory/,
      crash: /^its container ended with exit code 1 \(Error\)/,
      quota:
        /^no pod was created on it: FailedCreate: Error creating: pods "netdoctor-floater-" is forbidden: exceeded quota: pods, .*limited: pods=10 \(\d{4}-/,
      kubelet: /^its pod is still starting/,
      lost: /^the node is NotReady/,
    }
    const nodes: EmbeddedNode[] = [
      {name: 'n1'},
      {name: 'image', pod: 'image-pull-error'},
      {name: 'full', pod: 'pending-unschedulable'},
      {name: 'crash', pod: 'crash-loop'},
      {name: 'quota', pod: 'never-created'},
      {name: 'kubelet', pod: 'pending'},
      {name: 'lost', ready: false},
      {name: 'windows', os: 'windows'},
    ]
    const linux = ['n1', ...Object.keys(causes)]
    await atDesk({nodes}, async (desk) => {
      const {exitCode, stdout, stderr, kubectls} = await desk.check('--pod-wait-time', '8')
      const {pairs, said, report} = await readSaved(desk.folder, linux)
      const measured = (source: string, target: string) => source === 'n1' && target === 'n1'
      expect(pairs).toEqual(
        pairsOf(linux, (source, target) => (measured(source, target) ? ANSWERED : 'EXCEPTION no-floater')),
      )
      for (const [node, cause] of Object.entries(causes)) {
        for (const pair of [`n1>${node}`, `${node}>n1`, `${node}>${node}`]) {
          const start = `node ${node} has no floater: `
          expect(said[pair]?.slice(0, start.length)).toBe(start)
          expect(said[pair]?.slice(start.length)).toMatch(cause)
        }
      }
      expect(report.notCovered).toMatchObject([{node: 'windows'}])
      expect(stdout).toContain('Not covered: windows: floaters run on Linux, and this node runs windows.')
      expect(stderr).toMatch(/1\/7 ready; without: /)
      expect(execs(kubectls)).toBe(1)
      expect(exitCode).toBe(3)
    })
  })

  test('all probes succeed, but a Windows node is not covered', async () => {
    await atDesk({nodes: [{name: 'n1'}, {name: 'w1', os: 'windows'}]}, async (desk) => {
      const {exitCode, stdout} = await desk.check()
      expect((await readSaved(desk.folder, ['n1'])).pairs).toEqual({'n1>n1': ANSWERED})
      expect(stdout).toContain('Not covered: w1')
      expect(exitCode).toBe(3)
    })
  })

  test('a cluster without a Linux node: nothing to probe, nothing created', async () => {
    await atDesk({nodes: [{name: 'w1', os: 'windows'}]}, async (desk) => {
      const before = desk.cluster.objects()
      const {exitCode, stdout, stderr} = await desk.check()
      expect(stderr).toContain(
        'There is nothing to probe: no node can have a floater (floaters run on Linux,',
      )
      expect([exitCode, stdout]).toEqual([2, ''])
      expect(desk.cluster.objects()).toEqual(before)
    })
  })

  test('five healthy nodes: few kubectls, results alone on stdout; again: the same pods, new files', async () => {
    await atDesk({nodes: 5}, async (desk) => {
      const ran = await desk.check()
      const {exitCode, stdout, stderr, kubectls} = ran
      const names = ['n1', 'n2', 'n3', 'n4', 'n5']
      expect((await readSaved(desk.folder, names)).pairs).toEqual(pairsOf(names, () => ANSWERED))
      expect(exitCode).toBe(0)
      expect(execs(kubectls)).toBe(5)
      expect(others(ran)).toBeLessThanOrEqual(10)
      expect(stdout).toMatch(
        /^All 25 probes between 5 nodes SUCCEEDED\.\n\n\+-+\+[^]*\n\n25 probes between 5 nodes: 25 SUCCEEDED, [^]*\nNot verified: .*\n$/,
      )
      expect(stdout).not.toMatch(/Connect:|Deploy|Saved|(?!\n)\p{Cc}/u)
      expect(stderr).toContain(
        `Checking context embedded, server ${desk.cluster.url}, namespace ${NAMESPACE}\n`,
      )
      expect(await readdir(desk.folder)).toEqual(['report.json', 'resume.json'])

      const pods = podsOf(desk)
      desk.cluster.setNode({name: 'n5', listens: 'refuses'})
      const again = await desk.check('-q')
      expect(again.stderr).toBe('')
      expect(again.stdout).toContain('20 SUCCEEDED, 5 FAILED')
      expect(again.exitCode).toBe(1)
      expect((await readSaved(desk.folder, names)).pairs['n1>n5']).toBe('FAILED refused')
      expect(podsOf(desk)).toEqual(pods)
    })
  })

  test.each(['1.33', '1.29', '1.20'] as const)('kubectl %s', async (kubectl) => {
    const nodes: EmbeddedNode[] = [{name: 'n1'}, {name: 'n2', listens: 'refuses'}, {name: 'n3'}]
    await atDesk({nodes, kubectl}, async (desk) => {
      const before = desk.cluster.objects()
      const ran = await desk.check()
      const {exitCode, kubectls} = ran
      const names = ['n1', 'n2', 'n3']
      expect((await readSaved(desk.folder, names)).pairs).toEqual(
        pairsOf(names, (_, target) => (target === 'n2' ? 'FAILED refused' : ANSWERED)),
      )
      expect(exitCode).toBe(1)
      expect(execs(kubectls)).toBeGreaterThanOrEqual(3 + 3)
      // On a busy machine what was slow is timed once more.
      expect(execs(kubectls)).toBeLessThanOrEqual(3 + 3 + 3)
      expect(others(ran)).toBeLessThanOrEqual(10 + 1)
      const cleaned = await desk.run('clean')
      expect(cleaned.stderr).toContain(`removed namespace/${NAMESPACE}`)
      expect(cleaned.exitCode).toBe(0)
      expect(desk.cluster.objects()).toEqual(before)
    })
  })

  test.each(['1.35', '1.29'] as const)(
    'exec faults hit their own node and no other, kubectl %s',
    async (kubectl) => {
      const [mended, lost, failed] = [ANSWERED, 'EXCEPTION lost-output', 'EXCEPTION exec-failed']
      const cases: Record<string, [fault: ExecFault, result: string, says?: string]> = {
        'no-output': [{kind: 'no-output'}, lost, 'kubectl exec ended without an error, but its output'],
        'no-output-once': [{kind: 'no-output', times: 1}, mended],
        'no-status': [{kind: 'no-status'}, mended],
        repeat: [{kind: 'repeat'}, mended],
        'tiny-frames': [{kind: 'tiny-frames'}, mended],
        crlf: [{kind: 'crlf'}, mended],
        noise: [{kind: 'noise', megabytes: 1}, mended],
        delay: [{kind: 'delay', ms: 500}, mended],
        'status-403': [{kind: 'status', code: 403}, failed, 'forbidden by the fault of a test'],
        'status-404': [{kind: 'status', code: 404}, failed, 'could not find the requested resource'],
        'status-500': [{kind: 'status', code: 500}, failed, 'Internal error occurred: fault of a test'],
        'status-503-once': [{kind: 'status', code: 503, times: 1}, mended],
        container: [{kind: 'container-not-found'}, failed, 'container not found ("floater")'],
      }
      const names = ['healthy', ...Object.keys(cases)]
      const nodes = names.map((name) => {
        const fault = cases[name]?.[0]
        return {name, ...(fault && {exec: fault})}
      })
      await atDesk({nodes, kubectl}, async (desk) => {
        const {exitCode} = await desk.check()
        const {pairs, said} = await readSaved(desk.folder, names)
        expect(pairs).toEqual(pairsOf(names, (source) => cases[source]?.[1] ?? ANSWERED))
        for (const [name, [, , says = '']] of Object.entries(cases)) {
          if (says !== '') expect(said[`${name}>healthy`]).toContain(says)
        }
        expect(exitCode).toBe(3)
      })
    },
  )

  test('output cut anywhere: asked again, and never SUCCEEDED for what did not arrive', async () => {
    // A whole answer from a healthy floater is one line of 72 bytes, of 74 with a number of two digits.
    const [shortest, longest] = [72, 74]
    const offsets = [0, 1, 16, 22, 36, 50, 67, 70, 71, 72, 100, 143, 149, 1000, 2020]
    const ends = ['success', 'no-status', 'reset'] as const
    const nodes = offsets.flatMap((afterBytes, index) => {
      const fault = {kind: 'cut-stdout', afterBytes, end: ends[index % ends.length] ?? 'success'} as const
      return [
        {name: `once-${afterBytes}`, exec: {...fault, times: 1}},
        {name: `always-${afterBytes}`, exec: fault},
      ]
    })
    const names = nodes.map(({name}) => name)
    await atDesk({nodes}, async (desk) => {
      const {exitCode} = await desk.check()
      const {pairs} = await readSaved(desk.folder, names)
      for (const {name, exec} of nodes) {
        const results = names.map((target) => pairs[`${name}>${target}`])
        const answered = results.filter((result) => result === ANSWERED).length
        if (name.startsWith('once')) {
          expect([name, answered]).toEqual([name, names.length])
          continue
        }
        const arrived = (length: number) => {
          const once = Math.min(names.length, Math.floor(exec.afterBytes / length))
          return once + Math.min(names.length - once, Math.floor(exec.afterBytes / length))
        }
        expect(answered, name).toBeLessThanOrEqual(arrived(shortest))
        // A connection that breaks can take with it what was sent before.
        if (exec.end !== 'reset') expect(answered, name).toBeGreaterThanOrEqual(arrived(longest))
        const others = new Set(results.filter((result) => result !== ANSWERED))
        const allowed = ['EXCEPTION lost-output', ...(exec.end === 'reset' ? ['EXCEPTION exec-failed'] : [])]
        expect(allowed, name).toEqual(expect.arrayContaining([...others]))
      }
      expect(exitCode).toBe(3)
    })
  })

  test('a mistake in config.json: named with its place, and no request made', async () => {
    await atDesk({nodes: 1}, async (desk) => {
      await writeFile(
        join(desk.folder, 'config.json'),
        '{\n  "namespace": "netcheck",\n  "cmdTimout": 5,\n  "maxNum": "many"\n}\n',
      )
      const {exitCode, stdout, stderr, kubectls} = await desk.check()
      expect(stderr).toMatch(/^config\.json:3:3: .*cmdTimout.*cmdTimeout/m)
      expect(stderr).toMatch(/^config\.json:4:13: .*maxNum/m)
      expect({exitCode, stdout, kubectls, requests: desk.cluster.requests}).toEqual({
        exitCode: 2,
        stdout: '',
        kubectls: [],
        requests: [],
      })
    })
  })

  test('no kubectl on PATH', async () => {
    await atDesk({nodes: 1}, async (desk) => {
      const {exitCode, stdout, stderr} = await desk.start(['check', '-q'], {PATH: desk.folder}).end
      expect({exitCode, stdout, stderr}).toEqual({
        exitCode: 3,
        stdout: '',
        stderr: 'There is no kubectl on PATH, or it cannot be run. Install it, or set PATH.\n',
      })
    })
  })

  test.each(['resume.json', 'report.json'])('%s cannot be written', async (file) => {
    await atDesk({nodes: 1}, async (desk) => {
      await mkdir(join(desk.folder, file))
      const {exitCode, stderr} = await desk.check()
      expect(stderr).toMatch(new RegExp(`^Could not write ${file}: `, 'm'))
      expect(exitCode).toBe(2)
      expect((await readdir(desk.folder)).filter((name) => name.startsWith('.'))).toEqual([])
    })
  })

  test('colours on a terminal, and none where they are not wanted', async () => {
    await atDesk({nodes: 1}, async (desk) => {
      const COLOUR = new RegExp(`${ESCAPE}\\[[\\d;]*m`)
      expect(await onTerminal(desk, {})).toMatch(COLOUR)
      expect(await onTerminal(desk, {NO_COLOR: '1'})).not.toMatch(COLOUR)
    })
  })
})

/** The environment in which Node's timers of exactly `from` milliseconds last only `to`; all others last as ever. */
function hurried(from: number, to: number): Record<string, string> {
  const code = `const real = setTimeout
    const hurried = (work, ms, ...rest) => real(work, ms === ${from} ? ${to} : ms, ...rest)
    globalThis.setTimeout = Object.assign(hurried, real)`
  return {NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}`}
}

function podsOf({cluster}: EmbeddedDesk): unknown[] {
  return cluster.objects().flatMap(({kind, metadata}) => (kind === 'Pod' ? [metadata.uid] : []))
}

function execs(kubectls: readonly string[]): number {
  return kubectls.filter((line) => line.startsWith('exec ')).length
}

/** Those that probe nothing, but for renewals of the claim: one each 30 s that it took. */
function others({kubectls, ms}: Ran): number {
  return kubectls.length - execs(kubectls) - Math.floor(ms / 30_000)
}

/** What a terminal gets from a check. */
async function onTerminal(
  {folder, port, env}: EmbeddedDesk,
  more: Record<string, string>,
  ...args: string[]
) {
  const command = [process.execPath, PROGRAM, 'check', '--port', port, ...args].join(' ')
  const {stdout} = await execa('env', ['script', '-qefc', command, '/dev/null'], {
    cwd: folder,
    env: {TERM: 'xterm', ...env, ...more},
    extendEnv: false,
    stdin: 'ignore',
  })
  expect(stdout).toContain('1 SUCCEEDED')
  return stdout
}
