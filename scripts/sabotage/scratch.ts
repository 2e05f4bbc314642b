import {execFileSync} from 'node:child_process'
import {rmSync} from 'node:fs'
import {cp, mkdir, mkdtemp, readFile, symlink, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'

const ROOT = path.join(import.meta.dirname, '../..')

/** A copy of the checkout, in which code may be broken; gone when this process is. */
export interface Scratch {
  readonly folder: string
  /** For what tests write elsewhere, and leave where they are ended. */
  readonly temporary: string
  /** Puts `to` in the place of `from`, which must be there once, and gives what takes it back. */
  readonly change: (file: string, from: string, to: string) => Promise<() => Promise<void>>
}

/** What git knows of, as it lies here, and what is new; packages are those of the checkout. */
export async function copyOfCheckout(): Promise<Scratch> {
  const known = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  const files = new Set(known.split('\0').filter((name) => name !== '' && !name.startsWith('node_modules')))
  const place = await mkdtemp(path.join(tmpdir(), 'netdoctor-sabotage-'))
  process.once('exit', () => rmSync(place, {recursive: true, force: true, maxRetries: 5}))
  const [folder, temporary] = [path.join(place, 'checkout'), path.join(place, 'tmp')]
  await mkdir(temporary)
  for (const name of files) {
    // One that was deleted and is still in git's index.
    await cp(path.join(ROOT, name), path.join(folder, name)).catch(unlessGone)
  }
  await symlink(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'))
  return {
    folder,
    temporary,
    async change(file, from, to) {
      const name = path.join(folder, file)
      const text = await readFile(name, 'utf8')
      const pieces = text.split(from)
      if (pieces.length !== 2) throw new Error(`${file} has this ${pieces.length - 1} times: ${from}`)
      await writeFile(name, pieces.join(to))
      return () => writeFile(name, text)
    },
  }
}

function unlessGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
