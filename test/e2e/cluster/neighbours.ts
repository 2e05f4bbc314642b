import {readFile, rename, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {layoutOf, type Layout} from './layout.ts'
import {directoryOf, readRecord, type ClusterRecord} from './record.ts'

/** A cluster that another one is linked to, as that one knows it. */
interface Neighbour {
  name: string
  /** Of the very cluster, not of a later one with its name. */
  token: string
  /** Where its pods are reached. */
  podRange: string
}

/** The clusters that a cluster is linked to, with the pods' addresses under which it reaches them. */
export async function neighboursOf(name: string): Promise<Layout[]> {
  const neighbours = await read(name)
  const found = await Promise.all(
    neighbours.map(async ({name, token, podRange}) => {
      const record = await readRecord(name)
      return record?.token === token ? layoutOf({...record, podRange}) : undefined
    }),
  )
  return found.filter((layout) => layout !== undefined)
}

export function neighbourNamed(neighbours: readonly Layout[], name: string): Layout {
  const found = neighbours.find((neighbour) => neighbour.name === name)
  if (found === undefined)
    throw new Error(
      `there is no link to a cluster "${name}", but to ${neighbours.map((n) => n.name).join(', ') || 'none'}`,
    )
  return found
}

export async function addNeighbour(
  to: string,
  {name, token}: ClusterRecord,
  podRange: string,
): Promise<void> {
  await write(to, [...(await read(to)), {name, token, podRange}])
}

/** Forgets a neighbour; true where it was one. */
export async function dropNeighbour(from: string, {token}: ClusterRecord): Promise<boolean> {
  const before = await read(from)
  const after = before.filter((neighbour) => neighbour.token !== token)
  if (after.length === before.length) return false
  await write(from, after)
  return true
}

async function read(cluster: string): Promise<Neighbour[]> {
  const text = await readFile(fileOf(cluster), 'utf8').catch(() => '[]')
  return JSON.parse(text) as Neighbour[]
}

async function write(cluster: string, neighbours: readonly Neighbour[]): Promise<void> {
  await writeFile(`${fileOf(cluster)}.new`, JSON.stringify(neighbours, undefined, 2))
  await rename(`${fileOf(cluster)}.new`, fileOf(cluster))
}

function fileOf(cluster: string): string {
  return join(directoryOf(cluster), 'neighbours.json')
}
