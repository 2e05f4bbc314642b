import {open} from 'node:fs/promises'
import path from 'node:path'
import fs from 'fs-extra'
import {UserError} from '../model/error.ts'

/** The whole file as text; undefined where there is none. */
export async function readText(file: string): Promise<string | undefined> {
  try {
    return await fs.readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new UserError(2, `Could not read ${file}: ${(error as Error).message}`)
  }
}

let written = 0

/**
 * Writes a file so that it is either the old one or the whole new one, whenever the machine stops: into a temporary
 * file beside it, flushed to the disk, then renamed. `chunks` is read as fast as the disk takes it.
 */
export async function writeAtomically(file: string, chunks: Iterable<string>): Promise<void> {
  const unique = `${Date.now().toString(36)}${(written++).toString(36)}`
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${unique}.tmp`)
  try {
    // fs-extra has no fsync; a rename without one can survive a power cut with nothing in the file.
    const handle = await open(temporary, 'wx', 0o644)
    try {
      for (const piece of inLargePieces(chunks)) await handle.writeFile(piece)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await fs.rename(temporary, file)
  } catch (error) {
    await fs.remove(temporary)
    throw new UserError(2, `Could not write ${file}: ${(error as Error).message}`)
  }
}

const PIECE = 256 * 1024

/** A million small chunks as a few hundred writes. */
function* inLargePieces(chunks: Iterable<string>): Generator<string> {
  let piece = ''
  for (const chunk of chunks) {
    piece += chunk
    if (piece.length < PIECE) continue
    yield piece
    piece = ''
  }
  yield piece
}
