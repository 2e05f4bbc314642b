import * as z from 'zod'
import type {Run} from '../model/run.ts'
import {mesh, policy, savedPolicy} from './guard.ts'

/* What report.json and the last line of `-o json` both say of a run. */

const name = z.string().min(1).max(253)

export const clusterName = name.describe('As the config calls the cluster.')
export const nodeName = name.describe('As the cluster calls the node.')

const instant = z.iso.datetime()

const cluster = z.object({
  name: clusterName,
  context: z.string().describe('The kubectl context.'),
  server: z.string().describe('The URL of the API server.'),
  version: z.string().describe('Of Kubernetes.'),
  image: z.string().describe('Of the floaters.'),
  policies: z
    .array(policy)
    .optional()
    .describe(
      'The NetworkPolicies of the namespace that select floaters; absent where they could not be listed, and in files of older versions.',
    ),
  mesh: mesh.optional(),
})

const notCovered = z.object({
  cluster: clusterName,
  node: nodeName,
  cause: z.string(),
  leftOut: z.boolean().describe('The user left it out, by a label or the config.'),
})

export const runFields = {
  run: z.string().min(1).describe('The id of the run.'),
  tool: z.string().describe('Version of kubectl netdoctor.'),
  startedAt: instant,
  finishedAt: instant,
  interrupted: z
    .string()
    .regex(/^SIG[A-Z0-9]+$/)
    .optional()
    .describe('The signal that ended the run before every probe was made; absent where none did.'),
  namespace: z.string().describe('Where the floaters live.'),
  clusters: z.array(cluster),
  notCovered: z.array(notCovered).describe('Nodes that no floater can run on: no probe covers them.'),
  partial: z
    .array(z.string())
    .describe(
      'Why this is not the whole plan: what was cut from it, a clause each; empty where it is whole.',
    ),
  caveats: z.array(z.string()).describe('What the run could not prove, such as who answered.'),
}

export function runFieldsOf(run: Run): z.infer<z.ZodObject<typeof runFields>> {
  return {
    run: run.id,
    tool: run.tool,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    ...(run.interrupted === undefined ? {} : {interrupted: run.interrupted}),
    namespace: run.namespace,
    clusters: run.clusters.map(({policies, ...rest}) => ({
      ...rest,
      ...(policies === undefined ? {} : {policies: policies.map(savedPolicy)}),
    })),
    notCovered: [...run.notCovered],
    partial: [...run.partial],
    caveats: [...run.caveats],
  }
}
