import {describe, expect, test} from 'vitest'
import {inventoryFrom} from '../../src/preflight/inventory.ts'

const OURS = {'app.kubernetes.io/managed-by': 'kubectl-netdoctor'}

test('nodes, ready or not, of any system; junk is passed over', () => {
  const conditions = (status: string) => ({conditions: [{type: 'Ready', status}]})
  const {nodes} = inventoryFrom([
    {
      kind: 'Node',
      metadata: {name: 'a', uid: 'uid-a', labels: {'kubernetes.io/os': 'linux'}},
      status: conditions('True'),
    },
    {kind: 'Node', metadata: {name: 'b'}, status: conditions('Unknown')},
    {kind: 'Node', metadata: {name: 'c', labels: {'kubernetes.io/os': 'windows'}}, status: {}},
    {kind: 'Secret', metadata: {name: 'd'}},
    null,
    'x',
  ])
  const bare = {uid: '', ready: false, os: 'linux', addresses: [], labels: {}, traits: {}, taints: []}
  expect(nodes).toEqual([
    {...bare, name: 'a', uid: 'uid-a', ready: true, labels: {'kubernetes.io/os': 'linux'}},
    {...bare, name: 'b'},
    {...bare, name: 'c', os: 'windows', labels: {'kubernetes.io/os': 'windows'}},
  ])
})

test.each([
  ['nothing', {}, {}],
  [
    'everything',
    {
      metadata: {
        labels: {
          'topology.kubernetes.io/zone': 'z1',
          'failure-domain.beta.kubernetes.io/zone': 'old',
          'node-role.kubernetes.io/worker': '',
          'node-role.kubernetes.io/control-plane': '',
        },
      },
      spec: {podCIDR: '10.244.1.0/24', podCIDRs: ['10.244.1.0/24', '2001:db8:1::/64']},
      status: {
        nodeInfo: {
          osImage: 'Linux 12',
          kernelVersion: '6.1',
          kubeletVersion: 'v1.35.4',
          architecture: 'arm64',
        },
      },
    },
    {
      zone: 'z1',
      'pod range': '10.244.1.0/24, 2001:db8:1::/64',
      os: 'Linux 12',
      kernel: '6.1',
      kubelet: 'v1.35.4',
      architecture: 'arm64',
      role: 'control-plane, worker',
    },
  ],
  [
    'an old one',
    {
      metadata: {labels: {'failure-domain.beta.kubernetes.io/zone': 'old'}},
      spec: {podCIDR: '10.244.1.0/24'},
      status: {nodeInfo: 'unreadable'},
    },
    {zone: 'old', 'pod range': '10.244.1.0/24'},
  ],
])('a node may have traits: %s', (_, {metadata = {}, ...parts}: {metadata?: object}, traits) => {
  const node = {kind: 'Node', metadata: {name: 'a', ...metadata}, status: {}, ...parts}
  expect(inventoryFrom([node]).nodes.map((one) => one.traits)).toEqual([traits])
})

describe('the DaemonSet', () => {
  const named = (name: string, rest: object = {}) => ({kind: 'DaemonSet', metadata: {name, ...rest}})
  const deletionTimestamp = '2025-01-02T03:04:05Z'

  test.each([
    ['is not there', [], undefined],
    ['of another name is none', [named('fluentd')], undefined],
    ['is ours', [named('x'), named('netdoctor-floater', {labels: OURS})], {ours: true, deleting: false}],
    ['is somebody else’s', [named('netdoctor-floater')], {ours: false, deleting: false}],
    [
      'is being deleted',
      [named('netdoctor-floater', {labels: OURS, deletionTimestamp})],
      {ours: true, deleting: true},
    ],
  ])('%s', (_, items, daemonSet) => {
    expect(inventoryFrom(items).daemonSets).toEqual(
      daemonSet === undefined ? [] : [{name: 'netdoctor-floater', ...daemonSet}],
    )
  })
})

test.each([
  ['of pods', {hard: {pods: '10'}, used: {pods: '7'}}, [3]],
  ['of pods, counted as objects', {hard: {'count/pods': '10'}, used: {'count/pods': '1'}}, [9]],
  ['that nothing was used of', {hard: {pods: '10'}}, [10]],
  ['of something else', {hard: {'requests.cpu': '10'}}, []],
  ['of thousands', {hard: {pods: '2k'}, used: {pods: '1k'}}, [1000]],
  ['without a status', undefined, []],
])('a ResourceQuota %s leaves room for %j', (_, status, podsLeft) => {
  const {quotas} = inventoryFrom([
    {kind: 'ResourceQuota', metadata: {name: 'q'}, ...(status ? {status} : {})},
  ])
  expect(quotas.map((quota) => quota.podsLeft)).toEqual(podsLeft)
})

test.each([{scopes: ['BestEffort']}, {scopeSelector: {matchExpressions: []}}])(
  'a ResourceQuota with %j is left to the trial pod',
  (spec) => {
    const quota = {kind: 'ResourceQuota', metadata: {name: 'q'}, spec, status: {hard: {pods: '0'}}}
    expect(inventoryFrom([quota]).quotas).toEqual([])
  },
)
