import script from './udp.sh?raw'
import type {Reason, Verdict} from '../model/result.ts'
import {hostAndPort} from '../address/address.ts'
import {canonicalAddress} from '../address/cidr.ts'
import {isAddressed} from './endpoint.ts'
import {elapsedUs, EXIT_CODE, fits} from './fields.ts'
import {answered, failed, silent, unmeasured} from './verdict.ts'
import type {Answer, Protocol, Question} from './protocol.ts'

/**
 * A datagram, to which only a reply counts: that it could be sent, or that no error came back, says nothing. The floater
 * replies its name, and under which address it saw the question.
 */
export const udp: Protocol = {
  name: 'udp',
  needs: ['bash|nc', 'xargs'],
  script,
  encode: ({address = '', port}) => hostAndPort(address, port),
  judge,
}

/** errno's texts (Debian's and Alpine's C libraries) and bash's where it resolves the name. The first that fits counts. */
const SIGNS: readonly (readonly [RegExp, Reason])[] = [
  [/invalid host|not known|does not resolve|name resolution|bad address/i, 'name-unresolved'],
  [/refused|not permitted/i, 'refused'],
  [/unreachable|no route/i, 'no-route'],
]

function judge(
  {fields}: Answer,
  {endpoint, expected, sourceAddresses, patience}: Question,
): Verdict | undefined {
  const [exit, start, end, wait, seen = '', error] = fields
  if (!fits(exit, EXIT_CODE) || !fits(wait, /^\d{0,4}$/) || error === undefined) return undefined
  const reply = fields.slice(6).join('\t').trim()
  const took = elapsedUs(start, end)
  const timeUs = took ?? 0
  if (reply !== '') {
    if (expected !== undefined && reply !== expected) return failed('wrong-peer', timeUs, reply.slice(0, 200))
    // Its time is that of the programs that asked more than that of the network: it is nothing to report.
    return answered(0, false, rewritten(seen, sourceAddresses))
  }
  const reason = SIGNS.find(([sign]) => sign.test(error))?.[1]
  // What stands before errno's text is the program and the file.
  if (reason) return failed(reason, timeUs, error.slice(error.lastIndexOf(': ') + 1).trim())
  if (exit === '124') return silent(timeUs, patience?.connect, '')
  if (error !== '' || !['0', '1'].includes(exit)) return unmeasured(`${error} (exit code ${exit})`.trim())
  if (wait === '') return failed('wrong-peer', timeUs, 'an empty reply')
  // An nc waits as long as it was told where nothing comes back. When an ICMP error does, it ends without a word, and with
  // exit code 1 where the kernel did not even let it send.
  if (took === undefined || took >= Number(wait) * 900_000) {
    // Some wait twice, and to resolve a name takes its own time.
    return silent(timeUs, isAddressed(endpoint) ? Number(wait) : undefined, '', 2)
  }
  return failed(exit === '0' ? 'refused' : 'connect-failed', timeUs, 'nc ended before its time')
}

/** Says under which address the peer saw the question ("192.0.2.1:4711", "[2001:db8::1]:4711"), if it is none of the source's. */
function rewritten(seen: string, sourceAddresses: readonly string[] | undefined): string {
  const address = canonicalAddress(/^\[?([^\]]+?)\]?:\d{1,5}$/.exec(seen)?.[1] ?? '')
  if (sourceAddresses === undefined || address === undefined) return ''
  return sourceAddresses.some((one) => canonicalAddress(one) === address) ? '' : `seen as ${address}`
}
