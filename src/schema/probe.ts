import * as z from 'zod'
import {check, findingKind, ipFamily, mode, port, protocol, reason, status} from './words.ts'
import {clusterName, nodeName, runFields} from './run.ts'

export const PROBE_FORMAT = 'kubectl-netdoctor/probe'
export const PROBE_VERSION = 1

export const count = z.int().min(0)
/* With at most three decimals; JSON Schema's multipleOf stumbles over floating point. */
export const milliseconds = z.number().min(0)
export const place = z.object({cluster: clusterName, node: nodeName})

export const probeLine = z
  .object({
    kind: z.literal('probe'),
    source: place.describe('Where the probe started.'),
    destination: place.optional().describe('The node behind the target; absent where the target is no node.'),
    mode,
    protocol,
    ipFamily,
    check,
    target: z.object({
      name: z
        .string()
        .optional()
        .describe('Of what is no node: a custom target, a name that was looked up, the API server.'),
      address: z
        .string()
        .optional()
        .describe(
          'As the source reaches it: an address, or the host name of a custom target. Absent where the node has none of this family.',
        ),
      port,
    }),
    status,
    reason,
    unstable: z
      .boolean()
      .describe('It succeeded, but only sometimes, or so slowly that a packet must have been lost.'),
    reach: z
      .enum(['self', 'same-node', 'network'])
      .describe(
        'self: a floater’s own address, which proves nothing but the floater. same-node: it never left the node. network: it crossed the network.',
      ),
    latencyMs: milliseconds
      .optional()
      .describe(
        'With at most three decimals: milliseconds until the connection stood (tcp; a host name is looked up within it), of a round trip (icmp), or until it was given up. Absent where nothing was timed.',
      ),
    finding: z
      .int()
      .min(1)
      .optional()
      .describe('The finding that explains it: its place in `findings` of the last line, from 1.'),
    message: z.string().describe('A sentence for people; empty where the probe plainly succeeded.'),
    raw: z
      .string()
      .describe(
        'What the probing program or kubectl said, unaltered; empty where there is nothing to quote.',
      ),
  })
  .describe('One probe.')

const subject = z.discriminatedUnion('kind', [
  z.object({kind: z.literal('node'), ...place.shape}),
  z.object({kind: z.literal('pair'), source: place, destination: place}),
  z.object({
    kind: z.literal('group'),
    trait: z.string().describe('What its nodes have in common, such as zone or kernel.'),
    value: z.string(),
    nodes: z.array(place),
  }),
  z.object({kind: z.literal('cluster'), cluster: clusterName}),
  z.object({kind: z.literal('target'), target: z.string().describe('What is no node.')}),
])

export const finding = z
  .object({
    kind: findingKind,
    subjects: z.array(subject),
    direction: z
      .enum(['inbound', 'outbound', 'both'])
      .optional()
      .describe('Seen from the subject, a pair from its source; absent where it was not measured.'),
    layer: z
      .enum(['floater', 'pod network', 'host network', 'services', 'names', 'outside'])
      .describe('Where it is broken. floater: nothing is known of the network.'),
    explains: count.describe('Probes that it explains.'),
    against: count.describe('Probes that should have failed if it were true, and SUCCEEDED.'),
    sentence: z.string(),
    evidence: z.array(z.string()).describe('What makes it likely, a clause each.'),
    page: z.string().describe('What it means and what to look at next, as a path in the repository.'),
  })
  .describe('A sentence that explains many results at once.')

const runLine = z
  .object({
    kind: z.literal('run'),
    format: z.literal(PROBE_FORMAT),
    version: z.literal(PROBE_VERSION),
    ...runFields,
    durationMs: count,
    findings: z.array(finding).describe('Those that matter most come first.'),
    unexplained: count.describe('Probes that are not SUCCEEDED and that no finding explains.'),
    totals: z.object({
      probes: count,
      SUCCEEDED: count,
      FAILED: count,
      EXCEPTION: count,
      unstable: count.describe('Of the SUCCEEDED.'),
    }),
    latencyMs: z
      .partialRecord(protocol, z.object({p50: milliseconds, p95: milliseconds, max: milliseconds}))
      .describe(
        'By protocol, of the probes that SUCCEEDED and left their node: connecting (tcp), a round trip (icmp). Percentiles by nearest rank; a protocol without any time is absent.',
      ),
  })
  .describe('The summary: the last line. Output without it is incomplete.')

/** A line of `-o json`. */
export const lineSchema = z.discriminatedUnion('kind', [probeLine, runLine])

export type ProbeLine = z.infer<typeof probeLine>
export type RunLine = z.infer<typeof runLine>
