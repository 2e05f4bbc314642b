import {printable, printableUpTo} from '../text/printable.ts'
import {CONTAINER} from './labels.ts'
import {containerOf, portOf, type Pod} from './pods.ts'

/** What keeps a pod from being ready, in a few words, and whether it can still get better by itself. */
export interface Obstacle {
  readonly text: string
  readonly hopeless: boolean
  /** A whole sentence. */
  readonly remedy?: string
}

/** What is wrong, and what to do about it where that is known. */
export function describeObstacle({text, remedy}: Obstacle): string {
  return remedy === undefined ? text : `${text}. ${remedy}`
}

/** States of a container that the kubelet does not try to leave. Kubernetes: pkg/kubelet/images/types.go. */
const HOPELESS = ['InvalidImageName', 'ErrImageNeverPull']

/** Nothing is known to be wrong with it. */
export const STARTING: Obstacle = {text: 'its pod is still starting', hopeless: false}

export function obstacleOf(pod: Pod): Obstacle {
  const container = containerOf(pod)
  const {waiting, terminated} = container?.state ?? {}
  const image = pod.spec.containers.find(({name}) => name === CONTAINER)?.image ?? ''
  const died = terminated ?? container?.lastState.terminated
  if (pod.metadata.deletionTimestamp !== undefined) return {text: 'its pod is being deleted', hopeless: false}
  if (waiting && /image/i.test(waiting.reason)) {
    return {
      text: `${waiting.reason} ${image} (${pullError(waiting.message)})`,
      hopeless: HOPELESS.includes(waiting.reason),
      remedy: 'Set srcImageRepository to a registry that the node can reach and that has the image.',
    }
  }
  if (died) {
    const why = [died.reason, lastWords(died.message)].filter(Boolean).join(': ')
    return {
      text: `its container ended with exit code ${died.exitCode} (${printableUpTo(200, why)})`,
      hopeless: false,
      ...(/address already in use/i.test(why) ? {remedy: takenPort(pod)} : {}),
    }
  }
  if (waiting && waiting.reason !== '' && waiting.reason !== 'ContainerCreating') {
    return {text: `${waiting.reason} ${printableUpTo(200, waiting.message)}`.trim(), hopeless: false}
  }
  const scheduling = pod.status.conditions.find(
    ({type, status}) => type === 'PodScheduled' && status === 'False',
  )
  if (scheduling) {
    // What it says of preemption repeats the rest, at length.
    const why = scheduling.message.replace(/\.? (no new claims to deallocate, )?preemption: .*/s, '')
    return {
      text: `its pod is not scheduled: ${printableUpTo(200, why)}`,
      hopeless: false,
      ...(why.includes('free ports') ? {remedy: takenPort(pod)} : {}),
    }
  }
  const {phase, reason, message} = pod.status
  if (phase === 'Failed')
    return {
      text: `its pod ended: ${printableUpTo(200, [reason, message].filter(Boolean).join(': '))}`,
      hopeless: false,
    }
  return STARTING
}

/** What a container said last, which is the end of its log where it has no message: of a crash of Go's, how it begins. */
function lastWords(message: string): string {
  const lines = message.split('\n').filter((line) => line.trim() !== '')
  return lines.find((line) => /^(panic|fatal error): /.test(line)) ?? lines.at(-1) ?? ''
}

function takenPort({spec}: Pod): string {
  const port = portOf(spec)
  return `Port ${port ?? 'of the floater'} is taken on the node: set another with --port.`
}

/** The kubelet's message wraps the cause in several layers; the last one is what happened. */
function pullError(message: string): string {
  // The image's own name must not be read as a cause.
  const text = printable(message).replace(/"[^"]*"/g, '')
  if (/\bnot found\b/i.test(text)) return 'not found'
  if (/unauthorized|denied|forbidden/i.test(text)) return 'access denied'
  return (
    printableUpTo(
      160,
      printable(message)
        .split(/: (?=[^"]*$)/)
        .at(-1) ?? text,
    ) || 'no reason given'
  )
}

/** Before Kubernetes 1.31 a back-off does not repeat the error that led to it: keeps what was said before. */
export function afterPullError(now: Obstacle, before: Obstacle | undefined): Obstacle {
  const wordless = /^ImagePullBackOff .*\(Back-off pulling image "[^"]*"\)$/.test(now.text)
  if (!wordless || before === undefined || !/^(ErrImagePull|ImagePullBackOff) /.test(before.text)) return now
  return {...now, text: before.text.replace(/^ErrImagePull/, 'ImagePullBackOff')}
}
