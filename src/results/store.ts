import {isIP} from 'node:net'
import type {Block, Probe} from '../model/plan.ts'
import type {Reason, Results, Status, Verdict} from '../model/result.ts'
import {milliseconds, particular} from './placeholders.ts'

/** Codes of the status column; 0, 1 and 2 are also the numbers of resume.json's `Status`. */
export const STATUSES = ['EXCEPTION', 'SUCCEEDED', 'FAILED'] as const satisfies readonly Status[]

/** Codes of the reason column. Saved runs hold the words, so the order may change, but for the zero. */
export const REASONS = [
  'not-tested',
  'no-floater',
  'node-gone',
  'no-address',
  'shared-address',
  'floater-replaced',
  'exec-failed',
  'lost-output',
  'tool-missing',
  'tool-unable',
  'probe-error',
  'overloaded',
  'answered',
  'timeout',
  'refused',
  'no-route',
  'name-unresolved',
  'connect-failed',
  'reset',
  'wrong-peer',
  'loss',
  'mtu',
  'dns-error',
] as const satisfies readonly Reason[]

/* The compiler refuses a reason that the table lacks. */
const statusCodes: Readonly<Record<Status, number>> = codes(STATUSES)
const reasonCodes: Readonly<Record<Reason, number>> = codes(REASONS)

function codes<Word extends string>(words: readonly Word[]): Record<Word, number> {
  return Object.fromEntries(words.map((word, code) => [word, code])) as Record<Word, number>
}

/** More different texts than this are not kept: memory must not grow with what peers make up. */
const MOST_TEXTS = 100_000
/** Of what was said, so many characters are kept. */
export const LONGEST_TEXT = 500
const TOO_MANY = '(not kept: too many different answers)'

/** A store that is still being written; readers take it as `Results`. */
export interface Recorder {
  readonly results: Results
  /** Sets the verdict of one probe. `address` is the endpoint's: texts that differ only in it are stored once. */
  readonly record: (id: number, verdict: Verdict, address: string | undefined) => void
}

/** Room for `size` probes, all of them "not tested". About 11 bytes a probe. */
export function recorder(size: number): Recorder {
  const texts = ['']
  const known = new Map([['', 0]])
  const results: Results = {
    size,
    status: new Uint8Array(size),
    reason: new Uint8Array(size),
    timeUs: new Uint32Array(size),
    raw: new Uint32Array(size),
    unstable: new Uint8Array(size),
    texts,
  }

  function intern(text: string): number {
    const found = known.get(text)
    if (found !== undefined) return found
    if (texts.length > MOST_TEXTS && text !== TOO_MANY) return intern(TOO_MANY)
    known.set(text, texts.length)
    return texts.push(text) - 1
  }

  return {
    results,
    record(id, verdict, address) {
      results.status[id] = statusCodes[verdict.status]
      results.reason[id] = reasonCodes[verdict.reason]
      results.unstable[id] = Number(verdict.unstable)
      results.timeUs[id] = verdict.timeUs
      results.raw[id] = intern(generalised(verdict.raw.slice(0, LONGEST_TEXT), address, verdict.timeUs))
    },
  }
}

/* A million timeouts must not be a million texts: what differs from probe to probe becomes a placeholder. */

/** A text with placeholders for what `particular` puts back. */
export function generalised(raw: string, address: string | undefined, timeUs: number): string {
  const time = new RegExp(`\\bafter ${milliseconds(timeUs)} (ms|milliseconds)\\b`)
  const timeless = raw.replaceAll('{', '{brace}').replace(time, 'after {time} $1')
  // A host name may be any word, one of the placeholders' too.
  if (address === undefined || isIP(address) === 0) return timeless
  return timeless.replaceAll(address, '{address}')
}

/** The verdict of probe `id`; `address` is its endpoint's. */
export function verdictAt(results: Results, id: number, address: string | undefined): Verdict {
  const timeUs = results.timeUs[id] ?? 0
  return {
    status: statusAt(results, id),
    reason: reasonAt(results, id),
    timeUs,
    raw: particular(results.texts[results.raw[id] ?? 0] ?? '', address, timeUs),
    unstable: results.unstable[id] === 1,
  }
}

export function statusAt(results: Results, id: number): Status {
  return STATUSES[results.status[id] ?? 0] ?? 'EXCEPTION'
}

export function reasonAt(results: Results, id: number): Reason {
  return REASONS[results.reason[id] ?? 0] ?? 'not-tested'
}

/** Some probe has it. */
export function hasReason({reason}: Results, wanted: Reason): boolean {
  return reason.includes(REASONS.indexOf(wanted))
}

/** It SUCCEEDED, and there is nothing to say about how, but for how large a packet passed. */
export function isPlain(results: Results, {id, block}: Probe): boolean {
  if (statusAt(results, id) !== 'SUCCEEDED' || results.unstable[id] === 1) return false
  return results.raw[id] === 0 || isSizing(block)
}

/** It SUCCEEDED at once. */
export function isSteady(results: Results, id: number): boolean {
  return statusAt(results, id) === 'SUCCEEDED' && results.unstable[id] !== 1
}

/** It is about the largest packet that passes, which a success quotes. */
export function isSizing({protocol, check}: Pick<Block, 'protocol' | 'check'>): boolean {
  return protocol === 'icmp' && check === 'mtu'
}

/** How many probes have each status. */
export function tally(results: Results): Readonly<Record<Status, number>> & {readonly unstable: number} {
  const counts: number[] = []
  let unstable = 0
  for (let id = 0; id < results.size; id++) {
    const code = results.status[id] ?? 0
    counts[code] = (counts[code] ?? 0) + 1
    unstable += results.unstable[id] ?? 0
  }
  const [EXCEPTION = 0, SUCCEEDED = 0, FAILED = 0] = counts
  return {EXCEPTION, SUCCEEDED, FAILED, unstable}
}
