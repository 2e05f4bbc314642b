import frame from './frame.sh?raw'
import type {Check} from '../model/plan.ts'
import type {Patience, Protocol} from '../protocols/protocol.ts'

/** How a script asks: a protocol's way, or one of which no probe is made. */
export type Asking = Pick<Protocol, 'needs' | 'script'> & {readonly name: string}

/** Jobs of one protocol that want the same; a job's number is its index in `targets`. */
export interface Section {
  readonly protocol: Asking
  /** `own-mtu`, over icmp: how large a packet may set out for the target. */
  readonly check: Check | 'own-mtu'
  /** As the protocol encodes them, one word each. */
  readonly targets: readonly string[]
}

export interface Limits {
  /** Probes at once in one floater. */
  readonly parallel: number
  /** Limit of one probe, in seconds. */
  readonly probeTimeout: number
}

/** Connecting gets at most this much of a probe's time, in seconds: what takes longer has lost two SYNs. */
const CONNECT_TIMEOUT = 3
/** Time for everything but the probes themselves, in seconds: a small pod needs some to read 5,000 jobs. */
const SLACK = 15

/** For one search of the largest packet beside that, in seconds: of 9,000 bytes 20 sizes are tried, one a second where they vanish. */
const SEARCH = 30

/** icmp.sh has it, too. */
const SEARCHES_AT_ONCE = 16

/** curl's own limit of transfers at once, whatever --parallel-max says; src/tool_main.h, MAX_PARALLEL. */
const CURL_AT_ONCE = 300

/** The most time that a script's probes can take before it ends them itself, in seconds. */
export function deadlineOf(sections: readonly Section[], {parallel, probeTimeout}: Limits): number {
  const jobs = sections.reduce((sum, {targets}) => sum + targets.length, 0)
  const rounds = Math.ceil(jobs / Math.min(parallel, CURL_AT_ONCE))
  const searches = sections.map(({protocol, check, targets}) =>
    protocol.name === 'icmp' && check === 'mtu'
      ? Math.ceil(targets.length / Math.min(parallel, SEARCHES_AT_ONCE))
      : 0,
  )
  // A target that could not be connected to may be asked a second time, verbosely.
  const each = probeTimeout + connectTimeout(probeTimeout)
  return rounds * each + searches.reduce((sum, count) => sum + count, 0) * SEARCH + SLACK
}

/** How long a script with these limits waits. */
export function patienceOf({probeTimeout}: Limits): Patience {
  return {connect: connectTimeout(probeTimeout), whole: probeTimeout}
}

function connectTimeout(probeTimeout: number): number {
  return Math.min(CONNECT_TIMEOUT, probeTimeout)
}

/**
 * What `sh -s` reads on standard input to make the probes of one source. The braces make the shell read all of it
 * before it runs any of it. `nonce` marks the lines that count: letters and digits, not to be guessed by a peer.
 */
export function probeScript(nonce: string, sections: readonly Section[], limits: Limits): string {
  const functions = [frame, ...new Set(sections.map(({protocol}) => protocol.script))].join('\n')
  return `{
export nonce=${nonce} dir=/tmp/netdoctor.${nonce}
export connect_timeout=${connectTimeout(limits.probeTimeout)} probe_timeout=${limits.probeTimeout}
parallel=${limits.parallel} deadline=${deadlineOf(sections, limits)}
mkdir -m 700 "$dir" && cat >"$dir/functions" <<'FUNCTIONS.${nonce}' || exit 1
${functions}
FUNCTIONS.${nonce}
. "$dir/functions"
listen
${sections.map((section, index) => sectionScript(nonce, section, index)).join('')}finish
}
`
}

function sectionScript(nonce: string, {protocol, check, targets}: Section, index: number): string {
  const jobs = targets.map((target, number) => `${number} ${target}\n`).join('')
  return `section ${index} ${protocol.name} ${check} ${targets.length} ${protocol.needs.map((tool) => `'${tool}'`).join(' ')} <<'JOBS.${nonce}'
${jobs}JOBS.${nonce}
`
}
