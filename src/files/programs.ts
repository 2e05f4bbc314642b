import {constants} from 'node:fs'
import path from 'node:path'
import fs from 'fs-extra'
import {UserError} from '../model/error.ts'
import {reasonOf} from './reason.ts'

/** Whether the folder has a program of this name. */
export async function hasProgram(folder: string, name: string): Promise<boolean> {
  return await allows(path.join(folder, name), constants.X_OK)
}

/** Whether files can be made there, as far as permissions say. */
export async function isWritableFolder(folder: string): Promise<boolean> {
  const stats = await fs.stat(folder).catch(() => undefined)
  return stats?.isDirectory() === true && (await allows(folder, constants.W_OK | constants.X_OK))
}

/** Writes a script that can be run; never over anything. */
export async function writeProgram(file: string, text: string): Promise<void> {
  try {
    await fs.writeFile(file, text, {flag: 'wx', mode: 0o755})
  } catch (error) {
    throw new UserError(2, `Could not write ${file}: ${reasonOf(error)}`)
  }
}

export async function removeProgram(file: string): Promise<void> {
  try {
    await fs.remove(file)
  } catch (error) {
    throw new UserError(2, `Could not remove ${file}: ${reasonOf(error)}`)
  }
}

async function allows(file: string, mode: number): Promise<boolean> {
  return await fs.access(file, mode).then(
    () => true,
    () => false,
  )
}
