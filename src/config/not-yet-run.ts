import type {Mode, ProtocolName} from '../model/plan.ts'
import {DEFAULTS, type ConfigFields, type FieldName} from './fields.ts'

export const RUN_MODES: readonly Mode[] = ['pod']
export const RUN_PROTOCOLS: readonly ProtocolName[] = ['tcp']

/** Fields that are checked and not run yet, and their values that are, where there are any. An entry a field. */
const NOT_YET_RUN: Readonly<Partial<Record<FieldName, readonly unknown[]>>> = {
  mode: RUN_MODES,
  protocol: RUN_PROTOCOLS,
  targetDNSServer: [],
  targetHostToLookup: [],
  sameNode: [false],
  mtu: [false],
  floater: [DEFAULTS.floater],
  image: [],
  imagePullSecrets: [],
  nodeSelector: [],
  tolerations: [],
  priorityClassName: [],
  command: [],
  answer: [],
}

/** What is not run yet, a sentence each; everything else that the schema lets pass is. */
export function notYetRun(fields: ConfigFields): string[] {
  return Object.entries(NOT_YET_RUN).flatMap(([name, run]) => {
    const value = fields[name as FieldName]
    const asked = [value].flat().filter((one) => one !== undefined && !run.includes(one))
    if (asked.length === 0) return []
    return typeof run[0] === 'string'
      ? [`${name} ${asked.map(String).join(', ')}: this version runs ${run.join(', ')} only`]
      : [`${name}: this version does not run it yet; leave it out`]
  })
}
