import {describe, expect, test} from 'vitest'
import {atDesk} from './check-desk.ts'
import type {ApiFault, FaultStatus} from './faults.ts'
import {npmKubectlRunsHere} from './kubectl.ts'
import {judge, LIMIT, statusesFor, type Tally} from './lies.ts'
import type {EmbeddedNode} from './options.ts'

const NODES: EmbeddedNode[] = [{name: 'n1'}, {name: 'n2', listens: 'refuses'}]

/** What every namespace gets by itself. */
const NATIVE = ['ConfigMap', 'ServiceAccount']

/** What must become of a check. */
interface Outcome {
  /** Of its four probes; nothing where it ends before there is a plan. */
  readonly tally: Tally
  /** The kinds of objects that it may have left. */
  readonly leaves: readonly string[]
}
const NOTHING: Outcome = {tally: undefined, leaves: []}
const NOT_DEPLOYED: Outcome = {tally: undefined, leaves: ['Namespace']}
const DEPLOYED = ['Namespace', 'DaemonSet', 'Pod', 'Pod']
const MEASURED: Outcome = {tally: {SUCCEEDED: 2, FAILED: 2, EXCEPTION: 0}, leaves: DEPLOYED}
const UNMEASURED: Outcome = {tally: {SUCCEEDED: 0, FAILED: 0, EXCEPTION: 4}, leaves: DEPLOYED}

interface Case {
  readonly request: Omit<ApiFault, 'does'>
  readonly becomes: Outcome
  /** Where a code is an answer that makes sense. */
  readonly but?: Partial<Record<FaultStatus, Outcome>>
}

const REQUESTS: Record<string, Case> = {
  'the version': {request: {resource: 'version'}, becomes: NOTHING},
  'what the server has': {request: {resource: 'discovery'}, becomes: NOTHING},
  'access reviews': {request: {resource: 'selfsubjectaccessreviews'}, becomes: NOTHING},
  // 404: it is not there, and is made.
  'reading the namespace': {
    request: {method: 'GET', resource: 'namespaces'},
    becomes: NOTHING,
    but: {404: MEASURED},
  },
  'creating the namespace': {request: {method: 'POST', resource: 'namespaces'}, becomes: NOTHING},
  'listing nodes': {request: {resource: 'nodes'}, becomes: NOTHING},
  'listing DaemonSets': {request: {method: 'GET', resource: 'daemonsets'}, becomes: NOTHING},
  'applying the DaemonSet': {request: {method: 'PATCH', resource: 'daemonsets'}, becomes: NOT_DEPLOYED},
  'watching pods': {request: {resource: 'pods', watch: true}, becomes: MEASURED},
  'listing and watching pods': {request: {method: 'GET', resource: 'pods'}, becomes: UNMEASURED},
  exec: {request: {resource: 'pods/exec'}, becomes: UNMEASURED},
  'listing events': {request: {resource: 'events'}, becomes: MEASURED},
}

describe.skipIf(!npmKubectlRunsHere()).concurrent('a check whose requests are answered wrong', LIMIT, () => {
  const cases = Object.entries(REQUESTS).flatMap(([what, {request, becomes, but = {}}], place) =>
    statusesFor(place).map((code) => ({what, code, request, ...(but[code] ?? becomes)})),
  )

  test.each(cases)('$what: $code', async ({code, request, tally, leaves}) => {
    await atDesk({nodes: NODES}, async (desk) => {
      desk.cluster.setFault({on: 'api', ...request, does: {kind: 'status', code}})
      const before = desk.cluster.objects()
      const ran = await desk.check('--pod-wait-time', '2', '--retries', '0')
      expect(await judge(desk, ran, 4)).toEqual(tally)
      const known = new Set(before.map(({metadata}) => metadata.uid))
      const left = desk.cluster
        .objects()
        .filter(({kind, metadata}) => !known.has(metadata.uid) && !NATIVE.includes(String(kind)))
      expect(left.map(({kind}) => kind).sort()).toEqual([...leaves].sort())
    })
  })
})

/* What the modes service, nodeport and apiserver ask besides. Nobody answers behind a service here, so that none can succeed. */
const EXTRA_REQUESTS: Record<string, Case['request']> = {
  'listing services': {method: 'GET', resource: 'services', name: ''},
  'applying services': {method: 'PATCH', resource: 'services'},
  'applying EndpointSlices': {method: 'PATCH', resource: 'endpointslices'},
  'where kubernetes.default is': {method: 'GET', resource: 'services', name: 'kubernetes'},
}

describe
  .skipIf(!npmKubectlRunsHere())
  .concurrent('a check of services whose requests are answered wrong', LIMIT, () => {
    const cases = Object.entries(EXTRA_REQUESTS).flatMap(([what, request], place) =>
      statusesFor(place).map((code) => ({what, code, request})),
    )

    test.each(cases)('$what: $code', async ({what, code, request}) => {
      await atDesk({nodes: NODES}, async (desk) => {
        desk.cluster.setFault({on: 'api', ...request, does: {kind: 'status', code}})
        const ran = await desk.check(
          '--mode',
          'pod,service,apiserver',
          '--pod-wait-time',
          '5',
          '--retries',
          '0',
        )
        // Four between pods, one to the service on the other node each, two to the API server.
        const tally = await judge(desk, ran, 8)
        const all = {SUCCEEDED: 2, FAILED: 2, EXCEPTION: 4}
        expect(tally).toEqual(what === 'listing services' ? undefined : all)
      })
    })
  })

test.skipIf(!npmKubectlRunsHere())(
  'what is not ours is not taken over, even where the server hides it',
  LIMIT,
  async () => {
    const labels = {app: 'theirs'}
    const pod = {
      metadata: {labels},
      spec: {containers: [{name: 'theirs', image: 'registry.example.com/theirs:v1'}]},
    }
    const theirs = {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: {name: 'netdoctor-floater', namespace: 'team', labels},
      spec: {selector: {matchLabels: labels}, template: pod},
    }
    await atDesk({nodes: 1, namespaces: [{name: 'team'}], objects: [theirs]}, async (desk) => {
      const specs = () =>
        desk.cluster
          .objects()
          .flatMap((one) => (one.kind === 'DaemonSet' ? [[one.metadata.labels, one['spec']]] : []))
      const before = specs()
      desk.cluster.setFault({on: 'api', method: 'GET', resource: 'daemonsets', does: {kind: 'empty'}})
      const ran = await desk.check('--namespace', 'team')
      expect(await judge(desk, ran, 1)).toBeUndefined()
      expect(ran.stderr).toMatch(
        /Could not apply DaemonSet netdoctor-floater: somebody else has made or changed what is there \(conflict with "kubectl-create".*It was left as it is/,
      )
      expect(specs()).toEqual(before)
    })
  },
)
