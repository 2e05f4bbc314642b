import type * as z from 'zod'
import {UserError} from '../model/error.ts'
import type {Plan, Probe} from '../model/plan.ts'
import type {Results} from '../model/result.ts'
import type {ResumeEntry} from '../model/resume.ts'
import type {Run} from '../model/run.ts'
import {foreignName} from '../plan/modes.ts'
import {probesOf} from '../plan/plan.ts'
import {explain} from '../results/explain.ts'
import {reasonAt, STATUSES, statusAt, verdictAt} from '../results/store.ts'
import {resumeEntry} from '../schema/resume.ts'
import {printableUpTo} from '../text/printable.ts'
import {listed} from '../text/wording.ts'
import {parseSaved} from './json.ts'

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
      ...(block.to === 'neighbour' ? {to: block.to} : {}),
      ...(endpoint.behind === undefined ? {} : {behind: plan.nodes[endpoint.behind]?.name}),
      reason: reasonAt(results, probe.id),
    }
    yield `${separator} ${JSON.stringify(entry, undefined, 1).replaceAll('\n', '\n ')}`
    separator = ',\n'
  }
  yield separator === '\n' ? ']\n' : '\n]\n'
}

/** The sentence for people, and behind it what was really said. */
function resultText(plan: Plan, results: Results, probe: Probe): string {
  const sentence = explain(plan, results, probe)
  const {raw} = verdictAt(results, probe.id, probe.endpoint.address)
  return sentence.includes(raw) ? sentence : `${sentence}; ${raw}`
}

/** The entries of a resume.json, ours or the seed's. Throws a UserError that says what is wrong with it, and what to do. */
export function parseResume(text: string, file: string): readonly ResumeEntry[] {
  const advice = '`kubectl netdoctor check` writes a new one'
  if (text.trim() === '')
    throw new UserError(2, `${file} is empty: it says nothing about any probe. ${advice}.`)
  const data = parseSaved(text, file, advice)
  if (!Array.isArray(data)) throw new UserError(2, `${file}: must be an array of probes. ${advice}.`)
  const problems: string[] = []
  const entries = data.flatMap((item: unknown, index) => {
    const {data: entry, error} = resumeEntry.safeParse(item)
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

function entryOf(entry: z.infer<typeof resumeEntry>): ResumeEntry {
  const {Status: _, ResultStr: __, reason: ___, ...rest} = entry
  // The types allow for fields that are there and undefined; JSON has none.
  return rest as ResumeEntry
}
