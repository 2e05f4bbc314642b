import type {Board} from '../floater/board.ts'
import type {FloaterKind} from '../model/cluster.ts'
import {printable} from '../text/printable.ts'
import {duration, listed} from '../text/wording.ts'
import {FOLLOW_UP_LIMIT} from './follow-up.ts'

/** `12/15 ready; without: node-c (ImagePullBackOff ...)`. */
export function describeBoard(board: Board, expected: number, kind: FloaterKind): string {
  const missing = board.missing().map(({node, obstacle}) => `${node} (${obstacle.text})`)
  return (
    `${board.ready()}/${expected} ready${KIND_WORDS[kind]}` +
    (missing.length > 0 ? `; without: ${printable(listed(missing, 3))}` : '')
  )
}

const KIND_WORDS: Readonly<Record<FloaterKind, string>> = {
  pod: '',
  host: ' in the host network',
  neighbour: ' as neighbours',
}

/** Counts the probes of one cluster's sources. */
export interface ProbeCounter {
  readonly show: () => void
  readonly probed: (more: number) => void
  readonly failed: (more: number) => void
  readonly pass: (which: 'first' | 'second' | 'slow' | 'done' | 'follow-up') => void
}

/** `4,200/9,801, 1,730/s, 2.4 s, 14 not SUCCEEDED so far`. */
export function probeCounter(size: number, now: () => Date, tell: (text: string) => void): ProbeCounter {
  const started = now().getTime()
  let [probed, failed, pass] = [0, 0, 'first']
  const show = () => {
    const elapsed = Math.max(1, now().getTime() - started)
    const rate = Math.round((probed * 1000) / elapsed)
    tell(
      [
        `${probed.toLocaleString('en')}/${size.toLocaleString('en')}`,
        ...(rate > 0 ? [`${rate.toLocaleString('en')}/s`] : []),
        duration(elapsed),
        ...(failed > 0 ? [`${failed.toLocaleString('en')} not SUCCEEDED so far`] : []),
        ...(pass === 'second' ? ['probing what failed again'] : []),
        ...(pass === 'slow' ? ['probing what was slow again'] : []),
        ...(pass === 'follow-up' ? [`asking why, for at most ${FOLLOW_UP_LIMIT / 1000} s`] : []),
      ].join(', '),
    )
  }
  return {
    show,
    probed: (more) => {
      probed = Math.min(size, probed + more)
      show()
    },
    failed: (more) => {
      failed += more
      show()
    },
    pass: (which) => {
      pass = which
      show()
    },
  }
}
