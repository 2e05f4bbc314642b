import script from './icmp.sh?raw'
import type {Reason, Verdict} from '../model/result.ts'
import {packetSize, sizeVerdict} from './packet-size.ts'
import {EXIT_CODE, fits, linesFrom} from './fields.ts'
import {answered, failed, unmeasured} from './verdict.ts'
import type {Answer, Protocol, Question} from './protocol.ts'

/**
 * A handful of echo requests; all must come back. That some are lost is a fault of its own: most of what runs over such a
 * path still works, but slowly. `mtu` finds the largest packet that passes without being cut into fragments.
 */
export const icmp: Protocol = {
  name: 'icmp',
  needs: ['ping', 'xargs'],
  script,
  encode: ({address = ''}) => address,
  judge,
}

/** "5 packets transmitted, 3 received" (iputils), "5 packets transmitted, 3 packets received" (busybox). */
const SUMMARY = /^(\d{1,6}) packets transmitted, (\d{1,6}) (?:packets )?received/
/** "rtt min/avg/max/mdev = 0.003/0.006/0.019/0.006 ms" (iputils), "round-trip min/avg/max = 0.008/0.051/0.225 ms" (busybox). */
const ROUND_TRIP = /^(?:rtt|round-trip) min\/avg\/max.* = [\d.]+\/([\d.]+)\//

/**
 * What ping says where nothing comes back: its own words, those of the C library for what the kernel refuses, and those for
 * the ICMP errors of routers (iputils, ping/ping.c and ping6_common.c). The first that fits counts.
 */
const SIGNS: readonly (readonly [RegExp, Reason])[] = [
  [
    /bad address|unknown host|not known|does not resolve|name resolution|no address associated/i,
    'name-unresolved',
  ],
  [/prohibited|filtered|port unreachable|policy/i, 'refused'],
  // Said of sending; said of the socket, or of ping itself, it is no fault of the network.
  [/(?:sendmsg|sendto|connect): (?:operation not permitted|permission denied)/i, 'refused'],
  [/unreachable|no route|time to live exceeded|time exceeded|hop limit|beyond scope/i, 'no-route'],
]

function judge({fields}: Answer, {check}: Question): Verdict | undefined {
  const [exit] = fields
  if (!fits(exit, EXIT_CODE)) return undefined
  return check === 'mtu' ? judgeSize(exit, fields) : judgeReplies(exit, linesFrom(fields, 1))
}

/** Where no size was found, what the last ping said counts; that is never a success. */
function judgeSize(exit: string, fields: readonly string[]): Verdict | undefined {
  const [, own, found, told] = fields
  if (fields.length < 5) return undefined
  const [taken, largest] = [packetSize(own), packetSize(found)]
  if (taken !== undefined && largest !== undefined) {
    if (told !== 'learnt') return sizeVerdict({taken, largest, told: told !== ''})
    return unmeasured(
      `at most 10 minutes ago a router turned back more than ${largest} bytes, and until the kernel has forgotten that, it sends nothing larger. Ask again then`,
    )
  }
  const verdict = judgeReplies(exit, linesFrom(fields, 4))
  return verdict.status === 'SUCCEEDED' ? unmeasured('no size was found') : verdict
}

function judgeReplies(exit: string, lines: readonly string[]): Verdict {
  const summary = firstMatch(lines, SUMMARY)
  const sent = Number(summary?.[1] ?? 0)
  const received = Number(summary?.[2] ?? 0)
  if (sent > 0 && received >= sent) {
    return answered(Math.round(Number(firstMatch(lines, ROUND_TRIP)?.[1] ?? 0) * 1000))
  }
  if (received > 0) return failed('loss', 0, `${sent - received} of ${sent} lost`)
  // The other lines repeat what was asked, and a name may say anything.
  const said = lines.filter((line) => !/^(?:PING |--- )/.test(line) && !SUMMARY.test(line))
  for (const [sign, reason] of SIGNS) {
    const line = said.find((one) => sign.test(one))
    if (line !== undefined) return failed(reason, 0, line)
  }
  if (sent > 0) return failed('timeout', 0, `${sent} of ${sent} lost`)
  // What had to be ended was still busy with the name: everything else of ping has its limits.
  if (exit === '124') return failed('name-unresolved', 0, 'the resolver did not answer in time')
  return unmeasured(`${said.join(' ')} (ping exit code ${exit})`)
}

function firstMatch(lines: readonly string[], pattern: RegExp): RegExpExecArray | undefined {
  for (const line of lines) {
    const match = pattern.exec(line)
    if (match) return match
  }
  return undefined
}
