import {isIP} from 'node:net'
import * as z from 'zod'
import {absence, check, floaterKind, ipFamily, mode, port, protocol, reason, status, traits} from './words.ts'
import {followUp} from './follow-up.ts'
import {containerName} from './guard.ts'
import {clusterName, nodeName, runFields} from './run.ts'

export const REPORT_FORMAT = 'kubectl-netdoctor/report'
/** Raised when a reader of the old version would misread the new one. */
export const REPORT_VERSION = 1

const index = z.int().min(0)
const amount = z.int().min(1)

/** Before anything else is looked at: is it ours, and do we know it? */
export const reportHead = z.object({
  format: z.literal(REPORT_FORMAT),
  version: z.int().min(1),
  tool: z.string().optional().catch(undefined),
  run: z.string().optional().catch(undefined),
})

/* zod's own patterns are narrower than what it takes. */
const address = z
  .string()
  .max(45)
  .refine((text) => isIP(text) > 0, 'must be an IP address')
  .describe('IPv4 or IPv6.')

const floater = z.object({
  pod: z.string().min(1),
  uid: z.string(),
  restarts: index.describe('How often its container had been restarted.'),
  node: nodeName,
  addresses: z.array(address),
  port,
  sidecars: z
    .array(containerName)
    .optional()
    .describe(
      'Containers of its pod that are none of ours; ztunnel where Istio takes its packets without one.',
    ),
})

const state = z.union([z.object({floater}), z.object({absence, cause: z.string()})])

const node = z.object({
  cluster: clusterName,
  name: nodeName,
  addresses: z.array(address).describe('Its own.'),
  traits: traits.optional().describe('What is known of it; absent in files of older versions.'),
  floaters: z.object({pod: state.optional(), host: state.optional(), neighbour: state.optional()}),
})

const endpoint = z.object({
  node: index.optional().describe('Index into nodes; absent for what is no node.'),
  behind: index
    .optional()
    .describe('For nodeport, likewise: the node whose floater answers, wherever the port is.'),
  address: z
    .string()
    .min(1)
    .max(253)
    .optional()
    .describe('As the sources reach it; absent where there is none of this family.'),
  port,
  identity: z.string().max(1000).optional().describe('What the right floater answers.'),
  lookup: z.string().max(253).optional().describe('For dns: the name to look up.'),
})

const block = z
  .object({
    mode,
    protocol,
    ipFamily,
    check,
    from: floaterKind.describe('Which of the sources’ floaters probes.'),
    to: floaterKind
      .optional()
      .describe('Which floaters the endpoints are; absent where they are none, or lead to one.'),
    sources: z.array(index).min(1).describe('Indexes into nodes, all of one cluster.'),
    endpoints: z.array(endpoint).min(1).describe('All of one cluster, or none of any.'),
    picks: z
      .array(z.array(index))
      .optional()
      .describe('For each source the indexes of its endpoints, rising; absent where each has all.'),
    first: index.describe('Number of the first probe.'),
    size: amount.describe('How many probes the block has.'),
  })
  .describe('Sources and endpoints of one kind. Probes are numbered source by source, endpoint by endpoint.')

const lengths = (what: string) =>
  z
    .array(z.tuple([index, amount]))
    .describe(`${what}, as [value, how many probes in a row have it], in the order of the probes.`)

/** Longer than any text that is stored, placeholders included. */
const LONGEST_TEXT = 10_000

/** report.json, version 1. */
export const reportSchema = z.object({
  format: z.literal(REPORT_FORMAT),
  version: z.literal(REPORT_VERSION),
  ...runFields,
  nodes: z
    .array(node)
    .describe('Every node of the plan: with its floaters by kind, or with the cause why it has none.'),
  blocks: z.array(block).describe('The plan, in the order of the probes.'),
  followUps: z
    .array(followUp)
    .optional()
    .describe('What was asked afterwards about what had FAILED; absent in files of older versions.'),
  statuses: z.array(status).describe('What the values of columns.status mean.'),
  reasons: z.array(reason).describe('What the values of columns.reason mean.'),
  texts: z
    .array(z.string().max(LONGEST_TEXT))
    .describe(
      'What was really said, each text once. {address} stands for the endpoint’s address, {time} for timeUs in milliseconds, {brace} for {.',
    ),
  columns: z.object({
    status: lengths('Indexes into statuses'),
    reason: lengths('Indexes into reasons'),
    unstable: lengths('1 for a probe that succeeded only sometimes, or after a lost packet; else 0'),
    text: lengths('Indexes into texts'),
    timeUs: z
      .array(z.int().min(0).max(0xff_ff_ff_ff))
      .describe(
        'A value a probe: microseconds until the connection stood or was given up; 0 where nothing was timed.',
      ),
  }),
})

export type ReportFile = z.infer<typeof reportSchema>
