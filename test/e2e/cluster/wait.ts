import {open} from 'node:fs/promises'
import {setTimeout as sleep} from 'node:timers/promises'

export interface WaitOptions {
  /** milliseconds */
  limit: number
  /** milliseconds between two looks */
  every?: number
  /** What to look at when the limit is reached: its last lines become part of the error. */
  logs?: readonly string[]
}

/** Looks again and again until the condition returns something, and tells why not when the limit is reached. */
export async function waitFor<T>(
  what: string,
  look: () => Promise<T | undefined>,
  {limit, every = 100, logs = []}: WaitOptions,
): Promise<T> {
  const end = Date.now() + limit
  let lastError = ''
  for (;;) {
    try {
      const found = await look()
      if (found !== undefined) return found
    } catch (error) {
      lastError = error instanceof Error ? error.message : String(error)
    }
    if (Date.now() >= end) break
    await sleep(every)
  }
  const tails = await Promise.all(logs.map(async (log) => `\n--- ${log}\n${await tail(log)}`))
  throw new Error(`${what}: not within ${limit / 1000} s. ${lastError}${tails.join('')}`)
}

/** The last lines of a file, or why there are none. */
async function tail(path: string): Promise<string> {
  const bytes = 3000
  try {
    const file = await open(path)
    try {
      const {size} = await file.stat()
      const {buffer, bytesRead} = await file.read(Buffer.alloc(bytes), 0, bytes, Math.max(0, size - bytes))
      return buffer.toString('utf8', 0, bytesRead)
    } finally {
      await file.close()
    }
  } catch (error) {
    return String(error)
  }
}
