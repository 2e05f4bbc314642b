import {UserError} from '../model/error.ts'
import type {FollowUp} from '../model/follow-up.ts'
import type {Plan} from '../model/plan.ts'
import type {Run} from '../model/run.ts'
import {REASONS, STATUSES} from '../results/store.ts'
import {REPORT_FORMAT, REPORT_VERSION, reportHead, reportSchema, type ReportFile} from '../schema/report.ts'
import {runFieldsOf} from '../schema/run.ts'
import {printableUpTo} from '../text/printable.ts'
import {columnsJson, Inconsistent, resultsOf} from './columns.ts'
import {parseSaved} from './json.ts'
import {planOf} from './plan.ts'

/** report.json: the whole run in columns, so that a million probes stay small. The schema describes every field. */
export function* reportJson(run: Run): Generator<string> {
  const {plan, results} = run
  const head = {
    format: REPORT_FORMAT,
    version: REPORT_VERSION,
    ...runFieldsOf(run),
    nodes: plan.nodes,
    blocks: plan.blocks,
    followUps: run.followUps,
    statuses: STATUSES,
    reasons: REASONS,
    texts: results.texts,
  }
  yield JSON.stringify(head).slice(0, -1)
  yield ',\n"columns":{'
  yield* columnsJson(results)
  yield '}}\n'
}

const ADVICE = '`kubectl netdoctor check` writes a new one'

/** The run in the text of a report.json. Throws a UserError that says what is wrong with the file, and what to do. */
export function parseReport(text: string, file: string): Run {
  if (text.trim() === '')
    throw new UserError(2, `${file} is empty: it says nothing about any run. ${ADVICE}.`)
  const data = parseSaved(text, file, ADVICE)
  assertOurs(data, file)
  const {data: saved, error} = reportSchema.safeParse(data)
  if (error) {
    const [issue] = error.issues
    throw damaged(file, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`)
  }
  try {
    return runOf(saved)
  } catch (problem) {
    throw problem instanceof Inconsistent ? damaged(file, problem.message) : problem
  }
}

/** The id of the run in the text of a report.json; undefined where it is none. */
export function runIdIn(text: string): string | undefined {
  try {
    return reportHead.safeParse(JSON.parse(text)).data?.run
  } catch {
    return undefined
  }
}

function assertOurs(data: unknown, file: string): void {
  const {data: head} = reportHead.safeParse(data)
  if (head === undefined) {
    const what = Array.isArray(data) ? ': it looks like a resume.json' : ''
    throw new UserError(2, `${file} is not a report of kubectl netdoctor${what}. Name a report.json.`)
  }
  if (head.version > REPORT_VERSION) {
    const tool = head.tool === undefined ? '' : ` (${printableUpTo(40, head.tool)})`
    throw new UserError(
      2,
      `${file} has version ${head.version} of the format, written by a newer kubectl netdoctor${tool}; this one reads version ${REPORT_VERSION}. Update kubectl netdoctor.`,
    )
  }
}

function damaged(file: string, what: string): UserError {
  return new UserError(2, `${file}: damaged: ${printableUpTo(200, what)}. ${ADVICE}.`)
}

/** Of probes and nodes that the run has. Throws where it has them not. One that names no finding is evidence of none. */
function followUpsOf({followUps = []}: ReportFile, {nodes, size}: Plan): FollowUp[] {
  return followUps.flatMap(({finding, arrivals, route, omitted, ...rest}) => {
    if (rest.probe >= size) throw new Inconsistent(`followUps: there is no probe ${rest.probe}`)
    const stranger = rest.answers.find(({asker}) => asker >= nodes.length)
    if (stranger !== undefined) throw new Inconsistent(`followUps: there is no node ${stranger.asker}`)
    if (finding === undefined) return []
    return {
      finding,
      ...rest,
      ...(arrivals === undefined ? {} : {arrivals}),
      ...(route === undefined ? {} : {route}),
      ...(omitted === undefined ? {} : {omitted}),
    }
  })
}

function runOf(saved: ReportFile): Run {
  const plan = planOf(saved)
  const {run: id, tool, startedAt, finishedAt, namespace, clusters, notCovered, partial, caveats} = saved
  return {
    id,
    tool,
    startedAt,
    finishedAt,
    namespace,
    clusters,
    plan,
    results: resultsOf(saved, plan.size),
    notCovered,
    partial,
    caveats,
    followUps: followUpsOf(saved, plan),
    ...(saved.interrupted === undefined ? {} : {interrupted: saved.interrupted}),
  }
}
