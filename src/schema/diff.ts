import * as z from 'zod'
import type {Change} from '../model/diff.ts'
import {count, finding, milliseconds, place, probeLine} from './probe.ts'
import {clusterName, nodeName} from './run.ts'
import {reason, status} from './words.ts'

export const DIFF_FORMAT = 'kubectl-netdoctor/diff'
export const DIFF_VERSION = 1

const CHANGES: Readonly<Record<Change, string>> = {
  broken: 'SUCCEEDED before, FAILED now.',
  failing: 'EXCEPTION before, FAILED now.',
  'new-failed': 'FAILED, and the older run does not have the probe.',
  unmeasured: 'Measured before, EXCEPTION now.',
  'new-unmeasured': 'EXCEPTION, and the older run does not have the probe.',
  unstable: 'SUCCEEDED in both, now only sometimes or after a lost packet.',
  reason: 'As before not SUCCEEDED, for another reason.',
  healed: 'FAILED before, SUCCEEDED now.',
  measured: 'EXCEPTION before, SUCCEEDED now.',
  failed: 'FAILED in both, for the same reason.',
  missing: 'EXCEPTION in both, for the same reason.',
  well: 'SUCCEEDED in both, and no worse.',
}

const change = z.enum(Object.keys(CHANGES) as [Change, ...Change[]]).describe(
  Object.entries(CHANGES)
    .map(([name, meaning]) => `${name}: ${meaning}`)
    .join(' '),
)

const outcome = z.object({
  status,
  reason,
  unstable: z.boolean(),
  latencyMs: milliseconds.optional().describe('Absent where nothing was timed.'),
})

const probeChange = z
  .object({
    kind: z.literal('probe'),
    change,
    ...probeLine.pick({
      ...{source: true, destination: true, mode: true, protocol: true, ipFamily: true, check: true},
      target: true,
    }).shape,
    before: outcome.optional().describe('Absent where the older run does not have the probe.'),
    after: outcome,
    finding: z
      .int()
      .min(1)
      .optional()
      .describe(
        'The finding that explains what is FAILED and was not so before: its place in `findings` of the last line, from 1.',
      ),
    message: z.string().describe('A sentence about it as it is now; empty where it plainly succeeded.'),
  })
  .describe('A probe that did not plainly SUCCEED in both runs, or in the newer one where that alone has it.')

const side = z.object({
  run: z.string().min(1).describe('The id of the run.'),
  tool: z.string().describe('Version of kubectl netdoctor.'),
  startedAt: z.iso.datetime(),
  probes: count,
  nodes: count,
})

const oneSided = z.object({probes: count, FAILED: count, EXCEPTION: count})

const node = z.object({
  cluster: clusterName,
  node: nodeName,
  cause: z.string().describe('What the other run says of it; empty where it says nothing.'),
})

const slower = z
  .object({
    kind: z
      .enum(['path', 'node', 'pair'])
      .describe('path: everywhere. node: from and to one node. pair: between two, both ways.'),
    paths: z
      .array(z.string())
      .describe('Over which: mode, protocol, family and check, as far as they tell paths apart.'),
    nodes: z.array(place),
    probes: count.describe('How many were compared.'),
    beforeMs: milliseconds.describe('Median.'),
    afterMs: milliseconds.describe('Median.'),
  })
  .describe('Where probes take longer than before by more than noise makes.')

const diffLine = z
  .object({
    kind: z.literal('diff'),
    format: z.literal(DIFF_FORMAT),
    version: z.literal(DIFF_VERSION),
    verdict: z.string().describe('For people.'),
    old: side,
    new: side,
    totals: z.object({
      compared: count.describe('Probes that both runs have.'),
      changes: z
        .record(change, count)
        .describe('How many have each change; new-failed and new-unmeasured are of those in onlyNew.'),
      onlyOld: oneSided.describe('Probes of the older run alone: they neither broke nor healed.'),
      onlyNew: oneSided.describe('Probes of the newer run alone.'),
    }),
    slower: z.array(slower),
    gone: z.array(node).describe('Nodes of the older run alone.'),
    arrived: z.array(node).describe('Nodes of the newer run alone.'),
    findings: z
      .array(finding)
      .describe(
        'Those of the newer run that explain what is FAILED and was not so before; `explains` counts that alone.',
      ),
    caveats: z.array(z.string()).describe('What keeps the comparison from being the whole truth.'),
  })
  .describe('The summary: the last line. Output without it is incomplete.')

/** A line of `diff -o json`. */
export const diffLineSchema = z.discriminatedUnion('kind', [probeChange, diffLine])

export type ProbeChangeLine = z.infer<typeof probeChange>
export type DiffLine = z.infer<typeof diffLine>
