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
  const read = async (file: string) => JSON.parse(await readFile(join(folder, file), 'utf8')) as unknown
  const report = (await read('report.json')) as SavedReport
  const resume = (await read('resume.json')) as ResumeEntry[]

  const {status, reason, unstable, text, timeUs} = report.columns
  const names = report.blocks.flatMap(({sources, endpoints}) =>
    sources.flatMap((source) => endpoints.map(({node}) => `${nameOf(source)}>${nameOf(node)}`)),
  )
  const words = [inFull(status, report.statuses), inFull(reason, report.reasons)]
  for (const column of [...words, inFull(unstable), inFull(text, report.texts), timeUs])
    expect(column).toHaveLength(names.length)
  const pairs = Object.fromEntries(
    names.map((pair, id) => [pair, words.map((column) => column[id]).join(' ')]),
  )
  expect(Object.keys(pairs).sort()).toEqual(everyPair(nodes).sort())

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

  function nameOf(index: number | undefined): string {
    return String(report.nodes[index ?? -1]?.name)
  }
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
