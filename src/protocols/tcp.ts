import script from './tcp.sh?raw'
import type {Reason, Verdict} from '../model/result.ts'
import {hostAndPort} from '../address/address.ts'
import {isAddressed} from './endpoint.ts'
import {EXIT_CODE, fits} from './fields.ts'
import type {Answer, Protocol, Question} from './protocol.ts'
import {answered, failed, silent, unmeasured} from './verdict.ts'

/** A connection that took this long lost its first SYN: Linux repeats it after 1 s (RFC 6298, section 2.1). */
const LOST_SYN_US = 900_000

/**
 * A connection and an HTTP request over it; the floater must give its own answer, so where nobody can say what that is, any
 * answer is a wrong one. Where a connection is all that is asked, what the server says, or that it says nothing, does not
 * count. `mtu` sends a request of several full packets: that small ones came through, as the connection proves, and the
 * whole was never answered, says that the large ones are lost.
 */
export const tcp: Protocol = {
  name: 'tcp',
  needs: ['curl'],
  script,
  encode: ({address, port}) => hostAndPort(address ?? '', port),
  judge,
}

/** curl's EXIT CODES, from its man page; what is not listed says that curl itself could not do its work. */
const FAILURES: Readonly<Record<string, Reason>> = {
  '6': 'name-unresolved', // "Could not resolve host"
  '1': 'wrong-peer', // "Unsupported protocol": the answer is not HTTP
  '8': 'wrong-peer', // "Weird server reply"
  '18': 'reset', // "Partial file": closed in the middle of the answer
  '28': 'timeout',
  '52': 'reset', // "The server did not reply anything"
  '55': 'reset', // "Failed sending network data"
  '56': 'reset', // "Failure in receiving network data"
}

function judge({fields, trace}: Answer, question: Question): Verdict | undefined {
  const [exit, http, connected, total, message] = fields
  const body = fields.slice(5).join('\t')
  if (!fits(exit, EXIT_CODE) || !fits(http, /^\d{3}$/) || message === undefined) return undefined
  const connectedUs = microseconds(connected)
  const totalUs = microseconds(total)
  if (connectedUs === undefined || totalUs === undefined) return undefined

  // Whatever its times say, curl's own word that there was no connection counts.
  const reached = connectedUs > 0 && exit !== '6' && exit !== '7'
  if (question.check === 'connect' && reached) return connection(connectedUs, question)
  if (exit === '0') {
    const right = http === '200' && body.trim() === question.expected
    if (right) return connection(connectedUs, question)
    return failed('wrong-peer', connectedUs, `HTTP ${http}: ${body.slice(0, 200)}`)
  }
  if (exit === '7') return failed(unreached(trace), totalUs, trace ?? message)
  // "Write error": an answer larger than any floater's; where nothing was written at all, it is this pod's own disk.
  if (exit === '23' && body !== '')
    return failed('wrong-peer', connectedUs, `HTTP ${http}: ${body.slice(0, 200)}`)
  const raw = `${message} (curl exit code ${exit})`
  const tookUs = statedUs(message) ?? totalUs
  const reason = FAILURES[exit]
  if (reason === 'timeout') {
    const verdict = silent(tookUs, patienceOf(question, connectedUs > 0), raw)
    const isOfSize = verdict.status === 'FAILED' && question.check === 'mtu' && connectedUs > 0
    return isOfSize ? failed('mtu', tookUs, raw) : verdict
  }
  return reason === undefined ? unmeasured(raw) : failed(reason, tookUs, raw)
}

/** curl's time has the lookup of a name in it, which may be slow without a packet lost. */
function connection(timeUs: number, {endpoint}: Question): Verdict {
  return answered(timeUs, isAddressed(endpoint) && timeUs >= LOST_SYN_US)
}

/** How long curl was to wait, in seconds; not where it resolves a name, which takes its own time. */
function patienceOf({endpoint, patience}: Question, isConnected: boolean): number | undefined {
  return isAddressed(endpoint) ? patience?.[isConnected ? 'whole' : 'connect'] : undefined
}

/** errno's texts, as the C libraries of Debian and Alpine have them. */
function unreached(trace: string | undefined): Reason {
  if (trace === undefined) return 'connect-failed'
  if (/refused/i.test(trace)) return 'refused'
  if (/reset/i.test(trace)) return 'reset'
  if (/no route|unreachable/i.test(trace)) return 'no-route'
  if (/timed out/i.test(trace)) return 'timeout'
  return 'connect-failed'
}

/** How long curl itself says that it tried. */
function statedUs(message: string): number | undefined {
  const ms = /\bafter (\d{1,7}) (?:ms|milliseconds)\b/.exec(message)?.[1]
  return ms === undefined ? undefined : Number(ms) * 1000
}

function microseconds(seconds: string | undefined): number | undefined {
  return fits(seconds, /^\d{1,6}\.\d{1,9}$/) ? Math.round(Number(seconds) * 1e6) : undefined
}
