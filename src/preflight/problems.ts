import {holds, type Claim} from '../floater/claim.ts'
import {FLOATER_NAMES, MANAGED_BY} from '../floater/labels.ts'
import type {NetworkPolicy} from '../model/cluster.ts'
import {listed} from '../text/wording.ts'
import type {PreflightInput} from './input.ts'
import type {Inventory} from './inventory.ts'
import {describePermission, type Permission} from './permissions.ts'
import {isLimiting} from './policies.ts'
import {unsuitability} from './suitable.ts'

/** What stands in the way in the namespace and the cluster. */
export function stateProblems(
  {namespace, floater, kinds}: PreflightInput,
  terminating: boolean,
  {daemonSets, foreignServices, nodes, quotas}: Inventory,
): string[] {
  const problems: string[] = []
  const wanted = daemonSets.filter(({name}) => kinds.some((kind) => FLOATER_NAMES[kind] === name))
  if (terminating) {
    problems.push(
      `Namespace ${namespace} is being deleted. Wait until it is gone (kubectl get namespace ${namespace}), or set another with --namespace.`,
    )
  }
  for (const {name, ours, deleting} of wanted) {
    if (!ours) {
      problems.push(
        `There is a DaemonSet ${name} in namespace ${namespace} that is not ours (it lacks the label ${MANAGED_BY.key}: ${MANAGED_BY.value}). Rename or remove it, or set another namespace with --namespace.`,
      )
    } else if (deleting) {
      problems.push(
        `The DaemonSet ${name} from last time is still being deleted. Run this again when it is gone.`,
      )
    }
  }
  for (const name of foreignServices) {
    problems.push(
      `There is a Service ${name} in namespace ${namespace} that is not ours (it lacks the label ${MANAGED_BY.key}: ${MANAGED_BY.value}). Rename or remove it, or set another namespace with --namespace.`,
    )
  }
  const suitable = nodes.filter((node) => unsuitability(node, floater) === undefined).length
  const needed = suitable * (kinds.length - wanted.length)
  for (const {name, podsLeft} of quotas) {
    if (needed > 0 && podsLeft < needed) {
      problems.push(
        `ResourceQuota ${name} in namespace ${namespace} leaves room for ${podsLeft} pods, and ${needed} floaters are needed.`,
      )
    }
  }
  return problems
}

/** The claim of another run that holds at this moment. */
export async function claimOfAnother(
  {daemonSets}: Inventory,
  now: number,
  isOver: PreflightInput['isOver'],
): Promise<Claim | undefined> {
  for (const {ours, claim} of daemonSets) {
    if (ours && claim !== undefined && holds(claim, now) && !(await isOver(claim.run))) return claim
  }
  return undefined
}

/** What may come between the floaters. */
export interface Guards {
  readonly policies: readonly NetworkPolicy[]
  /** What webhooks would put into their pods. */
  readonly sidecars: readonly string[]
}

/** Worth telling, but no reason to stop. */
export function warningsAbout(
  namespace: string,
  {cpuLimits}: Inventory,
  {policies, sidecars}: Guards,
  missing: readonly Permission[],
): string[] {
  const blind = missing.filter(({optional}) => optional).map(describePermission)
  const limiting = policies.filter(isLimiting).map(({name}) => name)
  return [
    ...cpuLimits.map(
      ({name, cpu}) =>
        `LimitRange ${name} in namespace ${namespace} limits the floaters to ${cpu} of CPU: probes may be slow, and slow ones unstable.`,
    ),
    ...(limiting.length > 0
      ? [
          `NetworkPolicies in namespace ${namespace} may apply to the floaters and block probes: ${listed(limiting)}.`,
        ]
      : []),
    ...(sidecars.length > 0
      ? [
          `Something puts containers of its own into the floaters' pods in namespace ${namespace}: ${listed(sidecars)}. Where they take TCP, it is them that is measured.`,
        ]
      : []),
    ...(blind.length > 0 ? [`You may not ${listed(blind)}; messages will explain less.`] : []),
  ]
}
