import type {FollowUp} from '../model/follow-up.ts'
import type {Plan} from '../model/plan.ts'
import {askAbout, type AskContext} from './ask.ts'
import type {Inquiry} from './inquiry.ts'
import {roundsOf} from './rounds.ts'

/**
 * Asks what is to be asked, as many at once as `atOnce` says, until the limit is reached; what was not reached says so. Never
 * throws.
 */
export async function followUp(
  plan: Plan,
  inquiries: readonly Inquiry[],
  atOnce: number,
  context: AskContext,
): Promise<readonly FollowUp[]> {
  const answered = new Map<Inquiry, FollowUp>()
  for (const round of roundsOf(inquiries, atOnce)) {
    if (context.limit.aborted) break
    const asked = await Promise.all(round.map((inquiry) => askAbout(plan, inquiry, context)))
    for (const [index, inquiry] of round.entries()) {
      const one = asked[index]
      if (one !== undefined) answered.set(inquiry, one)
    }
  }
  return inquiries.map(
    (inquiry) =>
      answered.get(inquiry) ?? {
        finding: inquiry.finding,
        probe: inquiry.probe.id,
        answers: [],
        omitted: 'the time for follow-up questions was over before its turn',
      },
  )
}
