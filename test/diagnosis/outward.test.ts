import {expect, test} from 'vitest'
import type {Probe} from '../../src/model/plan.ts'
import type {PlanWish} from '../../src/plan/wish.ts'
import {diagnosed, faultsOf, nodesCalled} from './matrix.ts'

const NODES = nodesCalled('abc')
const DNS: Partial<PlanWish> = {
  modes: ['pod', 'node'],
  protocols: ['dns'],
  lookups: [{name: 'kubernetes.default.svc'}],
}
const isDns = ({block}: Probe) => block.protocol === 'dns'

test.each<[string, (probe: Probe) => boolean, string | undefined]>([
  [
    'the pods of one node',
    ({block, source}) => block.from === 'pod' && source === 1,
    'DNS does not work from the pods of b, and does from elsewhere',
  ],
  [
    'the host network of one node',
    ({block, source}) => block.from === 'host' && source === 1,
    'DNS does not work from the host network of b, and does from elsewhere',
  ],
  ['all of one node', ({source}) => source === 1, 'DNS does not work from b, and does from elsewhere'],
  ['everywhere', () => true, 'DNS does not work from any node'],
  ['nowhere', () => false, undefined],
])('names are not resolved: %s', (_, concerns, sentence) => {
  const {findings} = diagnosed(NODES, [faultsOf('timeout', (probe) => isDns(probe) && concerns(probe))], DNS)
  expect(findings.map((one) => one.sentence)).toEqual(sentence === undefined ? [] : [sentence])
})
