import {setTimeout} from 'node:timers/promises'
import type {Kubectl} from '../kubectl/kubectl.ts'
import {reasonIn} from '../kubectl/stderr.ts'
import {UserError} from '../model/error.ts'
import {printable} from '../text/printable.ts'
import {listed} from '../text/wording.ts'
import {MANAGED_BY_US} from './labels.ts'

/** How long deleted objects may take to be gone; seconds. */
const PATIENCE = 90
/** Milliseconds from one look to the next: a third of the time that it has taken so far, within these bounds. */
const [SHORTEST, LONGEST] = [250, 1000]

/**
 * Looks until nothing is left. `kubectl delete --wait` would need the rights to get and watch, and without them not wait at
 * all. The look may throw.
 */
export async function awaitGone(look: () => Promise<readonly string[]>): Promise<void> {
  const start = Date.now()
  for (;;) {
    const left = await look()
    if (left.length === 0) return
    const taken = Date.now() - start
    if (taken > PATIENCE * 1000) {
      throw new UserError(
        3,
        `Still there after ${PATIENCE} s: ${listed(left)}. A pod on a node that does not answer stays until the node is back or removed, and one that no DaemonSet owns any more until somebody deletes it: kubectl delete pods --selector=${MANAGED_BY_US}`,
      )
    }
    await setTimeout(Math.min(LONGEST, Math.max(SHORTEST, taken / 3)))
  }
}

/** What there is of a kind, as `kind/name`. Throws a UserError where the server does not tell. */
export async function namesOfLeft(kubectl: Kubectl, what: readonly string[]): Promise<string[]> {
  const args = ['get', ...what, '-o', 'name']
  const {ok, stdout, stderr} = await kubectl.run(args)
  if (!ok) throw new UserError(3, `Could not run \`kubectl ${args.join(' ')}\`: ${reasonIn(stderr)}`)
  return stdout.split('\n').map(printable).filter(Boolean)
}
