import {Listr, ListrLogger, ProcessOutput} from 'listr2'
import type {Progress} from '../run/progress.ts'

export interface Rows extends Progress {
  /** Ends the rows that were not reached, and gives the cursor back. */
  readonly close: () => Promise<void>
}

export interface Style {
  readonly color: boolean
  /** Rows that move, on a terminal; else a line for each thing that happens. */
  readonly live: boolean
}

/** How often a counter may change on the screen; milliseconds. */
const TICK = 100

/** A row a stage on a terminal, plain lines where there is none; both on the given stream. Nothing is shown before the first stage. */
export function rowsOn(stream: NodeJS.WriteStream, titles: readonly string[], style: Style): Rows {
  const rows = titles.map((title): Row => ({
    title,
    reached: withResolvers(),
    stage: withResolvers(),
    started: false,
    counter: unseen,
  }))
  let shown: Promise<unknown> | undefined
  let current: Row | undefined
  return {
    async during(title, work) {
      const row = rows.find((one) => one.title === title)
      if (row === undefined) throw new Error(`There is no row "${title}"`)
      shown ??= show(rows, stream, style)
      row.started = true
      row.reached.resolve()
      current = row
      try {
        const value = await work((text) => row.counter.soon(text))
        row.counter.now()
        row.stage.resolve()
        return value
      } catch (error) {
        // Whoever runs the stage says what happened; the row only stops.
        row.stage.reject(new Error('see below'))
        throw error
      }
    },
    say(line) {
      // On a terminal the rows own the screen: a line written past them would be overwritten.
      if (shown !== undefined && style.live && current?.note) current.note(line)
      else stream.write(`${line}\n`)
    },
    async close() {
      for (const {reached, stage} of rows) {
        reached.resolve()
        stage.resolve()
      }
      await shown
      shown = undefined
    },
  }
}

/** For -q: shows nothing but what must be said. */
export function noRows(stream: NodeJS.WriteStream): Rows {
  return {
    during: (_, work) => work(() => undefined),
    say: (line) => stream.write(`${line}\n`),
    close: () => Promise.resolve(),
  }
}

interface Row {
  readonly title: string
  /** The stage has begun, or never will. */
  readonly reached: PromiseWithResolvers
  readonly stage: PromiseWithResolvers
  started: boolean
  counter: Throttled
  /** Shows a line that stays, under the row. */
  note?: (line: string) => void
}

async function show(rows: readonly Row[], stream: NodeJS.WriteStream, {color, live}: Style): Promise<void> {
  const logger = new ListrLogger({processOutput: new ProcessOutput(stream, stream), useIcons: color})
  const listr = new Listr(
    rows.map((row) => ({
      title: row.title,
      rendererOptions: {persistentOutput: true, outputBar: Infinity},
      skip: async () => {
        await row.reached.promise
        return !row.started
      },
      task: async (_: unknown, task: {title: string; output: string}) => {
        row.counter = atMostEvery(TICK, (text) => (task.title = `${row.title}: ${text}`))
        row.note = (line) => (task.output = line)
        await row.stage.promise
      },
    })),
    {
      renderer: live ? 'default' : 'simple',
      rendererOptions: {logger, formatOutput: 'truncate', showErrorMessage: false, showSkipMessage: false},
      exitOnError: true,
      // Its own handler ends the process with 127 and skips every `finally`.
      registerSignalListeners: false,
    },
  )
  // Whoever runs the stage throws its error.
  await listr.run().catch(() => undefined)
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
  readonly soon: (text: string) => void
  /** Shows what is still waiting to be shown. */
  readonly now: () => void
}

const unseen: Throttled = {soon: () => undefined, now: () => undefined}

/** Passes texts on, the first at once, later ones at most every `ms`. */
function atMostEvery(ms: number, pass: (text: string) => void): Throttled {
  let latest: string | undefined
  let timer: NodeJS.Timeout | undefined
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    if (latest === undefined) return
    pass(latest)
    latest = undefined
    timer = setTimeout(flush, ms).unref()
  }
  return {
    soon(text) {
      latest = text
      if (timer === undefined) flush()
    },
    now: flush,
  }
}
