import {describe, expect, test} from 'vitest'
import type {NodeFacts} from '../../src/model/cluster.ts'
import type {FloaterConfig, Toleration} from '../../src/model/config.ts'
import {unsuitability} from '../../src/preflight/suitable.ts'
import {nodeFacts} from '../floater/pod.ts'

const CONFIG: FloaterConfig = {flavour: 'agnhost', imagePullSecrets: [], nodeSelector: {}}
const node = (changes: Partial<NodeFacts>) => nodeFacts('n1', true, changes)
const taint = (key: string, value = '', effect = 'NoSchedule') => ({key, value, effect})

test.each<[string, Partial<NodeFacts>, Partial<FloaterConfig>, string | undefined, boolean]>([
  ['plain', {}, {}, undefined, false],
  ['of Windows', {os: 'windows'}, {}, 'floaters run on Linux, and this node runs windows', false],
  [
    'a virtual kubelet',
    {labels: {type: 'virtual-kubelet'}},
    {},
    'it is a virtual kubelet, which has no pod network',
    false,
  ],
  ['of another type', {labels: {type: 'worker'}}, {}, undefined, false],
  ['labelled out', {labels: {'kosmos.io/exclude': ''}}, {}, 'it has the label kosmos.io/exclude', true],
  [
    'labelled out with a false',
    {labels: {'kosmos.io/exclude': 'false'}},
    {},
    'it has the label kosmos.io/exclude',
    true,
  ],
  ['selected', {labels: {zone: 'a', x: 'y'}}, {nodeSelector: {zone: 'a'}}, undefined, false],
  ['not selected', {labels: {zone: 'b'}}, {nodeSelector: {zone: 'a'}}, 'nodeSelector asks for zone=a', true],
  [
    'half selected',
    {labels: {zone: 'a'}},
    {nodeSelector: {zone: 'a', rack: '1'}},
    'nodeSelector asks for rack=1',
    true,
  ],
  ['tainted, and every taint is tolerated', {taints: [taint('a')]}, {}, undefined, false],
  [
    'tainted, and no taint is tolerated',
    {taints: [taint('dedicated', 'gpu', 'NoExecute')]},
    {tolerations: []},
    'tolerations do not cover its taint dedicated:NoExecute',
    true,
  ],
  // What the user did not decide comes first: it counts against the cluster.
  [
    'of Windows and labelled out',
    {os: 'windows', labels: {'kosmos.io/exclude': ''}},
    {},
    'floaters run on Linux, and this node runs windows',
    false,
  ],
])('a node that is %s', (_, changes, config, cause, leftOut) => {
  expect(unsuitability(node(changes), {...CONFIG, ...config})).toEqual(
    cause === undefined ? undefined : {cause, leftOut},
  )
})

// Kubernetes: staging/src/k8s.io/api/core/v1/toleration_test.go.
describe('a taint a=b:NoSchedule is tolerated', () => {
  test.each<[Toleration, boolean]>([
    [{key: 'a', operator: 'Equal', value: 'b', effect: 'NoSchedule'}, true],
    [{key: 'a', value: 'b'}, true],
    [{key: 'a', operator: 'Exists'}, true],
    [{operator: 'Exists'}, true],
    [{operator: 'Exists', effect: 'NoSchedule'}, true],
    [{operator: 'Exists', effect: 'NoExecute'}, false],
    [{key: 'a', operator: 'Exists', effect: 'PreferNoSchedule'}, false],
    [{key: 'a'}, false],
    [{key: 'a', value: 'c'}, false],
    [{key: 'c', value: 'b'}, false],
    [{key: 'c', operator: 'Exists'}, false],
    [{key: 'a', value: 'b', effect: 'NoExecute', tolerationSeconds: 5}, false],
  ])('by %j: %s', (toleration, tolerated) => {
    const found = unsuitability(node({taints: [taint('a', 'b')]}), {...CONFIG, tolerations: [toleration]})
    expect(found === undefined).toBe(tolerated)
  })
})

describe('with no tolerations of the user’s', () => {
  test.each([
    [taint('a', '', 'PreferNoSchedule'), true],
    [taint('node.kubernetes.io/unschedulable'), true],
    [taint('node.kubernetes.io/not-ready', '', 'NoExecute'), true],
    [taint('node.kubernetes.io/memory-pressure'), true],
    [taint('node.kubernetes.io/network-unavailable'), true],
    [taint('node.kubernetes.io/out-of-service', '', 'NoExecute'), false],
    [taint('node-role.kubernetes.io/control-plane'), false],
  ])('%j is nothing that keeps a DaemonSet away: %s', (one, suitable) => {
    const found = unsuitability(node({taints: [one]}), {...CONFIG, tolerations: []})
    expect(found === undefined).toBe(suitable)
  })

  test('every taint counts', () => {
    const taints = [taint('a'), taint('b')]
    const config = {...CONFIG, tolerations: [{key: 'a', operator: 'Exists' as const}]}
    expect(unsuitability(node({taints}), config)?.cause).toBe(
      'tolerations do not cover its taint b:NoSchedule',
    )
  })
})
