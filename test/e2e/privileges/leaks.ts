import {readdir, readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {parse} from 'yaml'

interface Kubeconfig {
  clusters: {cluster: {'certificate-authority-data': string}}[]
  users: {user: {'client-certificate-data': string; 'client-key-data': string}}[]
}

/** Whatever is cut out of a secret, and is twice as long, holds one of its pieces whole. */
const PIECE = 20

/** The pieces of a kubeconfig's certificates and key, as it has them and as PEM, by what they are of. */
export async function secretsOf(kubeconfig: string): Promise<ReadonlyMap<string, string>> {
  const {clusters, users} = parse(await readFile(kubeconfig, 'utf8')) as Kubeconfig
  const data = [...clusters.map(({cluster}) => cluster), ...users.map(({user}) => user)].flatMap((one) =>
    Object.entries(one).filter(([field]) => field.endsWith('-data')),
  )
  return new Map(
    data.flatMap(([field, text]: [string, string]) => {
      const body = Buffer.from(text, 'base64')
        .toString()
        .replaceAll(/-----.*-----/g, '')
      return [text, ...body.split('\n')].flatMap(piecesOf).map((piece) => [piece, field] as const)
    }),
  )
}

function piecesOf(text: string): string[] {
  return text.match(new RegExp(`.{${PIECE}}`, 'g')) ?? []
}

/** Everything in the folder, by its path there. */
export async function filesIn(folder: string): Promise<[path: string, text: string][]> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true})
  return await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map(async (path) => [path, await readFile(path, 'utf8')] as [string, string]),
  )
}

/** `report.json: client-key-data` for what holds a piece of a secret. */
export function leaksIn(
  texts: readonly (readonly [name: string, text: string])[],
  secrets: ReadonlyMap<string, string>,
): string[] {
  const found = texts.flatMap(([name, text]) =>
    [...secrets].filter(([piece]) => text.includes(piece)).map(([, field]) => `${name}: ${field}`),
  )
  return [...new Set(found)]
}
