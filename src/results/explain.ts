import type {Plan, Probe} from '../model/plan.ts'
import type {Results, Verdict} from '../model/result.ts'
import {hostAndPort} from '../address/address.ts'
import {printable, printableUpTo} from '../text/printable.ts'
import {duration} from '../text/wording.ts'
import {isSizing, verdictAt} from './store.ts'

/** One readable sentence about a probe of which there is something to say; empty for one that is plainly SUCCEEDED. */
export function explain(plan: Plan, results: Results, probe: Probe): string {
  const verdict = verdictAt(results, probe.id, probe.endpoint.address)
  return sentence(verdict, probe, printable(plan.nodes[probe.source]?.name ?? ''))
}

function sentence(verdict: Verdict, probe: Probe, source: string): string {
  const target = targetOf(probe)
  const said = printableUpTo(300, verdict.raw)
  switch (verdict.reason) {
    case 'answered':
      return reservation(verdict, probe, said)
    case 'timeout':
      return silence(verdict, probe, target)
    case 'refused':
      return refusal(probe, target, said)
    case 'no-route':
      return `no route from the pod to ${target}: ${said}`
    case 'connect-failed':
      return `could not connect to ${target}: ${said}`
    case 'reset':
      return `${target} closed the connection without a whole answer: ${said}`
    case 'wrong-peer':
      return `something else than the floater answers at ${target}: ${said}`
    case 'name-unresolved':
      return probe.block.protocol === 'dns'
        ? `${target} has no address for ${lookupOf(probe)}: ${said}`
        : `the pod's resolver found no address for ${target}: ${said}`
    case 'dns-error':
      return `${target} could not look up ${lookupOf(probe)}: ${said}`
    case 'loss':
      return `packets to ${target} get lost, or their replies: ${said}`
    case 'mtu':
      if (isSizing(probe.block))
        return `packets to ${target} are held up by their size: ${said}. Most often an MTU leaves no room for the header of an overlay or tunnel`
      return `${target} answers small requests but not one of several full packets: an MTU on the way is too small for them`
    case 'no-floater':
    case 'node-gone':
      return said
    case 'no-address':
    case 'shared-address':
    case 'floater-replaced':
      return `not measured: ${said}`
    case 'exec-failed':
      return `node ${source} could not probe, exec failed: ${said}`
    case 'lost-output':
    case 'tool-missing':
    case 'tool-unable':
    case 'probe-error':
    case 'overloaded':
      return `not measured from node ${source}: ${said}`
    case 'not-tested':
      return 'not tested'
  }
}

function targetOf({endpoint: {address, port}, block}: Probe): string {
  switch (block.protocol) {
    case 'icmp':
      return address ?? ''
    case 'dns':
      return address === undefined ? "the pod's own name server" : `the name server ${address}`
    case 'tcp':
    case 'udp':
      return hostAndPort(address ?? '', port)
  }
}

function lookupOf({endpoint}: Probe): string {
  return printable(endpoint.lookup ?? '')
}

/** What is to be said of a success. */
function reservation({unstable, timeUs, raw}: Verdict, {block}: Probe, said: string): string {
  if (isSizing(block)) return `${unstable ? 'only when repeated, ' : ''}packets of up to ${said} bytes pass`
  const time = block.protocol === 'tcp' ? ` (connected in ${duration(timeUs / 1000)})` : ''
  const reservations = [
    ...(unstable ? [`only sometimes or after a lost packet${time}`] : []),
    ...(raw === '' ? [] : [`the source address was rewritten on the way: ${said}`]),
  ]
  return reservations.length === 0 ? '' : `answered, but ${reservations.join(', and ')}`
}

function silence({timeUs, raw}: Verdict, {block}: Probe, target: string): string {
  const waited = timeUs === 0 ? 'in time' : `within ${duration(timeUs / 1000)}`
  if (block.protocol === 'icmp') return `no reply from ${target} to any ping`
  if (block.protocol !== 'tcp') return `no reply from ${target} ${waited}`
  // curl's "Operation timed out after" is about the answer, everything else about the connection: musl's text for
  // ETIMEDOUT is "Operation timed out".
  return raw.startsWith('Operation timed out after')
    ? `${target} gave no whole answer ${waited}`
    : `no connection to ${target} ${waited}`
}

function refusal({block}: Probe, target: string, said: string): string {
  switch (block.protocol) {
    case 'tcp':
      return `${target} refused the connection: nothing listens there, or a policy rejects it`
    case 'udp':
      return `${target} takes no datagrams: nothing listens there, or a policy rejects them`
    case 'icmp':
      return `ping to ${target} is rejected, by a policy most likely: ${said}`
    case 'dns':
      return `${target} refuses to answer: ${said}`
  }
}
