import {beforeAll, describe, expect, test} from 'vitest'
import {atDesk, until, type EmbeddedDesk} from './check-desk.ts'
import type {ApiFault} from './faults.ts'
import {NAMESPACE} from './floater-manifest.ts'
import {npmKubectlRunsHere} from './kubectl.ts'
import {LIMIT, statusesFor} from './lies.ts'
import type {KubeObject} from './objects/object.ts'
import {isReady} from './objects/pod-status.ts'
import type {Pod} from './objects/workload.ts'

const THEIRS = {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'theirs', namespace: NAMESPACE}}
const labels = {'app.kubernetes.io/managed-by': 'kubectl-netdoctor'}
/** What a check of mode service makes. */
const SERVICE = [
  {apiVersion: 'v1', kind: 'Service', metadata: {name: 'netdoctor-service-1', namespace: NAMESPACE, labels}},
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {name: 'netdoctor-service-1-ipv4', namespace: NAMESPACE, labels},
  },
]

/* Some of them are asked in vain where the answer to another one is enough. */
const REQUESTS: Record<string, Omit<ApiFault, 'does'>> = {
  'reading the namespace': {method: 'GET', resource: 'namespaces'},
  'listing services': {method: 'GET', resource: 'services'},
  'listing EndpointSlices': {method: 'GET', resource: 'endpointslices'},
  'listing DaemonSets': {method: 'GET', resource: 'daemonsets'},
  'deleting the DaemonSet': {method: 'DELETE', resource: 'daemonsets'},
  'listing pods': {method: 'GET', resource: 'pods'},
  'what the server has': {resource: 'discovery'},
  'listing what is not ours': {method: 'GET', resource: 'configmaps'},
  'deleting the namespace': {method: 'DELETE', resource: 'namespaces'},
}
/* Of these the first is looked for until its patience is over, longer than a test should take; the others are kubectl's word for gone. */
const PATIENT = ['deleting the DaemonSet: 404', 'deleting the namespace: 404']

describe.skipIf(!npmKubectlRunsHere()).concurrent('a clean whose requests are answered wrong', LIMIT, () => {
  let leftByCheck: readonly KubeObject[] = []
  beforeAll(async () => {
    await atDesk({nodes: 1}, async (desk) => {
      expect((await desk.check()).exitCode).toBe(0)
      const ofKind = (wanted: string) => desk.cluster.objects().filter(({kind}) => kind === wanted)
      const namespaces = ofKind('Namespace').filter(({metadata}) => metadata.name === NAMESPACE)
      leftByCheck = [...namespaces, ...ofKind('DaemonSet')]
    })
  })

  /** As after a check. */
  async function addFloaters({cluster}: EmbeddedDesk) {
    for (const object of leftByCheck) cluster.addObject(object)
    const isFloater = (object: KubeObject) => object.kind === 'Pod' && isReady((object as Pod).status)
    await until('a floater', () => cluster.objects().some(isFloater))
  }

  const cases = Object.entries(REQUESTS).flatMap(([what, request], place) =>
    statusesFor(place).map((code) => ({what: `${what}: ${code}`, code, request})),
  )

  test.each(cases.filter(({what}) => !PATIENT.includes(what)))(
    '$what: it says so, and ends the work when asked again',
    async ({code, request}) => {
      await atDesk({nodes: 1}, async (desk) => {
        const before = desk.cluster.objects()
        await addFloaters(desk)
        for (const object of [THEIRS, ...SERVICE]) desk.cluster.addObject(object)
        desk.cluster.setFault({on: 'api', ...request, does: {kind: 'status', code}})
        const {exitCode, stderr, stdout} = await desk.run('clean')
        const isThere = () => desk.cluster.objects().some(({metadata}) => metadata.name === 'theirs')
        expect(isThere()).toBe(true)
        const kinds = ['DaemonSet', 'Pod', 'Service', 'EndpointSlice']
        const ours = desk.cluster.objects().filter(({kind}) => kinds.includes(String(kind)))
        if (exitCode === 0) {
          expect(stderr).toContain(`kept namespace ${NAMESPACE}`)
          // Who may not list services is told so.
          const told = stderr.includes('may be left') ? ['DaemonSet', 'Pod'] : kinds
          expect(ours.filter(({kind}) => told.includes(String(kind)))).toEqual([])
        } else expect([exitCode, stderr]).toEqual([3, expect.stringMatching(/Could not/)])
        expect(stdout + stderr).not.toMatch(/defect of netdoctor|^ +at |does not exist/m)

        desk.cluster.clearFaults()
        desk.cluster.removeObject(THEIRS)
        expect((await desk.run('clean')).exitCode).toBe(0)
        expect(desk.cluster.objects()).toEqual(before)
      })
    },
  )
})
