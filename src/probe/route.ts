import {isIP} from 'node:net'
import script from './route.sh?raw'
import type {Route} from '../model/follow-up.ts'
import {linesFrom} from '../protocols/fields.ts'
import type {Reply} from './exec.ts'
import type {Section} from './script.ts'

/** Asks for the way to an address. */
export function routeTo(address: string): Section {
  return {
    protocol: {name: 'route', needs: ['traceroute|tracepath', 'xargs'], script},
    check: 'reply',
    targets: [address],
  }
}

/** " 1  192.0.2.1  0.3 ms" and " 2  *" (traceroute), " 1:  192.0.2.1  0.3ms" and " 2:  no reply" (tracepath). */
const HOP = /^\s*(\d{1,2})\??:?\s+(\*|no reply|\S+)/
/** As many as are asked for. */
const MOST_HOPS = 5

/** The addresses on the way, as the answer to the only job of a section has them; a cause where there are none. */
export function routeIn({answer, obstacle, trouble}: Reply, section: number): Route {
  const heard = answer(section, 0)
  if (heard === undefined) return {cause: obstacle(section, 0)?.raw ?? trouble.raw}
  const lines = linesFrom(heard.fields, 1)
  const hops: string[] = []
  for (const line of lines) {
    const [, number, who = ''] = HOP.exec(line) ?? []
    // tracepath tells of its own machine first, and twice of one hop where it learns something.
    if (number === undefined || who === '[LOCALHOST]') continue
    const at = Number(number) - 1
    if (at < 0 || at >= MOST_HOPS) continue
    while (hops.length <= at) hops.push('')
    // Behind a link-local address stands the interface.
    const [address = ''] = who.split('%', 1)
    if (isIP(address) > 0) hops[at] = address
  }
  if (hops.length > 0) return {hops}
  const said = lines.join(' ').trim()
  return {cause: said === '' ? 'traceroute said nothing' : said}
}
