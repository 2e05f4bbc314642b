import {accessSync, constants} from 'node:fs'
import path from 'node:path'
import {chromium, type Browser} from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** Starts the Chromium of this machine, or throws how to get one. */
export async function launched(): Promise<Browser> {
  return chromium.launch({executablePath: chromiumIn(process.env), args: ['--no-sandbox']})
}

/** The file in NETDOCTOR_CHROMIUM, or else the first Chromium or Chrome in PATH. */
export function chromiumIn({PATH = '', NETDOCTOR_CHROMIUM}: NodeJS.ProcessEnv): string {
  const candidates =
    NETDOCTOR_CHROMIUM === undefined
      ? PATH.split(path.delimiter).flatMap((folder) => NAMES.map((name) => path.join(folder, name)))
      : [NETDOCTOR_CHROMIUM]
  const found = candidates.find(isExecutable)
  if (found !== undefined) return found
  throw new Error(
    `There is no Chromium ${NETDOCTOR_CHROMIUM === undefined ? 'in PATH' : `at ${NETDOCTOR_CHROMIUM}`}: install one (Debian and Ubuntu: apt-get install chromium), or name the file of a Chromium or Chrome in NETDOCTOR_CHROMIUM.`,
  )
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
