import * as z from 'zod'
import type {NodeUnderTest} from '../model/cluster.ts'
import type {Block} from '../model/plan.ts'
import {REASONS, STATUSES} from '../results/store.ts'

/** The words of a union of the model; the compiler asks for each of them. */
const words = <Word extends string>(all: Readonly<Record<Word, true>>) =>
  z.enum(Object.keys(all) as [Word, ...Word[]])

export const status = z
  .enum(STATUSES)
  .describe(
    'FAILED: the network, or the thing asked, answered wrong or not at all. EXCEPTION: it could not be measured.',
  )
export const reason = z.enum(REASONS).describe('Why a probe has its status.')
export const mode = words<Block['mode']>({pod: true, custom: true}).describe(
  'What was probed; "custom" is a custom target.',
)
export const protocol = words<Block['protocol']>({tcp: true})
export const ipFamily = words<Block['ipFamily']>({ipv4: true, ipv6: true, name: true}).describe(
  '"name": a custom target that is a host name, for which the pod’s resolver chose an address.',
)
export const check = words<Block['check']>({reply: true, connect: true}).describe(
  '"reply": the floater’s own answer was asked for; "connect": no more than a connection.',
)
export const absence = words<Extract<NodeUnderTest, {floater: undefined}>['absence']>({
  'no-floater': true,
  'node-gone': true,
})
export const port = z.int().min(1).max(65_535)
