import * as z from 'zod'
import {documentCollector} from '../kubectl/documents.ts'
import type {Kubectl} from '../kubectl/kubectl.ts'
import {pause} from '../kubectl/pause.ts'
import {reasonIn} from '../kubectl/stderr.ts'
import {printableUpTo} from '../text/printable.ts'
import type {FloaterKind} from '../model/cluster.ts'
import {FLOATER_NAMES, floaterPods} from './labels.ts'
import type {Board} from './board.ts'
import {podEvent} from './pods.ts'

export interface WaitContext {
  readonly kubectl: Kubectl
  readonly namespace: string
  readonly kind: FloaterKind
  /** Seconds. */
  readonly podWaitTime: number
  readonly signal: AbortSignal
  /** Called whenever the board has changed. */
  readonly onChange: () => void
}

/** A watch that breaks at once is not started again more often than this; milliseconds. */
const BETWEEN_WATCHES = 1000
/** A board of thousands is not described anew for each of their events; milliseconds. */
const BETWEEN_TELLINGS = 100

/**
 * Fills the board from a watch until it is settled, the time is over, or the run is interrupted. Then the namespace's
 * events are asked why nodes have no pod at all, or one that does not start.
 */
export async function awaitFloaters(board: Board, context: WaitContext): Promise<void> {
  const {kubectl, namespace, kind: floaters, podWaitTime, signal, onChange} = context
  const end = Date.now() + podWaitTime * 1000
  let told = 0
  while (!board.settled() && !signal.aborted && Date.now() < end) {
    const started = Date.now()
    const done = new AbortController()
    board.expectList()
    const collect = documentCollector((document) => {
      const event = podEvent(document)
      if (event) board.take(event)
      if (event && board.settled()) done.abort()
      if (Date.now() - told < BETWEEN_TELLINGS) return
      told = Date.now()
      onChange()
    })
    const {ok, stderr, timedOut} = await kubectl.stream(
      [
        'get',
        'pods',
        `--namespace=${namespace}`,
        `--selector=${floaterPods(floaters)}`,
        '--watch',
        '--output-watch-events',
        '-o',
        'json',
      ],
      {deadline: end - started, onLine: collect, signal: AbortSignal.any([signal, done.signal])},
    )
    if (board.settled()) return
    if (!ok && !timedOut && stderr !== '')
      board.explainAbsence(`its pods could not be watched: ${reasonIn(stderr)}`)
    await pause(Math.min(started + BETWEEN_WATCHES, end) - Date.now(), signal)
  }
  if (board.missing().some(({obstacle}) => !obstacle.hopeless) && !signal.aborted) {
    for (const {kind, name, text} of await warnings(kubectl, namespace)) {
      if (kind === 'Pod') board.explainStart(name, text)
      if (kind === 'DaemonSet' && name === FLOATER_NAMES[floaters])
        board.explainAbsence(`no pod was created on it: ${text}`)
    }
    onChange()
  }
}

const eventList = z.object({
  items: z.array(
    z.object({
      involvedObject: z.object({kind: z.string().default(''), name: z.string().default('')}),
      reason: z.string().default(''),
      message: z.string().default(''),
      lastTimestamp: z.string().nullish(),
    }),
  ),
})

interface Warning {
  readonly kind: string
  readonly name: string
  readonly text: string
}

/** What the controllers and kubelets complained of in the namespace (a quota, a CNI plugin, ...), the oldest first. */
async function warnings(kubectl: Kubectl, namespace: string): Promise<Warning[]> {
  const {stdout} = await kubectl.run([
    'get',
    'events',
    `--namespace=${namespace}`,
    '--field-selector=type=Warning',
    '--sort-by=.metadata.creationTimestamp',
    '-o',
    'json',
  ])
  try {
    return eventList
      .parse(JSON.parse(stdout))
      .items.map(({involvedObject, reason, message, lastTimestamp}) => ({
        ...involvedObject,
        // Events outlive their cause by an hour: the time says whether this one is of today.
        text: `${reason}: ${printableUpTo(300, message)} (${lastTimestamp ?? 'at an unknown time'})`,
      }))
  } catch {
    // Not allowed to list them, most often: preflight has said that messages will explain less.
    return []
  }
}
