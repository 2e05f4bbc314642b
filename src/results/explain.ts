import type {Plan, Probe} from '../model/plan.ts'
import type {Results, Verdict} from '../model/result.ts'
import {hostAndPort} from '../address/address.ts'
import {printable, printableUpTo} from '../text/printable.ts'
import {duration} from '../text/wording.ts'
import {verdictAt} from './store.ts'

/** One readable sentence about a probe that is not plainly SUCCEEDED; empty for one that is. */
export function explain(plan: Plan, results: Results, {id, source, endpoint}: Probe): string {
  const verdict = verdictAt(results, id, endpoint.address)
  const {address = '', port} = endpoint
  const target = hostAndPort(address, port)
  return sentence(verdict, target, printable(plan.nodes[source]?.name ?? ''))
}

function sentence({reason, raw, unstable, timeUs}: Verdict, target: string, source: string): string {
  const said = printableUpTo(300, raw)
  switch (reason) {
    case 'answered':
      return unstable
        ? `answered, but only when repeated or after a lost packet (connected in ${duration(timeUs / 1000)})`
        : ''
    case 'timeout':
      // curl's "Operation timed out after" is about the answer, everything else about the connection: musl's text for
      // ETIMEDOUT is "Operation timed out".
      return said.startsWith('Operation timed out after')
        ? `${target} gave no whole answer within ${duration(timeUs / 1000)}`
        : `no connection to ${target} within ${duration(timeUs / 1000)}`
    case 'refused':
      return `${target} refused the connection: nothing listens there, or a policy rejects it`
    case 'no-route':
      return `no route from the pod to ${target}: ${said}`
    case 'connect-failed':
      return `could not connect to ${target}: ${said}`
    case 'reset':
      return `${target} closed the connection without a whole answer: ${said}`
    case 'wrong-peer':
      return `something else than the floater answers at ${target}: ${said}`
    case 'name-unresolved':
      return `the pod's resolver found no address for ${target}: ${said}`
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
      return `not measured from node ${source}: ${said}`
    case 'tool-missing':
      return `not measured from node ${source}: ${said}`
    case 'probe-error':
      return `not measured from node ${source}: ${said}`
    case 'not-tested':
      return 'not tested'
  }
}
