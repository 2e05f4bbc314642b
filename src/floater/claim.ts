import {RUN_ANNOTATION} from './labels.ts'

/** What a run writes on the DaemonSets that it uses, so that another one in the same namespace is told. */
export interface Claim {
  /** The run's id. */
  readonly run: string
  /** When it began, and until when the floaters are its own unless it renews the claim; milliseconds, by the server's clock. */
  readonly since: number
  readonly until: number
  /** Every DaemonSet that it needs; none where an older version has written it. */
  readonly names: readonly string[]
}

/** How long a claim holds: what a run that was killed costs the next one. A run that goes on renews it in time. Milliseconds. */
export const CLAIM_LASTS = 90_000
/** The server says its time in whole seconds, and takes some time to say it. */
const TOLERANCE = 30_000

const SINCE = 'kubectl-netdoctor/began-at'
/** What a run needs, whether or not another has taken a part of it meanwhile. */
const NAMES = 'kubectl-netdoctor/claims'
/** There as long as a run claims the floaters. */
const UNTIL = 'kubectl-netdoctor/claimed-until'
/** A later end. Of its own, as what a patch has changed `apply` may not change again: the server would call it somebody else's. */
const RENEWED = 'kubectl-netdoctor/renewed-until'

/** On the DaemonSets' own metadata, never in a pod template: a new run rolls nothing. */
export function claimAnnotations({run, since, until, names}: Claim): Record<string, string> {
  return {[RUN_ANNOTATION]: run, [SINCE]: timeText(since), [UNTIL]: timeText(until), [NAMES]: names.join(' ')}
}

/** The claim in the annotations of an object of ours; whatever makes no sense is none. */
export function claimIn(annotations: Readonly<Record<string, string>>): Claim | undefined {
  const {
    [RUN_ANNOTATION]: run = '',
    [SINCE]: since = '',
    [UNTIL]: until = '',
    [RENEWED]: renewed = '',
    [NAMES]: names = '',
  } = annotations
  // One that an earlier run has left cannot be later than a claim that came after it.
  const claim = {
    run,
    since: Date.parse(since),
    until: Math.max(Date.parse(until), Date.parse(renewed) || 0),
    names: names.split(' ').filter((name) => name !== ''),
  }
  const makesSense = /^[\da-z]{1,40}$/.test(run) && !Number.isNaN(claim.since) && !Number.isNaN(claim.until)
  return makesSense ? claim : undefined
}

/** Whether a claim still holds. One that would hold for longer than any of ours was made by a wrong clock, and holds nobody up. */
export function holds({until}: Claim, now: number): boolean {
  return until > now && until <= now + CLAIM_LASTS + TOLERANCE
}

/** Of two runs that began at the same moment, the one that goes on; both see it alike. */
export function isLater(one: Claim, other: Claim): boolean {
  return one.since > other.since || (one.since === other.since && one.run > other.run)
}

/**
 * A JSON patch that moves the end of a run's own claim, or takes the claim away; the server refuses it where another run
 * has claimed. Twice is the same as once: of the first, only the answer may have been lost.
 */
export function claimPatch(run: string, until: number | undefined): object[] {
  const own = {op: 'test', path: pathOf(RUN_ANNOTATION), value: run}
  if (until !== undefined) return [own, {op: 'add', path: pathOf(RENEWED), value: timeText(until)}]
  // What is not there cannot be removed.
  const removal = (path: string) => [
    {op: 'add', path, value: ''},
    {op: 'remove', path},
  ]
  return [own, ...[UNTIL, RENEWED].flatMap((key) => removal(pathOf(key)))]
}

function pathOf(annotation: string): string {
  return `/metadata/annotations/${annotation.replace('/', '~1')}`
}

/** `Run a1b2c3 has been using the floaters in namespace netcheck since ...`. */
export function describeClaim({run, since}: Claim, namespace: string): string {
  return `Run ${run} has been using the floaters in namespace ${namespace} since ${timeText(since)}`
}

/** The same with what to do. */
export function refuseFor(claim: Claim, namespace: string): string {
  return `${describeClaim(claim, namespace)}. Wait until it is done (if it has ended without giving them back: until ${timeText(claim.until)}), or go on all the same with --force.`
}

/** In UTC, to the second. */
export function timeText(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`
}
