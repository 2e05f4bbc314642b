import {describe, expect, test} from 'vitest'
import {inventoryFrom} from '../../src/preflight/inventory.ts'
import {isLimiting, policiesOn, type SeenFloater} from '../../src/preflight/policies.ts'
import {policySchema} from '../../src/preflight/policies.ts'

const OURS = {
  'app.kubernetes.io/managed-by': 'kubectl-netdoctor',
  'app.kubernetes.io/name': 'netdoctor-floater',
}
const floater = (kind: SeenFloater['kind'], name = 'netdoctor-floater'): SeenFloater => ({
  kind,
  labels: {...OURS, 'app.kubernetes.io/name': name},
  ports: [
    {name: 'floater', number: 8889, protocol: 'TCP'},
    {name: 'floater-udp', number: 8889, protocol: 'UDP'},
  ],
})

function found(spec: unknown, floaters = [floater('pod')], namespaceLabels?: Record<string, string>) {
  const {policies} = inventoryFrom([{kind: 'NetworkPolicy', metadata: {name: 'p'}, spec}])
  return policiesOn({floaters, namespaceLabels}, policies)[0]
}

const pods = (matchLabels: object) => ({podSelector: {matchLabels}})

test.each<[string, unknown, boolean]>([
  ['of every pod', {podSelector: {}}, true],
  ['without a selector', {}, true],
  ['without a spec', undefined, true],
  ['of our label', pods(OURS), true],
  ['of an expression', {podSelector: {matchExpressions: [{key: 'a', operator: 'DoesNotExist'}]}}, true],
  ['of a label that floaters lack', pods({...OURS, app: 'web'}), false],
  ['of another value', pods({'app.kubernetes.io/name': 'web'}), false],
  [
    'of what floaters are not',
    {
      podSelector: {
        matchExpressions: [{key: 'app.kubernetes.io/name', operator: 'NotIn', values: ['netdoctor-floater']}],
      },
    },
    false,
  ],
  ['of what floaters have', {podSelector: {matchExpressions: [{key: 'app', operator: 'Exists'}]}}, false],
  [
    'of one of several',
    {podSelector: {matchExpressions: [{key: 'app', operator: 'In', values: ['a', 'b']}]}},
    false,
  ],
  ['of what the controller writes', pods({'pod-template-generation': '1'}), true],
  ['of what nobody can read', {podSelector: {matchExpressions: [{key: 'a', operator: 'Like'}]}}, true],
])('a NetworkPolicy %s may select floaters: %s', (_, spec, selects) => {
  expect(found(spec) !== undefined).toBe(selects)
})

test('pods in the nodes’ network are held by none; each of the others is named', () => {
  expect(found({podSelector: {}}, [floater('host')])).toBeUndefined()
  const all = [floater('pod'), floater('host'), floater('neighbour', 'netdoctor-floater-neighbour')]
  expect(found({podSelector: {}}, all)?.floaters).toEqual(['pod', 'neighbour'])
  expect(found(pods({'app.kubernetes.io/name': 'netdoctor-floater-neighbour'}), all)?.floaters).toEqual([
    'neighbour',
  ])
})

test.each<[string, object, object]>([
  ['no types: what comes in', {}, {ingress: []}],
  ['no types, and rules for what goes out', {egress: [{}]}, {ingress: [], egress: [{peers: 'all'}]}],
  ['what goes out', {policyTypes: ['Egress']}, {egress: []}],
  ['both', {policyTypes: ['Ingress', 'Egress']}, {ingress: [], egress: []}],
  ['null for nothing', {policyTypes: ['Ingress'], ingress: null}, {ingress: []}],
])('limits %s', (_, spec, limits) => {
  expect(found({podSelector: {}, ...spec})).toEqual({name: 'p', floaters: ['pod'], ...limits})
})

describe('what a rule lets through', () => {
  const rule = (one: unknown) => found({podSelector: {}, ingress: [one]}, undefined, {team: 'net'})?.ingress

  test.each<[string, unknown, object[]]>([
    ['everything', {}, [{peers: 'all'}]],
    ['everything, with an empty list', {from: [], ports: []}, [{peers: 'all'}]],
    ['pods of the namespace', {from: [{podSelector: {}}]}, [{peers: 'floaters'}]],
    ['floaters', {from: [pods(OURS)]}, [{peers: 'floaters'}]],
    ['other pods', {from: [pods({app: 'web'})]}, [{peers: 'others'}]],
    ['pods of all namespaces', {from: [{namespaceSelector: {}}]}, [{peers: 'floaters'}]],
    ['pods of ours', {from: [{namespaceSelector: {matchLabels: {team: 'net'}}}]}, [{peers: 'floaters'}]],
    ['pods of another', {from: [{namespaceSelector: {matchLabels: {team: 'web'}}}]}, [{peers: 'others'}]],
    ['addresses', {from: [{ipBlock: {cidr: '10.0.0.0/8'}}]}, [{peers: 'addresses'}]],
    ['nobody knows', {from: [{}]}, [{peers: 'unknown'}]],
    ['unreadable', {from: 'x'}, [{peers: 'unknown'}]],
    ['several', {from: [pods({app: 'web'}), {podSelector: {}}]}, [{peers: 'others'}, {peers: 'floaters'}]],
    ['our port', {ports: [{port: 8889}]}, [{peers: 'all', protocols: ['tcp']}]],
    [
      'a range with it',
      {ports: [{port: 8000, endPort: 9000, protocol: 'UDP'}]},
      [{peers: 'all', protocols: ['udp']}],
    ],
    ['a range without it', {ports: [{port: 1, endPort: 80}]}, [{peers: 'all', protocols: []}]],
    ['it by name', {ports: [{port: 'floater'}]}, [{peers: 'all', protocols: ['tcp']}]],
    ['another by name', {ports: [{port: 'http'}]}, [{peers: 'all', protocols: []}]],
    ['any port', {ports: [{protocol: 'TCP'}]}, [{peers: 'all', protocols: ['tcp']}]],
    ['names', {ports: [{port: 53, protocol: 'UDP'}]}, [{peers: 'all', protocols: ['dns']}]],
    ['what is neither', {ports: [{port: 8889, protocol: 'SCTP'}]}, [{peers: 'all', protocols: []}]],
  ])('%s', (_, one, openings) => {
    expect(rule(one)).toEqual(openings)
  })

  test('of a namespace whose labels nobody knows is not known', () => {
    const ingress = [{from: [{namespaceSelector: {matchLabels: {team: 'net'}}}]}]
    expect(found({podSelector: {}, ingress})?.ingress).toEqual([{peers: 'unknown'}])
  })
})

test.each<[string, object, boolean]>([
  ['nothing', {}, true],
  ['everything', {ingress: [{}]}, false],
  ['everything besides something', {ingress: [{from: [{podSelector: {}}]}, {}]}, false],
  ['a port', {ingress: [{ports: [{port: 8889}]}]}, true],
  ['all that comes, and nothing that goes', {ingress: [{}], policyTypes: ['Ingress', 'Egress']}, true],
])('one that lets %s through limits something: %s', (_, spec, limits) => {
  const one = found({podSelector: {}, ...spec})
  expect(one && isLimiting(one)).toBe(limits)
})

test('a policy whose name no cluster would give is none', () => {
  for (const name of ['a\u001b[31m', '', 'A', 'a'.repeat(254)])
    expect(policySchema.safeParse({kind: 'NetworkPolicy', metadata: {name}}).success).toBe(false)
})
