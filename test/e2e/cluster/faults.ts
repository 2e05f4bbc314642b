import type {Fault} from './fault.ts'
import type {FaultSteps} from './fault-steps.ts'
import {HOST_FAULTS} from './host-faults.ts'
import {IPV6_FAULTS} from './ipv6-faults.ts'
import type {Layout} from './layout.ts'
import {LINK_FAULTS} from './link-faults.ts'
import {NETWORK_FAULTS} from './network-faults.ts'
import {PROCESS_FAULTS} from './process-faults.ts'
import {SIZE_FAULTS} from './size-faults.ts'

/** Everything that can be broken on purpose, each with what takes exactly that back. */
export const FAULTS = {
  ...NETWORK_FAULTS,
  ...HOST_FAULTS,
  ...IPV6_FAULTS,
  ...SIZE_FAULTS,
  ...LINK_FAULTS,
  ...PROCESS_FAULTS,
}

export type FaultName = keyof typeof FAULTS

/** What a fault does, or a sentence about what is wrong with the request. */
export function faultSteps(
  layout: Layout,
  name: string,
  args: readonly string[],
  neighbours: readonly Layout[],
): FaultSteps {
  const fault: Fault | undefined = Object.hasOwn(FAULTS, name) ? FAULTS[name as FaultName] : undefined
  if (fault === undefined)
    throw new Error(`there is no fault "${name}", but ${Object.keys(FAULTS).join(', ')}`)
  if (args.length !== fault.args.length) throw new Error(`usage: fault ${[name, ...fault.args].join(' ')}`)
  return fault.steps(layout, args, neighbours)
}
