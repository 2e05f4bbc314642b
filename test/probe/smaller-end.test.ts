import {expect, test} from 'vitest'
import type {Verdict} from '../../src/model/result.ts'
import {allowForSmallerEnds} from '../../src/probe/smaller-end.ts'
import {sizeVerdict} from '../../src/protocols/packet-size.ts'
import {probesOf} from '../../src/plan/plan.ts'
import {recorder, verdictAt} from '../../src/results/store.ts'
import {fakeKubectl} from '../kubectl/fake.ts'
import {clusterNamed, pairOf, planOf} from '../plan/wish.ts'
import {inCluster, nodeWith} from '../report/sample.ts'
import {askedBy, script} from './asked.ts'

const A = nodeWith('a', '10.0.0.1')
const B = nodeWith('b', '10.0.0.2')
const held: Verdict = sizeVerdict({largest: 1400, taken: 1450, told: false})

/** What becomes of the pairs that were `held`, where each floater may send so much; and what was asked. */
async function allowed(
  nodes: Parameters<typeof planOf>[0],
  own: Readonly<Record<string, string | undefined>>,
  heldUp: readonly string[],
  wish: Parameters<typeof planOf>[1] = {},
) {
  const plan = planOf(nodes, {protocols: ['icmp'], mtu: true, ...wish})
  const store = recorder(plan.size)
  const sized = [...probesOf(plan)].filter(({block}) => block.check === 'mtu')
  for (const probe of sized)
    if (heldUp.includes(pairOf(plan, probe))) store.record(probe.id, held, probe.endpoint.address)
  const asked: string[] = []
  const kubectl = fakeKubectl((call) => {
    const one = askedBy(call)
    asked.push(`${one.pod} ${one.targets.join(' ')}`)
    return script(one, () => {
      const size = own[one.pod]
      return size === undefined ? undefined : `1\t${size}\t\t\t`
    })
  })
  await allowForSmallerEnds(plan, store, {
    kubectlOf: () => kubectl,
    namespace: 'n',
    answer: undefined,
    limits: {parallel: 4, probeTimeout: 1},
    maxNum: 3,
    retries: 0,
    settledAt: 0,
    bystanders: [],
    signal: new AbortController().signal,
    on: {probed: () => undefined, failed: () => undefined, pass: () => undefined},
    presentFloaters: () => Promise.resolve(undefined),
  })
  const verdicts = sized
    .filter((probe) => heldUp.includes(pairOf(plan, probe)))
    .map(({id, endpoint}) => {
      const {status, raw} = verdictAt(store.results, id, endpoint.address)
      return `${status} ${raw}`
    })
  return {asked, verdicts}
}

test.each<[string | undefined, string]>([
  ['1500', 'FAILED 1400 of 1450 bytes pass, larger ones vanish'],
  ['1450', 'FAILED 1400 of 1450 bytes pass, larger ones vanish'],
  ['1420', 'FAILED 1400 of 1420 bytes pass, larger ones vanish'],
  ['1400', 'SUCCEEDED 1400'],
  ['1280', 'SUCCEEDED 1400'],
  // Nobody can say.
  ['', 'FAILED 1400 of 1450 bytes pass, larger ones vanish'],
  [undefined, 'FAILED 1400 of 1450 bytes pass, larger ones vanish'],
])('an end that takes %s: %s', async (own, verdict) => {
  expect(await allowed([A, B], {'floater-b': own}, ['a -> b'])).toEqual({
    asked: ['floater-b 10.0.0.1'],
    verdicts: [verdict],
  })
})

test('nobody is asked where nothing was held up', async () => {
  expect(await allowed([A, B], {}, [])).toEqual({asked: [], verdicts: []})
})

test('each end is asked once, about all that was held up', async () => {
  const {asked} = await allowed([A, B, nodeWith('c', '10.0.0.3')], {}, ['a -> b', 'c -> b', 'a -> c'])
  expect(asked).toEqual(['floater-b 10.0.0.1 10.0.0.3', 'floater-c 10.0.0.1'])
})

test('between clusters it is asked about the address that it knows the source by', async () => {
  const nodes = [A, inCluster('dst', B)]
  const src = clusterNamed('src', {from: '10.0.0.0/24', to: '10.9.0.0/24'})
  const {asked} = await allowed(nodes, {}, ['src/a -> dst/b'], {
    clusters: [src, clusterNamed('dst')],
    sizing: ['src', 'dst'],
  })
  expect(asked).toEqual(['floater-b 10.9.0.1'])
})
