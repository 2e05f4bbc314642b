import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdir} from 'node:fs/promises'
import {dirname} from 'node:path'
import {CLEAN_ENV} from './run.ts'

/**
 * Runs the action while no other process holds the same lock. flock(1) holds it as long as its stdin is open,
 * so a run that is killed lets it go.
 */
export async function withLock<T>(path: string, action: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), {recursive: true})
  const holder = spawn('flock', ['--exclusive', path, 'sh', '-c', 'echo held; exec cat'], {
    env: CLEAN_ENV,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(holder, 'exit')
  try {
    await Promise.race([
      once(holder.stdout, 'data'),
      ended.then(() => Promise.reject(new Error(`cannot lock ${path}`))),
    ])
    return await action()
  } finally {
    holder.stdin.end()
    await ended
  }
}
