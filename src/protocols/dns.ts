import {isIP} from 'node:net'
import script from './dns.sh?raw'
import type {Reason, Verdict} from '../model/result.ts'
import type {Endpoint} from '../model/plan.ts'
import {elapsedUs, EXIT_CODE, fits, linesFrom} from './fields.ts'
import {answered, failed, unmeasured} from './verdict.ts'
import type {Answer, Protocol} from './protocol.ts'

/** Looks a name up, at a name server or as the pod itself does; only an address of that name counts. */
export const dns: Protocol = {
  name: 'dns',
  needs: ['nslookup|dig', 'xargs'],
  script,
  encode: ({lookup = '', address, port}: Endpoint) =>
    `${lookup}@${address === undefined ? '' : `${address}#${port === 0 ? 53 : port}`}`,
  judge,
}

/**
 * What nslookup (bind 9.18's and busybox 1.35's) and dig say where there is no address. The first that fits counts. What
 * comes last is the sum of what was tried, so it says least. musl's "Try again" is a name server that did not answer.
 */
const SIGNS: readonly (readonly [RegExp, Reason])[] = [
  [/: NXDOMAIN|status: NXDOMAIN/, 'name-unresolved'],
  [/: REFUSED|status: REFUSED|connection refused/i, 'refused'],
  [/(?:can't find .*|status): (?!NOERROR)[A-Z]{4,10}\b/, 'dns-error'],
  [/unreachable|no route to host/i, 'no-route'],
  [/timed out|no servers could be reached|no response from server|try again/i, 'timeout'],
  [/no answer|can't resolve|does not resolve|not known/i, 'name-unresolved'],
]

function judge({fields}: Answer): Verdict | undefined {
  const [exit, start, end] = fields
  if (!fits(exit, EXIT_CODE) || fields.length < 4) return undefined
  const lines = linesFrom(fields, 3)
  const timeUs = elapsedUs(start, end) ?? 0
  // A second name server that answers hides that the first one does not.
  if (addresses(lines).length > 0)
    // nslookup's own time is most of it: it is nothing to report.
    return answered(
      0,
      lines.some((line) => line.includes('timed out')),
    )
  for (const [sign, reason] of SIGNS) {
    const line = lines.find((one) => sign.test(one))
    if (line !== undefined) return failed(reason, timeUs, line)
  }
  if (exit === '124') return failed('timeout', timeUs, 'the lookup did not end in time')
  const said = lines.join(' ')
  if (exit === '0' && said !== '') return failed('name-unresolved', timeUs, 'the answer holds no address')
  return unmeasured(`${said === '' ? 'the lookup said nothing' : said} (exit code ${exit})`)
}

/**
 * The addresses that the answer gives the name. nslookup has those below "Name:", in three styles ("Address: A",
 * "Addresses: A, B", "Address 1: A NAME"); what stands above is the name server's own. dig: "NAME TTL IN A ADDRESS".
 */
function addresses(lines: readonly string[]): readonly string[] {
  const found: string[] = []
  let named = false
  for (const line of lines) {
    if (/^Name:\s/.test(line)) named = true
    else if (/^Server:\s/.test(line)) named = false
    const stated = /^Address(?:es)?(?: \d+)?:(.*)/.exec(line)?.[1]
    const record = /^\S+\s+\d+\s+IN\s+A(?:AAA)?\s+(\S+)$/.exec(line)?.[1]
    const words = named && stated !== undefined ? stated.split(/[,\s]/) : [record ?? '']
    found.push(...words.filter((word) => isIP(word) > 0 && word !== '0.0.0.0' && word !== '::'))
  }
  return found
}
