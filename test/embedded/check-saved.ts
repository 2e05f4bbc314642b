import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect} from 'vitest'
import type {ResumeEntry, SavedReport} from '../desk/saved.ts'

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
  const {status, reason, unstable, text, timeUs} = report.columns
  const names = report.blocks.flatMap(({sources, endpoints, picks}) =>
    sources.flatMap((source, row) => {
      const asked = picks?.[row]?.map((column) => endpoints[column]) ?? endpoints
      return asked.map((endpoint) => `${nameOf(source)}>${nameOf(endpoint?.node)}`)
    }),
  )
  const words = [inFull(status, report.statuses), inFull(reason, report.reasons)]
  for (const column of [...words, inFull(unstable), inFull(text, report.texts), timeUs])
    expect(column).toHaveLength(names.length)
  const pairs = Object.fromEntries(
    names.map((pair, id) => [pair, words.map((column) => column[id]).join(' ')]),
  )
  return {report, pairs}

  function nameOf(index: number | undefined): string {
    return String(report.nodes[index ?? -1]?.name)
  }
}

async function readJson<Content>(folder: string, file: string): Promise<Content> {
  return JSON.parse(await readFile(join(folder, file), 'utf8')) as Content
}

function inFull(runs: readonly [value: number, count: number][], words?: readonly string[]): unknown[] {
  return runs.flatMap(([value, count]) =>
    Array.from({length: count}, () => (words === undefined ? value : words[value])),
  )
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
