import {sidecarsOn} from '../diagnosis/sidecars.ts'
import type {Flavour} from '../floater/flavour.ts'
import type {Config} from '../model/config.ts'
import type {Block, Plan} from '../model/plan.ts'
import type {Results} from '../model/result.ts'
import {reach} from '../plan/modes.ts'
import {probesOf} from '../plan/plan.ts'
import {isSizing, statusAt} from '../results/store.ts'
import {listed} from '../text/wording.ts'

/** What a reader must not take for proved. */
export function caveatsOf(plan: Plan, results: Results, flavour: Flavour, config: Config): string[] {
  let [connected, across, any] = [false, false, false]
  const [anonymous, sidecars] = [new Set<string>(), new Set<string>()]
  for (const probe of probesOf(plan)) {
    if (statusAt(results, probe.id) !== 'SUCCEEDED') continue
    any = true
    const {block, endpoint} = probe
    if (block.check === 'connect') connected = true
    else if (block.protocol === 'icmp') anonymous.add('pings')
    else if (block.protocol !== 'dns' && endpoint.identity === undefined)
      anonymous.add(block.protocol.toUpperCase())
    across ||= reach(probe) === 'network'
    if (block.protocol === 'tcp')
      for (const end of Object.values(sidecarsOn(plan, probe))) for (const one of end) sidecars.add(one)
  }
  const unproved = [
    ...(config.protocols.includes('udp') ? [] : ['UDP']),
    ...(config.protocols.includes('icmp') ? [] : ['ICMP']),
    ...(config.mtu ? [] : ['large packets']),
    ...(config.mtu && !findsSizes(plan) ? ['the largest packet'] : []),
    ...(config.protocols.includes('udp') && flavour.udp ? [] : ['rewritten source addresses']),
  ]
  return [
    ...(anonymous.size > 0
      ? [
          `who answered (${[...anonymous].join(', ')}). Nothing tells one floater from another at the same address`,
        ]
      : []),
    ...(connected
      ? ['what targets that are no floaters answer. A connection is all that is asked of them']
      : []),
    ...(any && !across ? ['the network. No probe that succeeded left its own node'] : []),
    ...(sidecars.size > 0
      ? [
          `TCP as the network itself carries it. Containers that are not ours stand beside the floaters: ${listed([...sidecars])}`,
        ]
      : []),
    ...(any && unproved.length > 0
      ? [`${unproved.join(', ')}: not asked for, or not known to this floater`]
      : []),
  ]
}

/** Wherever floaters are pinged on other nodes, the largest packet is looked for, too. */
function findsSizes({blocks}: Plan): boolean {
  const pinged = blocks.filter(
    ({protocol, check, to}) =>
      protocol === 'icmp' && check === 'reply' && to !== undefined && to !== 'neighbour',
  )
  const pathOf = ({mode, ipFamily, sources, endpoints}: Block) =>
    [mode, ipFamily, sources[0], endpoints[0]?.node].join(' ')
  const sized = new Set(blocks.filter(isSizing).map(pathOf))
  return sized.size > 0 && pinged.every((block) => sized.has(pathOf(block)))
}
