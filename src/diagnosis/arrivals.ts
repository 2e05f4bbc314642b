import type {FollowUp, FollowUpAnswer, PacketCounts} from '../model/follow-up.ts'
import type {ProtocolName} from '../model/plan.ts'
import type {Reason} from '../model/result.ts'
import {printableUpTo} from '../text/printable.ts'

/** Fewer than these may be somebody else's: so many requests are made at least. */
const ENOUGH = 3

/** What the target's pod counted says where requests are lost; nothing where it may have counted what others sent. */
export function arrivalClauses(
  {answers, arrivals}: FollowUp,
  protocol: ProtocolName,
  source: string,
  target: string,
): string[] {
  if (arrivals === undefined) return []
  const pod = `${target}'s pod`
  if ('cause' in arrivals)
    return [`the packet counters of ${pod} tell nothing: ${printableUpTo(160, arrivals.cause)}`]
  const reason = commonReason(answers.filter(({question}) => question === 'again'))
  const {idle, asked} = arrivals
  const isQuiet = idle.received === 0 && (idle.unread ?? 0) === 0
  if (reason === undefined || !isQuiet) return []
  const {received, unread} = asked
  const requests = `requests of ${source}`
  // A program that hangs reads nothing of what arrives.
  if (received === 0 && protocol === 'udp') {
    if (unread === undefined) return []
    if (unread > 0) return [`something arrives at ${pod} that its program does not read`]
  }
  if (received === 0) return [`${requests} do not arrive at ${pod}${ABSENT[reason]}`]
  return received < ENOUGH ? [] : [`${requests} arrive at ${pod}${present(reason, asked)}`]
}

type Telling = 'timeout' | 'no-route' | 'refused' | 'wrong-peer'

/** What is behind it where requests do not arrive. */
const ABSENT: Readonly<Record<Telling, string>> = {
  timeout: '',
  'no-route': '',
  refused: ': something on the way refuses them',
  'wrong-peer': ': something else answers in its place',
}

/** What becomes of requests that arrive. */
function present(reason: Telling, {sent, refused}: PacketCounts): string {
  switch (reason) {
    case 'timeout':
    case 'no-route':
      if (sent === 0) return ', which sends nothing back'
      return sent >= ENOUGH ? ', answers do not come back' : ''
    case 'refused':
      if (refused === 0) return ', which does not refuse them'
      return refused >= ENOUGH ? ', which refuses them' : ''
    case 'wrong-peer':
      return ''
  }
}

/** How all of them FAILED; undefined where one did not, where that says nothing, or where something came back before it broke off. */
function commonReason(asked: readonly FollowUpAnswer[]): Telling | undefined {
  const [first] = asked
  if (first === undefined || !isTelling(first.reason)) return undefined
  const isOne = asked.every(({status, reason}) => status === 'FAILED' && reason === first.reason)
  // curl says how much came of an answer where it was connected.
  return isOne && !asked.some(({raw}) => raw.includes('bytes received')) ? first.reason : undefined
}

function isTelling(reason: Reason): reason is Telling {
  return Object.hasOwn(ABSENT, reason)
}
