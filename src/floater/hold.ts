import {reasonIn} from '../kubectl/stderr.ts'
import type {Kubectl} from '../kubectl/kubectl.ts'
import {UserError} from '../model/error.ts'
import {CLAIM_LASTS, claimAnnotations, claimPatch, holds, isLater, type Claim} from './claim.ts'
import {ourDaemonSets} from './daemon-sets.ts'

/** The floaters of a namespace in the hands of one run. */
export interface Hold {
  /** Has `write` put the claim on the DaemonSets; it is renewed until `release`. */
  readonly begin: (write: (claim: Record<string, string>) => Promise<void>) => Promise<void>
  /** Whether the floaters are still this run's, and nobody else is about to probe; one request where both are so. */
  readonly confirm: () => Promise<boolean>
  readonly release: () => Promise<Release>
}

/** What became of a claim in the end: given back, another's by then, or still there and why. */
export type Release = 'given back' | 'taken' | {readonly reason: string; readonly until: number}

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
  /** Whether another run's claim counts. */
  readonly respects: (run: string) => Promise<boolean>
  readonly signal: AbortSignal
  /** Ends early, and well, when the run is interrupted. */
  readonly pause: (milliseconds: number) => Promise<void>
}

/** Three chances before a claim ends. Milliseconds. */
const BETWEEN_RENEWALS = CLAIM_LASTS / 3
/** For one request: a renewal that comes late must not outlive the release. Milliseconds. */
const REQUEST_LIMIT = 10_000
/** An API server that is away as a run ends gets so much more time, and is asked so often. Milliseconds. */
export const RELEASE_LIMIT = 15_000
const BETWEEN_RELEASES = 1000
/** Looks at the claims beside one's own, and between two of them; milliseconds. */
const LOOKS = 5
const BETWEEN_LOOKS = 1000

export function holdOf(holder: Holder): Hold {
  const {kubectl, lastKubectl, namespace, names, run, now, signal, pause} = holder
  let renewals: NodeJS.Timeout | undefined
  let renewal: Promise<unknown> = Promise.resolve()
  let own: Claim | undefined
  /** On the DaemonSets stands another run, or there are none. */
  let taken = false
  let written = false
  let gaveWay = false
  /** The latest end that the server may have been told. */
  let end = 0
  const patch = async (by: Kubectl, until: number | undefined, deadline: number, which = names) => {
    end = Math.max(end, until ?? 0)
    const {ok, stderr} = await by.run(
      ['patch', '-f', '-', '--type=json', '-p', JSON.stringify(claimPatch(run, until)), '-o', 'name'],
      {input: JSON.stringify({apiVersion: 'v1', kind: 'List', items: which.map(named)}), deadline},
    )
    // A server that does not answer has not said that they are another's.
    taken ||= !ok && /\bis invalid\b|\bNotFound\b/.test(stderr)
    return ok || taken ? undefined : reasonIn(stderr)
  }
  const named = (name: string) => ({apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: {name, namespace}})
  const renew = async () => {
    if (!taken && !gaveWay) {
      renewal = patch(kubectl, now() + CLAIM_LASTS, REQUEST_LIMIT)
      await renewal
    }
  }
  /** `kept`: what another run has not taken. */
  const giveWay = async (kept = names) => {
    gaveWay = true
    clearInterval(renewals)
    await renewal
    // The other waits for it.
    if (kept.length > 0) await patch(kubectl, undefined, REQUEST_LIMIT, kept)
  }
  return {
    async begin(write) {
      renewals ??= setInterval(() => void renew(), BETWEEN_RENEWALS)
      end = now() + CLAIM_LASTS
      // As it will be read.
      own = {run, since: Math.floor(now() / 1000) * 1000, until: end, names}
      await write(claimAnnotations(own))
      written = true
    },
    async confirm() {
      const standing = own === undefined ? 'alone' : await standingOf(own, holder)
      if (standing === 'not alone') await giveWay()
      if (typeof standing === 'object') {
        taken = true
        await giveWay(standing.kept)
      }
      // The server did not tell: it may still refuse.
      if (standing === 'unknown') await renew()
      return !taken && !gaveWay
    },
    async release() {
      if (renewals === undefined) return 'given back'
      clearInterval(renewals)
      const limit = Date.now() + RELEASE_LIMIT
      await renewal
      for (;;) {
        const reason = taken
          ? undefined
          : await patch(lastKubectl, undefined, Math.max(1000, limit - Date.now()))
        if (reason === undefined) return (taken && written) || gaveWay ? 'taken' : 'given back'
        if (signal.aborted || Date.now() + BETWEEN_RELEASES >= limit) return {reason, until: end}
        await pause(BETWEEN_RELEASES)
      }
    },
  }
}

/** `kept`: at least one of the DaemonSets is another run's, or gone, and these are not. */
type Standing = 'alone' | 'not alone' | 'unknown' | {readonly kept: readonly string[]}

/**
 * How a claim stands among the others. Of two runs that share a kind of floaters, the one that wrote last has it, and the
 * other has lost, whatever else it claims. Two that share none overwrite nothing of each other, but at least one of them
 * sees both claims. Of two that both do, the later goes on when the earlier has given way; one that looked too early has
 * not, and keeps the floaters.
 */
async function standingOf(own: Claim, holder: Holder): Promise<Standing> {
  const {kubectl, namespace, names, run, now, respects, signal, pause} = holder
  /** How many others there were when the server last told. */
  let others: number | undefined
  for (let looks = 1; ; looks++) {
    const there = await ourDaemonSets(kubectl, namespace, {deadline: REQUEST_LIMIT}).catch(unlessTold)
    const isOurs = (name: string) => there?.find((one) => one.name === name)?.claim?.run === run
    if (there !== undefined && !names.every(isOurs)) return {kept: names.filter(isOurs)}
    if (there !== undefined) others = 0
    for (const {claim} of there ?? []) {
      if (claim === undefined || claim.run === run || !holds(claim, now()) || !(await respects(claim.run)))
        continue
      if (claim.names.some((name) => names.includes(name))) continue
      if (isLater(claim, own)) return 'not alone'
      others = (others ?? 0) + 1
    }
    if (others === 0) return 'alone'
    if (looks === LOOKS || signal.aborted) return others === undefined ? 'unknown' : 'not alone'
    await pause(BETWEEN_LOOKS)
  }
}

/** What the server did not tell it may tell later. */
function unlessTold(error: unknown): undefined {
  if (!(error instanceof UserError)) throw error
}
