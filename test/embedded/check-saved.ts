import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect} from 'vitest'
import type {ResumeEntry, SavedReport} from '../desk/saved.ts'
import {probesOf} from '../e2e/faults/seen.ts'

/** What report.json and resume.json say. */
export interface Saved {
  report: SavedReport
  /** `FAILED timeout` by `n1>n2`. */
  pairs: Record<string, string>
  /** What resume.json says of a pair. */
  said: Record<string, string>
}

/** Reads both files, and holds each against the other and against the nodes that must be in them. */
export async function readSaved(folder: string, nodes: readonly string[]): Promise<Saved> {
  const {report, pairs} = await readReport(folder, 'report.json')
  expect(Object.keys(pairs).sort()).toEqual(everyPair(nodes).sort())

  const resume = await readJson<ResumeEntry[]>(folder, 'resume.json')
  const resumed = resume.map(({srcNodeName, dstNodeName, Status, reason: why}) => [
    `${srcNodeName}>${dstNodeName}`,
    `${String(report.statuses[Status])} ${why}`,
  ])
  expect(resumed).toEqual(Object.entries(pairs).filter(([, result]) => !result.startsWith('SUCCEEDED')))
  const said = resume.map(({srcNodeName, dstNodeName, ResultStr}) => [
    `${srcNodeName}>${dstNodeName}`,
    ResultStr,
  ])
  return {report, pairs, said: Object.fromEntries(said) as Record<string, string>}
}

/** Reads a report of check or resume, whose columns must all be as long as its plan. */
export async function readReport(folder: string, file: string): Promise<Omit<Saved, 'said'>> {
  const report = await readJson<SavedReport>(folder, file)
  const probes = probesOf(report)
  const {reason, unstable, text} = report.columns
  for (const column of [reason, unstable, text]) expect(lengthOf(column)).toBe(probes.length)
  const pairs = probes.map(({source, destination, status, reason}) => [
    `${source}>${destination}`,
    `${status} ${reason}`,
  ])
  return {report, pairs: Object.fromEntries(pairs) as Record<string, string>}
}

async function readJson<Content>(folder: string, file: string): Promise<Content> {
  return JSON.parse(await readFile(join(folder, file), 'utf8')) as Content
}

/** How many probes the runs of a column are about. */
function lengthOf(runs: readonly [value: number, count: number][]): number {
  return runs.reduce((sum, [, count]) => sum + count, 0)
}

function everyPair(nodes: readonly string[]): string[] {
  return nodes.flatMap((source) => nodes.map((target) => `${source}>${target}`))
}

/** The pairs of these nodes, each with what it must have come to. */
export function pairsOf(
  nodes: readonly string[],
  result: (source: string, target: string) => string,
): Record<string, string> {
  return Object.fromEntries(
    nodes.flatMap((source) =>
      nodes.map((target) => [`${source}>${target}`, result(source, target)] as const),
    ),
  )
}

export const ANSWERED = 'SUCCEEDED answered'
