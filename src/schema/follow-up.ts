import * as z from 'zod'
import {followUpQuestion, reason, status} from './words.ts'

/* As long as any text of a result. */
const said = z.string().max(10_000)

const counter = z.int().min(0)
const counts = z.object({
  received: counter.describe('Packets that came; of UDP, those that a program has read.'),
  sent: counter.describe('What the pod sent.'),
  refused: counter.describe('What of it were refusals.'),
  unread: counter.exactOptional().describe('Of UDP: bytes that came, and that no program has read.'),
})

const answer = z.object({
  question: followUpQuestion,
  asker: z.int().min(0).describe('Index into nodes: whose floater asked.'),
  status,
  reason,
  raw: said.describe('What the probing program or kubectl said, cut where it is long.'),
})

const cause = z.object({cause: said.describe('Why nobody knows.')})

/** What was asked about one finding, afterwards. */
export const followUp = z.object({
  finding: z
    .object({
      kind: z.string().max(100),
      nodes: z.array(z.int().min(0)).describe('Indexes into nodes: those that it is about.'),
    })
    .optional()
    .describe(
      'About which finding: where another version reads the results otherwise, it is evidence of nothing.',
    ),
  probe: z.int().min(0).describe('Number of the probe that stood for the finding: one that FAILED.'),
  answers: z.array(answer),
  arrivals: z
    .union([
      z.object({
        idle: counts.describe('In a second without questions.'),
        asked: counts.describe('While it was asked.'),
      }),
      cause,
    ])
    .optional()
    .describe(
      'What the target’s pod counted, of the protocol that was asked over; absent where it was not watched.',
    ),
  route: z
    .union([
      z.object({
        hops: z
          .array(z.union([z.literal(''), z.ipv4(), z.ipv6()]))
          .describe('In order; empty for one that kept silent.'),
      }),
      cause,
    ])
    .optional()
    .describe('The way to the target, as traceroute has it; absent where it was not asked for.'),
  omitted: said.optional().describe('Why nothing was asked; there are no answers then.'),
})
