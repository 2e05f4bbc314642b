import {diagnose} from '../diagnosis/diagnose.ts'
import type {AskContext} from '../follow-up/ask.ts'
import {followUp} from '../follow-up/follow-up.ts'
import {inquiriesOf, type Abilities} from '../follow-up/questions.ts'
import type {FollowUp} from '../model/follow-up.ts'
import type {Diagnosable} from '../model/run.ts'
import {tally} from '../results/store.ts'

/** All follow-up questions together; milliseconds. */
export const FOLLOW_UP_LIMIT = 30_000
/** Of that, what ending the last kubectls may take; milliseconds. */
const ENDING = 1500
/** For one question, in seconds: as long as a probe may take to connect. */
const PATIENCE = 3

export interface FollowUpContext extends Omit<AskContext, 'limit' | 'limits'> {
  readonly abilities: Abilities
  /** Limit of one probe, in seconds. */
  readonly probeTimeout: number
  /** Source floaters that probe at once. */
  readonly maxNum: number
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal
  /** Called where there is something to ask. */
  readonly onAsking: () => void
}

/** Asks further about what FAILED, where anything did; the results stay as they are. */
export async function followUps(run: Diagnosable, context: FollowUpContext): Promise<readonly FollowUp[]> {
  const {abilities, probeTimeout, maxNum, signal, onAsking} = context
  if (signal.aborted || tally(run.results).FAILED === 0) return []
  const inquiries = inquiriesOf(run, diagnose(run), abilities)
  if (inquiries.length === 0) return []
  onAsking()
  const own = new AbortController()
  const clock = setTimeout(() => own.abort(), FOLLOW_UP_LIMIT - ENDING)
  try {
    return await followUp(run.plan, inquiries, Math.max(1, Math.floor(maxNum / 2)), {
      ...context,
      limits: {parallel: 16, probeTimeout: Math.min(PATIENCE, probeTimeout)},
      limit: AbortSignal.any([signal, own.signal]),
    })
  } finally {
    clearTimeout(clock)
  }
}
