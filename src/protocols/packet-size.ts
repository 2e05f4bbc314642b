import type {Verdict} from '../model/result.ts'
import {fits} from './fields.ts'
import {answered, failed} from './verdict.ts'

/** What was found out about the packets from one floater to another, in bytes, IP header included. */
export interface PacketSizes {
  /** The largest that was answered. */
  readonly largest: number
  /** The largest that both ends take, or the source where the other one is not known. */
  readonly taken: number
  /** A router on the way names the size. Otherwise larger packets vanish. */
  readonly told: boolean
}

/** All that both ends take must pass. Where it does, the largest is what the verdict quotes. */
export function sizeVerdict({largest, taken, told}: PacketSizes): Verdict {
  if (largest >= taken) return answered(0, false, String(largest))
  const rest = told ? 'are turned back by a router' : 'vanish'
  return failed('mtu', 0, `${largest} of ${taken} bytes pass, larger ones ${rest}`)
}

/** The sizes that a FAILED of `sizeVerdict` quotes. */
export function sizesIn({raw}: Verdict): PacketSizes | undefined {
  const quoted = /^(\d+) of (\d+) bytes pass, larger ones (vanish|are turned back)/.exec(raw)
  if (quoted === null) return undefined
  const [, largest, taken, rest] = quoted
  return {largest: Number(largest), taken: Number(taken), told: rest !== 'vanish'}
}

/** A size as ping says it; undefined for anything else. */
export function packetSize(text: string | undefined): number | undefined {
  return fits(text, /^[1-9]\d{1,4}$/) ? Number(text) : undefined
}
