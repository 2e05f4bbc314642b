import {parse, printParseErrorCode, type ParseError} from 'jsonc-parser'
import * as z from 'zod'
import {isHost} from '../address/address.ts'
import {UserError} from '../model/error.ts'
import type {Plan, Probe} from '../model/plan.ts'
import type {Results} from '../model/result.ts'
import type {ResumeEntry} from '../model/resume.ts'
import type {Run} from '../model/run.ts'
import {probesOf} from '../plan/plan.ts'
import {explain} from '../results/explain.ts'
import {reasonAt, STATUSES, statusAt, verdictAt} from '../results/store.ts'
import {printableUpTo} from '../text/printable.ts'
import {lineAndColumn, listed} from '../text/wording.ts'

/** resume.json: the seed's array of what is not SUCCEEDED, with its field names, and ours after them. */
export function* resumeJson({plan, results}: Run): Generator<string> {
  yield '['
  let separator = '\n'
  for (const probe of probesOf(plan)) {
    const status = statusAt(results, probe.id)
    if (status === 'SUCCEEDED') continue
    const {block, endpoint, source} = probe
    const src = plan.nodes[source]
    const dst = endpoint.node === undefined ? undefined : plan.nodes[endpoint.node]
    const entry = {
      Status: STATUSES.indexOf(status),
      ResultStr: resultText(plan, results, probe),
      srcNodeName: src?.name,
      dstNodeName: dst?.name ?? foreignName(probe),
      targetIP: endpoint.address ?? '',
      srcCluster: src?.cluster,
      dstCluster: dst?.cluster ?? '',
      mode: block.mode,
      protocol: block.protocol,
      ipFamily: block.ipFamily,
      port: endpoint.port,
      check: block.check,
      reason: reasonAt(results, probe.id),
    }
    yield `${separator} ${JSON.stringify(entry, undefined, 1).replaceAll('\n', '\n ')}`
    separator = ',\n'
  }
  yield separator === '\n' ? ']\n' : '\n]\n'
}

/** What stands for a target that is no node: its own name. */
function foreignName({block, endpoint}: Probe): string {
  return endpoint.lookup ?? (block.mode === 'apiserver' ? 'kubernetes.default' : (endpoint.address ?? ''))
}

/** The sentence for people, and behind it what was really said. */
function resultText(plan: Plan, results: Results, probe: Probe): string {
  const sentence = explain(plan, results, probe)
  const {raw} = verdictAt(results, probe.id, probe.endpoint.address)
  return sentence.includes(raw) ? sentence : `${sentence}; ${raw}`
}

const nodeName = z.string().min(1).max(253)
const clusterName = z.string().max(253)

/* An entry of the seed's tool has only the first five fields. */
const entrySchema = z
  .object({
    Status: z.number(),
    ResultStr: z.string().optional(),
    srcNodeName: nodeName,
    dstNodeName: z.string().max(253).default(''),
    targetIP: z.string().default(''),
    srcCluster: clusterName.min(1).optional(),
    dstCluster: clusterName.optional(),
    mode: z
      .enum(['pod', 'node', 'node-to-pod', 'pod-to-node', 'service', 'nodeport', 'apiserver', 'custom'])
      .optional(),
    protocol: z.enum(['tcp', 'udp', 'icmp', 'dns']).optional(),
    ipFamily: z.enum(['ipv4', 'ipv6', 'name']).optional(),
    port: z.number().int().min(0).max(65_535).optional(),
    check: z.enum(['reply', 'connect', 'mtu']).optional(),
  })
  .refine(
    ({protocol, dstNodeName, targetIP}) =>
      protocol !== 'dns' || (isHost(dstNodeName) && (targetIP === '' || isHost(targetIP))),
    {
      message: 'a name to look up needs a host name in dstNodeName, and a name server or nothing in targetIP',
      path: ['dstNodeName'],
    },
  )
  .refine(({mode, dstNodeName, port}) => mode !== 'custom' || (isHost(dstNodeName) && port !== undefined), {
    message: 'a custom target needs an address or host name in dstNodeName, and a port',
    path: ['dstNodeName'],
  })

/** The entries of a resume.json, ours or the seed's. Throws a UserError that says what is wrong with it, and what to do. */
export function parseResume(text: string, file: string): readonly ResumeEntry[] {
  const advice = '`kubectl netdoctor check` writes a new one'
  if (text.trim() === '')
    throw new UserError(2, `${file} is empty: it says nothing about any probe. ${advice}.`)
  const data = parsed(text, file, advice)
  if (!Array.isArray(data)) throw new UserError(2, `${file}: must be an array of probes. ${advice}.`)
  const problems: string[] = []
  const entries = data.flatMap((item: unknown, index) => {
    const {data: entry, error} = entrySchema.safeParse(item)
    if (entry) return [entryOf(entry)]
    const [issue] = error.issues
    const field = issue?.path.join('.') ?? ''
    problems.push(
      `${file}, entry ${index + 1}: ${field === '' ? '' : `${field}: `}${printableUpTo(120, issue?.message ?? '')}`,
    )
    return []
  })
  if (problems.length > 0) throw new UserError(2, `${listed(problems, 3)}. ${advice}.`)
  return entries
}

function parsed(text: string, file: string, advice: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    const error = firstFlaw(text)
    const where = error === undefined ? '' : `:${lineAndColumn(text, error.offset)}`
    const what =
      error === undefined ? 'not valid JSON' : `not valid JSON (${printParseErrorCode(error.error)})`
    throw new UserError(2, `${file}${where}: damaged: ${what}. ${advice}.`)
  }
}

function firstFlaw(text: string): ParseError | undefined {
  const errors: ParseError[] = []
  try {
    parse(text, errors, {disallowComments: true, allowTrailingComma: false})
  } catch (error) {
    // The parser calls itself at each bracket: a file of nothing else is too deep for it.
    if (!(error instanceof RangeError)) throw error
  }
  return errors[0]
}

function entryOf(entry: z.infer<typeof entrySchema>): ResumeEntry {
  const {Status: _, ResultStr: __, ...rest} = entry
  return Object.fromEntries(
    Object.entries(rest).filter(([, value]) => value !== undefined),
  ) as unknown as ResumeEntry
}
