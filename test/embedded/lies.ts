import {access} from 'node:fs/promises'
import {join} from 'node:path'
import {expect} from 'vitest'
import type {Ran} from '../desk/desk.ts'
import type {ResumeEntry, SavedReport} from '../desk/saved.ts'
import type {EmbeddedDesk} from './check-desk.ts'
import type {FaultStatus} from './faults.ts'

/** Only ends what hangs: no case is decided by its time. */
export const LIMIT = {timeout: 180_000}

/** What a server answers that does not do what it is asked. */
const STATUSES: readonly FaultStatus[] = [403, 401, 404, 409, 429, 500, 503]

/**
 * Those that a request is answered with, by its place among the requests: 403, and two of the others in turn, so that each of them is
 * met. `npm run lies` answers every request with all of them.
 */
export function statusesFor(place: number): readonly FaultStatus[] {
  if (process.env['NETDOCTOR_STATUSES'] === 'all') return STATUSES
  const [forbidden, ...others] = STATUSES
  const first = (2 * place) % others.length
  return [forbidden, ...others.slice(first, first + 2)].filter((status) => status !== undefined)
}

/** How many probes of a check came to what; undefined where it ended before there was a plan. */
export type Tally = Readonly<Record<string, number>> | undefined

/**
 * What must hold whatever kubectl and the API say: the program ends by itself, with a sentence and without a stack trace;
 * each of the plan's probes has a result, in both files; none has SUCCEEDED that did not arrive at its floater; the exit
 * code and the table say the same as the files.
 */
export async function judge(desk: EmbeddedDesk, ran: Ran, probes: number): Promise<Tally> {
  const {exitCode, stdout, stderr} = ran
  expect(stdout + stderr).not.toMatch(/defect of netdoctor|^ +at |undefined|\[object /m)
  if (!(await isThere(join(desk.folder, 'report.json')))) {
    expect(stderr).toMatch(/\S/)
    expect([exitCode, stdout]).toEqual([3, ''])
    expect(await isThere(join(desk.folder, 'resume.json'))).toBe(false)
    return undefined
  }
  const report = await desk.report()
  const results = resultsOf(report)
  expect(results).toHaveLength(probes)
  expect((await desk.resume()).map(ofEntry(report))).toEqual(
    results
      .filter(({status}) => status !== 'SUCCEEDED')
      .map(({status, source, reason}) => [status, source, reason]),
  )
  for (const [target, succeeded] of countBy(results, ({status, target}) => status === 'SUCCEEDED' && target))
    expect([target, desk.cluster.arrivals.get(target) ?? 0]).toEqual([
      target,
      expect.toSatisfy((n: number) => n >= succeeded),
    ])

  const count = (wanted: string) => results.filter(({status}) => status === wanted).length
  const tally = {SUCCEEDED: count('SUCCEEDED'), FAILED: count('FAILED'), EXCEPTION: count('EXCEPTION')}
  expect(stdout).toContain(
    Object.entries(tally)
      .map(([word, n]) => `${n} ${word}`)
      .join(', '),
  )
  expect(exitCode).toBe(tally.FAILED > 0 ? 1 : tally.EXCEPTION + report.notCovered.length > 0 ? 3 : 0)
  return tally
}

interface Result {
  source: string
  /** "IP:PORT". */
  target: string
  status: string
  reason: string
}

/** Every probe of the plan, in its order. */
function resultsOf({nodes, blocks, columns, statuses, reasons}: SavedReport): Result[] {
  const [status, reason] = [inFull(columns.status), inFull(columns.reason)]
  const probes = blocks.flatMap(({sources, endpoints, picks}) =>
    sources.flatMap((source, row) =>
      (picks?.[row]?.map((column) => endpoints[column]) ?? endpoints).map((endpoint) => ({
        source,
        target: `${endpoint?.address ?? ''}:${endpoint?.port}`,
      })),
    ),
  )
  for (const column of [status, reason, columns.timeUs]) expect(column).toHaveLength(probes.length)
  return probes.map(({source, target}, id) => ({
    source: String(nodes[source]?.name),
    target,
    status: String(statuses[status[id] ?? -1]),
    reason: String(reasons[reason[id] ?? -1]),
  }))
}

function ofEntry({statuses}: SavedReport) {
  return ({Status, srcNodeName, reason}: ResumeEntry) => [statuses[Status], srcNodeName, reason]
}

function inFull(runs: readonly [value: number, count: number][]): number[] {
  return runs.flatMap(([value, count]) => Array.from({length: count}, () => value))
}

function countBy<T>(items: readonly T[], key: (item: T) => string | false): Map<string, number> {
  const counts = new Map<string, number>()
  for (const item of items) {
    const name = key(item)
    if (name !== false) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return counts
}

async function isThere(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  )
}
