import {describe, expect, test} from 'vitest'
import {afterPullError, obstacleOf} from '../../src/floater/obstacle.ts'
import {floaterIn, nodeOf, podEvent} from '../../src/floater/pods.ts'
import {podJson, type PodParts} from './pod.ts'

const IMAGE = 'ghcr.io/kosmos-io/clusterlink-floater:v0.2.0'

function pod(parts: PodParts = {}) {
  const event = podEvent({type: 'MODIFIED', object: podJson(parts)})
  if (event === undefined) throw new Error('not taken for a pod')
  return event.object
}

describe('a watch event', () => {
  test.each(['ADDED', 'MODIFIED', 'DELETED'])('%s is about a pod', (type) => {
    const event = podEvent({type, object: podJson({name: 'netdoctor-floater-x7'})})
    expect(event).toMatchObject({type, object: {metadata: {name: 'netdoctor-floater-x7'}}})
  })

  test.each([
    ['a bookmark', {type: 'BOOKMARK', object: {kind: 'Pod', metadata: {resourceVersion: '7'}}}],
    ['an error', {type: 'ERROR', object: {kind: 'Status', code: 410, reason: 'Expired'}}],
    ['no object', {type: 'ADDED'}],
    ['null', null],
    ['a text', 'ADDED'],
    ['a pod without its event', podJson({})],
    ['a name that would be a flag', {type: 'ADDED', object: podJson({name: '--all'})}],
    ['a name with a space', {type: 'ADDED', object: podJson({name: 'a b'})}],
    ['conditions that are no list', {type: 'ADDED', object: podJson({status: {conditions: 'x'}})}],
  ])('%s is passed over', (_, document) => {
    expect(podEvent(document)).toBeUndefined()
  })

  test('of a pod that was only just created has little in it', () => {
    const event = podEvent({
      type: 'ADDED',
      object: {
        metadata: {name: 'p', uid: 'u'},
        spec: {containers: [{name: 'floater', image: IMAGE}]},
        status: {phase: 'Pending'},
      },
    })
    expect(event).toBeDefined()
    expect(event && nodeOf(event.object)).toBeUndefined()
    expect(event && obstacleOf(event.object).text).toBe('its pod is still starting')
  })
})

describe('the node of a pod', () => {
  const affinity = (...values: string[]) => ({
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{matchFields: [{key: 'metadata.name', operator: 'In', values}]}],
      },
    },
  })

  test.each([
    ['is where it runs', {nodeName: 'n1', affinity: affinity('n2')}, 'n1'],
    ['is where it was meant to run', {nodeName: undefined, affinity: affinity('n2')}, 'n2'],
    ['is not known', {nodeName: undefined}, undefined],
    ['is not known from two', {nodeName: undefined, affinity: affinity('n2', 'n3')}, undefined],
  ])('%s', (_, spec, node) => {
    expect(nodeOf(pod({spec}))).toBe(node)
  })
})

describe('a floater', () => {
  test('can be used when its pod is ready', () => {
    const addresses = {podIP: '10.0.0.1', podIPs: [{ip: '10.0.0.1'}, {ip: 'fd00::1'}]}
    expect(floaterIn(pod({name: 'p1', uid: 'u1', status: addresses}), 'current')).toEqual({
      pod: 'p1',
      restarts: 0,
      uid: 'u1',
      node: 'n1',
      addresses: ['10.0.0.1', 'fd00::1'],
      port: 8889,
    })
  })

  test.each<[string, PodParts]>([
    ['of an old template', {labels: {'kubectl-netdoctor/template': 'old'}}],
    ['without a template', {labels: {}}],
    ['that is being deleted', {deletionTimestamp: '2025-01-02T03:04:05Z'}],
    ['that is not ready', {status: {conditions: [{type: 'Ready', status: 'False'}]}}],
    ['of unknown readiness', {status: {conditions: []}}],
    ['that is not on a node', {spec: {nodeName: undefined}}],
    ['without an address', {status: {podIP: undefined, podIPs: []}}],
    ['whose address is none', {status: {podIP: '10.0.0.1; reboot', podIPs: [{ip: '999.0.0.1'}]}}],
    ['without a port', {spec: {containers: [{name: 'floater', image: IMAGE}]}}],
    ['in another container', {spec: {containers: [{name: 'x', image: IMAGE, ports: [{containerPort: 1}]}]}}],
  ])('%s cannot be used', (_, parts) => {
    expect(floaterIn(pod(parts), 'current')).toBeUndefined()
  })
})

/** A pod whose container is in this state. */
const inState = (state: object, lastState: object = {}) =>
  pod({status: {containerStatuses: [{name: 'floater', state, lastState}]}})
const waiting = (reason: string, message = '') => inState({waiting: {reason, message}})

