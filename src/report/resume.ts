import type {Run} from '../model/run.ts'
import {probesOf} from '../plan/plan.ts'
import {explain} from '../results/explain.ts'
import {reasonAt, STATUSES, statusAt, verdictAt} from '../results/store.ts'
import type {Plan, Probe} from '../model/plan.ts'
import type {Results} from '../model/result.ts'

/** resume.json: the seed's array of what is not SUCCEEDED, with its field names, and ours after them. */
export function* resumeJson({plan, results}: Run): Generator<string> {
  yield '['
  let separator = '\n'
  for (const probe of probesOf(plan)) {
    const status = statusAt(results, probe.id)
    if (status === 'SUCCEEDED') continue
    const {block, endpoint, source} = probe
    const [src, dst] = [plan.nodes[source], plan.nodes[endpoint.node]]
    const entry = {
      Status: STATUSES.indexOf(status),
      ResultStr: resultText(plan, results, probe),
      srcNodeName: src?.name,
      dstNodeName: dst?.name,
      targetIP: endpoint.address ?? '',
      srcCluster: src?.cluster,
      dstCluster: dst?.cluster,
      mode: block.mode,
      protocol: block.protocol,
      ipFamily: block.ipFamily,
      port: endpoint.port,
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
