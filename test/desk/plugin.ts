import {writeFile} from 'node:fs/promises'
import {delimiter, dirname, join} from 'node:path'
import {PROGRAM, type Desk} from './desk.ts'

/**
 * Puts the built program on the desk's PATH as kubectl looks for it, and gives a PATH that holds nothing else of this
 * machine where anything could be written over.
 */
export async function installPlugin({env}: Desk): Promise<{bin: string; PATH: string}> {
  const [bin = ''] = (env['PATH'] ?? '').split(delimiter)
  const script = `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`
  await writeFile(join(bin, 'kubectl-netdoctor'), script, {mode: 0o755})
  return {bin, PATH: [bin, ...['/usr/bin', '/bin', dirname(process.execPath)]].join(delimiter)}
}
