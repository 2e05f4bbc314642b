import * as z from 'zod'
import {documentCollector} from '../kubectl/documents.ts'
import type {Kubectl} from '../kubectl/kubectl.ts'
import {reasonIn} from '../kubectl/stderr.ts'
import {printableUpTo} from '../text/printable.ts'
import {FLOATER_NAME, FLOATER_PODS} from './labels.ts'
import type {Board} from './board.ts'
import {podEvent} from './pods.ts'

export interface WaitContext {
  readonly kubectl: Kubectl
  readonly namespace: string
  /** Seconds. */
  readonly podWaitTime: number
  readonly signal: AbortSignal
  /** Called whenever the board has changed. */
  readonly onChange: () => void
}

/** A watch that breaks at once is not started again more often than this; milliseconds. */
const BETWEEN_WATCHES = 1000

/**
 * Fills the board from a watch until it is settled, the time is over, or the run is interrupted. Then the events of
 * the DaemonSet are asked why nodes have no pod at all.
 */
export async function awaitFloaters(board: Board, context: WaitContext): Promise<void> {
  const {kubectl, namespace, podWaitTime, signal, onChange} = context
  const end = Date.now() + podWaitTime * 1000
  while (!board.settled() && !signal.aborted && Date.now() < end) {
    const started = Date.now()
    const done = new AbortController()
    board.reset()
    const collect = documentCollector((document) => {
      const event = podEvent(document)
      if (event) board.take(event)
      if (event && board.settled()) done.abort()
      onChange()
    })
    const {ok, stderr} = await kubectl.stream(
      [
        'get',
        'pods',
        `--namespace=${namespace}`,
        `--selector=${FLOATER_PODS}`,
        '--watch',
        '--output-watch-events',
        '-o',
        'json',
      ],
      {deadline: end - started, onLine: collect, signal: AbortSignal.any([signal, done.signal])},
    )
    if (board.settled()) return
    if (!ok && stderr !== '') board.explainAbsence(`its pods could not be watched: ${reasonIn(stderr)}`)
    await pause(Math.min(started + BETWEEN_WATCHES, end) - Date.now(), signal)
  }
  if (board.missing().some(({hasPod}) => !hasPod) && !signal.aborted) {
    const said = await lastWarning(kubectl, namespace)
    if (said !== undefined) board.explainAbsence(`no pod was created on it: ${said}`)
    onChange()
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, Math.max(0, ms))
    signal.addEventListener('abort', end, {once: true})
  })
}

const eventList = z.object({
  items: z.array(
    z.object({
      reason: z.string().default(''),
      message: z.string().default(''),
      lastTimestamp: z.string().nullish(),
    }),
  ),
})

/** What the DaemonSet controller last complained of, such as a quota or an admission webhook. */
async function lastWarning(kubectl: Kubectl, namespace: string): Promise<string | undefined> {
  const {stdout} = await kubectl.run([
    'get',
    'events',
    `--namespace=${namespace}`,
    `--field-selector=involvedObject.kind=DaemonSet,involvedObject.name=${FLOATER_NAME},type=Warning`,
    '--sort-by=.metadata.creationTimestamp',
    '-o',
    'json',
  ])
  try {
    const last = eventList.parse(JSON.parse(stdout)).items.at(-1)
    // Events outlive their cause by an hour: the time says whether this one is of today.
    return (
      last &&
      `${last.reason}: ${printableUpTo(300, last.message)} (${last.lastTimestamp ?? 'at an unknown time'})`
    )
  } catch {
    return undefined
  }
}
