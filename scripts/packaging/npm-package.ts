import {readdir, readFile} from 'node:fs/promises'
import {join, relative} from 'node:path'
import {type Entry, tarGz} from './archive.ts'
import type {Bundled} from './program.ts'

const ROOT = join(import.meta.dirname, '../..')
/** npm's name for the folder in a package. */
const FOLDER = 'package'
/** What only those who work on it need. Everything is bundled, so nothing else is to be installed. */
const NOT_PUBLISHED = new Set(['files', 'scripts', 'dependencies', 'devDependencies', 'overrides'])

/** The tarball that `npm publish` takes: what package.json lists in `files`, freshly bundled. */
export async function npmPackage(program: Bundled, notices: string): Promise<Uint8Array> {
  const text = await readFile(join(ROOT, 'package.json'), 'utf8')
  const manifest = JSON.parse(text) as {files: string[]; bin: Record<string, string>}
  const published = Object.entries(manifest).filter(([field]) => !NOT_PUBLISHED.has(field))
  const listed = manifest.files.filter((file) => file !== 'dist').map((file) => join(ROOT, file))
  const onDisk = (await Promise.all(listed.map(filesOf))).flat()

  const contents: Record<string, Uint8Array> = {
    'package.json': Buffer.from(`${JSON.stringify(Object.fromEntries(published), undefined, 2)}\n`),
    'THIRD-PARTY.txt': Buffer.from(notices),
  }
  contents[program.path] = program.contents
  for (const file of onDisk) contents[relative(ROOT, file)] = await readFile(file)

  const started = new Set(Object.values(manifest.bin))
  const entries = Object.keys(contents)
    .sort()
    .map((name): Entry => ({
      name: `${FOLDER}/${name}`,
      contents: contents[name] ?? new Uint8Array(),
      isExecutable: started.has(name),
    }))
  return await tarGz(entries)
}

async function filesOf(path: string): Promise<string[]> {
  const inside = await readdir(path, {recursive: true, withFileTypes: true}).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined
    throw error
  })
  if (inside === undefined) return [path]
  return inside.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}
