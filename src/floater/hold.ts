import type {Kubectl} from '../kubectl/kubectl.ts'
import {CLAIM_LASTS, claimAnnotations, claimPatch} from './claim.ts'

/** The floaters of a namespace in the hands of one run. */
export interface Hold {
  /** What the DaemonSets carry from now on; the claim is renewed until `release`. */
  readonly begin: () => Record<string, string>
  /** Renews the claim; false where another run, or somebody's `clean`, has taken the floaters. */
  readonly renew: () => Promise<boolean>
  /** Gives them back; false where another run had taken them. */
  readonly release: () => Promise<boolean>
}

export interface Holder {
  readonly kubectl: Kubectl
  /** Goes on for a moment when the run was interrupted. */
  readonly lastKubectl: Kubectl
  readonly namespace: string
  /** The DaemonSets. */
  readonly names: readonly string[]
  readonly run: string
  /** The server's time; milliseconds. */
  readonly now: () => number
}

/** Three chances before a claim ends. Milliseconds. */
const BETWEEN_RENEWALS = CLAIM_LASTS / 3

export function holdOf({kubectl, lastKubectl, namespace, names, run, now}: Holder): Hold {
  let renewals: NodeJS.Timeout | undefined
  let lost = false
  const patch = async (by: Kubectl, until: number | undefined) => {
    const {ok, stderr} = await by.run(
      ['patch', '-f', '-', '--type=json', '-p', JSON.stringify(claimPatch(run, until)), '-o', 'name'],
      {input: JSON.stringify({apiVersion: 'v1', kind: 'List', items: names.map(named)})},
    )
    // A server that does not answer has not said that they are another's.
    lost ||= !ok && /\bis invalid\b|\bNotFound\b/.test(stderr)
  }
  const named = (name: string) => ({apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: {name, namespace}})
  const renew = async () => {
    if (!lost) await patch(kubectl, now() + CLAIM_LASTS)
    return !lost
  }
  return {
    begin() {
      renewals ??= setInterval(() => void renew(), BETWEEN_RENEWALS)
      return claimAnnotations({run, since: now(), until: now() + CLAIM_LASTS})
    },
    renew,
    async release() {
      if (renewals === undefined) return true
      clearInterval(renewals)
      if (!lost) await patch(lastKubectl, undefined)
      return !lost
    },
  }
}
