import {describe, expect, test} from 'vitest'
import {apiServerOf, makeServices, type ServiceWish} from '../../src/floater/services.ts'
import type {Floater} from '../../src/model/cluster.ts'
import {UserError} from '../../src/model/error.ts'
import {failure, fakeKubectl, type Behaviour} from '../kubectl/fake.ts'
import {DEFAULTS} from '../plan/wish.ts'

const config = {...DEFAULTS, namespace: 'netcheck', port: 8000}
const LABELS = {'app.kubernetes.io/managed-by': 'kubectl-netdoctor'}
const floater = (node: string, ...addresses: string[]): Floater => ({
  pod: `floater-${node}`,
  uid: `uid-${node}`,
  restarts: 0,
  node,
  addresses,
  port: 9000,
})
const WISHES: ServiceWish[] = [
  {name: 'netdoctor-service-1', type: 'ClusterIP', behind: floater('a', '10.0.0.1', 'fd00::1')},
  {name: 'netdoctor-nodeport', type: 'NodePort', behind: floater('b', '10.0.0.2')},
]

interface Applied {
  kind: string
  apiVersion: string
  metadata: {name: string; namespace: string; labels: Record<string, string>}
  [field: string]: unknown
}

/** The objects that are sent, and what comes of them. */
async function making(version: string, answer: Behaviour = {stdout: '{"items": []}'}) {
  const kubectl = fakeKubectl(() => answer)
  const made = await makeServices(kubectl, WISHES, config, 'run-1', version)
  const [call] = kubectl.calls
  expect([kubectl.calls.length, call?.args[0]]).toEqual([1, 'apply'])
  return {made, objects: (JSON.parse(call?.input ?? '') as {items: Applied[]}).items}
}

describe('what is sent', () => {
  const PORTS = ['TCP', 'UDP'].map((protocol) => ({name: protocol.toLowerCase(), protocol}))

  test('is a service without a selector, and what is behind it: one floater', async () => {
    const {objects} = await making('v1.35.4')
    expect(objects.map(({kind, metadata: {name}}) => `${kind} ${name}`)).toEqual([
      'Service netdoctor-service-1',
      'EndpointSlice netdoctor-service-1-ipv4',
      'EndpointSlice netdoctor-service-1-ipv6',
      'Service netdoctor-nodeport',
      'EndpointSlice netdoctor-nodeport-ipv4',
    ])
    expect(objects[0]?.['spec']).toEqual({
      type: 'ClusterIP',
      ipFamilyPolicy: 'PreferDualStack',
      ports: PORTS.map((port) => ({...port, port: 8000, targetPort: 8000})),
    })
    expect(objects[3]?.['spec']).toMatchObject({type: 'NodePort'})
    expect(objects[2]).toMatchObject({
      apiVersion: 'discovery.k8s.io/v1',
      addressType: 'IPv6',
      endpoints: [{addresses: ['fd00::1'], nodeName: 'a', conditions: {ready: true}}],
      // The floater's own port, whatever the service's is.
      ports: PORTS.map((port) => ({...port, port: 9000})),
      metadata: {labels: {...LABELS, 'kubernetes.io/service-name': 'netdoctor-service-1'}},
    })
  })

  test('carries our label, so that clean finds it, and the run on objects alone', async () => {
    for (const version of ['v1.35.4', 'v1.20.15']) {
      for (const {metadata} of (await making(version)).objects) {
        expect(metadata).toMatchObject({
          namespace: 'netcheck',
          labels: LABELS,
          annotations: {'kubectl-netdoctor/run-id': 'run-1'},
        })
      }
    }
  })

  test('is Endpoints for an older server, and no field that it does not know', async () => {
    const {objects} = await making('v1.20.15')
    expect(objects.map(({kind, apiVersion}) => `${apiVersion} ${kind}`)).toEqual([
      'v1 Service',
      'v1 Endpoints',
      'v1 Service',
      'v1 Endpoints',
    ])
    expect(objects[0]?.['spec']).not.toHaveProperty('ipFamilyPolicy')
    expect(objects[1]?.['subsets']).toEqual([
      {
        addresses: [
          {ip: '10.0.0.1', nodeName: 'a'},
          {ip: 'fd00::1', nodeName: 'a'},
        ],
        ports: PORTS.map((port) => ({...port, port: 9000})),
      },
    ])
  })
})

describe('what comes of it', () => {
  const service = (name: string, spec: object) => ({kind: 'Service', metadata: {name}, spec})

  test.each<[string, object, object]>([
    ['of one family', {clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1']}, {addresses: ['10.96.0.1']}],
    [
      'of both',
      {clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1', 'fd00::1']},
      {addresses: ['10.96.0.1', 'fd00::1']},
    ],
    ['of an older server', {clusterIP: '10.96.0.1'}, {addresses: ['10.96.0.1']}],
    ['without an address', {clusterIP: 'None', clusterIPs: ['None']}, {addresses: []}],
    ['with a node port', {ports: [{port: 1, nodePort: 30_001}]}, {nodePort: 30_001}],
    ['without one', {ports: [{port: 1}]}, {nodePort: undefined}],
  ])('is a service %s', async (_, spec, expected) => {
    const items = [{kind: 'EndpointSlice'}, service('s', spec), 'junk', {kind: 'Service'}]
    const {made} = await making('v1.35.4', {stdout: JSON.stringify({items})})
    expect(made).toEqual([expect.objectContaining({name: 's', ...expected})])
  })

  test.each<[string, Behaviour, string]>([
    [
      'what the server refuses',
      failure('Error from server (Forbidden): services "x" is forbidden: exceeded quota\n'),
      'Could not apply Service netdoctor-service-1, EndpointSlice netdoctor-service-1-ipv4',
    ],
    ['what makes no sense', {stdout: '<html>'}, '`kubectl apply` did not print what it should.'],
  ])('is a sentence for %s', async (_, answer, message) => {
    const made = making('v1.35.4', answer)
    await expect(made).rejects.toBeInstanceOf(UserError)
    await expect(made).rejects.toThrow(message)
  })
})

describe('kubernetes.default', () => {
  const found = async (behaviour: Behaviour) => await apiServerOf(fakeKubectl(() => behaviour))
  const service = (spec: object) => ({
    stdout: JSON.stringify({kind: 'Service', metadata: {name: 'kubernetes'}, spec}),
  })

  test('is where its service says', async () => {
    const kubectl = fakeKubectl(() => service({clusterIP: '10.96.0.1', ports: [{port: 6443}]}))
    expect(await apiServerOf(kubectl)).toEqual({addresses: ['10.96.0.1'], port: 6443})
    expect(kubectl.calls[0]?.args).toEqual([
      'get',
      'service',
      'kubernetes',
      '--namespace=default',
      '-o',
      'json',
    ])
    expect(await found(service({clusterIP: '10.96.0.1'}))).toEqual({addresses: ['10.96.0.1'], port: 443})
  })

  test.each<[string, Behaviour, string]>([
    ['may not be read', failure('Error from server (Forbidden): no\n'), 'no'],
    ['has none', service({clusterIP: 'None'}), 'kubernetes.default has no address'],
    ['makes no sense', {stdout: 'oops'}, 'kubernetes.default has no address'],
  ])('has no address where it %s, with the cause', async (_, behaviour, cause) => {
    expect(await found(behaviour)).toEqual({cause})
  })
})
