import type {Floater} from '../model/cluster.ts'
import type {Check, Plan, Probe} from '../model/plan.ts'
import type {Verdict} from '../model/result.ts'
import {reach} from '../plan/modes.ts'
import type {Source} from '../plan/plan.ts'
import {protocols} from '../protocols/index.ts'
import type {Protocol} from '../protocols/protocol.ts'
import {isSizing} from '../results/store.ts'
import type {ProbeContext} from './context.ts'
import {execJobs, type ExecContext} from './exec.ts'
import {patienceOf, type Section} from './script.ts'

/** Asks one floater; what it did not answer is asked once more, and is an EXCEPTION after that. */
export async function ask(
  plan: Plan,
  {node: index, kind}: Source,
  probes: readonly Probe[],
  context: ProbeContext,
  onAnswered: (more: number) => void,
): Promise<Map<Probe, Verdict>> {
  const verdicts = new Map<Probe, Verdict>()
  const node = plan.nodes[index]
  const floater = node?.floaters[kind]?.floater
  if (node === undefined || floater === undefined || probes.length === 0) return verdicts
  const exec = {...context, kubectl: context.kubectlOf(node.cluster), onAnswered}

  let trouble = await askOnce(floater, probes, exec, context.answer, verdicts)
  let unanswered = probes.filter((probe) => !verdicts.has(probe))
  if (unanswered.length > 0 && !context.signal.aborted) {
    trouble = await askOnce(floater, unanswered, exec, context.answer, verdicts)
    unanswered = unanswered.filter((probe) => !verdicts.has(probe))
  }
  if (!context.signal.aborted) for (const probe of unanswered) verdicts.set(probe, trouble)
  return verdicts
}

const CHECKS = ['reply', 'connect', 'mtu'] as const satisfies readonly Check[]

/**
 * The source's address should arrive as it is. On the way through a node's port it is rewritten by design, and what starts
 * in a node's own network comes from whichever of the node's addresses is nearest.
 */
function keepsItsAddress(probe: Probe): boolean {
  const {mode, from} = probe.block
  return from !== 'host' && mode !== 'nodeport' && reach(probe) === 'network'
}

/** Records what was heard, and what the image cannot do; gives the verdict of the rest. */
async function askOnce(
  floater: Floater,
  probes: readonly Probe[],
  context: ExecContext,
  answer: string | undefined,
  verdicts: Map<Probe, Verdict>,
): Promise<Verdict> {
  const rank = ({protocol: {name: protocol}, check}: {protocol: Protocol; check: Check}) =>
    isSizing({protocol, check}) ? 0 : 1
  const groups = Object.values(protocols)
    .flatMap((protocol) =>
      CHECKS.map((check) => ({
        protocol,
        check,
        members: probes.filter(({block}) => block.protocol === protocol.name && block.check === check),
      })),
    )
    .filter(({members}) => members.length > 0)
    // From large packets over TCP the kernel may learn how large they may be, and then tries no others.
    .sort((a, b) => rank(a) - rank(b))
  const sections: Section[] = groups.map(({protocol, check, members}) => ({
    protocol,
    check,
    targets: members.map(({endpoint}) => protocol.encode(endpoint)),
  }))
  const reply = await execJobs(floater, sections, context)
  groups.forEach(({protocol, check, members}, section) => {
    members.forEach((probe, job) => {
      const heard = reply.answer(section, job)
      const {endpoint} = probe
      const question = {
        endpoint,
        check,
        expected: endpoint.identity ?? answer,
        patience: patienceOf(context.limits),
        ...(keepsItsAddress(probe) ? {sourceAddresses: floater.addresses} : {}),
      }
      const verdict = (heard && protocol.judge(heard, question)) ?? reply.obstacle(section, job)
      if (verdict) verdicts.set(probe, verdict)
    })
  })
  return reply.trouble
}
