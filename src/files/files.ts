import {open} from 'node:fs/promises'
import path from 'node:path'
import fs from 'fs-extra'
import {UserError} from '../model/error.ts'
import {inLargePieces} from '../text/pieces.ts'
import {reasonOf} from './reason.ts'

/** The whole file as text; undefined where there is none. */
export async function readText(file: string): Promise<string | undefined> {
  try {
    return await fs.readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new UserError(2, `Could not read ${file}: ${reasonOf(error)}`)
  }
}

let written = 0
const unfinished = new Set<string>()

/** For an end that waits for nothing: what a write has begun does not stay behind. */
export function removeUnfinished(): void {
  for (const file of unfinished) fs.removeSync(file)
}

/** Throws a UserError where no file can be made in the folder: better before a long run than after it. */
export async function assertWritable(folder: string): Promise<void> {
  const trial = path.join(folder, `.netdoctor.${Date.now().toString(36)}.tmp`)
  try {
    // Only a file that was made proves it: permissions and mounts say yes where the kernel says no.
    await fs.writeFile(trial, '', {flag: 'wx'})
    await fs.remove(trial)
  } catch (error) {
    throw new UserError(
      2,
      `Cannot write to the folder ${path.resolve(folder)}, where resume.json and report.json go: ${reasonOf(error)}.`,
    )
  }
}

/**
 * Writes a file so that it is either the old one or the whole new one, whenever the machine stops: into a temporary
 * file beside it, flushed to the disk, then renamed. `chunks` is read as fast as the disk takes it. What a link leads
 * to is written, not the link; a device or a pipe is written to, never replaced.
 */
export async function writeAtomically(file: string, chunks: Iterable<string>): Promise<void> {
  const place = await fs.realpath(file).catch(() => file)
  const stats = await fs.stat(place).catch(() => undefined)
  try {
    if (stats === undefined || stats.isFile() || stats.isDirectory()) await replace(place, chunks)
    else await pour(place, 'w', chunks)
  } catch (error) {
    throw new UserError(2, `Could not write ${file}: ${reasonOf(error)}`)
  }
}

async function replace(file: string, chunks: Iterable<string>): Promise<void> {
  const unique = `${Date.now().toString(36)}${(written++).toString(36)}`
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${unique}.tmp`)
  unfinished.add(temporary)
  try {
    await pour(temporary, 'wx', chunks)
    await fs.rename(temporary, file)
  } catch (error) {
    await fs.remove(temporary)
    throw error
  } finally {
    unfinished.delete(temporary)
  }
}

async function pour(file: string, flags: 'w' | 'wx', chunks: Iterable<string>): Promise<void> {
  // fs-extra has no fsync; a rename without one can survive a power cut with nothing in the file.
  const handle = await open(file, flags, 0o644)
  try {
    for (const piece of inLargePieces(chunks)) await handle.writeFile(piece)
    if (flags === 'wx') await handle.sync()
  } finally {
    await handle.close()
  }
}
