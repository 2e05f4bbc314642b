import fc from 'fast-check'
import {expect, test} from 'vitest'
import type {FloaterKind} from '../../src/model/cluster.ts'
import type {Plan, Probe} from '../../src/model/plan.ts'
import {subsetOf} from '../../src/plan/cut.ts'
import {probesOf} from '../../src/plan/plan.ts'
import {runPlan} from '../../src/probe/run.ts'
import {hostAndPort} from '../../src/address/address.ts'
import {reasonAt, recorder, statusAt} from '../../src/results/store.ts'
import {failure, fakeKubectl} from '../kubectl/fake.ts'
import {anyPlan} from '../plan/any-plan.ts'
import {floaterOn} from '../report/sample.ts'
import {pairOf} from '../plan/wish.ts'
import {askedBy, OK, REFUSED, script, TIMEOUT} from './asked.ts'

const ANSWERS = {
  fine: {line: OK, verdict: 'SUCCEEDED answered'},
  refused: {line: REFUSED, verdict: 'FAILED connect-failed'},
  timeout: {line: TIMEOUT, verdict: 'FAILED timeout'},
  // Of somebody else: good for a connection, bad for a reply.
  foreign: {line: '0\t200\t0.000400\t0.000900\t\t<html>', verdict: ''},
  lost: {line: undefined, verdict: 'EXCEPTION lost-output'},
} as const
type Answer = keyof typeof ANSWERS

/** One of the answers for each source, target and check: which one, the numbers decide. */
function chooser(numbers: readonly number[]): (...words: readonly string[]) => Answer {
  const names = Object.keys(ANSWERS) as Answer[]
  return (...words) => {
    const sum = Array.from(words.join(' ')).reduce(
      (hash, letter) => (hash * 31 + (letter.codePointAt(0) ?? 0)) % 65_521,
      7,
    )
    return names[(numbers[sum % numbers.length] ?? 0) % names.length] ?? 'fine'
  }
}

/** What must come of a probe that can be made. */
function expected(answer: Answer, check: string): string {
  if (answer === 'foreign') return check === 'connect' ? 'SUCCEEDED answered' : 'FAILED wrong-peer'
  return ANSWERS[answer].verdict
}

/** A probe that no floater can make, or that has no address. */
function isImpossible({nodes}: Plan, {source, endpoint, block}: Probe): boolean {
  const {from, to, ipFamily} = block
  const lacks = (index: number, kind: FloaterKind) => {
    const addresses = nodes[index]?.floaters[kind]?.floater?.addresses ?? []
    const suitable = addresses.filter(
      (one) => ipFamily === 'name' || one.includes(':') === (ipFamily === 'ipv6'),
    )
    return suitable.length === 0
  }
  if (endpoint.address === undefined || lacks(source, from)) return true
  return endpoint.node !== undefined && to !== undefined && lacks(endpoint.node, to)
}

test('whatever is answered, lost or refused, each probe of any plan has the result of its own question', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyPlan,
      fc.array(fc.nat(4), {minLength: 1, maxLength: 40}),
      fc.option(fc.integer({min: 1, max: 3})),
      fc.integer({min: 1, max: 4}),
      async (full, numbers, sample, maxNum) => {
        const plan = subsetOf(full, {
          from: undefined,
          to: undefined,
          bothWays: false,
          sample: sample ?? undefined,
        })
        const choose = chooser(numbers)
        const store = recorder(plan.size)
        const kubectls = new Map(
          plan.nodes.map(({cluster}) => [
            cluster,
            fakeKubectl((call) => {
              const asked = askedBy(call)
              return script(
                asked,
                (target, {check}) => ANSWERS[choose(cluster, asked.pod, target, check)].line,
              )
            }),
          ]),
        )
        await runPlan(plan, store, {
          kubectlOf: (cluster) => kubectls.get(cluster) ?? fakeKubectl(() => failure('no such cluster')),
          namespace: 'netcheck',
          answer: 'OK',
          settledAt: 0,
          bystanders: [],
          limits: {parallel: 64, probeTimeout: 10},
          maxNum,
          retries: 1,
          presentFloaters: () => Promise.resolve(undefined),
          signal: new AbortController().signal,
          on: {probed: () => undefined, failed: () => undefined, pass: () => undefined},
        })
        for (const probe of probesOf(plan)) {
          const node = plan.nodes[probe.source]
          const {cluster = ''} = node ?? {}
          const {check, from} = probe.block
          const floater = node && floaterOn(node, from)
          const target = hostAndPort(probe.endpoint.address ?? '', probe.endpoint.port)
          const got = `${statusAt(store.results, probe.id)} ${reasonAt(store.results, probe.id)}`
          const wanted = isImpossible(plan, probe)
            ? /^EXCEPTION (no-floater|no-address|not-tested)$/
            : new RegExp(`^${expected(choose(cluster, floater?.pod ?? '', target, check), check)}$`)
          expect(got, pairOf(plan, probe)).toMatch(wanted)
        }
      },
    ),
  )
})
