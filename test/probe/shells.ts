import {spawn, type ChildProcess} from 'node:child_process'
import {randomBytes} from 'node:crypto'
import {existsSync} from 'node:fs'
import {chmod, mkdtemp, rm, symlink, writeFile} from 'node:fs/promises'
import {networkInterfaces, tmpdir} from 'node:os'
import {join} from 'node:path'
import {listen, type Heard} from '../../src/probe/decode.ts'
import {probeScript, type Limits, type Section} from '../../src/probe/script.ts'

/** Where this machine has a program. */
export function program(name: string): string | undefined {
  return ['/usr/bin', '/bin', '/usr/sbin', '/sbin']
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file))
}

/** The shells that floater images have, and that this machine has: Alpine's, Debian's, and bash. */
export const SHELLS = ['busybox', 'dash', 'bash'].filter((name) => program(name) !== undefined)

/** Whether this machine has IPv6, if only on its loopback: a container often has not. */
export const IPV6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({family}) => family === 'IPv6'),
)

/** What the script takes for granted, beside a shell. */
const BASE = ['cat', 'chmod', 'dd', 'mkdir', 'mv', 'rm', 'setsid', 'sleep', 'xargs']

/**
 * A folder to be the whole PATH of an image: `shell` as its sh, the base tools from busybox where that is the shell, and the
 * tools of the test: a file of this machine, or the text of a script.
 */
export async function image(shell: string, tools: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'netdoctor-image-'))
  const add = async (name: string, file: string) => symlink(file, join(folder, name))
  const busybox = program('busybox')
  await add('sh', program(shell) ?? shell)
  for (const name of BASE.filter((name) => !(name in tools))) {
    const own = program(name)
    if (shell === 'busybox' && busybox !== undefined) await add(name, busybox)
    else if (own !== undefined) await add(name, own)
  }
  for (const [name, tool] of Object.entries(tools)) {
    if (tool.startsWith('#!')) {
      await writeFile(join(folder, name), tool)
      await chmod(join(folder, name), 0o755)
    } else {
      await add(name, tool)
    }
  }
  return folder
}

export async function removeImage(folder: string): Promise<void> {
  await rm(folder, {recursive: true})
}

export interface Running {
  readonly child: ChildProcess
  readonly heard: Heard
  /** The script's folder in the pod. */
  readonly folder: string
  /** Everything that it has written to standard error. */
  readonly stderr: () => string
  /** With the exit code. */
  readonly ended: Promise<number | null>
}

/** Runs the real script of these sections in an image. */
export function start(path: string, sections: readonly Section[], limits: Limits): Running {
  // Of this run alone: the script's folder is named after it, and other runs may share /tmp.
  const nonce = randomBytes(8).toString('hex')
  const heard = listen(nonce, sections)
  const child = spawn(join(path, 'sh'), ['-s'], {stdio: 'pipe', env: {PATH: path}, argv0: 'sh'})
  child.stdin.write(probeScript(nonce, sections, limits))
  let rest = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    lines.forEach(heard.line)
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
  return {child, heard, folder: `/tmp/netdoctor.${nonce}`, stderr: () => stderr, ended}
}
