import {DefaultRenderer, Listr, ListrLogger, ProcessOutput, type ListrTask} from 'listr2'
import type {Progress} from '../run/progress.ts'
import {atMostEvery, unseen, type Throttled} from './throttle.ts'

export interface Rows extends Progress {
  /** Ends the rows that were not reached, and gives the cursor back. */
  readonly close: () => Promise<void>
}

/** The rows of one cluster. */
export interface Branch {
  readonly cluster: string
  /** In the order in which they come. */
  readonly stages: readonly string[]
}

/** How often a counter may change on the screen; milliseconds. */
const TICK = 100

/** Rows that move, on a terminal: one a stage, under a row a cluster where there are several. Nothing is shown before the first stage. */
export function liveRows(stream: NodeJS.WriteStream, branches: readonly Branch[], color: boolean): Rows {
  const rows = branches.map(({cluster, stages}) => ({cluster, rows: stages.map(newRow)}))
  let shown: Promise<unknown> | undefined
  let current: Row | undefined
  return {
    async during(cluster, stage, work) {
      const row = rows.find((branch) => branch.cluster === cluster)?.rows.find(({title}) => title === stage)
      if (row === undefined) throw new Error(`There is no row "${stage}" for ${cluster}`)
      shown ??= show(rows, stream, color)
      row.started = true
      row.reached.resolve()
      current = row
      try {
        const value = await work((text) => {
          row.text = text
          row.counter.soon(text)
        })
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
      // The rows own the screen: a line written past them would be overwritten.
      if (shown !== undefined && current?.note) current.note(line)
      else stream.write(`${line}\n`)
    },
    async close() {
      for (const {reached, stage} of rows.flatMap((branch) => branch.rows)) {
        reached.resolve()
        stage.resolve()
      }
      await shown
      shown = undefined
    },
  }
}

interface Row {
  readonly title: string
  /** The stage has begun, or never will. */
  readonly reached: PromiseWithResolvers
  readonly stage: PromiseWithResolvers
  started: boolean
  /** The latest that was told; listr2 may begin to show the row only after it. */
  text: string
  counter: Throttled
  /** Shows a line that stays, under the row. */
  note?: (line: string) => void
}

function newRow(title: string): Row {
  return {title, reached: withResolvers(), stage: withResolvers(), started: false, text: '', counter: unseen}
}

/**
 * listr2 asks whether standard output is a terminal, whatever the rows are written to, and where it is none writes other
 * rows there: into the results that somebody pipes on.
 */
class RowsOnStream extends DefaultRenderer {
  static override nonTTY = true
}

async function show(
  branches: readonly {readonly cluster: string; readonly rows: readonly Row[]}[],
  stream: NodeJS.WriteStream,
  color: boolean,
): Promise<void> {
  const logger = new ListrLogger({processOutput: new ProcessOutput(stream, stream), useIcons: color})
  const [only] = branches
  const tasks: ListrTask[] =
    branches.length === 1 && only !== undefined
      ? only.rows.map(taskOf)
      : branches.map(({cluster, rows}) => ({
          title: cluster,
          task: (_, task) => task.newListr(rows.map(taskOf), {concurrent: false, exitOnError: true}),
        }))
  const listr = new Listr(tasks, {
    renderer: RowsOnStream,
    rendererOptions: {
      logger,
      formatOutput: 'truncate',
      showErrorMessage: false,
      showSkipMessage: false,
      collapseSubtasks: false,
    },
    concurrent: branches.length > 1,
    // A cluster that fails does not take the rows of the others away.
    exitOnError: branches.length === 1,
    // Its own handler ends the process with 127 and skips every `finally`.
    registerSignalListeners: false,
  })
  // Whoever runs the stage throws its error.
  await listr.run().catch(() => undefined)
}

function taskOf(row: Row): ListrTask {
  return {
    title: row.title,
    rendererOptions: {persistentOutput: true, outputBar: Infinity},
    skip: async () => {
      await row.reached.promise
      return !row.started
    },
    task: async (_, task) => {
      row.counter = atMostEvery(TICK, (text) => (task.title = `${row.title}: ${text}`))
      if (row.text !== '') row.counter.soon(row.text)
      row.note = (line) => (task.output = line)
      await row.stage.promise
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
