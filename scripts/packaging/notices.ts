import {readdir, readFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {Metafile} from 'esbuild'

const ROOT = join(import.meta.dirname, '../..')
const PACKAGE = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/
const LICENSE = /^(licen[cs]e|copying|notice)/i
const RULE = `\n\n${'-'.repeat(80)}\n\n`

interface Manifest {
  name: string
  version: string
  license?: string
  author?: string | {name: string}
}

/** Who made what is in the bundle, and on what terms: most licenses ask that it is handed on with them. */
export async function notices(metafile: Metafile, more: readonly string[] = []): Promise<string> {
  const folders = new Set(Object.keys(metafile.inputs).flatMap((file) => PACKAGE.exec(file)?.[0] ?? []))
  const texts = await Promise.all(
    [...folders].sort().map(async (folder) => await noticeOf(join(ROOT, folder))),
  )
  return [...more, ...texts].map((text) => text.trim()).join(RULE) + '\n'
}

async function noticeOf(folder: string): Promise<string> {
  const {name, version, license, author} = JSON.parse(
    await readFile(join(folder, 'package.json'), 'utf8'),
  ) as Manifest
  const files = (await readdir(folder)).filter((file) => LICENSE.test(file)).sort()
  const texts = await Promise.all(
    files.map(async (file) => (await readFile(join(folder, file), 'utf8')).trim()),
  )
  if (texts.length === 0) {
    if (license === undefined) throw new Error(`${name} ${version} does not say under which license it is`)
    texts.push(
      `${license}${author === undefined ? '' : `, ${typeof author === 'string' ? author : author.name}`}`,
    )
  }
  return [`${name} ${version}`, ...texts].join('\n\n').replaceAll('\r\n', '\n')
}
