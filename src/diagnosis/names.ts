import type {Plan} from '../model/plan.ts'
import {naturally} from '../text/order.ts'
import {printable} from '../text/printable.ts'

/** Names of nodes as sentences have them: the cluster in front, where there are several. */
export function namesOf({nodes}: Plan): (node: number) => string {
  const several = new Set(nodes.map(({cluster}) => cluster)).size > 1
  return (index) => {
    const {cluster = '', name = ''} = nodes[index] ?? {}
    return printable(several ? `${cluster}/${name}` : name)
  }
}

/** `12 %`; never more than it is: `fewer than 1 %`, `more than 99 %`. */
export function percent(part: number, all: number): string {
  const share = (100 * part) / all
  if (part === all) return '100 %'
  if (share < 1) return 'fewer than 1 %'
  return share > 99 ? 'more than 99 %' : `${Math.round(share)} %`
}

/** `TCP`, `TCP and UDP`, in natural order. */
export function joined(words: Iterable<string>): string {
  const sorted = [...new Set(words)].sort(naturally)
  return sorted.length < 2 ? sorted.join('') : `${sorted.slice(0, -1).join(', ')} and ${sorted.at(-1) ?? ''}`
}
