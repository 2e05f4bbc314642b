import type {ProtocolName} from '../model/plan.ts'
import type {Measured} from '../model/run.ts'
import {reach} from '../plan/modes.ts'
import {probesOf} from '../plan/plan.ts'
import {latencyOf, slowness} from '../results/latency.ts'
import {count, latency} from '../text/wording.ts'
import {namesOf, percent} from './names.ts'
import {close, type Observations} from './observations.ts'
import type {Suspicion} from './suspicion.ts'

/** What is no node's fault that was seen, or stays inside of one: the rest, with its rate, so that nothing is hidden. */
export function unstableLeft(observations: Observations): Suspicion[] {
  const {issues, lanes, run} = observations
  const left = [...Array(issues.size).keys()].filter(
    (index) => issues.open[index] !== 0 && run.results.status[issues.probe[index] ?? 0] === 1,
  )
  if (left.length === 0) return []
  const probes = left.map((index) => close(observations, index))
  const outward = left.every((index) => lanes[issues.lane[index] ?? 0]?.leads === 'outward')
  return [
    {
      finding: {
        kind: 'loss',
        subjects: [],
        layer: outward ? 'services' : 'pod network',
        against: 0,
        sentence: `${count(probes.length, 'probe')} answered only sometimes, or after a lost packet: ${percent(probes.length, run.plan.size)} of all`,
        evidence: [],
      },
      probes,
    },
  ]
}

/** Under which address a peer saw the source, where it was none of the source's; by source, or everywhere. */
export function rewritten({plan, results}: Measured): Suspicion[] {
  const bySource = new Map<number, {probes: number[]; measured: number; text: number}>()
  const seenAs = results.texts.map((text) => text.startsWith('seen as '))
  if (!seenAs.includes(true)) return []
  for (const probe of probesOf(plan)) {
    const {id, source, block} = probe
    if (block.protocol !== 'udp' || results.status[id] !== 1) continue
    const known = bySource.get(source) ?? {probes: [], measured: 0, text: 0}
    bySource.set(source, known)
    known.measured++
    const text = results.raw[id] ?? 0
    if (seenAs[text] !== true) continue
    known.probes.push(id)
    known.text = text
  }
  const nameOf = namesOf(plan)
  const affected = [...bySource].filter(([, {probes}]) => probes.length > 0)
  const suspicion = (
    probes: readonly number[],
    nodes: readonly number[],
    text: number,
    who: string,
  ): Suspicion => ({
    finding: {
      kind: 'rewritten',
      subjects: nodes.map((node) => ({kind: 'node', node})),
      direction: 'outbound',
      layer: 'pod network',
      against: 0,
      sentence: `packets from ${who} arrive under another source address: something on the way rewrites it (SNAT, masquerading)`,
      evidence: [results.texts[text] ?? ''].map((one) =>
        `its peers have it ${one}`.replace('{address}', 'their own address'),
      ),
    },
    probes,
  })
  if (affected.length > 1 && affected.length === bySource.size)
    return [
      suspicion(
        affected.flatMap(([, {probes}]) => probes),
        [],
        affected[0]?.[1].text ?? 0,
        'every node',
      ),
    ]
  return affected.map(([node, {probes, text}]) => suspicion(probes, [node], text, nameOf(node)))
}

/** What took far longer than most: by node, where most of a node's probes did. */
export function slow(run: Measured): Suspicion[] {
  const {plan, results} = run
  const isSlow = slowness(run)
  const nodes = plan.nodes.length
  const [slowOf, allOf] = [new Uint32Array(nodes), new Uint32Array(nodes)]
  const found: {id: number; source: number; target: number | undefined; protocol: ProtocolName}[] = []
  for (const probe of probesOf(plan)) {
    const {id, block, source, endpoint} = probe
    const time = results.timeUs[id] ?? 0
    if (results.status[id] !== 1 || time === 0 || reach(probe) !== 'network') continue
    const ends = endpoint.node === undefined ? [source] : [source, endpoint.node]
    for (const end of ends) allOf[end] = (allOf[end] ?? 0) + 1
    if (!isSlow(probe)) continue
    for (const end of ends) slowOf[end] = (slowOf[end] ?? 0) + 1
    found.push({id, source, target: endpoint.node, protocol: block.protocol})
  }
  const left = new Set(found)
  const nameOf = namesOf(plan)
  const suspicions: Suspicion[] = []
  const say = (members: typeof found, node: number | undefined): void => {
    const slowest = members.reduce((most, {id}) => Math.max(most, results.timeUs[id] ?? 0), 0)
    const who =
      node === undefined ? count(members.length, 'probe') : `what leads to ${nameOf(node)} or starts there`
    suspicions.push({
      finding: {
        kind: 'slow',
        subjects: node === undefined ? [] : [{kind: 'node', node}],
        layer: 'pod network',
        against: 0,
        sentence: `${who} takes far longer than the rest: up to ${latency(slowest)}`.replace(
          'probes takes',
          'probes take',
        ),
        evidence: [...latencyOf(run)].flatMap(([protocol, {p50}]) =>
          members.some((one) => one.protocol === protocol)
            ? [`half of all take ${latency(p50)} at most (${protocol})`]
            : [],
        ),
      },
      probes: members.map(({id}) => id),
    })
    for (const member of members) left.delete(member)
  }
  for (let node = 0; node < nodes; node++) {
    if ((slowOf[node] ?? 0) < 4 || (slowOf[node] ?? 0) < 0.8 * (allOf[node] ?? 0)) continue
    const members = [...left].filter(({source, target}) => source === node || target === node)
    if (members.length > 0) say(members, node)
  }
  if (left.size > 0) say([...left], undefined)
  return suspicions
}
