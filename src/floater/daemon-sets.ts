import * as z from 'zod'
import type {Kubectl, RunOptions} from '../kubectl/kubectl.ts'
import {parseJson} from '../kubectl/parse.ts'
import {reasonIn} from '../kubectl/stderr.ts'
import {UserError} from '../model/error.ts'
import {claimIn, type Claim} from './claim.ts'
import {MANAGED_BY_US} from './labels.ts'

export const DAEMON_SETS = 'daemonsets.apps'

/** A DaemonSet of ours, and who claims its floaters or has claimed them. */
export interface ClaimedDaemonSet {
  readonly name: string
  readonly claim: Claim | undefined
  /** It is being deleted. */
  readonly leaving: boolean
}

const listSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({
        name: z.string(),
        annotations: z.record(z.string(), z.string()).default({}),
        deletionTimestamp: z.string().optional(),
      }),
    }),
  ),
})

/** Every DaemonSet of ours in the namespace, of whatever kind of floater. Throws a UserError where the server does not tell. */
export async function ourDaemonSets(
  kubectl: Kubectl,
  namespace: string,
  options: Pick<RunOptions, 'deadline'> = {},
): Promise<ClaimedDaemonSet[]> {
  const args = ['get', DAEMON_SETS, `--namespace=${namespace}`, `--selector=${MANAGED_BY_US}`, '-o', 'json']
  const result = await kubectl.run(args, options)
  const command = `kubectl ${args.join(' ')}`
  if (!result.ok) throw new UserError(3, `Could not run \`${command}\`: ${reasonIn(result.stderr)}`)
  const {items} = parseJson(listSchema, result, command)
  return items.map(({metadata: {name, annotations, deletionTimestamp}}) => ({
    name,
    claim: claimIn(annotations),
    leaving: deletionTimestamp !== undefined,
  }))
}
