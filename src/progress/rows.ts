import {Listr, ListrLogger, ProcessOutput} from 'listr2'
import type {Progress} from '../run/progress.ts'

export interface Rows extends Progress {
  /** Ends the rows that were not reached, and gives the cursor back. */
  readonly close: () => Promise<void>
}

/** For -q. */
export const silentRows: Rows = {
  during: (_, work) => work(() => undefined),
  close: () => Promise.resolve(),
}

/** How often a counter may change on the screen; milliseconds. */
const TICK = 100

interface Row {
  say: Throttled
  readonly done: PromiseWithResolvers
  started: boolean
}

/** A row a stage on a terminal, plain lines where there is none; both on the given stream. */
export function rowsOn(stream: NodeJS.WriteStream, titles: readonly string[], color: boolean): Rows {
  const rows = new Map<string, Row>(
    titles.map((title) => [title, {say: unheard, done: withResolvers(), started: false}]),
  )
  const logger = new ListrLogger({processOutput: new ProcessOutput(stream, stream), useIcons: color})
  const listr = new Listr(
    [...rows].map(([title, row]) => ({
      title,
      task: async (_: unknown, task: {title: string; skip: (message?: string) => void}) => {
        row.say = atMostEvery(TICK, (text) => (task.title = `${title}: ${text}`))
        await row.done.promise
        if (!row.started) task.skip(title)
      },
    })),
    {
      renderer: stream.isTTY ? 'default' : 'simple',
      rendererOptions: {logger, formatOutput: 'truncate'},
      exitOnError: false,
      // Its own handler ends the process with 127 and skips every `finally`.
      registerSignalListeners: false,
    },
  )
  const shown = listr.run()
  return {
    async during(title, work) {
      const row = rows.get(title)
      if (row === undefined) throw new Error(`There is no row "${title}"`)
      row.started = true
      try {
        const value = await work((text) => row.say.later(text))
        row.say.now()
        row.done.resolve()
        return value
      } catch (error) {
        row.done.reject(error as Error)
        throw error
      }
    },
    async close() {
      for (const row of rows.values()) row.done.resolve()
      await shown
    },
  }
}

interface PromiseWithResolvers {
  readonly promise: Promise<void>
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/** Promise.withResolvers needs Node 22. */
function withResolvers(): PromiseWithResolvers {
  let [resolve, reject]: [() => void, (error: Error) => void] = [() => undefined, () => undefined]
  const promise = new Promise<void>((yes, no) => {
    resolve = yes
    reject = no
  })
  // listr shows the error; whoever runs the stage gets it too.
  promise.catch(() => undefined)
  return {promise, resolve, reject}
}

interface Throttled {
  readonly later: (text: string) => void
  /** Shows what is still waiting to be shown. */
  readonly now: () => void
}

const unheard: Throttled = {later: () => undefined, now: () => undefined}

/** Passes texts on, the first at once, later ones at most every `ms`. */
function atMostEvery(ms: number, show: (text: string) => void): Throttled {
  let latest: string | undefined
  let timer: NodeJS.Timeout | undefined
  const flush = () => {
    timer = undefined
    if (latest === undefined) return
    show(latest)
    latest = undefined
    timer = setTimeout(flush, ms).unref()
  }
  return {
    later(text) {
      latest = text
      if (timer === undefined) flush()
    },
    now() {
      clearTimeout(timer)
      flush()
      clearTimeout(timer)
    },
  }
}
