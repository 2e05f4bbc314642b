import type {FollowUp, FollowUpAnswer, FollowUpQuestion} from '../model/follow-up.ts'
import type {Plan, Probe} from '../model/plan.ts'
import {printable, printableUpTo} from '../text/printable.ts'
import {count} from '../text/wording.ts'
import {arrivalClauses} from './arrivals.ts'
import {namesOf} from './names.ts'

/** What was asked afterwards about the finding of this probe, and what came of it, a clause each, printable. */
export function followUpClauses(plan: Plan, probe: Probe, followUp: FollowUp): readonly string[] {
  const nameOf = namesOf(plan)
  const called = (index: number) => (probe.block.from === 'host' ? nameOf(index) : `${nameOf(index)}'s pod`)
  const {node, behind: last = node} = probe.endpoint
  const own = followUp.answers.filter(({asker}) => asker === probe.source)
  const others = followUp.answers.filter(({asker}) => asker !== probe.source)
  const asker = called(probe.source)
  const clauses = [
    ...(followUp.omitted === undefined ? [] : [`nothing was asked: ${said(followUp.omitted)}`]),
    ...again(own, asker),
    ...arrivalClauses(
      followUp,
      probe.block.protocol,
      nameOf(probe.source),
      last === undefined ? 'the target' : nameOf(last),
    ),
    ...otherWays(own, asker),
    ...sizes(own, asker),
    ...nodeItself(own, node === undefined ? 'the node' : nameOf(node), asker),
    ...[...new Set(others.map((one) => one.asker))].flatMap((index) => {
      const theirs = others.filter((one) => one.asker === index)
      return [...neighbour(theirs, called(index)), ...sizes(theirs, called(index))]
    }),
    ...way(followUp, probe, asker),
    ...unasked(followUp),
  ]
  return clauses.map((clause) => `follow-up: ${clause}`)
}

const said = (text: string) => printableUpTo(160, text)
const isAnswered = ({status}: FollowUpAnswer) => status === 'SUCCEEDED'
const isMeasured = ({status}: FollowUpAnswer) => status !== 'EXCEPTION'

function answerTo(
  answers: readonly FollowUpAnswer[],
  question: FollowUpQuestion,
): FollowUpAnswer | undefined {
  return answers.find((one) => one.question === question && isMeasured(one))
}

/** Only what changed is news. */
function again(answers: readonly FollowUpAnswer[], asker: string): string[] {
  const asked = answers.filter((one) => one.question === 'again' && isMeasured(one))
  const answered = asked.filter(isAnswered).length
  if (answered === 0) return []
  const often =
    asked.length === 1 ? 'is answered' : `is answered ${answered} of ${count(asked.length, 'time')}`
  return [`asked again from ${asker}, what failed ${often}`]
}

function otherWays(answers: readonly FollowUpAnswer[], asker: string): string[] {
  const what = {
    ping: 'pings of the same address',
    tcp: 'TCP to the same address',
    udp: 'UDP to the same address',
  }
  const over = (['ping', 'tcp', 'udp'] as const).flatMap((question) => {
    const answer = answerTo(answers, question)
    return answer === undefined
      ? []
      : [outcome(`from ${asker}, ${what[question]}`, answer, question === 'ping')]
  })
  const floater = answerTo(answers, 'floater')
  if (floater === undefined) return over
  return [...over, outcome(`from ${asker}, the floater behind it, at its own address,`, floater)]
}

/** `... is answered`, `... fail (timeout)`. */
function outcome(what: string, answer: FollowUpAnswer, many = false): string {
  if (isAnswered(answer))
    return `${what} ${many ? 'are' : 'is'} answered`.replace(', is answered', ', answers')
  return `${what} ${many ? 'fail' : 'fails'} (${answer.reason})`
}

function sizes(answers: readonly FollowUpAnswer[], asker: string): string[] {
  const [small, large] = [answerTo(answers, 'small'), answerTo(answers, 'large')]
  if (small === undefined || large === undefined) return []
  if (!isAnswered(small)) return [`from ${asker}, a small body fails (${small.reason})`]
  if (isAnswered(large)) return [`from ${asker}, a small body passes, and so does a large one`]
  return [`from ${asker}, a small body passes, a large one does not (${large.reason})`]
}

function nodeItself(answers: readonly FollowUpAnswer[], node: string, asker: string): string[] {
  const [ping, port] = [answerTo(answers, 'node-ping'), answerTo(answers, 'node-port')]
  const address = `${node}'s own address`
  if (ping !== undefined && isAnswered(ping))
    return [`${address} answers pings from ${asker}: packets pass between the two nodes`]
  if (port !== undefined && isAnswered(port))
    return [`${address} accepts connections from ${asker}: packets pass between the two nodes`]
  if (ping?.reason === 'loss')
    return [`pings from ${asker} to ${address} get lost in part: ${said(ping.raw)}`]
  if (port?.reason === 'refused')
    return [`${address} refuses connections from ${asker} to the kubelet's port`]
  const failed = [
    ...(ping === undefined ? [] : [`pings: ${ping.reason}`]),
    ...(port === undefined ? [] : [`the kubelet's port: ${port.reason}`]),
  ]
  if (failed.length === 0) return []
  return [
    `${address} does not answer ${asker} (${failed.join('; ')}); its answers may have to take the pod network`,
  ]
}

function neighbour(answers: readonly FollowUpAnswer[], name: string): string[] {
  const answer = answerTo(answers, 'again')
  if (answer === undefined) return []
  return [
    isAnswered(answer)
      ? `asked from ${name}, it is answered`
      : `asked from ${name}, it fails as well (${answer.reason})`,
  ]
}

function way({route}: FollowUp, {endpoint}: Probe, asker: string): string[] {
  if (route === undefined || 'cause' in route) return []
  const {hops} = route
  if (hops.length > 0 && hops.at(-1) === endpoint.address)
    return [`traceroute from ${asker} arrives after ${count(hops.length, 'hop')}`]
  const last = hops.findLastIndex((hop) => hop !== '')
  if (last < 0) return [`traceroute from ${asker}: no hop answers`]
  return [
    `traceroute from ${asker}: hop ${last + 1}, ${printable(hops[last] ?? '')}, is the last that answers`,
  ]
}

const CALLED: Readonly<Record<FollowUpQuestion, string>> = {
  again: 'the same again',
  small: 'a small body',
  large: 'a large body',
  ping: 'pings',
  tcp: 'TCP',
  udp: 'UDP',
  'node-ping': 'pings of the node',
  'node-port': "the kubelet's port",
  floater: 'the floater behind it',
}

/** By cause, what could not be asked, which says nothing of the network. Most images have no traceroute: that is nothing to report. */
function unasked({answers, route}: FollowUp): string[] {
  const open = answers.flatMap(({status, reason, raw, question}) =>
    status === 'EXCEPTION' ? [{what: CALLED[question], cause: raw || reason}] : [],
  )
  if (route !== undefined && 'cause' in route && !route.cause.startsWith('the image has no '))
    open.push({what: 'traceroute', cause: route.cause})
  const causes = new Map<string, Set<string>>()
  for (const {what, cause} of open) {
    // What stands in brackets, and a remedy behind it, is in the saved report.
    const brief = said(cause.split(' (', 1)[0] ?? '')
    causes.set(brief, (causes.get(brief) ?? new Set()).add(what))
  }
  return [...causes].map(([cause, what]) => `not measured: ${[...what].join(', ')} (${cause})`)
}
