import type {Block} from '../../../src/model/plan.ts'
import type {Reason, Status} from '../../../src/model/result.ts'
import type {SavedReport} from '../../desk/saved.ts'

/** One probe, as report.json has it; nodes by name. */
export interface SeenProbe {
  mode: Block['mode']
  protocol: Block['protocol']
  family: Block['ipFamily']
  check: Block['check']
  /** In the pods' network or in that of the node. */
  from: 'pod' | 'host'
  source: string
  /** Undefined where the target is no node: a name, the API server. */
  destination: string | undefined
  /** For nodeport: the node whose floater answers. */
  behind: string | undefined
  status: Status
  reason: Reason
  isUnstable: boolean
}

/** Every probe of a report. Read without the program's own reader, which may be what is wrong. */
export function probesOf({nodes, blocks, columns, statuses, reasons}: SavedReport): SeenProbe[] {
  const [status, reason, unstable] = [columns.status, columns.reason, columns.unstable].map(inFull)
  const name = (index: number | undefined) => (index === undefined ? undefined : nodes[index]?.name)
  const probes = blocks.flatMap(({mode, protocol, ipFamily, check, from, sources, endpoints, picks, first}) =>
    sources
      .flatMap((source, row) => (picks?.[row] ?? endpoints.map((_, at) => at)).map((at) => ({source, at})))
      .map(({source, at}, index): SeenProbe => ({
        mode,
        protocol,
        family: ipFamily,
        check,
        from: from === 'host' ? 'host' : 'pod',
        source: name(source) ?? '',
        destination: name(endpoints[at]?.node),
        behind: name(endpoints[at]?.behind),
        status: statuses[status?.[first + index] ?? -1] as Status,
        reason: reasons[reason?.[first + index] ?? -1] as Reason,
        isUnstable: unstable?.[first + index] === 1,
      })),
  )
  if (probes.length !== columns.timeUs.length || probes.length !== status?.length)
    throw new Error(`report.json has ${columns.timeUs.length} results for ${probes.length} probes`)
  return probes
}

function inFull(lengths: readonly (readonly [value: number, count: number])[]): number[] {
  return lengths.flatMap(([value, count]) => Array.from({length: count}, () => value))
}

/** Whether a busy machine kept it from being measured; that says nothing of the network, and must not be the last word. */
export function isOverloaded({reason}: SeenProbe): boolean {
  return reason === 'overloaded'
}

/** What was overloaded, as it was found `again`; the rest, and what is not there, as it was. */
export function settled(probes: readonly SeenProbe[], again: readonly SeenProbe[]): SeenProbe[] {
  const found = new Map(again.map((probe) => [wordsOf(probe), probe]))
  return probes.map((probe) => (isOverloaded(probe) ? (found.get(wordsOf(probe)) ?? probe) : probe))
}

/** `n1>n2 nodeport>n3 tcp ipv4 reply`. */
export function wordsOf({source, destination, behind, mode, protocol, family, check}: SeenProbe): string {
  const path = behind === undefined ? mode : `${mode}>${behind}`
  return `${source}>${destination ?? '-'} ${path} ${protocol} ${family} ${check}`
}

/** `pod udp ipv6 reply`: by what it is told apart beside the nodes. */
export function pathOf({mode, protocol, family, check}: SeenProbe): string {
  return [mode, protocol, family, check].join(' ')
}
