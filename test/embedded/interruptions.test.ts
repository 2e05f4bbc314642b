import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {randomInt} from 'node:crypto'
import {watch} from 'node:fs'
import {readdir, readFile, rm} from 'node:fs/promises'
import {join} from 'node:path'
import {setTimeout as pause} from 'node:timers/promises'
import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {PROGRAM} from '../desk/desk.ts'
import {atDesk, type EmbeddedDesk, processesWith, until} from './check-desk.ts'
import {ANSWERED, pairsOf, readReport, readSaved} from './check-saved.ts'
import {npmKubectlRunsHere} from './kubectl.ts'

/** `npm run interruptions` sets more. */
const MOMENTS = Number(process.env['NETDOCTOR_MOMENTS'] ?? 2)
const SEED = Number(process.env['NETDOCTOR_SEED'] ?? randomInt(2 ** 31))
console.info(`${MOMENTS} moments of each kind, NETDOCTOR_SEED=${SEED}`)

/** One number is as likely as another: by itself fast-check prefers the ends. */
const upTo = (max: number) => fc.noBias(fc.nat({max}))
/** After a part of the requests of a whole check, in percent, or as it writes its files; and milliseconds after that. */
const MOMENT = fc.record({
  share: fc.oneof({weight: 2, arbitrary: upTo(100)}, fc.constant('files')),
  more: fc.oneof(fc.constant(0), upTo(400)),
})
const NAMES = ['n1', 'n2', 'n3']
const FILES = ['report.json', 'resume.json'] as const
const RESUME_REPORT = 'resume-report.json'
/** For what a killed program leaves to end by itself. */
const SOON_MS = 15_000

/** A check that can be interrupted. */
interface Check {
  interrupt(): void
  /** The exit code, where there is one. */
  ended: Promise<number | null>
}

interface Way {
  name: string
  start: (desk: EmbeddedDesk, args: readonly string[]) => Check
  /** Exit codes of a check that was interrupted by it, beside those of one that was done before. */
  exitCodes: readonly (number | null)[]
  /** Nobody could give the claim back. */
  killed?: true
}

const signalled = (signal: NodeJS.Signals, exitCode: number): Way => ({
  name: signal,
  start(desk, args) {
    const check = desk.start(args)
    return {
      interrupt: () => {
        check.signal(signal)
      },
      ended: check.end.then(({exitCode}) => exitCode),
    }
  },
  exitCodes: [exitCode],
})

const WAYS: Way[] = [
  signalled('SIGINT', 130),
  signalled('SIGTERM', 143),
  signalled('SIGHUP', 129),
  {...signalled('SIGKILL', 137), exitCodes: [null], killed: true},
  {
    name: 'nobody reads its output any more',
    start({folder, env}, args) {
      const child = spawn(process.execPath, [PROGRAM, ...args], {
        ...{cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true},
      })
      return {
        interrupt: () => {
          child.stdout.destroy()
          child.stderr.destroy()
        },
        ended: once(child, 'exit').then(([exitCode]) => exitCode as number | null),
      }
    },
    // It is no interruption: the files are what counts.
    exitCodes: [],
  },
  {
    name: 'its terminal is closed',
    start({folder, env}, args) {
      const command = [process.execPath, PROGRAM, ...args].join(' ')
      const terminal = spawn('script', ['-qec', command, '/dev/null'], {
        ...{cwd: folder, env: {...env, TERM: 'xterm', SHELL: '/bin/sh'}, stdio: 'ignore', detached: true},
      })
      return {
        interrupt: () => terminal.kill('SIGKILL'),
        ended: once(terminal, 'exit').then(([exitCode]) => exitCode as number | null),
      }
    },
    exitCodes: [null],
  },
]