describe('what is in the way', () => {
  const PULL = `failed to pull and unpack image "${IMAGE}": failed to resolve reference "${IMAGE}"`

  test.each<[string, string, string, boolean?]>([
    [
      'ErrImagePull',
      `rpc error: code = NotFound desc = ${PULL}: ${IMAGE}: not found`,
      `ErrImagePull ${IMAGE} (not found)`,
    ],
    [
      'ImagePullBackOff',
      `Back-off pulling image "${IMAGE}": ErrImagePull: rpc error: code = NotFound desc = ${PULL}: ${IMAGE}: not found`,
      `ImagePullBackOff ${IMAGE} (not found)`,
    ],
    [
      'ErrImagePull',
      `${PULL}: pull access denied, repository does not exist or may require authorization`,
      `ErrImagePull ${IMAGE} (access denied)`,
    ],
    [
      'ErrImagePull',
      `${PULL}: failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized`,
      `ErrImagePull ${IMAGE} (access denied)`,
    ],
    [
      'ErrImagePull',
      `${PULL}: failed to do request: Head "https://ghcr.io/v2/x/manifests/v0.2.0": dial tcp 192.0.2.1:443: i/o timeout`,
      `ErrImagePull ${IMAGE} (i/o timeout)`,
    ],
    [
      'ErrImagePull',
      `${PULL}: failed to do request: Head "https://ghcr.io/v2/x": dial tcp: lookup ghcr.io on 10.96.0.10:53: no such host`,
      `ErrImagePull ${IMAGE} (no such host)`,
    ],
    ['ErrImagePull', '', `ErrImagePull ${IMAGE} (no reason given)`],
    [
      'ErrImageNeverPull',
      `Container image "${IMAGE}" is not present with pull policy of Never`,
      `ErrImageNeverPull ${IMAGE} (Container image "${IMAGE}" is not present with pull policy of Never)`,
      true,
    ],
    ['CreateContainerError', 'context deadline exceeded', 'CreateContainerError context deadline exceeded'],
    [
      'CreateContainerConfigError',
      'container has runAsNonRoot and image will run as root',
      'CreateContainerConfigError container has runAsNonRoot and image will run as root',
    ],
    ['ContainerCreating', '', 'its pod is still starting'],
    ['', '', 'its pod is still starting'],
  ])('%s, %j', (reason, message, text, hopeless = false) => {
    const {remedy, ...obstacle} = obstacleOf(waiting(reason, message))
    expect(obstacle).toEqual({text, hopeless})
    expect(remedy?.startsWith('Set srcImageRepository to ')).toBe(reason.includes('Image') ? true : undefined)
  })

  test('an image name that is none will never be pulled', () => {
    const {text, hopeless} = obstacleOf(waiting('InvalidImageName', 'couldn’t parse image reference'))
    expect(hopeless).toBe(true)
    expect(text).toBe(`InvalidImageName ${IMAGE} (couldn’t parse image reference)`)
  })

  test('a container that ends again and again is told by how it ended', () => {
    const ended = {terminated: {exitCode: 127, reason: 'StartError', message: 'exec: "x": not found'}}
    const text = 'its container ended with exit code 127 (StartError: exec: "x": not found)'
    expect(obstacleOf(inState(ended)).text).toBe(text)
    const backOff = {waiting: {reason: 'CrashLoopBackOff', message: 'back-off 10s restarting'}}
    expect(obstacleOf(inState(backOff, ended)).text).toBe(text)
  })

  test.each([
    ['Started HTTP server\nlisten tcp :80: bind: no\n', 'Error: listen tcp :80: bind: no', undefined],
    ['panic: no\n\ngoroutine 1 [running]:\nmain.main()\n', 'Error: panic: no', undefined],
    [
      'listen tcp :8889: bind: address already in use\n',
      'Error: listen tcp :8889: bind: address already in use',
      'Port 8889 is taken on the node: set another with --port.',
    ],
  ])('of the log %j it takes what says why', (message, why, remedy) => {
    const obstacle = obstacleOf(inState({terminated: {exitCode: 1, reason: 'Error', message}}))
    expect(obstacle.text).toBe(`its container ended with exit code 1 (${why})`)
    expect(obstacle.remedy).toBe(remedy)
  })

  test('a port that another pod has is named', () => {
    const taken = "0/2 nodes are available: 1 node(s) didn't have free ports for the requested pod ports."
    const message = `${taken} no new claims to deallocate, preemption: 0/2 nodes are available: 1 No preemption victims.`
    const conditions = [{type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message}]
    expect(obstacleOf(pod({status: {conditions}}))).toMatchObject({
      text: `its pod is not scheduled: ${taken.slice(0, -1)}`,
      remedy: 'Port 8889 is taken on the node: set another with --port.',
    })
  })

  test('the scheduler’s words', () => {
    const message = '0/3 nodes are available: 1 Insufficient memory.'
    const conditions = [{type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message}]
    expect(obstacleOf(pod({status: {conditions}})).text).toBe(`its pod is not scheduled: ${message}`)
  })

  test('a pod on its way out is nothing else', () => {
    expect(obstacleOf(pod({deletionTimestamp: '2025-01-02T03:04:05Z'})).text).toBe('its pod is being deleted')
  })

  test('is one line', () => {
    expect(obstacleOf(waiting('RunContainerError', 'a\nb\u001b[2J')).text).toBe('RunContainerError a b')
  })
})

describe('a back-off', () => {
  const failed = {text: `ErrImagePull ${IMAGE} (not found)`, hopeless: false}

  test('with its own reason replaces what was known', () => {
    const now = {text: `ImagePullBackOff ${IMAGE} (access denied)`, hopeless: false}
    expect(afterPullError(now, failed)).toBe(now)
  })

  test('after something else is all that is known', () => {
    const now = obstacleOf(waiting('ImagePullBackOff', `Back-off pulling image "${IMAGE}"`))
    expect(afterPullError(now, {text: 'its pod is still starting', hopeless: false})).toBe(now)
    expect(afterPullError(now, undefined)).toBe(now)
  })

  test('without a reason keeps the one that led to it', () => {
    const now = obstacleOf(waiting('ImagePullBackOff', `Back-off pulling image "${IMAGE}"`))
    expect(afterPullError(now, failed).text).toBe(`ImagePullBackOff ${IMAGE} (not found)`)
  })
})

test('a long image name does not hide why it was not pulled', () => {
  const image = `123456789012.dkr.ecr.eu-central-1.amazonaws.com/mirror/ghcr.io/kosmos-io/clusterlink-floater:v0.2.0`
  const message = `Back-off pulling image "${image}": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`
  expect(obstacleOf(waiting('ImagePullBackOff', message)).text).toMatch(/\(not found\)$/)
})
