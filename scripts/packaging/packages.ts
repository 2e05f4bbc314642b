import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {Metafile} from 'esbuild'

const ROOT = join(import.meta.dirname, '../..')
const FOLDER = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/

/** A package of which something is in the bundle. */
export interface BundledPackage {
  folder: string
  name: string
  version: string
  license?: string
  author?: string | {name: string}
}

/** Sorted by folder. */
export async function packagesIn({inputs}: Metafile): Promise<BundledPackage[]> {
  const folders = new Set(Object.keys(inputs).flatMap((file) => FOLDER.exec(file)?.[0] ?? []))
  return await Promise.all(
    [...folders].sort().map(async (inside) => {
      const folder = join(ROOT, inside)
      const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as BundledPackage
      return {...manifest, folder}
    }),
  )
}