describe.skipIf(!npmKubectlRunsHere())('a check that is interrupted at any moment', () => {
  test.each(WAYS.map((way, number) => ({...way, number})))(
    '$name: whole files, resume completes, clean leaves the cluster as it was, nothing runs on',
    {timeout: 60_000 + MOMENTS * 60_000},
    async ({name, number, start, exitCodes, killed}) => {
      const execEnv = {CHECK_DESK: crypto.randomUUID()}
      await atDesk({nodes: NAMES.map((node) => ({name: node})), execEnv}, async (desk) => {
        const before = desk.cluster.objects()
        const args = ['check', '--port', desk.port]
        const length = await requestsDuring(desk, async () => {
          expect((await desk.run(...args)).exitCode).toBe(0)
        })
        expect((await desk.run('clean')).exitCode).toBe(0)

        for (const {share, more} of fc.sample(MOMENT, {seed: SEED + number, numRuns: MOMENTS})) {
          const old = await filesOf(desk)
          const from = desk.cluster.requests.length
          const requests = typeof share === 'number' ? from + Math.floor((share / 100) * length) : Infinity
          const when =
            typeof share === 'number' ? `${requests - from} of ${length} requests` : 'a file is begun'
          const what = `${name} after ${when} and ${more} ms`
          const writing = watched(desk.folder)
          const check = start(desk, args)
          let done = false
          void check.ended.finally(() => (done = true))
          const reached = until(what, () => done || desk.cluster.requests.length >= requests)
          await (share === 'files' ? Promise.race([reached, writing.begun]) : reached)
          await Promise.race([check.ended, pause(more)])
          check.interrupt()
          const exitCode = await check.ended
          writing.end()
          // Where a terminal was closed, the program ends after it.
          await until(`${what}: nothing runs on`, async () => (await running(desk, execEnv)) === 0, SOON_MS)
          const fresh = await filesOf(desk)
          const isNew = fresh['report.json'] !== old['report.json']
          // Before the program has begun, and as it ends with all that it has to do done, a signal is Node's.
          const isNodes = desk.cluster.requests.length === from || (isNew && isComplete(fresh['report.json']))
          expect([0, ...exitCodes, ...(isNodes ? [null] : [])], what).toContain(exitCode)

          for (const file of FILES)
            expect(() => JSON.parse(fresh[file] ?? 'null') as unknown, what).not.toThrow()
          const {said = {}} = isNew ? await readSaved(desk.folder, NAMES) : {}
          const lacks = Object.keys(said).length > 0
          if (!killed) expect(await readdir(desk.folder), what).toEqual(FILES.filter((file) => fresh[file]))

          const force = killed ? ['--force'] : []
          const again = isNew ? ['resume', ...force] : [...args, ...force]
          const {exitCode: completed, stderr} = await desk.run(...again)
          expect([completed, completed === 0 ? '' : stderr], what).toEqual([0, ''])
          expect(await desk.resume(), what).toEqual([])
          const reports = (await readdir(desk.folder)).filter((file) => file.endsWith('report.json'))
          expect(reports, what).toEqual(['report.json', ...(lacks ? [RESUME_REPORT] : [])])
          const results = reports.map(async (file) => (await readReport(desk.folder, file)).pairs)
          const pairs = Object.assign({}, ...(await Promise.all(results))) as Record<string, string>
          expect(pairs, what).toEqual(pairsOf(NAMES, () => ANSWERED))
          await rm(join(desk.folder, RESUME_REPORT), {force: true})

          expect((await desk.run('clean')).exitCode, what).toBe(0)
          expect(desk.cluster.objects(), what).toEqual(before)
        }
      })
    },
  )
})

/** Whether a file was begun in the folder that is no trial of whether one can be made. */
function watched(folder: string): {begun: Promise<void>; end: () => void} {
  let begin: () => void = () => undefined
  const begun = new Promise<void>((resolve) => (begin = resolve))
  const watcher = watch(folder, (_, file) => {
    if (FILES.some((name) => file?.includes(name))) begin()
  })
  return {
    begun,
    end: () => {
      watcher.close()
    },
  }
}

async function requestsDuring(desk: EmbeddedDesk, work: () => Promise<void>): Promise<number> {
  const before = desk.cluster.requests.length
  await work()
  return desk.cluster.requests.length - before
}

async function filesOf({folder}: EmbeddedDesk): Promise<Record<(typeof FILES)[number], string | undefined>> {
  const texts = FILES.map((file) => readFile(join(folder, file), 'utf8').catch(() => undefined))
  const [report, resume] = await Promise.all(texts)
  return {'report.json': report, 'resume.json': resume}
}

/** Whether this is the report of a check that came to its end. */
function isComplete(report = ''): boolean {
  return !('interrupted' in (JSON.parse(report) as object))
}

/** How many programs run on this side or in a pod. */
async function running({env}: EmbeddedDesk, execEnv: {CHECK_DESK: string}): Promise<number> {
  const marks = [`KUBECONFIG=${env['KUBECONFIG'] ?? ''}\0`, `CHECK_DESK=${execEnv.CHECK_DESK}`]
  return (await Promise.all(marks.map(processesWith))).flat().length
}
