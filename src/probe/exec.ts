import {randomBytes} from 'node:crypto'
import type {Kubectl, KubectlResult} from '../kubectl/kubectl.ts'
import {reasonIn} from '../kubectl/stderr.ts'
import type {Floater} from '../model/cluster.ts'
import type {Reason, Verdict} from '../model/result.ts'
import type {Answer} from '../protocols/protocol.ts'
import {CONTAINER} from '../floater/labels.ts'
import {listen, type Heard} from './decode.ts'
import {deadlineOf, probeScript, type Limits, type Section} from './script.ts'

/** For kubectl to connect and to end, beside the script's own deadline; milliseconds. */
const KUBECTL_SLACK = 20_000

export interface ExecContext {
  readonly kubectl: Kubectl
  readonly namespace: string
  readonly limits: Limits
  /** Called as answers arrive, with how many more probes have one. */
  readonly onAnswered: (more: number) => void
  /** Ends the exec early. */
  readonly limit?: AbortSignal
  /** Tells the script that nobody needs more of it. */
  readonly closing?: AbortSignal
}

/** What one exec into a floater brought: answers, and for the rest the reason why there is none. */
export interface Reply {
  readonly answer: (section: number, job: number) => Answer | undefined
  /** The verdict of a job that the image cannot do: asking again makes no sense. */
  readonly obstacle: (section: number, job: number) => Verdict | undefined
  /** The verdict of the jobs that have neither. */
  readonly trouble: Verdict
}

/** Runs the script with these jobs in one floater: one `kubectl exec`, whatever their number. */
export async function execJobs(
  floater: Floater,
  sections: readonly Section[],
  context: ExecContext,
): Promise<Reply> {
  const {kubectl, namespace, limits, onAnswered, limit, closing} = context
  const nonce = randomBytes(8).toString('hex')
  const heard = listen(nonce, sections)
  let counted = 0
  const result = await kubectl.stream(
    ['exec', '-i', `--namespace=${namespace}`, floater.pod, `--container=${CONTAINER}`, '--', 'sh', '-s'],
    {
      input: probeScript(nonce, sections, limits),
      deadline: deadlineOf(sections, limits) * 1000 + KUBECTL_SLACK,
      ...(limit === undefined ? {} : {signal: limit}),
      ...(closing === undefined ? {} : {closing}),
      onLine: (line) => {
        heard.line(line)
        if (heard.answered() > counted) onAnswered(heard.answered() - counted)
        counted = Math.max(counted, heard.answered())
      },
    },
  )
  return {answer: heard.answer, obstacle: obstacleIn(heard), trouble: troubleOf(heard, result)}
}

function obstacleIn(heard: Heard): Reply['obstacle'] {
  return (section, job) => {
    const tools = heard.missing(section)
    if (tools.length > 0) {
      return exception('tool-missing', `the image has no ${tools.join(', ').replaceAll('|', ' or ')}`)
    }
    const why = heard.unable(section, job)
    return why === undefined ? undefined : exception('tool-unable', why)
  }
}

/** kubectl's exit code says little: it can be 0 with output lost. Only the script's end marker proves an end. */
function troubleOf(heard: Heard, {ok, stderr, exitCode, timedOut}: KubectlResult): Verdict {
  if (heard.ended())
    return exception('lost-output', 'the script ended, but the answer to this probe did not arrive')
  if (timedOut) return exception('lost-output', 'kubectl exec did not end in time')
  if (ok)
    return exception('lost-output', 'kubectl exec ended without an error, but its output is not complete')
  const ended = exitCode === undefined ? 'was ended by a signal' : `ended with exit code ${exitCode}`
  return exception('exec-failed', stderr.trim() === '' ? `kubectl exec ${ended}` : reasonIn(stderr))
}

/** The verdict on a probe that could not be measured. */
export function exception(reason: Reason, raw: string): Verdict {
  return {status: 'EXCEPTION', reason, raw, timeUs: 0, unstable: false}
}
