import {readdir, readFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {BundledPackage} from './packages.ts'

const LICENSE = /^(licen[cs]e|copying|notice)/i
const RULE = `\n\n${'-'.repeat(80)}\n\n`

/** Who made what is in the bundle, and on what terms: most licenses ask that they are handed on with it. */
export async function notices(
  packages: readonly BundledPackage[],
  more: readonly string[] = [],
): Promise<string> {
  const texts = await Promise.all(packages.map(noticeOf))
  return [...more, ...texts].map((text) => text.trim()).join(RULE) + '\n'
}

async function noticeOf({folder, name, version, license, author}: BundledPackage): Promise<string> {
  const files = (await readdir(folder)).filter((file) => LICENSE.test(file)).sort()
  const texts = await Promise.all(
    files.map(async (file) => (await readFile(join(folder, file), 'utf8')).trim()),
  )
  if (texts.length === 0) {
    if (license === undefined) throw new Error(`${name} ${version} does not say under which license it is`)
    const by = typeof author === 'object' ? author.name : author
    texts.push(by === undefined ? license : `${license}, ${by}`)
  }
  return [`${name} ${version}`, ...texts].join('\n\n').replaceAll('\r\n', '\n')
}
