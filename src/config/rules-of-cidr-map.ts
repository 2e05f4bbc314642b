import {formatCidr, networkOf, overlap, parseCidr, type Cidr} from '../address/cidr.ts'
import {shown, type Path, type Slip} from './slip.ts'

/** What is wrong with a cidrMap whose ranges are each right by themselves, at the entry that is wrong. */
export function cidrMapBreaches(path: Path, cidrMap: Readonly<Record<string, string>> = {}): Slip[] {
  const entries = Object.entries(cidrMap).flatMap(([from, to]) => {
    const [source, target] = [parseCidr(from), parseCidr(to)]
    return source === undefined || target === undefined ? [] : [{from, source, target}]
  })
  return entries.flatMap(({from, source, target}, index): Slip[] => {
    const other = entries.slice(0, index).find((one) => overlap(one.source, source))
    const problems = [
      ...unlike(source, target),
      ...[source, target].flatMap(hostBits),
      ...(other === undefined ? [] : [`overlaps with ${shown(other.from)}`]),
    ]
    const entry: Path = [...path, from]
    return problems.map((problem) => ({path: entry, at: 'key', say: (call) => `${call(entry)} ${problem}`}))
  })
}

function unlike(source: Cidr, target: Cidr): string[] {
  if (source.address.kind() !== target.address.kind()) return ['maps IPv4 to IPv6 or the reverse']
  if (source.prefix === target.prefix) return []
  return [`has prefix length ${source.prefix}, what it maps to has ${target.prefix}: they must be equal`]
}

function hostBits(cidr: Cidr): string[] {
  const [written, network] = [formatCidr(cidr), formatCidr(networkOf(cidr))]
  return written === network ? [] : [`has bits set after the prefix: ${written} would be ${network}`]
}
